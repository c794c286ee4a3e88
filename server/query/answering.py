"""One question to a store; its answer in pieces to a function, within the limits of rows and bytes."""

import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
    serialize,
)

from sauran.kg.loading.serialisation import write_triples
from sauran.kg.loading.store import Answer, Store
from sauran.kg.model.findings import Term
from sauran.kg.model.formats import Format
from sauran.server.query.question import LimitPassed, QueryLimits, Question, Tally

__all__ = ["PIECE", "TableWriter", "Writing", "answer"]

_BATCH = 1000
PIECE = 64 * 1024  # few messages for large answers, one for small ones
# A partial answer stops a little before it would be too late, or too large.
_SHARE = 0.8

Row = tuple[Term | None, ...]


class TableWriter:
    """Writes rows as the engine itself does, by way of SPARQL JSON, so that every format is the same.

    Where the format has a function of its own for rows, that writes them. Of a format whose tables cannot be
    cut it writes all rows as one batch.
    """

    head: bytes
    tail: bytes

    def __init__(self, variables: tuple[str, ...], wanted: Format) -> None:
        self._variables, self._wanted = variables, wanted
        self.head = self.tail = b""
        if wanted.tail is None:
            return
        self.tail = wanted.tail
        self.head = self._write(()).removesuffix(self.tail)

    def batches(self, rows: Iterable[Row]) -> Iterator[bytes]:
        """The rows without head and tail, some at a time."""
        if self._wanted.tail is None:
            yield self._write(rows)
            return
        rows, between = iter(rows), b""
        while batch := tuple(itertools.islice(rows, _BATCH)):
            yield between + self._write(batch).removeprefix(self.head).removesuffix(self.tail)
            between = self._wanted.between

    def _write(self, rows: Iterable[Row]) -> bytes:
        if self._wanted.write_rows is not None:
            return self._wanted.write_rows(self._variables, rows)
        bindings = [
            {
                name: _as_json(term)
                for name, term in zip(self._variables, row, strict=True)
                if term is not None
            }
            for row in rows
        ]
        document = {"head": {"vars": self._variables}, "results": {"bindings": bindings}}
        solutions = parse_query_results(json.dumps(document), format=QueryResultsFormat.JSON)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError("no solutions")
        return solutions.serialize(format=self._wanted.results) or b""


def _as_json(term: Term) -> dict[str, Any]:
    """One term of a row (SPARQL 1.2 Query Results JSON Format, section 3.2.2)."""
    if isinstance(term, Literal):
        plain = {"type": "literal", "value": term.value}
        if not term.language:
            return {**plain, "datatype": term.datatype.value}
        direction = {"its:dir": str(term.direction)} if term.direction else {}
        return {**plain, "xml:lang": term.language, **direction}
    if isinstance(term, Triple):
        parts = zip(("subject", "predicate", "object"), term, strict=True)
        return {"type": "triple", "value": {name: _as_json(part) for name, part in parts}}
    return {"type": "bnode" if isinstance(term, BlankNode) else "uri", "value": term.value}


@dataclass(frozen=True, slots=True)
class Writing:
    """How answers with triples are written: prefixes, and the JSON-LD context."""

    prefixes: Mapping[str, str]
    context: Mapping[str, Any]


def answer(
    store: Store, question: Question, limits: QueryLimits, writing: Writing, send: Callable[[bytes], object]
) -> Tally:
    """Answer a question in pieces.

    Raises: QueryError when it does not parse; LimitPassed when the answer is larger than it may be.
    """
    until = time.monotonic() + limits.timeout_s * _SHARE
    found = store.query(
        question.text,
        default_graphs=question.default_graphs,
        named_graphs=question.named_graphs,
        substitutions=dict(question.bindings),
        base=question.base,
    )
    sink = _Sink(send, question, limits)
    engine_writes = question.wanted.count_rows is not None and not question.partial
    if found.kind == "triples":
        triples = _bounded(found.triples(), question, limits, until, sink.tally)
        _write_triples(triples, question.wanted, writing, sink)
    elif found.kind == "solutions" and question.wanted.has_rows and not engine_writes:
        _write_rows(found, question, limits, until, sink)
    else:
        found.write(cast(IO[bytes], sink), question.wanted)
    sink.finish()
    return sink.tally


class _Sink:
    """Gathers what an engine writes into pieces, counts it, and stops at a limit."""

    def __init__(self, send: Callable[[bytes], object], question: Question, limits: QueryLimits) -> None:
        self._send, self._limits = send, limits
        # What is not counted here is counted before it is written.
        counted = None if question.partial else question.wanted.count_rows
        self._count = counted() if counted else None
        self._pieces: list[bytes] = []
        self._waiting = 0
        self.tally = Tally()

    def write(self, data: bytes) -> int:
        """Take some bytes, as a binary file does."""
        self.tally.size += len(data)
        if self.tally.size > self._limits.max_bytes:
            raise LimitPassed("bytes")
        if self._count:
            self.tally.rows += self._count(data)
            if self.tally.rows + self._count.offset > self._limits.max_rows:
                raise LimitPassed("rows")
        self._pieces.append(bytes(data))
        self._waiting += len(data)
        if self._waiting >= PIECE:
            self._flush()
        return len(data)

    def flush(self) -> None:
        """Do nothing: pieces are sent when they are large enough."""

    def finish(self) -> None:
        """Send what is left."""
        if self._pieces:
            self._flush()
        if self._count:
            self.tally.rows = max(self.tally.rows + self._count.offset, 0)

    def _flush(self) -> None:
        self._send(b"".join(self._pieces))
        self._pieces.clear()
        self._waiting = 0


def _bounded(
    triples: Iterable[Triple], question: Question, limits: QueryLimits, until: float, tally: Tally
) -> Iterator[Triple]:
    """Count triples; beyond a limit stop or refuse, as the question wants."""
    size = 0
    for triple in triples:
        if tally.rows >= limits.max_rows:
            if not question.partial:
                raise LimitPassed("rows")
            tally.stopped_by = "rows"
        elif question.partial:
            size += len(str(triple))  # about what it takes in most formats
            late, large = time.monotonic() > until, size > limits.max_bytes * _SHARE / 2
            tally.stopped_by = "time" if late else "bytes" if large else ""
        if tally.stopped_by:
            return
        tally.rows += 1
        yield triple


def _write_rows(found: Answer, question: Question, limits: QueryLimits, until: float, sink: _Sink) -> None:
    """Write as many rows as fit, or refuse where they do not, as the question wants."""
    tally = sink.tally
    table = TableWriter(found.variables, question.wanted)

    def in_time() -> Iterator[tuple[Term | None, ...]]:
        for row in found.rows():
            if not question.partial and tally.rows >= limits.max_rows:
                raise LimitPassed("rows")
            if question.partial and (tally.rows >= limits.max_rows or time.monotonic() > until):
                tally.stopped_by = "rows" if tally.rows >= limits.max_rows else "time"
                return
            tally.rows += 1
            yield row

    sink.write(table.head)
    written = 0
    for batch in table.batches(in_time()):
        if question.partial and tally.size + len(batch) + len(table.tail) > limits.max_bytes:
            tally.rows, tally.stopped_by = written, "bytes"
            break
        sink.write(batch)
        written = tally.rows
    sink.write(table.tail)


def _write_triples(triples: Iterator[Triple], wanted: Format, writing: Writing, sink: _Sink) -> None:
    first = list(itertools.islice(triples, wanted.most_sorted + 1))
    if len(first) <= wanted.most_sorted:
        sink.write(write_triples(first, wanted, dict(writing.prefixes), dict(writing.context)))
        return
    serialize(
        itertools.chain(first, triples),
        cast(IO[bytes], sink),
        format=wanted.rdf,
        prefixes=dict(writing.prefixes),
    )
