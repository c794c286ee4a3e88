"""Records as simple Dublin Core: texts in all their languages, things by their names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, NAME_PROPERTIES, RDF, SEC
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.publication.distributions import distributions_of
from sauran.server.api.oai.repository import Item
from sauran.server.http.served_release import ServedRelease

__all__ = ["Element", "Words", "describe_claim", "describe_dataset"]

_DCMI = "http://purl.org/dc/dcmitype/"
_MOST_NAMES = 20  # of one thing: many languages
# What is said of a claim, as Dublin Core has it; things stand there by their names.
_OF_CLAIMS = (
    ("creator", SEC.heldBy),
    ("subject", RDF.subject),
    ("subject", RDF.object),
    ("subject", SEC.claimInvolves),
    ("type", SEC.claimType),
    ("type", SEC.modality),
    ("type", SEC.polarity),
    ("coverage", SEC.claimPlace),
    ("coverage", SEC.claimTime),
)


@dataclass(frozen=True, slots=True)
class Element:
    """One of the fifteen elements, with its text; the language where it is in one."""

    name: str
    text: str
    language: str | None = None


class Words:
    """Names of things, each read once."""

    def __init__(self, served_release: ServedRelease) -> None:
        self._served_release = served_release
        self._languages = served_release.publication["languages"]
        self._known: dict[str, tuple[Quad, ...]] = {}

    def quads(self, iri: str) -> tuple[Quad, ...]:
        """What names a thing."""
        if iri not in self._known:
            self._known[iri] = tuple(
                quad
                for name in NAME_PROPERTIES
                for quad in self._served_release.quads.values(iri, name.value, _MOST_NAMES)
            )
        return self._known[iri]

    def elements(self, name: str, term: Term) -> Iterator[Element]:
        """A term as elements: in each language there is, or, where it has no name, as it is."""
        if isinstance(term, NamedNode):
            texts = [quad.object for quad in self.quads(term.value) if isinstance(quad.object, Literal)]
            texts.sort(key=self._rank)
            yield from (Element(name, text.value, text.language) for text in texts)
            if not texts:
                yield Element(name, term.value)
        elif isinstance(term, Literal):
            yield Element(name, term.value, term.language)

    def _rank(self, text: Literal) -> int:
        """The languages of the publication in their order, others behind them."""
        known = self._languages
        return known.index(text.language) if text.language in known else len(known)


def describe_dataset(served_release: ServedRelease, item: Item) -> list[Element]:
    """A dataset, as its settings describe it."""
    dataset = item.dataset
    path = item.iri.removeprefix(served_release.links.base)
    files = distributions_of(served_release.release.manifest, dataset["slug"])
    formats = dict.fromkeys(known.media_type for known in files)
    required = [f"{served_release.links.base}dataset/{slug}" for slug in dataset.get("requires", ())]
    keywords = dataset.get("keywords", {}).items()
    return _distinct(
        [
            *_texts("title", dataset["title"]),
            *_texts("description", dataset["description"]),
            *(Element("subject", word, language) for language, words in keywords for word in words),
            *(Element("subject", theme) for theme in dataset["themes"]),
            Element("date", dataset["issued"]),
            Element("date", dataset["modified"]),
            Element("type", f"{_DCMI}Dataset"),
            *(Element("format", media_type) for media_type in formats),
            Element("identifier", item.iri),
            Element("identifier", served_release.links.absolute(path)),
            *(Element("source", source) for source in dataset.get("sources", ())),
            *(Element("relation", other) for other in required),
            *_shared(served_release.publication, dataset),
        ]
    )


def describe_claim(
    served_release: ServedRelease, item: Item, quads: Iterable[Quad], notes: Sequence[Quad], words: Words
) -> list[Element]:
    """A claim: what is claimed and who holds it, where it stands, and what curators note on it.

    Shape: `quads` have the claim as subject, those of `notes` its notes.
    """
    index, claim = TripleIndex(quads), NamedNode(item.iri)
    # Each thing once for each element, also where two of them have the same name.
    named = dict.fromkeys(
        (name, term) for name, property_ in _OF_CLAIMS for term in index.objects(claim, property_.value)
    )
    address = served_release.links.document(item.iri) or ""
    return [
        *_distinct(words.elements("title", claim)),
        *(element for name, term in named for element in _distinct(words.elements(name, term))),
        *_distinct(_notes(notes, words)),
        Element("date", item.dataset["modified"]),
        Element("type", f"{_DCMI}Text"),
        Element("identifier", item.iri),
        Element("identifier", served_release.links.absolute(address)),
        *_distinct(
            Element("source", term.value)
            for property_ in (SEC.statedIn, DCTERMS.isPartOf)
            for term in index.objects(claim, property_.value)
            if isinstance(term, NamedNode)
        ),
        Element("relation", item.dataset["iri"]),
        *_shared(served_release.publication, item.dataset),
    ]


def _shared(publication: Mapping[str, Any], dataset: Mapping[str, Any]) -> Iterator[Element]:
    publisher = publication["publisher"].get("name")
    if publisher:
        yield Element("publisher", publisher)
    yield from (Element("language", language) for language in publication["languages"])
    yield Element("rights", dataset["licence"])


def _texts(name: str, texts: Mapping[str, str]) -> Iterator[Element]:
    for language, text in texts.items():
        yield Element(name, text, language)


def _notes(notes: Sequence[Quad], words: Words) -> Iterator[Element]:
    """The text of each note behind its verdict in brackets, in each language."""
    for quad in notes:
        if quad.predicate != SEC.noteText or not isinstance(quad.object, Literal):
            continue
        verdicts = [
            f"[{element.text}]"
            for other in notes
            if (other.subject, other.predicate) == (quad.subject, SEC.verdict)
            for element in words.elements("description", other.object)
            if element.language == quad.object.language
        ]
        text = " ".join([*verdicts, quad.object.value])
        yield Element("description", text, quad.object.language)


def _distinct(elements: Iterable[Element]) -> list[Element]:
    return list(dict.fromkeys(elements))
