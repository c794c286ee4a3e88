"""Query processes: lent, replaced, ended."""

import json
import os
import threading
import time
from pathlib import Path

import pytest
from engine_support import (
    CHEAP,
    ENDLESS,
    LONG,
    TRUE,
    asking,
    is_alive,
    limit_of,
    open_pool,
    question,
    whole,
    workers,
)
from support import wait_for

from sauran.kg.model.errors import Busy, ReleaseError
from sauran.kg.release.release import Release
from sauran.server.query.pool import Pool, PoolSize
from sauran.server.query.query_process import QueryProcess
from sauran.server.query.question import Lost, QueryLimits

pytestmark = pytest.mark.slow


def test_questions_are_answered(pool: Pool) -> None:
    reply = pool.ask(question(CHEAP))
    assert (reply.whole, list(reply.pieces)) == (TRUE, [])
    reply.close()
    reply.close()
    assert pool.busy == 0


def test_many_at_once_are_answered_each_its_own(pool: Pool) -> None:
    answers: dict[int, bytes] = {}

    def ask(number: int) -> None:
        for turn in range(20):
            answers[number * 100 + turn] = whole(
                pool, f"SELECT (({number * 100 + turn}) AS ?n) {{}}", f"c{number}"
            )

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    values = {n: int(json.loads(a)["results"]["bindings"][0]["n"]["value"]) for n, a in answers.items()}
    assert len(values) == 160
    assert all(key == value for key, value in values.items())
    assert pool.busy == 0


def test_who_was_used_in_a_rush_only_makes_room_for_one_that_shares_its_memory(
    briefing: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_pool(briefing.folder, timeout_s=10) as pool:
        wait_for(lambda: len(workers(pool)) == 2, seconds=10)
        with asking(pool, f"{LONG} LIMIT 200000", "a"):
            assert whole(pool, CHEAP, "b") == TRUE
        rushed, kills = set(workers(pool)), pool.counters.kills
        assert whole(pool, CHEAP, "b") == TRUE
        assert (set(workers(pool)), pool.counters.kills) == (rushed, kills)
        monkeypatch.setattr("sauran.server.query.pool._IDLE_S", 0.05)
        time.sleep(0.1)
        assert whole(pool, CHEAP, "b") == TRUE
        assert pool.counters.kills == kills + 1
        wait_for(lambda: len(set(workers(pool)) - rushed) == 1, seconds=10)
        time.sleep(0.1)  # one that was never used stays
        assert whole(pool, CHEAP, "b") == TRUE
        assert pool.counters.kills == kills + 1


def test_a_process_that_ended_unseen_is_not_asked(pool: Pool) -> None:
    """Whoever is handed a process that is gone has lost nothing yet: another is asked."""
    crashes = pool.counters.crashes
    for _ in range(5):
        for pid in workers(pool):
            os.kill(pid, 9)
            wait_for(lambda pid=pid: not is_alive(pid), seconds=2)  # type: ignore[misc]
        assert whole(pool, CHEAP) == TRUE
    assert pool.counters.crashes == crashes
    wait_for(lambda: len(workers(pool)) == 3, seconds=5)


def test_a_process_killed_at_work_is_said_to_be_lost(pool: Pool) -> None:
    crashes = pool.counters.crashes
    with asking(pool, ENDLESS, "") as raised:
        time.sleep(0.2)
        killed = workers(pool)
        for pid in killed:
            os.kill(pid, 9)
        # A question to one that is still dying would be lost too.
        wait_for(lambda: not any(map(is_alive, killed)), seconds=5)
    assert [type(error) for error in raised] == [Lost]
    assert pool.counters.crashes == crashes + 1
    assert whole(pool, CHEAP) == TRUE


def test_the_fork_server_is_replaced(pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    before = workers(pool)
    os.kill(pool._fork_server.pid, 9)
    began = time.monotonic()
    wait_for(lambda: not any(map(is_alive, before)), seconds=2)
    assert whole(pool, CHEAP) == TRUE
    assert time.monotonic() - began < 2
    assert "starting another" in caplog.text
    wait_for(lambda: len(workers(pool)) == 3, seconds=5)


def test_a_reply_half_read_frees_its_process_when_closed(pool: Pool) -> None:
    for _ in range(10):
        reply = pool.ask(question(LONG))
        assert reply.whole is None
        next(reply.pieces)
        reply.close()
        with pytest.raises(Lost):
            list(reply.pieces)
    assert pool.busy == 0
    assert whole(pool, CHEAP) == TRUE


def test_a_reply_that_nobody_closes_frees_its_process(pool: Pool) -> None:
    for _ in range(10):
        assert pool.ask(question(LONG)).whole is None
    assert pool.busy == 0


def test_nothing_is_left_open_after_many_questions(pool: Pool) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    whole(pool, CHEAP)
    wait_for(lambda: len(workers(pool)) == 3, seconds=5)
    before, server_files = descriptors(), len(list(Path(f"/proc/{pool._fork_server.pid}/fd").iterdir()))
    for number in range(300):
        if number % 10 == 0:
            reply = pool.ask(question(LONG))
            next(reply.pieces)
            reply.close()
        whole(pool, CHEAP, f"client {number}")
    wait_for(lambda: len(workers(pool)) == 3, seconds=5)
    wait_for(lambda: descriptors() <= before, seconds=2)
    assert len(list(Path(f"/proc/{pool._fork_server.pid}/fd").iterdir())) == server_files


def test_a_query_process_has_its_own_connection_and_no_other(pool: Pool) -> None:
    wait_for(lambda: len(workers(pool)) == 3, seconds=5)
    for pid in workers(pool):
        links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if int(link.name) > 2]
        assert [link.split(":")[0] for link in links] == ["socket"], links


def test_the_fork_server_has_one_thread(pool: Pool) -> None:
    assert len(list(Path(f"/proc/{pool._fork_server.pid}/task").iterdir())) == 1


def test_slow_questions_step_back(briefing: Release) -> None:
    def behind() -> list[int]:
        return [pid for pid in workers(pool) if os.getpriority(os.PRIO_PROCESS, pid) > 0]

    with open_pool(briefing.folder, timeout_s=60) as pool:
        with asking(pool, ENDLESS, ""):
            wait_for(lambda: bool(behind()), seconds=30)
            for pid in behind():
                os.kill(pid, 9)
        wait_for(lambda: not behind(), seconds=15)
        assert whole(pool, CHEAP) == TRUE


def test_a_question_that_stepped_back_ends_at_its_time_limit(
    briefing: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_niceness, given = QueryProcess.set_niceness, []

    def noted(process: QueryProcess, niceness: int) -> bool:
        given.append(niceness)
        return set_niceness(process, niceness)

    monkeypatch.setattr(QueryProcess, "set_niceness", noted)
    with open_pool(briefing.folder, timeout_s=0.5) as pool:
        assert limit_of(pool, ENDLESS).limit == "time"
        assert pool.counters.timeouts == 1
    assert given == [10]


def test_all_busy_is_said(briefing: Release) -> None:
    with open_pool(briefing.folder, processes=1, wait_s=0.05) as pool, asking(pool, ENDLESS, "a"):
        with pytest.raises(Busy) as busy:
            whole(pool, CHEAP, "b")
        assert busy.value.retry_after_s == 1
        assert pool.counters.refused == 1


def test_quick_questions_of_others_make_room(briefing: Release) -> None:
    """All places are held by newcomers whose questions turn out heavy; they are asked once more, later."""
    with open_pool(briefing.folder, kept=1, timeout_s=3, wait_s=1.0) as pool:
        with asking(pool, ENDLESS, "a") as first, asking(pool, ENDLESS, "b") as second:
            began = time.monotonic()
            assert whole(pool, CHEAP, "c") == TRUE
            assert time.monotonic() - began < 1
            assert pool.counters.evicted == 1
        reasons = sorted(type(error).__name__ for error in first + second)
        assert reasons == ["Busy", "LimitReached"]


def test_what_was_stopped_for_others_is_asked_again(briefing: Release) -> None:
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(?a = ?d) }"
    with open_pool(briefing.folder, kept=1, timeout_s=0.6, wait_s=5) as pool:
        with asking(pool, ENDLESS, "a"), asking(pool, heavy, "b") as second:
            assert whole(pool, CHEAP, "c") == TRUE
        assert pool.counters.evicted == 1
        assert not any(isinstance(error, Busy) for error in second)


def test_worn_processes_are_replaced_and_no_answer_is_lost(briefing: Release) -> None:
    # What a process has held is counted by the kernel: an answer of much memory wears it.
    with open_pool(briefing.folder, processes=1, timeout_s=20, memory_mb=2048) as pool:
        before = workers(pool)
        text = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?c ?d ?f { ?a ?b ?c . ?d ?e ?f } LIMIT 1000000 }"
        assert b"1000000" in whole(pool, text)
        for _ in range(20):
            assert whole(pool, CHEAP) == TRUE
        assert workers(pool) != before
        assert pool.counters.crashes == 0


def test_a_release_with_a_store_folder_is_served_the_same_way(store_folder_release: Release) -> None:
    assert (store_folder_release.folder / "store").is_dir()
    with open_pool(store_folder_release.folder) as pool:
        for _ in range(50):
            assert whole(pool, CHEAP) == TRUE
        assert limit_of(pool, f"{ENDLESS[:-1]} . ?j ?k ?l . ?m ?n2 ?o . ?q ?r ?s }}").limit == "time"
        assert whole(pool, CHEAP) == TRUE


def test_nothing_is_left_after_the_end(briefing: Release) -> None:
    with open_pool(briefing.folder, processes=3) as pool:
        wait_for(lambda: len(workers(pool)) == 3, seconds=5)
        whole(pool, CHEAP)
        pids = [pool._fork_server.pid, *workers(pool)]
        assert len(pids) == 4
        with asking(pool, ENDLESS, "") as raised:
            time.sleep(0.2)
            began = time.monotonic()
            pool.close()
            assert time.monotonic() - began < 2
        assert [type(error) for error in raised] == [Lost]
        assert not any(map(is_alive, pids))
        with pytest.raises(Busy):
            pool.ask(question(CHEAP))
        pool.close()


def test_a_release_that_cannot_be_opened_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ReleaseError, match="did not start"):
        Pool(tmp_path, QueryLimits(), PoolSize())
    assert "Traceback" in capfd.readouterr().err
