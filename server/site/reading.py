"""Terms as a person reads them: labels in a language, links of this site. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.findings import Term
from kg.vocabulary import DCTERMS, RDFS, SKOS, XSD
from server.links import Links

__all__ = ["Reader", "Shown"]

_NAMES = (SKOS.prefLabel, RDFS.label, DCTERMS.title)
_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Shown:
    """A term on a page: its text, the language of the text, where it leads, and the datatype worth naming."""

    text: str
    language: str | None = None
    href: str | None = None
    datatype: str | None = None


class Reader:
    """Looks values up in some quads and shows them in one language."""

    def __init__(self, quads: Iterable[Quad], links: Links, language: str, prefixes: dict[str, str]) -> None:
        self._links, self._language = links, language
        # The longest namespace first: it gives the shortest name.
        self._prefixes = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._values: dict[Term, dict[NamedNode, dict[Term, None]]] = {}
        for quad in quads:
            self._values.setdefault(quad.subject, {}).setdefault(quad.predicate, {})[quad.object] = None

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """All values of a property."""
        return list(self._values.get(subject, {}).get(predicate, {}))

    def properties(self, subject: Term) -> Mapping[NamedNode, Iterable[Term]]:
        """All properties of a subject with their values."""
        return self._values.get(subject, {})

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """The first value of a property, of texts the one in the best language."""
        return next(iter(self._best(self.values(subject, predicate))), None)

    def text(self, subject: Term, predicate: NamedNode) -> str:
        """The value of a property as text; empty where there is none."""
        value = self.value(subject, predicate)
        return value.value if isinstance(value, Literal) else ""

    def shown_value(self, subject: Term, predicate: NamedNode) -> Shown | None:
        """The value of a property, to be shown."""
        value = self.value(subject, predicate)
        return None if value is None else self.show(value)

    def show_best(self, values: Sequence[Term]) -> tuple[Shown, ...]:
        """Values to be shown; of texts in several languages only those in the best."""
        return tuple(self.show(value) for value in self._best(values))

    def show(self, term: Term) -> Shown:
        """One term: an IRI by its label, a literal as it is."""
        if isinstance(term, Literal):
            named = None if term.language or term.datatype == XSD.string else self._short(term.datatype.value)
            return Shown(term.value, term.language, None, named)
        return self.name(term)

    def name(self, term: Term) -> Shown:
        """A resource by its label, else by the shortest name that its IRI has."""
        if not isinstance(term, NamedNode):
            return Shown(f"_:{term.value}" if isinstance(term, BlankNode) else str(term))
        href = self._links.page(term.value, self._language)
        for word in _NAMES:
            label = self.value(term, word)
            if isinstance(label, Literal):
                return Shown(label.value, label.language, href)
        return Shown(self._short(term.value), None, href)

    def _best(self, values: Sequence[Term]) -> list[Term]:
        """Values without the texts that stand there in a better language too."""
        tagged = {value.language for value in values if isinstance(value, Literal) and value.language}
        if len(tagged) < 2:
            return list(values)
        best = next((tag for tag in (self._language, _FALLBACK) if tag in tagged), min(tagged))
        return [v for v in values if not isinstance(v, Literal) or v.language in (None, best)]

    def _short(self, iri: str) -> str:
        own = iri.removeprefix(self._links.base)
        if own != iri:
            return "/".join(own.split("/")[-2:])  # passage/p21 says enough where the page says the rest
        for prefix, namespace in self._prefixes:
            name = iri.removeprefix(namespace)
            if name not in (iri, "") and "/" not in name and "#" not in name:
                return f"{prefix}:{name}"
        return iri
