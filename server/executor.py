"""Where queries are answered: the only caller of a store. Today in this process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pyoxigraph import Quad, QueryResultsFormat, QuerySolutions, parse_query_results

from kg.findings import Term
from kg.formats import RESULT_FORMATS, Format
from kg.named_queries import read_query
from kg.serialisation import sort_quads, write_rdf
from kg.store import Store

__all__ = ["Question", "Rows", "ask_rows", "own_query", "read_rows", "run"]

_QUERIES = Path(__file__).parent / "queries"
_JSON = RESULT_FORMATS[0]


@dataclass(frozen=True)
class Question:
    """A query, its dataset, its bound values, and how to write the answer."""

    text: str
    wanted: Format
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Mapping[str, Term] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: a term or None for each variable of each row."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


def run(store: Store, question: Question) -> bytes:
    """Answer a question.

    Raises: QueryError when the query does not parse, or the format cannot hold its answer.
    """
    answer = store.query(
        question.text,
        default_graphs=question.default_graphs,
        named_graphs=question.named_graphs,
        substitutions=dict(question.bindings),
    )
    if answer.kind != "triples":
        return answer.serialize(question.wanted)
    quads = sort_quads(Quad(*triple) for triple in answer.triples())
    return write_rdf(quads, question.wanted, dict(question.prefixes), dict(question.context))


def own_query(slug: str) -> str:
    """The text of one of the server's own queries, server/queries/<slug>.rq."""
    return read_query(_QUERIES / f"{slug}.rq").text


def ask_rows(store: Store, slug: str, **bindings: Term) -> Rows:
    """Ask one of the server's own queries, with bound values; the engine binds only what is also a column."""
    # They are all SELECT: a test asks each.
    return cast(Rows, read_rows(run(store, Question(own_query(slug), _JSON, bindings=bindings))))


def read_rows(json_results: bytes) -> Rows | bool:
    """Read an answer in SPARQL JSON: rows, or the truth value of an ASK."""
    results = parse_query_results(json_results, format=QueryResultsFormat.JSON)
    if not isinstance(results, QuerySolutions):
        return bool(results)
    variables = tuple(variable.value for variable in results.variables)
    width = range(len(variables))
    return Rows(variables, tuple(tuple(solution[n] for n in width) for solution in results))
