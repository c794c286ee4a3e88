"""The answer of a query as its page shows it: a truth value, or one page of rows with charts and a map."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup
from pyoxigraph import parse

from sauran.kg.loading.serialisation import write_triples
from sauran.kg.model.formats import JSON, N_TRIPLES, TSV, TURTLE, Format
from sauran.kg.sparql.query_checks import QueryFacts
from sauran.server.api.sparql_protocol import TRIPLE_FORMS, ProtocolRequest, open_answer
from sauran.server.http.executor import read_rows
from sauran.server.http.localised_labels import LabelReader
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import Reply
from sauran.server.site.lookup import find_labels
from sauran.server.site.visual.charts import Series, draw_chart, find_series
from sauran.server.site.visual.map_page import points_picture
from sauran.server.site.visual.points import Point, find_points
from sauran.server.site.visual.result_table import ResultTable, as_table, read_lines

__all__ = ["ROWS", "DisplayOptions", "QueryAnswer", "Window", "answer_query", "read_window"]

ROWS = 200  # on a page
_FEW_COLUMNS = 3  # of a table that is about its numbers
_MOST_BYTES = 4 * 1024 * 1024  # of an answer, on a page


@dataclass(frozen=True, slots=True)
class DisplayOptions:
    """What a reader wants to see: a page, and a column as a chart; None leaves the choice to the server."""

    language: str
    client: str
    page: int = 1
    chart: str | None = None


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The answer of a query for its page: a truth value, or a table.

    `turtle` are the triples of this page; `charts` the columns that can be drawn, `chart` the one that is,
    from `series`; `points` are places, `map` shows them; `cut` says that rows are missing because they are
    too long for a page.
    """

    form: str
    truth: bool | None = None
    table: ResultTable | None = None
    turtle: str = ""
    cut: bool = False
    charts: tuple[str, ...] = ()
    series: Series | None = None
    chart: Markup | None = None
    points: tuple[Point, ...] = ()
    map: Markup | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The lines of one page of an answer: those from `first` on, of `total`; `data` may begin with the names.

    `cut` says that lines are missing because they are too long to be shown.
    """

    data: bytes
    first: int
    total: int
    cut: bool


def answer_query(
    now: ServedRelease, asked: ProtocolRequest, facts: QueryFacts, options: DisplayOptions
) -> QueryAnswer:
    """Ask, and read one page of the answer; the rest is counted.

    Raises: Problem, and what `open_answer` raises.
    """
    machine = JSON if facts.form == "ASK" else N_TRIPLES if facts.form in TRIPLE_FORMS else TSV
    reply = open_answer(now, asked, machine, options.client)
    try:
        if machine is JSON:
            return QueryAnswer(facts.form, truth=bool(read_rows(b"".join(_pieces(reply)))))
        first = (options.page - 1) * ROWS
        window = read_window(_pieces(reply), first, ROWS, named=machine is TSV)
    finally:
        reply.close()
    return _show(now, facts.form, machine, window, options)


def _pieces(reply: Reply) -> Iterable[bytes]:
    return reply.pieces if reply.whole is None else [reply.whole]


def _show(
    now: ServedRelease, form: str, machine: Format, window: Window, options: DisplayOptions
) -> QueryAnswer:
    found = read_lines(window.data, machine)
    labels = find_labels(now, (term for row in found.rows for term in row))
    reader = LabelReader(labels, now.links, options.language, now.prefixes)
    table = as_table(found, reader, window.first, window.total)
    if machine.rdf is not None:
        triples = (quad.triple for quad in parse(window.data, format=machine.rdf))
        turtle = write_triples(triples, TURTLE, now.prefixes).decode("utf-8")
        return QueryAnswer(form, table=table, turtle=turtle, cut=window.cut)
    charts = _numeric_columns(table)
    wanted = options.chart
    if wanted is None and len(charts) == 1 and len(table.columns) <= _FEW_COLUMNS:
        wanted = charts[0]
    series = find_series(table, found.rows, wanted) if wanted in charts else None
    chart = draw_chart(series, f"?{series.name}", options.language) if series else None
    points = find_points(table, found.rows)
    return QueryAnswer(
        form,
        table=table,
        cut=window.cut,
        charts=charts,
        series=series,
        chart=chart,
        points=points,
        map=points_picture(points),
    )


def _numeric_columns(table: ResultTable) -> tuple[str, ...]:
    if len(table.rows) < 2:
        return ()
    return tuple(name for name, numeric in zip(table.columns, table.numeric, strict=True) if numeric)


def read_window(pieces: Iterable[bytes], first: int, most: int, *, named: bool) -> Window:
    """Read an answer to its end, keep the lines of one page and count the others.

    Shape: pieces may end inside a line; `named` says that the first line holds names; memory is bounded.
    """
    line, size = 0, 0  # the line being read, and the bytes kept so far
    kept: dict[int, list[bytes]] = {}
    begin = first + named
    stop, cut_at = begin + most, None
    for piece in pieces:
        if line >= stop:
            line += piece.count(b"\n")
            continue
        for number, part in enumerate(piece.split(b"\n")):
            line += number > 0
            if (named and line == 0) or begin <= line < stop:
                if cut_at is None and size + len(part) > _MOST_BYTES:
                    cut_at = line
                if cut_at is None:
                    kept.setdefault(line, []).append(part)
                    size += len(part)
    whole = [parts for n, parts in sorted(kept.items()) if n < line and (cut_at is None or n < cut_at)]
    data = b"".join(b"".join(parts) + b"\n" for parts in whole)
    return Window(data, first, max(line - named, 0), cut_at is not None and cut_at < line)
