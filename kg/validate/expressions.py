"""Patterns and queries of shapes: those that no engine can read, or may not run."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Store

from sauran.kg.model.findings import Finding, Term
from sauran.kg.model.namespaces import OWL
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.sparql.tokens import tokens
from sauran.kg.validate.queries import forbidden_in, patterns_in, selects_this
from sauran.kg.validate.syntax import broken

__all__ = ["pattern_faults", "query_faults"]

_QUERIES = ("select", "ask", "construct", "update")


def pattern_faults(shapes: TripleIndex) -> Iterator[Finding]:
    """Find patterns that are no regular expressions."""
    for shape in shapes.subjects(SH_IRI + "pattern"):
        flags = next(iter(_texts(shapes, shape, "flags")), "")
        for pattern in shapes.objects(shape, SH_IRI + "pattern"):
            wrong = _wrong_pattern(pattern.value, flags) if isinstance(pattern, Literal) else ""
            if wrong:
                message = f"A pattern is no regular expression: {wrong}. Mend it."
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
    mend = f"Mend sh:{kind}."
    if not isinstance(query, Literal):
        yield broken("forbidden-query", f"A query is no text. {mend}", owner, kind)
        return
    forbidden = forbidden_in(query.value, ("value",) if kind == "ask" else ())
    if forbidden:
        message = f"{forbidden[0].upper()}{forbidden[1:]}. {mend}"
        yield broken("forbidden-query", message, owner, kind)
        return
    if kind not in ("select", "ask"):
        return
    if kind == "select" and not selects_this(query.value):
        message = f"A query does not select $this, so it has no result for any node. {mend}"
        yield broken("bad-query", message, owner, kind)
        return
    for pattern, flags in patterns_in(query.value):
        wrong = "" if pattern is None else _wrong_pattern(pattern, flags or "")
        if wrong:
            message = f"A query has a pattern that is no regular expression: {wrong}. {mend}"
            yield broken("bad-pattern", message, owner, kind)
            return
    try:
        Store().query(_prologue(shapes, owner) + _with_a_path(query.value))
    except SyntaxError as error:
        message = f"A query does not parse: {' '.join(str(error).split())}. {mend}"
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
