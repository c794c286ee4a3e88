"""The result of a query as a table for people. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, parse, parse_query_results

from sauran.kg.model.formats import Format
from sauran.kg.model.namespaces import XSD
from sauran.server.http.executor import Rows
from sauran.server.http.localised_labels import Label, LabelReader

__all__ = ["NUMBERS", "ResultTable", "as_table", "read_lines"]

_LONGEST_TEXT = 2000  # characters of one value; the whole is in every download
_TRIPLE = ("subject", "predicate", "object")
# The store reads all subtypes of integers as integers.
NUMBERS = frozenset((XSD.integer, XSD.decimal, XSD.double, XSD.float))


@dataclass(frozen=True, slots=True)
class ResultTable:
    """Columns, and rows from `first` on of `total`; a column is `numeric` if it holds only numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Label | None, ...], ...]
    first: int
    total: int
    numeric: tuple[bool, ...]


def read_lines(data: bytes, machine: Format) -> Rows:
    """Read lines of an answer in SPARQL TSV, or in N-Triples as rows of three columns."""
    if machine.rdf is not None:
        found = parse(data, format=machine.rdf)
        return Rows(_TRIPLE, tuple((q.subject, q.predicate, q.object) for q in found))
    results = parse_query_results(data or b"\n", format=QueryResultsFormat.TSV)
    if not isinstance(results, QuerySolutions):
        raise TypeError("an answer in lines holds rows")
    variables = tuple(variable.value for variable in results.variables)
    width = range(len(variables))
    return Rows(variables, tuple(tuple(row[n] for n in width) for row in results))


def as_table(found: Rows, reader: LabelReader, first: int, total: int) -> ResultTable:
    """Show rows that begin with number `first` of `total`, with labels and links of the reader."""
    numeric = tuple(_is_numeric([row[n] for row in found.rows]) for n in range(len(found.variables)))
    rows = tuple(
        tuple(
            None if term is None else _shown(reader.show(term), number=number)
            for term, number in zip(row, numeric, strict=True)
        )
        for row in found.rows
    )
    return ResultTable(found.variables, rows, first, total, numeric)


def _is_numeric(values: Sequence[object]) -> bool:
    there = [value for value in values if value is not None]
    return bool(there) and all(isinstance(v, Literal) and v.datatype in NUMBERS for v in there)


def _shown(shown: Label, *, number: bool) -> Label:
    text = shown.text if len(shown.text) <= _LONGEST_TEXT else f"{shown.text[:_LONGEST_TEXT]}…"
    # In a column of numbers the kind of each would only be in the way.
    return replace(shown, text=text, datatype=None if number else shown.datatype)
