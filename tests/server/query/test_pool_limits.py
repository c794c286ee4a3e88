"""Questions that take more than they may: ended, and the limit named."""

import contextlib
import time

import pytest
from engine_support import (
    CHEAP,
    ENDLESS,
    LONG,
    TRUE,
    limit_of,
    open_pool,
    question,
    whole,
    workers,
)
from support import wait_for

from sauran.kg.model.errors import QueryError
from sauran.kg.release.release import Release
from sauran.server.query.pool import Pool
from sauran.server.query.question import LimitReached, Lost

pytestmark = pytest.mark.slow

SORTED = f"{LONG} ORDER BY ?c"
CRASHING = {
    "groups": "SELECT * { " + "{" * 20_000 + "}" * 20_000 + " }",
    "parentheses": "SELECT * { FILTER" + "(" * 20_000 + "1" + ")" * 20_000 + " }",
    "collections": "SELECT * { ?s ?p " + "(" * 20_000 + ")" * 20_000 + " }",
    "not": "SELECT * { FILTER(" + "!" * 50_000 + "true) }",
    "plus": "SELECT * { FILTER(1 = " + "+" * 50_000 + "1) }",
    "or": "SELECT * { FILTER(" + " || ".join(["?s = 1"] * 20_000) + ") }",
    "path": "SELECT * { ?s " + "/".join(["<p:p>"] * 20_000) + " ?o }",
}


def test_a_question_that_does_not_parse_costs_no_process(pool: Pool) -> None:
    kills = pool.counters.kills
    with pytest.raises(QueryError):
        whole(pool, "SELECT")
    with pytest.raises(QueryError, match="cannot hold"):
        pool.ask(question("SELECT * {}", "turtle"))
    assert pool.counters.kills == kills


@pytest.mark.parametrize("timeout_s", [0.05, 0.3, 1.0])
def test_a_late_question_is_killed_at_its_deadline(pool: Pool, timeout_s: float) -> None:
    began = time.monotonic()
    reached = limit_of(pool, ENDLESS, timeout_s=timeout_s)
    assert (reached.limit, reached.value) == ("time", f"{timeout_s:g} s")
    assert timeout_s <= time.monotonic() - began < timeout_s + 0.3
    assert whole(pool, CHEAP) == TRUE


def test_an_answer_that_comes_too_slowly_ends_at_the_deadline(pool: Pool) -> None:
    began = time.monotonic()
    assert limit_of(pool, LONG).limit == "time"
    assert time.monotonic() - began < 1.3


def test_memory_is_named_as_memory(briefing: Release) -> None:
    with open_pool(briefing.folder, processes=1, memory_mb=64, timeout_s=10) as pool:
        assert (limit_of(pool, SORTED).limit, limit_of(pool, SORTED).value) == ("memory", "64 MiB")
        doubling = " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(30))
        text = f'SELECT (STRLEN(?a30) AS ?n) {{ BIND("abcdefghijklmnop" AS ?a0) {doubling} }}'
        assert limit_of(pool, text).limit == "memory"
        assert whole(pool, CHEAP) == TRUE


def test_an_ordinary_large_answer_fits_the_least_memory_there_may_be(briefing: Release) -> None:
    with open_pool(briefing.folder, processes=1, memory_mb=64, timeout_s=20) as pool:
        reply = pool.ask(question(f"{LONG} LIMIT 100000"))
        assert reply.whole is None
        size = sum(map(len, reply.pieces))
        assert (reply.tally.rows, reply.tally.size) == (100_000, size)


def test_rows_and_bytes_beyond_the_limit_are_named(briefing: Release) -> None:
    with open_pool(briefing.folder, processes=1, max_rows=1000, max_bytes=512 * 1024) as pool:
        kills = pool.counters.kills
        assert (limit_of(pool, LONG).limit, limit_of(pool, LONG).value) == ("rows", "1000 rows or triples")
        text = "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }"
        assert limit_of(pool, text, "ntriples").limit == "rows"
        text = 'SELECT (CONCAT(STR(?a), REPLACE("%s", "x", "y")) AS ?long) { ?a ?b ?c } LIMIT 900' % (
            "x" * 999
        )
        reached = limit_of(pool, text)
        assert (reached.limit, reached.value) == ("bytes", "0.5 MiB of answer")
        assert pool.counters.kills == kills
        assert pool.counters.limits == 4


@pytest.mark.parametrize("name", CRASHING)
def test_what_no_check_has_refused_loses_one_question_at_most(pool: Pool, name: str) -> None:
    """Some of them overflow the stack of the engine's parser, which ends its process."""
    with contextlib.suppress(Lost, LimitReached, QueryError):
        whole(pool, CRASHING[name])
    assert whole(pool, CHEAP) == TRUE
    wait_for(lambda: len(workers(pool)) == 3, seconds=5)


def test_one_huge_value_comes_in_pieces(briefing: Release) -> None:
    doubling = " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(20))
    text = f'SELECT ?a20 {{ BIND("abcdefghijklmnop" AS ?a0) {doubling} }}'
    with open_pool(briefing.folder, processes=1, timeout_s=10) as pool:
        reply = pool.ask(question(text))
        pieces = list(reply.pieces)
        assert max(map(len, pieces)) <= 1024 * 1024
        assert len(b"".join(pieces)) > 16 * 1024 * 1024
