"""Terms as a person reads them: labels in a language, links of this site. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, RDFS, SEC, SKOS, XSD
from sauran.server.http.links import Links
from sauran.server.http.negotiation import LANGUAGES

__all__ = ["Reader", "Shown", "choose_language_of_text", "publication_text"]

_NAMES = (SKOS.prefLabel, RDFS.label, DCTERMS.title)
_REVIEWS = (SEC.unreviewedLanguage, SEC.doubtfulLanguage)


@dataclass(frozen=True, slots=True)
class Shown:
    """A term on a page: its text, the language of the text, where it leads, and the datatype worth naming.

    `unreviewed` says that the data mark the text as one that no competent reader has checked.
    """

    text: str
    language: str | None = None
    href: str | None = None
    datatype: str | None = None
    unreviewed: bool = False


def choose_language_of_text(offered: Iterable[str], wanted: str) -> str:
    """Choose in which language a text is shown: the wanted one, English, French, Russian, Kazakh, then any.

    Shape: `offered` holds at least one tag; a region such as en-GB stands for its language.
    """
    tags = sorted(offered)
    for wish in (wanted, *LANGUAGES):
        for tag in tags:
            if tag.partition("-")[0].lower() == wish:
                return tag
    return tags[0]


def publication_text(texts: Mapping[str, str], language: str, href: str | None = None) -> Shown:
    """A text of publication.toml or dataset.toml, in the best language it has."""
    best = choose_language_of_text(texts, language)
    return Shown(texts[best], best, href)


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
        return None if value is None else self.show(value, subject)

    def show_best(self, values: Sequence[Term], subject: Term | None = None) -> tuple[Shown, ...]:
        """Values to be shown, of a subject if that is known; of texts in several languages only the best."""
        return tuple(self.show(value, subject) for value in self._best(values))

    def show(self, term: Term, subject: Term | None = None) -> Shown:
        """One term: an IRI by its label, a literal as it is; `subject` is what a literal is said of."""
        if isinstance(term, Literal):
            named = None if term.language or term.datatype == XSD.string else self._short(term.datatype.value)
            return Shown(term.value, term.language, None, named, self._is_unreviewed(subject, term.language))
        return self.name(term)

    def name(self, term: Term) -> Shown:
        """A resource by its label, else by the shortest name that its IRI has."""
        if not isinstance(term, NamedNode):
            return Shown(f"_:{term.value}" if isinstance(term, BlankNode) else str(term))
        href = self._links.page(term.value, self._language)
        for word in _NAMES:
            label = self.value(term, word)
            if isinstance(label, Literal):
                unreviewed = self._is_unreviewed(term, label.language)
                return Shown(label.value, label.language, href, unreviewed=unreviewed)
        return Shown(self._short(term.value), None, href)

    def _best(self, values: Sequence[Term]) -> list[Term]:
        """Values without the texts that stand there in a better language too."""
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
            for word in _REVIEWS
            for tag in self.values(subject, word)
        )

    def _short(self, iri: str) -> str:
        own = iri.removeprefix(self._links.base)
        if own != iri:
            return "/".join(own.split("/")[-2:])  # passage/p21 says enough where the page says the rest
        for prefix, namespace in self._prefixes:
            name = iri.removeprefix(namespace)
            if name not in (iri, "") and "/" not in name and "#" not in name:
                return f"{prefix}:{name}"
        return iri
