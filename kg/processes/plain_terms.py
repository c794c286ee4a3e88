"""RDF terms as plain data, for messages between processes."""

from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.findings import Term

__all__ = ["plain_term", "term_of"]


def plain_term(term: Term) -> list[str | None]:
    """A term as a list: iri or blank and its name, or literal with value, language and datatype.

    Raises: TypeError for a triple term of RDF 1.2.
    """
    if isinstance(term, NamedNode):
        return ["iri", term.value]
    if isinstance(term, BlankNode):
        return ["blank", term.value]
    if isinstance(term, Literal):
        return ["literal", term.value, term.language, term.datatype.value]
    raise TypeError("a triple term cannot be sent")


def term_of(plain: list[Any]) -> Term:
    """The term of which `plain_term` made the list."""
    kind, value, *more = plain
    if kind != "literal":
        return NamedNode(value) if kind == "iri" else BlankNode(value)
    language, datatype = more
    return Literal(value, language=language) if language else Literal(value, datatype=NamedNode(datatype))
