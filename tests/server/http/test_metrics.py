"""Metrics: the table, the text, the counters that processes share, and what is carried over to it."""

import multiprocessing
import os
import re
from types import SimpleNamespace

import pytest

from sauran.server.http.metrics import (
    METRICS,
    MetricsExporter,
    SharedCounters,
    cache_metrics,
    cells_of,
    exposition,
    family_of,
    pool_metrics,
)

CELLS = cells_of()
SAMPLE = re.compile(r'([a-z_]+)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.e+]+')


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("/sparql", "sparql"),
        ("/en/sparql", "sparql"),
        ("/validate", "validate"),
        ("/en/validate", "validate"),
        ("/graphs", "sparql"),
        ("/id/x/y", "doc"),
        ("/ontology.ttl", "doc"),
        ("/en/doc/x", "pages"),
        ("/", "pages"),
        ("/kk/", "pages"),
        ("/dumps/all.nt", "dumps"),
        ("/release/1/dumps/all.nt", "dumps"),
        ("/health/live", "other"),
        ("/wp-login.php", "other"),
        ("", "pages"),
    ],
)
def test_every_path_has_a_family(path: str, family: str) -> None:
    assert family_of(path) == family


def test_the_text_is_that_of_the_format() -> None:
    text = exposition(SharedCounters.private().values(), 'a"b\\c\n', 12.5)
    assert text.endswith("sauran_start_time_seconds 12.500\n")
    assert 'sauran_release_info{version="a\\"b\\\\c\\n"} 1\n' in text
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(samples) == len(CELLS) + 2
    wrong = [line for line in samples if not SAMPLE.fullmatch(line) and "release_info" not in line]
    assert wrong == []
    for metric in METRICS:
        assert text.count(f"# HELP {metric.name} ") == text.count(f"# TYPE {metric.name} ") == 1
        assert metric.help.endswith(".")
        assert metric.name.endswith("_total") == (metric.kind == "counter")


def test_buckets_add_up() -> None:
    counters = SharedCounters.private()
    row = counters.claim()
    series = 'sauran_request_seconds_bucket{family="doc",le="%s"}'
    row.add((CELLS[series % "0.01"], 2), (CELLS[series % "1.0"], 1), (CELLS[series % "+Inf"], 1))
    values = counters.values()
    assert [values[series % bound] for bound in ("0.005", "0.01", "0.5", "1.0", "10.0", "+Inf")] == [
        0,
        2,
        2,
        3,
        3,
        4,
    ]
    assert values['sauran_request_seconds_count{family="doc"}'] == 4


def write_to(counters: SharedCounters, amount: int) -> None:
    """What a web process does: in a process of its own."""
    row = counters.claim()
    row.add((CELLS["sauran_rate_limited_total"], amount))
    row.put(CELLS["sauran_queries_running"], 7)


def test_processes_share_a_board_and_successors_go_on() -> None:
    counters = SharedCounters.shared(1)
    row = counters.claim()
    context = multiprocessing.get_context("spawn")
    for _ in range(4):  # one after the other: more than there are rows
        process = context.Process(target=write_to, args=(counters, 10))
        process.start()
        process.join(60)
        assert process.exitcode == 0
    row.add((CELLS["sauran_rate_limited_total"], 1))
    values = counters.values()
    assert values["sauran_rate_limited_total"] == 41
    assert values["sauran_web_processes_started_total"] == 5
    # What the last one left; whoever takes its row begins with nothing running.
    assert values["sauran_queries_running"] == 7
    counters.claim()
    assert counters.values()["sauran_queries_running"] == 0


def test_where_every_row_is_taken_the_last_is_shared() -> None:
    counters = SharedCounters.private()
    rows = [counters.claim(), counters.claim()]
    for row in rows:
        row.add((CELLS["sauran_rate_limited_total"], 1))
    assert counters.values()["sauran_rate_limited_total"] == 2


def pool(answered: int, busy: int) -> SimpleNamespace:
    counters = SimpleNamespace(
        answered=answered, timeouts=1, limits=2, crashes=3, kills=4, refused=5, forked=6
    )
    return SimpleNamespace(busy=busy, waiting=2, size=SimpleNamespace(processes=6), counters=counters)


def test_the_numbers_of_a_pool_go_on_where_a_new_one_begins_anew() -> None:
    counters, pools = SharedCounters.private(), [pool(5, 3)]
    exporter = MetricsExporter(counters.claim(), lambda: pool_metrics(pools[-1]))
    exporter.export()
    pools.append(pool(7, 1))
    exporter.export()
    pools.append(pool(2, 0))
    exporter.export()
    values = counters.values()
    assert values["sauran_queries_answered_total"] == 9
    assert values["sauran_queries_running"] == 0
    assert values['sauran_queries_stopped_total{limit="time"}'] == 1
    assert values["sauran_query_processes"] == 6


def test_what_is_read_is_what_is_told() -> None:
    cache = SimpleNamespace(hits=1, misses=2, joined=3, entries=4, bytes=5)
    found = {**pool_metrics(pool(1, 1)), **cache_metrics(cache)}
    assert set(found) <= set(CELLS)
    assert all(found.values())
    assert set(pool_metrics(None).values()) == {0}


def test_a_process_that_is_not_ours_counts_as_ended() -> None:
    counters = SharedCounters.private()
    counters.claim()
    assert counters._cells[0] == os.getpid()
    counters._cells[0] = 1
    counters.claim()
    assert counters._cells[0] in (1, os.getpid())
