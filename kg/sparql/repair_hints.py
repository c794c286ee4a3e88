"""Corrections of expressions that rdflib evaluates wrongly."""

from collections.abc import Callable, Iterable
from types import MethodType
from typing import Any

from rdflib.namespace import RDF, XSD
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import SPARQLError
from rdflib.term import Literal, Node

from sauran.kg.model.xpath_regex import PatternError, matches, replaced
from sauran.kg.model.xsd import compare, is_well_formed

__all__ = ["compare_literals", "mend_query"]

_ORDERS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}
_TIMES = frozenset((XSD.date, XSD.dateTime, XSD.time))


def mend_query(parts: Iterable[CompValue]) -> None:
    """Make comparisons strict and exact, and regular expressions those of XPath."""
    corrections = {
        "RelationalExpression": _relation,
        "Builtin_REGEX": _regex,
        "Builtin_REPLACE": _replace,
        "Builtin_isNUMERIC": _is_numeric,
    }
    for part in {id(part): part for part in parts if part.name in corrections}.values():
        usual = part._evalfn

        def evaluate(
            self: Any, context: Any, correct: Any = corrections[part.name], usual: Any = usual
        ) -> Any:
            return correct(self, lambda: usual(context))

        part._evalfn = MethodType(evaluate, part)


def compare_literals(one: Literal, other: Literal) -> int | None:
    """Compare as SPARQL does; None where it cannot."""
    if one.language is not None or other.language is not None:
        return None
    return compare(
        (str(one), str(one.datatype or XSD.string)), (str(other), str(other.datatype or XSD.string))
    )


def _relation(part: Any, usual: Callable[[], Any]) -> Any:
    """A comparison; rdflib orders any two literals, and finds 0.1 and 0.1e0 different."""
    one, other, sign = part.expr, part.other, part.op
    if sign in ("IN", "NOT IN"):
        others = [] if other == RDF.nil else other
        if isinstance(one, Literal) and any(isinstance(o, Node) and _is_equal(one, o) for o in others):
            return Literal(sign == "IN")
        return usual()
    if isinstance(one, Literal) and isinstance(other, Literal):
        order = compare_literals(one, other)
        if sign in _ORDERS:
            if order is None:
                raise SPARQLError(f"{one.n3()} and {other.n3()} cannot be compared")
            return Literal(_ORDERS[sign](order))
        if sign in ("=", "!=") and (order is not None or _both_times(one, other)):
            return Literal((order == 0) == (sign == "="))
    return usual()


def _is_equal(one: Literal, other: Node) -> bool:
    return isinstance(other, Literal) and compare_literals(one, other) == 0


def _both_times(one: Literal, other: Literal) -> bool:
    same = one.datatype == other.datatype and one.datatype in _TIMES
    return same and not _is_ill_formed(one) and not _is_ill_formed(other)


def _is_ill_formed(literal: Literal) -> bool:
    # rdflib does not say it of literals that stand in a query.
    return is_well_formed(str(literal), str(literal.datatype)) is False


def _text(term: Any) -> Literal:
    if not isinstance(term, Literal) or term.datatype not in (None, XSD.string):
        raise SPARQLError(f"{term!r} is not a text")
    return term


def _pattern(part: Any) -> tuple[str, str]:
    return str(_text(part.pattern)), "" if part.flags is None else str(_text(part.flags))


def _regex(part: Any, usual: Callable[[], Any]) -> Literal:
    text = _text(part.text)
    try:
        return Literal(matches(*_pattern(part), str(text)))
    except PatternError as error:
        raise SPARQLError(f"REGEX: {error.what}") from error


def _replace(part: Any, usual: Callable[[], Any]) -> Literal:
    text = _text(part.arg)
    try:
        result = replaced(*_pattern(part), str(text), str(_text(part.replacement)))
    except PatternError as error:
        raise SPARQLError(f"REPLACE: {error.what}") from error
    return Literal(result, datatype=text.datatype, lang=text.language)


def _is_numeric(part: Any, usual: Callable[[], Any]) -> Any:
    return Literal(False) if isinstance(part.arg, Literal) and _is_ill_formed(part.arg) else usual()
