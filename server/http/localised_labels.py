"""Terms in the language of a page: their labels, texts and links on this site. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import NAME_PROPERTIES, REVIEW_PROPERTIES, XSD
from sauran.kg.model.triple_index import TripleIndex
from sauran.server.http.links import Links
from sauran.server.http.negotiation import LANGUAGES

__all__ = ["Label", "LabelReader", "choose_language_of_text", "publication_text"]


@dataclass(frozen=True, slots=True)
class Label:
    """A term on a page: its text, the language of the text, its link, and a datatype worth naming.

    `unreviewed` says that the data mark the text as not checked by a competent reader.
    """

    text: str
    language: str | None = None
    href: str | None = None
    datatype: str | None = None
    unreviewed: bool = False


def choose_language_of_text(offered: Iterable[str], wanted: str) -> str:
    """Choose the language of a text: the wanted one, English, French, Russian, Kazakh, then any.

    Shape: `offered` holds at least one tag; a region such as en-GB stands for its language.
    """
    tags = sorted(offered)
    for language in (wanted, *LANGUAGES):
        for tag in tags:
            if tag.partition("-")[0].lower() == language:
                return tag
    return tags[0]


def publication_text(texts: Mapping[str, str], language: str, href: str | None = None) -> Label:
    """A text of publication.toml or dataset.toml, in the best language it has."""
    best = choose_language_of_text(texts, language)
    return Label(texts[best], best, href)


class LabelReader:
    """Reads labels and values of some triples in one language.

    An index that is given is not copied: triples that are added to it later are read too.
    """

    def __init__(
        self, triples: TripleIndex | Iterable[Quad], links: Links, language: str, prefixes: dict[str, str]
    ) -> None:
        self._links, self._language = links, language
        # The longest namespace first: it gives the shortest name.
        self._prefixes = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._index = triples if isinstance(triples, TripleIndex) else TripleIndex(triples)

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """All values of a property."""
        return self._index.objects(subject, predicate.value)

    def properties(self, subject: Term) -> Mapping[NamedNode, Sequence[Term]]:
        """All properties of a subject with their values."""
        return {NamedNode(p): values for p, values in self._index.properties(subject).items()}

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """The first value of a property, of texts the one in the best language."""
        return next(iter(self._best(self.values(subject, predicate))), None)

    def text(self, subject: Term, predicate: NamedNode) -> str:
        """The value of a property as text; empty if it has none."""
        value = self.value(subject, predicate)
        return value.value if isinstance(value, Literal) else ""

    def shown_value(self, subject: Term, predicate: NamedNode) -> Label | None:
        """The value of a property, to show."""
        value = self.value(subject, predicate)
        return None if value is None else self.show(value, subject)

    def show_best(self, values: Sequence[Term], subject: Term | None = None) -> tuple[Label, ...]:
        """Values to show, of a subject if that is known; of texts in several languages only the best."""
        return tuple(self.show(value, subject) for value in self._best(values))

    def show(self, term: Term, subject: Term | None = None) -> Label:
        """One term: an IRI by its label, a literal as it is; `subject` is the subject of a literal."""
        if isinstance(term, Literal):
            named = None if term.language or term.datatype == XSD.string else self._short(term.datatype.value)
            return Label(term.value, term.language, None, named, self._is_unreviewed(subject, term.language))
        return self.name(term)

    def name(self, term: Term) -> Label:
        """A resource by its label, else by the shortest name that its IRI has."""
        if not isinstance(term, NamedNode):
            return Label(f"_:{term.value}" if isinstance(term, BlankNode) else str(term))
        href = self._links.page(term.value, self._language)
        for property_ in NAME_PROPERTIES:
            label = self.value(term, property_)
            if isinstance(label, Literal):
                unreviewed = self._is_unreviewed(term, label.language)
                return Label(label.value, label.language, href, unreviewed=unreviewed)
        return Label(self._short(term.value), None, href)

    def _best(self, values: Sequence[Term]) -> list[Term]:
        """Values without the texts that are there in a better language too."""
        tagged = {value.language for value in values if isinstance(value, Literal) and value.language}
        if len(tagged) < 2:
            return list(values)
        best = choose_language_of_text(tagged, self._language)
        return [v for v in values if not isinstance(v, Literal) or v.language in (None, best)]

    def _is_unreviewed(self, subject: Term | None, language: str | None) -> bool:
        """Whether the data mark the texts of a subject in a language as unreviewed."""
        if subject is None or language is None:
            return False
        return any(
            isinstance(tag, Literal) and tag.value == language
            for property_ in REVIEW_PROPERTIES
            for tag in self.values(subject, property_)
        )

    def _short(self, iri: str) -> str:
        own = iri.removeprefix(self._links.base)
        if own != iri:
            return "/".join(own.split("/")[-2:])  # passage/p21: the page names its document
        for prefix, namespace in self._prefixes:
            name = iri.removeprefix(namespace)
            if name not in (iri, "") and "/" not in name and "#" not in name:
                return f"{prefix}:{name}"
        return iri
