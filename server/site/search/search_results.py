"""What a search finds: for people with the matching text, for programs as plain data, and suggestions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.namespaces import OA, RDF, SEC
from sauran.kg.search.search_index import NAMES, TEXTS
from sauran.kg.search.search_query import (
    How,
    Piece,
    Seen,
    Wanted,
    as_matching,
    cut_out,
    read_query,
    see,
    sound_of,
)
from sauran.kg.search.searcher import Found, Matching
from sauran.server.http.localised_labels import Label, LabelReader, choose_language_of_text
from sauran.server.http.served_release import ServedRelease
from sauran.server.profiles.briefing.claim_data import claim_data
from sauran.server.profiles.briefing.claim_view import ClaimView, NoteView, claim_views, note_view
from sauran.server.site.lookup import Lookup
from sauran.server.site.search.search_facets import search_address

__all__ = [
    "COLUMNS",
    "Hit",
    "SearchOutcome",
    "best_text",
    "hits",
    "result_data",
    "run_search",
    "spellings",
    "suggest",
    "texts_of",
]

_MOST_KINDS = 10
_MOST_TEXTS = 60  # of one property of one thing
_MOST_SPELT, _MOST_SUGGESTED = 4, 3
# Classes of other vocabularies that claims and notes have too: for programs.
_TECHNICAL = frozenset({RDF.Statement, OA.Annotation, OA.SpecificResource})
COLUMNS = ("iri", "text", "classes", "match", "match_language", "match_property", "passages", "notes")
_MOST_CLASSES, _MOST_COMPLETIONS = 50, 8
_SHORTEST = 2  # characters before anything is suggested
_TECHNICAL_FOR_COMPLETIONS = frozenset({RDF.Statement, OA.Annotation})


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """The parsed query, the way of matching that found something, and what was found."""

    wanted: Wanted
    how: How
    found: Found


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: its name with marks, its classes, and the text that matched.

    `excerpt` is another text of it, in its own language; a claim comes with its evidence and its notes.
    """

    iri: str
    name: Label
    title: tuple[Piece, ...]
    kinds: tuple[Label, ...]
    excerpt: tuple[Piece, ...]
    said: Label | None
    claim: ClaimView | None
    note: NoteView | None


def run_search(
    served: ServedRelease, typed: str, chosen: Mapping[str, str], page: int, size: int
) -> SearchOutcome | None:
    """Search for all words, else for words with these beginnings, else for some; None without words.

    Raises: ReleaseError when there is no index; Busy when it takes too long.
    """
    wanted = read_query(typed)
    if not wanted.parts:
        return None
    ways = [How.ALL, How.BEGINNINGS] + ([How.SOME] if len(wanted.parts) > 1 else [])
    for how in ways:
        found = served.search.find(as_matching(wanted, how), chosen, size, (page - 1) * size)
        if found.total:
            return SearchOutcome(wanted, how, found)
    return SearchOutcome(wanted, How.ALL, found)


def hits(lookup: Lookup, outcome: SearchOutcome) -> tuple[Hit, ...]:
    """The things on this page of results, to show."""
    things = [NamedNode(iri) for iri in outcome.found.things]
    for thing in things:
        lookup.read_values(thing, RDF["type"], _MOST_KINDS)
    claims = [thing for thing in things if SEC.Claim in lookup.values(thing, RDF["type"])]
    views = {view.iri: view for view in claim_views(lookup, claims)}
    lookup.read(thing for thing in things if SEC.CuratorNote in lookup.values(thing, RDF["type"]))
    reader = lookup.reader()
    return tuple(_hit(lookup, reader, thing, outcome, views.get(thing.value)) for thing in things)


def texts_of(served_release: ServedRelease, thing: NamedNode) -> Iterator[tuple[NamedNode, Literal]]:
    """All searched texts of a thing with their properties, names first."""
    for word in (*NAMES, *TEXTS):
        for quad in served_release.quads.values(thing.value, word.value, _MOST_TEXTS):
            if isinstance(quad.object, Literal):
                yield word, quad.object


def spellings(served: ServedRelease, wanted: Wanted) -> tuple[tuple[str, str], ...]:
    """Words that were typed, and words of the data that are spelt or sound much like them.

    Raises: ReleaseError when there is no index.
    """
    found = []
    for word in [part.words[0] for part in wanted.parts if not part.is_phrase][:_MOST_SPELT]:
        heard = sound_of(word)
        if heard:
            near = served.search.spellings(heard, word.written, _MOST_SUGGESTED)
            found += [(word.written, other) for other in near]
    return tuple(found)


def best_text(
    lookup: Lookup, thing: NamedNode, outcome: SearchOutcome
) -> tuple[NamedNode, Literal, Seen] | None:
    """The text of a thing that matches most of the query, in the best language; with its property."""
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


def _hit(
    lookup: Lookup, reader: LabelReader, thing: NamedNode, outcome: SearchOutcome, claim: ClaimView | None
) -> Hit:
    name = reader.name(thing)
    title = see(name.text, name.language, outcome.wanted, outcome.how)
    best = best_text(lookup, thing, outcome)
    kinds = [kind for kind in lookup.values(thing, RDF["type"]) if isinstance(kind, NamedNode)]
    said: Label | None = None
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


def result_data(lookup: Lookup, outcome: SearchOutcome) -> list[dict[str, Any]]:
    """The things found, with their names, classes and the text that matched; claims with their evidence."""
    return [_row(lookup, NamedNode(iri), outcome) for iri in outcome.found.things]


def suggest(lookup: Lookup, typed: str) -> tuple[list[str], list[str], list[str]]:
    """Names of things that match the words typed so far, with their classes and addresses."""
    wanted, served = read_query(typed), lookup.served_release
    if len(typed) < _SHORTEST or not wanted.parts:
        return [], [], []
    matching = as_matching(wanted, How.BEGINNINGS)
    iris = served.search.first(
        Matching(matching.named, matching.named, matching.folded, matching.sound), _MOST_COMPLETIONS
    )
    for iri in iris:
        lookup.read_values(NamedNode(iri), RDF["type"], _MOST_CLASSES)
    reader = lookup.reader()
    found: dict[str, tuple[str, str]] = {}
    for iri in iris:
        name = reader.name(NamedNode(iri)).text
        kinds = [k for k in lookup.values(NamedNode(iri), RDF["type"]) if k not in _TECHNICAL_FOR_COMPLETIONS]
        own = served.links.document(iri) is not None
        page = served.links.page(iri, lookup.language) if own else None
        address = page or search_address(served.links.here(f"{lookup.language}/search"), name, {})
        kind = reader.name(kinds[0]).text if kinds else ""
        found.setdefault(name, (kind, urljoin(served.links.site, address)))
    return list(found), [kind for kind, _ in found.values()], [address for _, address in found.values()]


def _row(lookup: Lookup, thing: NamedNode, outcome: SearchOutcome) -> dict[str, Any]:
    best = best_text(lookup, thing, outcome)
    lookup.read_values(thing, RDF["type"], _MOST_CLASSES)
    classes = lookup.values(thing, RDF["type"])
    names: dict[str, str] = {}
    for word, literal in texts_of(lookup.served_release, thing):
        if word in NAMES:
            names.setdefault(literal.language or "", literal.value)
    claim = claim_data(lookup, [thing])[0] if SEC.Claim in classes else {"passages": [], "notes": []}
    return {
        "iri": thing.value,
        "text": names,
        "classes": [known.value for known in classes if isinstance(known, NamedNode | Literal)],
        "match": best[1].value if best else None,
        "match_language": best[1].language if best else None,
        "match_property": best[0].value if best else None,
        "passages": claim["passages"],
        "notes": claim["notes"],
    }
