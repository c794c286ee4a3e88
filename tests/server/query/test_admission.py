"""Who may ask next."""

import threading
from collections.abc import Callable

from support import wait_for

from sauran.server.query.admission import Admission, Lease


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Gate:
    """A admission of numbered places, and who entered it in which order."""

    def __init__(self, size: int, kept: int = 0, most_waiting: int = 100) -> None:
        self.clock, self.evicted, self.entered = Clock(), list[int](), list[str]()
        self.entries: dict[str, Lease[int] | None] = {}
        self.admission: Admission[int] = Admission(size, kept, most_waiting, self.evicted.append, self.clock)
        for place in range(size):
            self.admission.add(place)

    def enter(self, client: str, wait_s: float = 0.0, **given: bool) -> Lease[int] | None:
        return self.admission.enter(client, wait_s, **given)

    def work(self, client: str, seconds: float) -> None:
        entry = self.enter(client)
        assert entry is not None
        self.clock.now += seconds
        self.leave(entry)

    def leave(self, entry: Lease[int]) -> None:
        self.admission.leave(entry)
        self.admission.add(entry.resource)

    def wait(self, client: str, **given: bool) -> threading.Thread:
        """Let a client wait in a thread of its own; returns when it does."""
        before = self.admission.waiting

        def run() -> None:
            entry = self.enter(client, 60.0, **given)
            self.entered.append(client)
            self.entries[client] = entry

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        wait_for(lambda: self.admission.waiting > before or client in self.entries, seconds=5)
        return thread


def holds(condition: Callable[[], bool]) -> None:
    wait_for(condition, seconds=5)


def held(entry: Lease[int] | None) -> Lease[int]:
    assert entry is not None
    return entry


def test_places_are_given_until_none_is_left() -> None:
    gate = Gate(2)
    first, second = held(gate.enter("a")), held(gate.enter("b"))
    assert {first.resource, second.resource} == {0, 1}
    assert gate.enter("c") is None
    assert gate.admission.busy == 2
    gate.leave(first)
    assert held(gate.enter("c")).resource == first.resource
    assert gate.admission.waiting == 0


def test_the_last_used_place_is_given_first_and_a_new_one_last() -> None:
    gate = Gate(3)
    first, second = held(gate.enter("a")), held(gate.enter("a"))
    gate.admission.add(9, new=True)
    gate.leave(second)
    gate.leave(first)
    places = [held(gate.enter("a")).resource for _ in range(4)]
    assert places[:2] == [first.resource, second.resource]
    assert places[3] == 9


def test_who_waits_in_vain_leaves_nothing_behind() -> None:
    gate = Gate(1)
    entry = held(gate.enter("a"))
    assert gate.enter("b", 0.0) is None
    assert (gate.admission.waiting, gate.admission.busy) == (0, 1)
    gate.leave(entry)
    assert held(gate.enter("b")).resource == 0


def test_of_equals_the_first_enters_first() -> None:
    gate = Gate(1)
    entry = held(gate.enter("x"))
    threads = [gate.wait(name) for name in ("a", "b", "c")]
    for number in range(1, 4):
        gate.leave(entry)
        holds(lambda number=number: len(gate.entered) == number)  # type: ignore[misc]
        entry = held(gate.entries[gate.entered[-1]])
    assert gate.entered == ["a", "b", "c"]
    for thread in threads:
        thread.join(5)


def test_the_quiet_enter_before_those_who_have_cost_more() -> None:
    gate = Gate(1)
    gate.work("busy", 3.0)
    gate.work("less", 1.0)
    entry = held(gate.enter("x"))
    threads = [gate.wait(name) for name in ("busy", "less", "quiet")]
    for number in range(1, 4):
        gate.leave(entry)
        holds(lambda number=number: len(gate.entered) == number)  # type: ignore[misc]
        entry = held(gate.entries[gate.entered[-1]])
    assert gate.entered == ["quiet", "less", "busy"]
    for thread in threads:
        thread.join(5)


def test_the_heavy_do_not_get_the_kept_places() -> None:
    gate = Gate(3, kept=2)
    gate.work("heavy", 2.0)
    assert gate.enter("heavy") is not None
    assert gate.enter("heavy") is None
    assert gate.enter("light") is not None
    assert gate.enter("") is not None


def test_debt_fades() -> None:
    gate = Gate(2, kept=1)
    gate.work("heavy", 0.5)
    assert gate.enter("heavy") is not None
    gate.clock.now += 0.05
    assert gate.enter("heavy") is None
    other = Gate(2, kept=1)
    other.work("heavy", 0.5)
    other.clock.now += 30
    assert other.enter("heavy") is not None
    assert other.enter("heavy") is not None


def test_quick_questions_never_make_a_client_heavy() -> None:
    gate = Gate(2, kept=1)
    for _ in range(1000):
        gate.work("eager", 0.09)
    assert gate.enter("eager") is not None
    assert gate.enter("eager") is not None


def test_work_that_still_runs_counts() -> None:
    gate = Gate(2, kept=1)
    held(gate.enter("a"))
    gate.clock.now += 0.3
    assert gate.enter("a") is None
    assert gate.enter("b") is not None


def test_newcomers_who_turn_out_heavy_make_room_for_others() -> None:
    """Sixteen attackers from sixteen addresses are all light when they begin."""
    gate = Gate(4, kept=2)
    first = held(gate.enter("a")).resource
    for name in "bcd":
        gate.clock.now += 0.01
        held(gate.enter(name))
    gate.clock.now += 0.01
    thread = gate.wait("light")
    gate.clock.now += 0.1
    assert gate.evicted == []
    gate.clock.now += 0.2
    holds(lambda: bool(gate.evicted))
    assert gate.evicted == [first]  # the most indebted; one waits, so one has to go
    thread.join(0.1)
    assert gate.evicted == [first]
    gate.admission.add(4)
    thread.join(5)
    assert held(gate.entries["light"]).resource == 4


def test_nobody_has_to_go_while_the_heavy_hold_no_more_than_their_room() -> None:
    gate = Gate(2, kept=1)
    held(gate.enter("heavy"))
    light = held(gate.enter("light"))
    thread = gate.wait("other")
    gate.clock.now += 0.05
    gate.leave(light)
    thread.join(5)
    gate.clock.now += 5
    assert gate.evicted == []


def test_nobody_has_to_go_for_the_heavy() -> None:
    gate = Gate(2, kept=1)
    for name in "ab":
        held(gate.enter(name))
    gate.clock.now += 2
    thread = gate.wait("c", heavy=True)
    thread.join(0.2)
    assert gate.evicted == []
    gate.clock.now += 100
    thread.join(5)
    assert gate.entries["c"] is None


def test_too_many_who_wait_are_refused_at_once() -> None:
    gate = Gate(1, most_waiting=2)
    entry = held(gate.enter("x"))
    threads = [gate.wait(name) for name in ("a", "b")]
    assert gate.enter("c", 60.0) is None
    gate.leave(entry)
    holds(lambda: gate.entered == ["a"])
    gate.leave(held(gate.entries["a"]))
    for thread in threads:
        thread.join(5)


def test_where_nobody_may_wait_free_places_are_still_given() -> None:
    gate = Gate(1, most_waiting=0)
    entry = held(gate.enter("a", 60.0))
    assert gate.enter("b", 60.0) is None
    gate.leave(entry)
    assert gate.enter("b", 60.0) is not None


def test_one_client_cannot_take_all_the_room_for_waiting() -> None:
    gate = Gate(1, most_waiting=8)
    entry = held(gate.enter("x"))
    threads = [gate.wait("greedy") for _ in range(2)]
    assert gate.enter("greedy", 60.0) is None
    threads.append(gate.wait("modest"))
    assert gate.admission.waiting == 3
    gate.clock.now += 100
    for thread in threads:
        thread.join(5)
    gate.leave(entry)
    assert gate.enter("greedy") is not None


def test_discarded_places_are_not_given() -> None:
    gate = Gate(3)
    assert gate.admission.discard(lambda place: place == 1) == [1]
    assert {held(gate.enter("a")).resource, held(gate.enter("a")).resource} == {0, 2}
    assert gate.enter("a") is None


def test_many_clients_are_forgotten_when_they_owe_nothing() -> None:
    gate = Gate(1)
    gate.work("heavy", 3.0)
    for number in range(10_100):
        gate.work(f"client {number}", 0.0)
    assert len(gate.admission._accounts) < 200
    assert "heavy" in gate.admission._accounts


def test_no_place_is_lost_or_lent_twice_under_load() -> None:
    size, kept = 4, 1
    admission: Admission[int] = Admission(size, kept, 64, lambda place: None)
    for place in range(size):
        admission.add(place)
    lent, faults, lock = set[int](), list[str](), threading.Lock()

    def work(client: str) -> None:
        for _ in range(300):
            entry = admission.enter(client, 5.0)
            if entry is None:
                continue
            with lock:
                if entry.resource in lent:
                    faults.append("lent twice")
                lent.add(entry.resource)
            with lock:
                lent.discard(entry.resource)
            admission.leave(entry)
            admission.add(entry.resource)

    threads = [threading.Thread(target=work, args=(f"c{number % 5}",)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert (admission.busy, admission.waiting) == (0, 0)
    assert sorted(admission.discard(lambda place: True)) == [0, 1, 2, 3]
