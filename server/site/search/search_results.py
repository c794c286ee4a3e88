"""What a search finds, as a reader sees it: things, each with the text that matched; likely spellings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.namespaces import OA, RDF, SEC
from sauran.kg.search.marks import Piece, Seen, cut_out, see
from sauran.kg.search.search_index import NAMES, TEXTS
from sauran.kg.search.search_query import How, Wanted, as_matching, read_query, sound_of
from sauran.kg.search.searcher import Found
from sauran.server.http.reading import Reader, Shown, choose_language_of_text
from sauran.server.http.served_release import ServedRelease
from sauran.server.profiles.briefing.claim_view import ClaimView, NoteView, claim_views, note_view
from sauran.server.site.lookup import Lookup

__all__ = ["Hit", "Outcome", "best_text", "hits", "run_search", "spellings", "texts_of"]

_MOST_KINDS = 10
_MOST_TEXTS = 60  # of one property of one thing
_MOST_SPELT, _MOST_SUGGESTED = 4, 3
# What claims and notes are to other vocabularies says nothing to a reader.
_TECHNICAL = frozenset({RDF.Statement, OA.Annotation, OA.SpecificResource})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was searched, how it had to be taken to find something, and what was found."""

    wanted: Wanted
    how: How
    found: Found


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: its name with marks, its kinds, and where it says what was searched.

    `excerpt` is another text of it, in its own language; a claim comes with its evidence and its notes.
    """

    iri: str
    name: Shown
    title: tuple[Piece, ...]
    kinds: tuple[Shown, ...]
    excerpt: tuple[Piece, ...]
    said: Shown | None
    claim: ClaimView | None
    note: NoteView | None


def run_search(
    now: ServedRelease, typed: str, chosen: Mapping[str, str], page: int, size: int
) -> Outcome | None:
    """Search for all words, else for words that begin so, else for some; None where there are none.

    Raises: ReleaseError when there is no index; Busy when it takes too long.
    """
    wanted = read_query(typed)
    if not wanted.parts:
        return None
    ways = [How.ALL, How.BEGINNINGS] + ([How.SOME] if len(wanted.parts) > 1 else [])
    for how in ways:
        found = now.search.find(as_matching(wanted, how), chosen, size, (page - 1) * size)
        if found.total:
            return Outcome(wanted, how, found)
    return Outcome(wanted, How.ALL, found)


def hits(lookup: Lookup, outcome: Outcome) -> tuple[Hit, ...]:
    """The things of this page of results, to be shown."""
    things = [NamedNode(iri) for iri in outcome.found.things]
    for thing in things:
        lookup.read_values(thing, RDF["type"], _MOST_KINDS)
    claims = [thing for thing in things if SEC.Claim in lookup.values(thing, RDF["type"])]
    views = {view.iri: view for view in claim_views(lookup, claims)}
    lookup.read(thing for thing in things if SEC.CuratorNote in lookup.values(thing, RDF["type"]))
    reader = lookup.reader()
    return tuple(_hit(lookup, reader, thing, outcome, views.get(thing.value)) for thing in things)


def texts_of(served_release: ServedRelease, thing: NamedNode) -> Iterator[tuple[NamedNode, Literal]]:
    """All that is searched of a thing, with the properties: its names first."""
    for word in (*NAMES, *TEXTS):
        for quad in served_release.quads.values(thing.value, word.value, _MOST_TEXTS):
            if isinstance(quad.object, Literal):
                yield word, quad.object


def spellings(now: ServedRelease, wanted: Wanted) -> tuple[tuple[str, str], ...]:
    """Words that were typed, and words of the data that are spelt or sound much like them.

    Raises: ReleaseError when there is no index.
    """
    found = []
    for word in [part.words[0] for part in wanted.parts if not part.is_phrase][:_MOST_SPELT]:
        heard = sound_of(word)
        if heard:
            near = now.search.spellings(heard, word.written, _MOST_SUGGESTED)
            found += [(word.written, other) for other in near]
    return tuple(found)


def best_text(lookup: Lookup, thing: NamedNode, outcome: Outcome) -> tuple[NamedNode, Literal, Seen] | None:
    """The text of a thing that says most of what was searched, in the best language; with its property."""
    found = [
        (word, literal, see(literal.value, literal.language, outcome.wanted, outcome.how))
        for word, literal in texts_of(lookup.served_release, thing)
    ]
    most = max((len(seen.parts) for _, _, seen in found), default=0)
    if not most:
        return None
    best = [(word, literal, seen) for word, literal, seen in found if len(seen.parts) == most]
    tag = choose_language_of_text({literal.language or "" for _, literal, _ in best}, lookup.language)
    return next(choice for choice in best if (choice[1].language or "") == tag)


def _hit(lookup: Lookup, reader: Reader, thing: NamedNode, outcome: Outcome, claim: ClaimView | None) -> Hit:
    name = reader.name(thing)
    title = see(name.text, name.language, outcome.wanted, outcome.how)
    best = best_text(lookup, thing, outcome)
    kinds = [kind for kind in lookup.values(thing, RDF["type"]) if isinstance(kind, NamedNode)]
    said: Shown | None = None
    excerpt: tuple[Piece, ...] = ()
    if best is not None and len(best[2].parts) > len(title.parts):
        said, excerpt = reader.show(best[1], thing), cut_out(best[2])
    return Hit(
        iri=thing.value,
        name=name,
        title=cut_out(title),
        kinds=tuple(reader.name(kind) for kind in kinds if kind not in _TECHNICAL),
        excerpt=excerpt,
        said=said,
        claim=claim,
        note=note_view(reader, thing) if SEC.CuratorNote in kinds else None,
    )
