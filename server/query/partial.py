"""As much of a table as its limits allow, whole in its format: batches of rows between a head and a tail."""

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import BlankNode, Literal, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from sauran.kg.model.findings import Term
from sauran.kg.model.formats import Format

__all__ = ["TableWriter"]

_BATCH = 1000

Row = tuple[Term | None, ...]


class TableWriter:
    """Writes rows as the engine itself does, by way of SPARQL JSON, so that every format is the same.

    Where the format has a function of its own for rows, that writes them. Of a format whose tables cannot be
    cut it writes all rows as one batch.
    """

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
