"""Queries and patterns of shapes, by their tokens: what is not allowed, and what engines read differently."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Store

from sauran.kg.model.findings import Finding, Term
from sauran.kg.model.namespaces import OWL
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.sparql.tokens import Token, tokens
from sauran.kg.validate.lint.syntax import broken

__all__ = ["forbidden_in", "is_about_order", "pattern_faults", "patterns_in", "query_faults"]

_FORBIDDEN = {
    "FROM": "reaches outside the data",
    "LOAD": "reaches outside the data",
    "MINUS": "is not allowed in shapes (SHACL, section 5.2.2)",
    "SERVICE": "reaches outside the data",
    "VALUES": "is not allowed in shapes (SHACL, section 5.2.2)",
}
_BOUND = ("this", "shapesGraph", "currentShape")
_OPTIONAL = ("shapesGraph", "currentShape")
# Strict SPARQL 1.1 has these for xsd:dateTime only, and orders no xsd:date.
_OF_DATES = frozenset(
    (
        "YEAR",
        "MONTH",
        "DAY",
        "HOURS",
        "MINUTES",
        "SECONDS",
        "TIMEZONE",
        "TZ",
        "NOW",
        "MIN",
        "MAX",
        "ORDER",
        "STRDT",
    )
)
_ORDER = frozenset("<>")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_QUERIES = ("select", "ask", "construct", "update")


def forbidden_in(query: str, more_bound: Sequence[str] = ()) -> str:
    """Say what keeps a query from being used in a shape, or nothing.

    Source: SHACL, section 5.2.2 and appendix A.
    """
    words = list(tokens(query))
    for token in words:
        reason = _FORBIDDEN.get(token.text.upper()) if token.kind == "word" else None
        if reason:
            return f"a query has {token.text.upper()}, which {reason}"
    bound = (*_BOUND, *more_bound)
    for one, two in itertools.pairwise(words):
        if (
            one.kind == "word"
            and one.text.upper() == "AS"
            and two.kind == "variable"
            and two.text[1:] in bound
        ):
            return f"a query gives ${two.text[1:]} another value, which SHACL binds"
    return _nested(words, bound)


def _nested(words: list[Token], bound: Sequence[str]) -> str:
    """A subquery must select every variable that SHACL binds, else they are others inside it."""
    starts = [i for i, t in enumerate(words) if t.kind == "word" and t.text.upper() == "SELECT"]
    for start in starts[1:]:
        selected = set()
        for token in words[start + 1 :]:
            if token.text == "{" or (token.kind == "word" and token.text.upper() == "WHERE"):
                break
            if token.kind == "variable":
                selected.add(token.text[1:])
        used = {t.text[1:] for t in words if t.kind == "variable"} | {"this"}
        for name in bound:
            needed = name not in _OPTIONAL or name in used
            if needed and name not in selected:
                return f"a subquery does not select ${name}, which SHACL binds"
    return ""


def is_about_order(query: str) -> bool:
    """Whether a query may compare dates, which engines understand differently; texts by STR they do not."""
    words = list(tokens(query))
    return any(
        (token.kind == "sign" and token.text[0] in _ORDER and not _between_texts(words, at))
        or (token.kind == "word" and token.text.upper() in _OF_DATES)
        for at, token in enumerate(words)
    )


def _between_texts(words: Sequence[Token], at: int) -> bool:
    """Whether a comparison has STR(?variable) on both sides."""
    behind = at + 2 if words[at + 1 : at + 2] and words[at + 1].text == "=" else at + 1
    return _is_text(words[max(at - 4, 0) : at]) and _is_text(words[behind : behind + 4])


def _is_text(words: Sequence[Token]) -> bool:
    kinds = [token.text.upper() if token.kind != "variable" else "?" for token in words]
    return kinds == ["STR", "(", "?", ")"]


def _selects_this(query: str) -> bool:
    """Whether a SELECT query gives $this."""
    words = list(tokens(query))
    start = next((i for i, t in enumerate(words) if t.kind == "word" and t.text.upper() == "SELECT"), None)
    if start is None:
        return True  # not this fault: it does not parse
    selected = itertools.takewhile(
        lambda t: t.text != "{" and not (t.kind == "word" and t.text.upper() == "WHERE"), words[start + 1 :]
    )
    wanted = [token.text for token in selected]
    everything = wanted[:1] == ["*"] and any(t.kind == "variable" and t.text[1:] == "this" for t in words)
    return everything or not {"$this", "?this"}.isdisjoint(wanted)


def patterns_in(query: str) -> Iterator[tuple[str | None, str | None]]:
    """The pattern and the flags of each REGEX and REPLACE; None for one that is not a text in the query."""
    words = list(tokens(query))
    for at, token in enumerate(words):
        name = token.text.upper() if token.kind == "word" else ""
        if name not in ("REGEX", "REPLACE") or [w.text for w in words[at + 1 : at + 2]] != ["("]:
            continue
        arguments = _arguments(words, at + 2)
        last = 2 if name == "REGEX" else 3
        flags = _constant(arguments[last]) if len(arguments) > last else ""
        yield (_constant(arguments[1]) if len(arguments) > 1 else None), flags


def _arguments(words: Sequence[Token], start: int) -> list[list[Token]]:
    """What stands between the commas of one pair of brackets."""
    arguments: list[list[Token]] = [[]]
    depth = 0
    for token in words[start:]:
        if token.kind == "sign" and token.text == "," and not depth:
            arguments.append([])
            continue
        if token.kind == "sign":
            depth += (token.text in "([{") - (token.text in ")]}")
            if depth < 0:
                break
        arguments[-1].append(token)
    return arguments


def _constant(argument: Sequence[Token]) -> str | None:
    """The text that an argument is, if it is one and nothing else."""
    if len(argument) != 1 or argument[0].kind != "string":
        return None
    text = argument[0].text
    marks = 3 if text[:3] in ('"""', "'''") and len(text) > 5 else 1
    return _ESCAPE.sub(_unescaped, text[marks:-marks])


def _unescaped(match: re.Match[str]) -> str:
    code, long_code, sign = match.groups()
    return chr(int(code or long_code, 16)) if sign is None else _ESCAPED.get(sign, sign)


def pattern_faults(shapes: TripleIndex) -> Iterator[Finding]:
    """Find patterns that are not regular expressions."""
    for shape in shapes.subjects(SH_IRI + "pattern"):
        flags = next(iter(_texts(shapes, shape, "flags")), "")
        for pattern in shapes.objects(shape, SH_IRI + "pattern"):
            wrong = _wrong_pattern(pattern.value, flags) if isinstance(pattern, Literal) else ""
            if wrong:
                message = f"A pattern is not a regular expression: {wrong}. Fix it."
                yield broken("bad-pattern", message, shape, "pattern", pattern)


def query_faults(shapes: TripleIndex) -> Iterator[Finding]:
    """Find queries that may not run, or cannot."""
    for kind in _QUERIES:
        for owner in shapes.subjects(SH_IRI + kind):
            for query in shapes.objects(owner, SH_IRI + kind):
                yield from _query_faults(shapes, owner, kind, query)
    for owner in shapes.subjects(SH_IRI + "js"):
        message = "JavaScript is never run, so sh:js would check nothing. Use another constraint."
        yield broken("forbidden-script", message, owner, "js")


def _query_faults(shapes: TripleIndex, owner: Term, kind: str, query: Term) -> Iterator[Finding]:
    """The first fault of a query; those of rules, which are never run, need only be harmless."""
    fix = f"Fix sh:{kind}."
    if not isinstance(query, Literal):
        yield broken("forbidden-query", f"A query is not a text. {fix}", owner, kind)
        return
    forbidden = forbidden_in(query.value, ("value",) if kind == "ask" else ())
    if forbidden:
        message = f"{forbidden[0].upper()}{forbidden[1:]}. {fix}"
        yield broken("forbidden-query", message, owner, kind)
        return
    if kind not in ("select", "ask"):
        return
    if kind == "select" and not _selects_this(query.value):
        message = f"A query does not select $this, so it has no result for any node. {fix}"
        yield broken("bad-query", message, owner, kind)
        return
    for pattern, flags in patterns_in(query.value):
        wrong = "" if pattern is None else _wrong_pattern(pattern, flags or "")
        if wrong:
            message = f"A query has a pattern that is not a regular expression: {wrong}. {fix}"
            yield broken("bad-pattern", message, owner, kind)
            return
    try:
        Store().query(_prologue(shapes, owner) + _with_a_path(query.value))
    except SyntaxError as error:
        message = f"A query does not parse: {' '.join(str(error).split())}. {fix}"
        yield broken("bad-query", message, owner, kind)


def _wrong_pattern(pattern: str, flags: str) -> str:
    from sauran.kg.model.xpath_regex import PatternError, compile_pattern  # noqa: PLC0415 (only shapes with patterns pay)

    try:
        compile_pattern(pattern, flags)
    except PatternError as error:
        return error.what.rstrip(".")
    return ""


def _prologue(shapes: TripleIndex, owner: Term) -> str:
    """The prefixes of a query, also those that their owner imports (SHACL, section 5.2.1)."""
    todo = shapes.objects(owner, SH_IRI + "prefixes")
    seen = set(todo)
    lines = []
    while todo:
        node = todo.pop()
        for declared in shapes.objects(node, SH_IRI + "declare"):
            for prefix in _texts(shapes, declared, "prefix"):
                lines += [f"PREFIX {prefix}: <{iri}>\n" for iri in _texts(shapes, declared, "namespace")]
        new = [other for other in shapes.objects(node, OWL.imports.value) if other not in seen]
        seen.update(new)
        todo += new
    return "".join(dict.fromkeys(lines))


def _with_a_path(query: str) -> str:
    """A query in which $PATH is an IRI, as it is when it runs."""
    parts, end = [], 0
    for token in tokens(query):
        if token.kind == "variable" and token.text[1:] == "PATH":
            parts += [query[end : token.start], "<urn:path>"]
            end = token.start + len(token.text)
    return "".join(parts) + query[end:]


def _texts(shapes: TripleIndex, node: Term, name: str) -> Iterable[str]:
    values = shapes.objects(node, SH_IRI + name)
    return [value.value for value in values if isinstance(value, Literal | NamedNode)]
