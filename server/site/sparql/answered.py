"""The answer of a query, read for a page: a truth value, or one page of rows with what else shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup
from pyoxigraph import parse

from sauran.kg.loading.serialisation import write_triples
from sauran.kg.model.formats import JSON, N_TRIPLES, TSV, TURTLE, Format
from sauran.kg.sparql.query_checks import QueryFacts
from sauran.server.api.query_answers import TRIPLE_FORMS, ask
from sauran.server.api.sparql_protocol import ProtocolRequest
from sauran.server.http.executor import read_rows
from sauran.server.http.localised_labels import LabelReader
from sauran.server.http.served_release import ServedRelease
from sauran.server.query.question import Reply
from sauran.server.site.lookup import find_labels
from sauran.server.site.sparql.answer_window import Window, read_window
from sauran.server.site.visual.charts import Series, draw_chart, find_series
from sauran.server.site.visual.map_page import points_picture
from sauran.server.site.visual.points import Point, find_points
from sauran.server.site.visual.result_table import ResultTable, as_table, read_lines

__all__ = ["ROWS", "Answered", "Wishes", "answer_query"]

ROWS = 200  # on a page
_FEW_COLUMNS = 3  # of a table that is about its numbers


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a reader wants to see: which page, and which column as a chart; None leaves that to us."""

    language: str
    client: str
    page: int = 1
    chart: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a query gave: a truth value, or a table.

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


def answer_query(now: ServedRelease, asked: ProtocolRequest, facts: QueryFacts, wishes: Wishes) -> Answered:
    """Ask, and read one page of the answer; the rest is counted.

    Raises: Problem, and what `ask` raises.
    """
    machine = JSON if facts.form == "ASK" else N_TRIPLES if facts.form in TRIPLE_FORMS else TSV
    reply = ask(now, asked, machine, wishes.client)
    try:
        if machine is JSON:
            return Answered(facts.form, truth=bool(read_rows(b"".join(_pieces(reply)))))
        first = (wishes.page - 1) * ROWS
        window = read_window(_pieces(reply), first, ROWS, named=machine is TSV)
    finally:
        reply.close()
    return _show(now, facts.form, machine, window, wishes)


def _pieces(reply: Reply) -> Iterable[bytes]:
    return reply.pieces if reply.whole is None else [reply.whole]


def _show(now: ServedRelease, form: str, machine: Format, window: Window, wishes: Wishes) -> Answered:
    found = read_lines(window.data, machine)
    labels = find_labels(now, (term for row in found.rows for term in row))
    reader = LabelReader(labels, now.links, wishes.language, now.prefixes)
    table = as_table(found, reader, window.first, window.total)
    if machine.rdf is not None:
        triples = (quad.triple for quad in parse(window.data, format=machine.rdf))
        turtle = write_triples(triples, TURTLE, now.prefixes).decode("utf-8")
        return Answered(form, table=table, turtle=turtle, cut=window.cut)
    charts = _numeric_columns(table)
    wanted = wishes.chart
    if wanted is None and len(charts) == 1 and len(table.columns) <= _FEW_COLUMNS:
        wanted = charts[0]
    series = find_series(table, found.rows, wanted) if wanted in charts else None
    chart = draw_chart(series, f"?{series.name}", wishes.language) if series else None
    points = find_points(table, found.rows)
    return Answered(
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
