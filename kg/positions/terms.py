"""Resolve Turtle tokens to terms, with the prefixes and base declared so far."""

import re
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from sauran.kg.model.errors import UsageError
from sauran.kg.model.namespaces import RDF, XSD
from sauran.kg.positions.tokens import unescape

__all__ = ["TermReader", "check_iri", "resolve_iri", "resolve_plain"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*+:")
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_NEEDS_LANGUAGE = frozenset([RDF.langString, RDF.dirLangString])


class TermReader:
    """Read names, IRIs, labels and literals as pyoxigraph terms.

    Raises: ValueError, its text a whole sentence, from every method whose word has no term.
    """

    def __init__(self, base_iri: str | None) -> None:
        if base_iri is not None:
            _check_base(base_iri)
        self._base = base_iri
        self._prefixes: dict[str, str] = {}
        self._known: dict[str, NamedNode | BlankNode] = {}
        self._numbers: dict[str, Literal] = {}

    def declare_base(self, written: str) -> None:
        """Resolve later IRIs against `written`, itself resolved against the base before it."""
        self._base = self._read_named("iri", written).value
        self._known.clear()

    def declare_prefix(self, prefix: str, written: str) -> None:
        """Let `prefix` stand for `written` from here on."""
        self._prefixes[prefix] = self._read_named("iri", written).value
        self._known.clear()

    def directives(self) -> str:
        """What is in force, as Turtle."""
        base = [] if self._base is None else [f"@base <{self._base}> .\n"]
        return "".join([*base, *(f"@prefix {name}: <{iri}> .\n" for name, iri in self._prefixes.items())])

    def expand(self, kind: str, written: str) -> str:
        """The IRI that a word of kind `iri` or `name` stands for, whether it is a valid one or not."""
        if kind == "iri":
            iri = unescape(written[1:-1])
            return iri if self._base is None or _SCHEME.match(iri) else resolve_iri(written, self._base).value
        prefix, _, local = written.partition(":")
        namespace = self._prefixes.get(prefix)
        if namespace is None:
            raise ValueError(f"The prefix {prefix}: is not declared. Add @prefix {prefix}: <…> .")
        # A local name has only the escapes of one character: a \\u in it would be no token.
        return namespace + unescape(local)

    def read_node(self, kind: str, written: str) -> NamedNode | BlankNode:
        """Read a word of kind `blank`, `iri` or `name`."""
        node = self._known.get(written)
        if node is None:
            node = BlankNode(written[2:]) if kind == "blank" else self._read_named(kind, written)
            self._known[written] = node
        return node

    def read_iri(self, kind: str, written: str) -> NamedNode:
        """Read a word of kind `iri` or `name`."""
        node = self._known.get(written)
        if not isinstance(node, NamedNode):
            self._known[written] = node = self._read_named(kind, written)
        return node

    def read_number(self, written: str) -> Literal:
        """Read a bare number, its digits kept as written."""
        number = self._numbers.get(written)
        if number is None:
            exact = XSD.decimal if "." in written else XSD.integer
            datatype = XSD.double if "e" in written.lower() else exact
            self._numbers[written] = number = Literal(written, datatype=datatype)
        return number

    def read_tagged(self, lexical: str, language: str) -> Literal:
        """Join a text and its language tag; pyoxigraph makes the tag lower case."""
        try:
            return Literal(lexical, language=language)
        except ValueError as error:
            raise ValueError(f"@{language} is not a valid language tag: {error}.") from error

    def read_typed(self, lexical: str, datatype: NamedNode) -> Literal:
        """Join a lexical form and its datatype."""
        if datatype in _NEEDS_LANGUAGE:
            raise ValueError(f"A literal of type {datatype} needs a language tag.")
        return Literal(lexical, datatype=datatype)

    def _read_named(self, kind: str, written: str) -> NamedNode:
        return check_iri(self.expand(kind, written))


def check_iri(iri: str) -> NamedNode:
    """Make a term of an absolute IRI.

    Raises: ValueError, its text a whole sentence, when it is none.
    """
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise ValueError(f"<{iri}> is not a valid absolute IRI: {error}.") from error


def resolve_iri(written: str, base_iri: str) -> NamedNode:
    """Resolve `<relative>`, with its brackets, against a base.

    Raises: ValueError, its text a whole sentence, when that gives no IRI.
    """
    # Oxigraph itself resolves, so that terms are exactly those of the store, also where RFC 3986 and it
    # differ (dot segments inside the base are left alone). urljoin does not know urn: and drops empty parts.
    text = f"{written} a <x:>."
    try:
        return cast(NamedNode, next(parse(text, format=RdfFormat.TURTLE, base_iri=base_iri)).subject)
    except SyntaxError as error:
        reason = str(error.msg).partition(": ")[2]
        raise ValueError(f"{written} cannot be resolved against <{base_iri}>: {reason}.") from error


def resolve_plain(iri: str, base_iri: str | None) -> NamedNode:
    """Make a term of an IRI reference that stands in no brackets and knows no escapes.

    Raises: ValueError, its text a whole sentence, when that gives no IRI.
    """
    if _NO_IRI.search(iri):
        raise ValueError(f"{iri!r} is not a valid IRI.")
    return check_iri(iri) if base_iri is None else resolve_iri(f"<{iri}>", base_iri)


def _check_base(base_iri: str) -> None:
    try:
        NamedNode(base_iri)
    except ValueError as error:
        raise UsageError(
            "base IRI", f"<{base_iri}> is not a valid absolute IRI: {error}.", "Give one with a scheme."
        ) from error
