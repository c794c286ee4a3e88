"""Run queries in the query processes of a served release and read the results; only this calls a pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from sauran.kg.loading.named_queries import fill_values, read_query
from sauran.kg.model.findings import Term
from sauran.kg.model.formats import JSON
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import Question, Reply

__all__ = ["Rows", "ask_filled", "ask_rows", "open_reply", "own_query", "read_rows", "run"]

_QUERIES = Path(__file__).parents[1] / "queries"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: a term or None for each variable of each row."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


def open_reply(
    served_release: ServedRelease, question: Question, *, client: str = "", timeout_s: float | None = None
) -> Reply:
    """Run a query of `client` on a release; `timeout_s` may only shorten the time limit.

    Raises: QueryError when it does not parse; LimitReached, Busy or Lost when there is no result.
    """
    # The endpoint is the base of relative IRIs (SPARQL 1.1 Protocol, section 2.1.4).
    base = served_release.links.absolute("sparql")
    return served_release.pool.ask(question.on(base), client, timeout_s)


def run(served_release: ServedRelease, question: Question) -> bytes:
    """Run a query and return the complete result.

    Raises: what `open_reply` raises.
    """
    reply = open_reply(served_release, question)
    try:
        return reply.whole if reply.whole is not None else b"".join(reply.pieces)
    finally:
        reply.close()


def own_query(slug: str) -> str:
    """The text of one of the server's own queries, server/queries/<slug>.rq."""
    return read_query(_QUERIES / f"{slug}.rq").text


def ask_rows(served_release: ServedRelease, slug: str, **bindings: Term) -> Rows:
    """Run one of the server's own queries with bound values; the engine binds only variables of columns."""
    return _rows(served_release, Question(own_query(slug), JSON, bindings=bindings))


def ask_filled(
    served_release: ServedRelease,
    slug: str,
    *rows: Sequence[Term | None],
    limit: int | None = None,
    offset: int = 0,
) -> Rows:
    """Run one of the server's own queries with rows for its VALUES clause; return some or all result rows.

    Shape: a row has a value for each variable of the first VALUES clause; None is UNDEF.
    """
    text = fill_values(own_query(slug), rows)
    if limit is not None:
        text += f"LIMIT {limit:d}\nOFFSET {offset:d}\n"
    return _rows(served_release, Question(text, JSON))


def _rows(served_release: ServedRelease, question: Question) -> Rows:
    # All of these queries are SELECT; a test runs each.
    return cast(Rows, read_rows(run(served_release, question)))


def read_rows(json_results: bytes) -> Rows | bool:
    """Read SPARQL results in JSON: rows, or the truth value of an ASK."""
    results = parse_query_results(json_results, format=QueryResultsFormat.JSON)
    if not isinstance(results, QuerySolutions):
        return bool(results)
    variables = tuple(variable.value for variable in results.variables)
    width = range(len(variables))
    return Rows(variables, tuple(tuple(solution[n] for n in width) for solution in results))
