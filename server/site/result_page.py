"""The answer of a query as a table for people. Pure."""

from dataclasses import dataclass

from pyoxigraph import parse

from kg.formats import Format
from server.executor import Rows, read_rows
from server.links import Links
from server.site.reading import Reader, Shown

__all__ = ["Table", "as_table"]

_MOST_ROWS = 1000  # a browser shows more only slowly; programs ask for another format


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows to be shown; `total` rows were found; `truth` is the answer of an ASK."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Shown | None, ...], ...] = ()
    total: int = 0
    truth: bool | None = None


def as_table(data: bytes, machine: Format, links: Links, language: str, prefixes: dict[str, str]) -> Table:
    """Read an answer in SPARQL JSON or N-Triples and make its table with links to our pages."""
    if machine.rdf is not None:
        triples = parse(data, format=machine.rdf)
        found: Rows | bool = Rows(
            ("subject", "predicate", "object"), tuple((q.subject, q.predicate, q.object) for q in triples)
        )
    else:
        found = read_rows(data)
    if isinstance(found, bool):
        return Table(truth=found)
    reader = Reader((), links, language, prefixes)
    rows = tuple(
        tuple(None if term is None else reader.show(term) for term in row) for row in found.rows[:_MOST_ROWS]
    )
    return Table(found.variables, rows, len(found.rows))
