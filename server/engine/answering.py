"""One question to a store; its answer in pieces to a function, within the limits of rows and bytes."""

import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, TypeVar, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
    serialize,
)

from kg.findings import Term
from kg.formats import Format
from kg.serialisation import write_triples
from kg.store import Store
from server.engine.counting import LimitPassed, row_counter
from server.engine.limits import Limits
from server.engine.question import Question

__all__ = ["Tally", "Writing", "answer"]

_PIECE = 64 * 1024  # few messages for large answers, one for small ones
# Up to so many triples an answer is sorted and, in JSON-LD, compacted; above, it is written as it comes.
_SORTED_TRIPLES = 10_000
# A partial answer stops a little before the process would be killed.
_SHARE_OF_TIME = 0.8

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Writing:
    """How answers with triples are written: prefixes, and the JSON-LD context."""

    prefixes: Mapping[str, str]
    context: Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """How much has been given; `stopped_by` names the limit at which a partial answer stops."""

    rows: int = 0
    size: int = 0
    stopped_by: str = ""


def answer(
    store: Store, question: Question, limits: Limits, writing: Writing, send: Callable[[bytes], object]
) -> Tally:
    """Answer a question in pieces.

    Raises: QueryError when it does not parse; LimitPassed when the answer is larger than it may be.
    """
    until = time.monotonic() + limits.timeout_s * _SHARE_OF_TIME
    found = store.query(
        question.text,
        default_graphs=question.default_graphs,
        named_graphs=question.named_graphs,
        substitutions=dict(question.bindings),
    )
    sink = _Sink(send, question, limits)
    if found.kind == "triples":
        triples = _bounded(found.triples(), question, limits, until, sink.tally)
        _write_triples(triples, question.wanted, writing, sink)
    elif question.partial and found.kind == "solutions":
        rows = _bounded(found.rows(), question, limits, until, sink.tally)
        _solutions(found.variables, rows).serialize(cast(IO[bytes], sink), format=question.wanted.results)
    else:
        found.write(cast(IO[bytes], sink), question.wanted)
    sink.finish()
    return sink.tally


class _Sink:
    """Gathers what an engine writes into pieces, counts it, and stops at a limit."""

    def __init__(self, send: Callable[[bytes], object], question: Question, limits: Limits) -> None:
        self._send, self._limits = send, limits
        self._counts_rows = question.wanted.results is not None and not question.partial
        self._count, self._offset = row_counter(question.wanted.name)
        self._pieces: list[bytes] = []
        self._waiting = 0
        self.tally = Tally()

    def write(self, data: bytes) -> int:
        """Take some bytes, as a binary file does."""
        self.tally.size += len(data)
        if self.tally.size > self._limits.max_bytes:
            raise LimitPassed("bytes")
        if self._counts_rows:
            self.tally.rows += self._count(data)
            if self.tally.rows + self._offset > self._limits.max_rows:
                raise LimitPassed("rows")
        self._pieces.append(bytes(data))
        self._waiting += len(data)
        if self._waiting >= _PIECE:
            self._flush()
        return len(data)

    def flush(self) -> None:
        """Do nothing: pieces are sent when they are large enough."""

    def finish(self) -> None:
        """Send what is left."""
        if self._pieces:
            self._flush()
        if self._counts_rows:
            self.tally.rows = max(self.tally.rows + self._offset, 0)

    def _flush(self) -> None:
        self._send(b"".join(self._pieces))
        self._pieces.clear()
        self._waiting = 0


def _bounded(
    items: Iterable[Item], question: Question, limits: Limits, until: float, tally: Tally
) -> Iterator[Item]:
    """Count items; beyond the limit stop or refuse, as the question wants."""
    for item in items:
        if question.partial and (tally.rows >= limits.max_rows or time.monotonic() > until):
            tally.stopped_by = "rows" if tally.rows >= limits.max_rows else "time"
            return
        if tally.rows >= limits.max_rows:
            raise LimitPassed("rows")
        tally.rows += 1
        yield item


def _write_triples(triples: Iterator[Triple], wanted: Format, writing: Writing, sink: _Sink) -> None:
    first = list(itertools.islice(triples, _SORTED_TRIPLES + 1))
    if len(first) <= _SORTED_TRIPLES:
        sink.write(write_triples(first, wanted, dict(writing.prefixes), dict(writing.context)))
        return
    serialize(
        itertools.chain(first, triples),
        cast(IO[bytes], sink),
        format=wanted.rdf,
        prefixes=dict(writing.prefixes),
    )


def _solutions(variables: tuple[str, ...], rows: Iterable[tuple[Term | None, ...]]) -> QuerySolutions:
    """Rows as an engine's solutions, by way of SPARQL JSON, so that every format can be written."""
    bindings = [
        {name: _as_json(term) for name, term in zip(variables, row, strict=True) if term is not None}
        for row in rows
    ]
    document = {"head": {"vars": variables}, "results": {"bindings": bindings}}
    solutions = parse_query_results(json.dumps(document), format=QueryResultsFormat.JSON)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("no solutions")
    return solutions


def _as_json(term: Term) -> dict[str, Any]:
    """One term of a row (SPARQL 1.1 Query Results JSON Format, section 3.2.2)."""
    if isinstance(term, Literal):
        if term.language:
            return {"type": "literal", "value": term.value, "xml:lang": term.language}
        return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    if isinstance(term, Triple):
        parts = zip(("subject", "predicate", "object"), term, strict=True)
        return {"type": "triple", "value": {name: _as_json(part) for name, part in parts}}
    return {"type": "bnode" if isinstance(term, BlankNode) else "uri", "value": term.value}
