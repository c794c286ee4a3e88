"""/validate among strangers: sizes, times, places, attacks; nothing goes out and nothing stays."""

import http.client
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attack_support import Attacked, Canary, Said, open_canary, serve_attacked
from engine_support import descendants, is_alive
from support import CHECKOUT, wait_for

from sauran.kg.release.release import Release

pytestmark = pytest.mark.slow

NOTES = CHECKOUT / "tests/shapes/notes"
GOOD = (NOTES / "good-reference.ttl").read_bytes()
TURTLE = {"Content-Type": "text/turtle", "Accept": "application/json"}
MARK = "0123-nobody-may-keep-this"
# Some seconds of work, and no finding.
MUCH = GOOD + b"".join(b"<http://e/%d> <http://e/p%d> %d .\n" % (n, n % 9, n) for n in range(60_000))
CLAIMS = b"<http://e/%d> a <https://w3id.org/sauran/ontology#Claim> .\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the servers of this file put temporary files."""
    temporary = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        yield temporary
    assert list(temporary.iterdir()) == []


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.jsonl"


@pytest.fixture(scope="module")
def server(briefing: Release, folder: Path, log: Path) -> Iterator[Attacked]:
    with serve_attacked(
        briefing.folder.parent,
        query_processes="2",
        validate_mb="3",
        access_log=str(log),
        log_queries="1",
    ) as opened:
        yield opened


@pytest.fixture
def canary() -> Iterator[Canary]:
    with open_canary() as opened:
        yield opened
        assert opened.calls == []


def post(server: Attacked, body: Any, source: str = "127.0.0.1", **headers: str) -> Said:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return server.send("POST", "/validate", body, {**TURTLE, **named}, source=source, timeout_s=90)


def head(body: bytes) -> bytes:
    """The beginning of a request with a body."""
    lines = (
        "POST /validate HTTP/1.1",
        "Host: x",
        "Content-Type: text/turtle",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def validations(server: Attacked) -> list[int]:
    """The processes that validate."""
    found = []
    for pid in descendants(server.process.pid):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        found += [pid] if b"sauran.kg.validate.validation_process_main" in command else []
    return found


def in_background(ask: Callable[[], Said]) -> tuple[threading.Thread, list[Any]]:
    """Ask in a thread; what came back, or why nothing did, is in the list afterwards."""
    said: list[Any] = []

    def run() -> None:
        try:
            said.append(ask())
        except (OSError, http.client.HTTPException) as error:
            said.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, said


def outcomes(server: Attacked) -> dict[str, float]:
    lines = server.send("GET", "/metrics").body.decode().splitlines()
    found = [line.partition('outcome="')[2].split('"} ') for line in lines if line.startswith("sauran_valid")]
    return {name: float(count) for name, count in found}


def test_more_than_may_be_sent_is_refused(server: Attacked) -> None:
    large = b"#" * (3 * 1024 * 1024 + 1)
    for body in (large, large * 3, iter([large]), iter([large] * 3)):  # what is iterated is sent in chunks
        problem = post(server, body).problem
        assert (problem["status"], problem["limit"], problem["value"]) == (413, "body", "3 MiB")
    form = {"Content-Type": "multipart/form-data; boundary=cut", "Accept": "text/html"}
    said = server.send("POST", "/en/validate", large, form)
    assert (said.status, b"At most 3 MiB are read here." in said.body) == (413, True)
    assert post(server, b"#" * (2 * 1024 * 1024)).status == 422
    query = {"Content-Type": "application/sparql-query"}
    assert server.send("POST", "/sparql", b"#" * (1024 * 1024 + 1), query).status == 413


def test_one_client_gets_one_place_and_all_together_two(server: Attacked) -> None:
    first, said_first = in_background(lambda: post(server, MUCH))
    wait_for(lambda: len(validations(server)) == 1, seconds=20)
    refused = post(server, GOOD)
    assert refused.headers["retry-after"] == "5"
    assert refused.problem["detail"] == (
        "Too many validations are running: at most 1 a client, 2 in all. Try again in 5 s."
    )
    second, said_second = in_background(lambda: post(server, MUCH, "127.0.0.2"))
    wait_for(lambda: len(validations(server)) == 2, seconds=20)
    assert post(server, GOOD, "127.0.0.3").status == 503
    assert server.send("GET", "/health/ready").status == 200
    assert outcomes(server)["refused"] >= 2
    for thread, said in ((first, said_first), (second, said_second)):
        thread.join()
        assert said[0].status == 200, said[0].body[:300]
    assert post(server, GOOD).status == 200


def test_a_slow_body_holds_no_place(server: Attacked) -> None:
    with server.connect() as slow:
        slow.sendall(head(GOOD) + GOOD[:20])
        assert post(server, GOOD).status == 200
        slow.sendall(GOOD[20:])
        assert slow.recv(1000).startswith(b"HTTP/1.1 200")
    with server.connect() as gone:
        gone.sendall(head(GOOD) + GOOD[:20])
    assert post(server, GOOD).status == 200


def test_who_leaves_early_holds_up_nobody_for_ever(server: Attacked) -> None:
    with server.connect() as gone:
        gone.sendall(head(MUCH) + MUCH)
        wait_for(lambda: len(validations(server)) == 1, seconds=20)
    wait_for(lambda: not validations(server), seconds=60)
    assert post(server, GOOD).status == 200


BOMB = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
ATTACKS = {
    "import": ("text/turtle", "<> a <http://www.w3.org/2002/07/owl#Ontology> ; "
               "<http://www.w3.org/2002/07/owl#imports> <{0}> .", 200),
    "shapes graph": ("text/turtle", "<> <http://www.w3.org/ns/shacl#shapesGraph> <{0}> .", 200),
    "query of a shape": (
        "text/turtle",
        '<http://e/S> a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#sparql> '
        '[ <http://www.w3.org/ns/shacl#select> "SELECT $this { SERVICE <{0}> { ?s ?p ?o } }" ] .',
        200,
    ),
    "context": ("application/ld+json", '{"@context": "{0}", "@id": "http://e/", "p": 1}', 400),
    "context of a context": (
        "application/ld+json", '{"@context": {"@import": "{0}"}, "@id": "http://e/"}', 400
    ),
    "file as context": ("application/ld+json", '{"@context": "file:///etc/passwd", "@id": "http://e/"}', 400),
    "external entity": ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY x SYSTEM "{0}">]><r>&x;</r>', 400),
    "external subset": ("application/rdf+xml", '<!DOCTYPE r SYSTEM "{0}"><r/>', 400),
    "entity bomb": ("application/rdf+xml", f"<!DOCTYPE r [<!ENTITY a0 'aa'>{BOMB}]><r>&a11;</r>", 400),
    "200,000 brackets": ("text/turtle", "<http://e/> <http://e/p> " + "[" * 200_000, 400),
    "1,000,000 brackets": ("application/ld+json", "[" * 1_000_000, 400),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_nobody_is_called_and_nothing_hangs(server: Attacked, canary: Canary, name: str) -> None:
    kind, text, status = ATTACKS[name]
    body = text.replace("{0}", canary.address).encode()
    said = post(server, body + GOOD if status == 200 else body, Content_Type=kind)
    assert said.status == status, said.body[:500]
    if status == 200:
        assert json.loads(said.body)["conforms"] is True
    else:
        assert len(said.problem["faults"]) == 1  # type: ignore[arg-type]


def test_too_many_findings_are_told_as_such(server: Attacked) -> None:
    problem = post(server, b"".join(CLAIMS % n for n in range(3000))).problem
    assert (problem["status"], problem["limit"], problem["value"]) == (503, "results", "10000 results")
    assert problem["detail"] == (
        "The validation passed the limit of results, 10000 results. "
        "Send less data, or use the command sauran validate, whose limits you can set."
    )


def test_the_page_shows_the_first_findings_and_counts_the_rest(server: Attacked) -> None:
    body = b'--cut\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
    body += b"".join(CLAIMS % n for n in range(30)) + b"\r\n--cut--\r\n"
    form = {"Content-Type": "multipart/form-data; boundary=cut", "Accept": "text/html"}
    said = server.send("POST", "/en/validate", body, form, timeout_s=60)
    total = len(json.loads(post(server, b"".join(CLAIMS % n for n in range(30))).body)["findings"])
    assert total > 300
    assert said.body.count(b'<span class="tag">violation</span>') == 200
    assert f"{total - 200} more findings are left out here.".encode() in said.body


def test_what_grows_without_bound_meets_the_wall_of_memory(server: Attacked) -> None:
    prefix = b"@prefix p: <http://e/%s> .\n" % (b"x" * 200_000)
    said = post(server, prefix + b"".join(b"p:%d p:%d p:%d .\n" % (n, n, n) for n in range(60_000)))
    assert said.status == 503
    assert (
        "The result could not be decided" in str(said.problem["detail"]) or said.problem["limit"] == "memory"
    )
    assert post(server, GOOD).status == 200


def test_time_is_bounded(briefing: Release, folder: Path) -> None:
    with serve_attacked(
        briefing.folder.parent, query_processes="2", validate_timeout_s="0.05", validate_processes="1"
    ) as hasty:
        for _ in range(3):
            problem = post(hasty, MUCH[:1_000_000].rpartition(b"\n")[0]).problem
            assert (problem["status"], problem["type"]) == (
                504,
                "tag:w3id.org,2026:sauran/problem/limit-time",
            )
            assert (problem["limit"], problem["value"]) == ("time", "0.05 s")
        assert validations(hasty) == []
        assert list(folder.iterdir()) == []
        assert outcomes(hasty)["stopped"] == 3


def test_a_hundred_in_a_row_leave_nothing_behind(server: Attacked, folder: Path, log: Path) -> None:
    def held() -> tuple[int, int]:
        tree = server.tree
        return len(tree), sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in tree)

    broken = f'<http://e/{MARK}> <http://e/query> "{MARK}'.encode()
    whole = GOOD + f'<http://e/{MARK}> <http://e/p> "{MARK}" .'.encode()
    form = f'--cut\r\nContent-Disposition: form-data; name="query"\r\n\r\n{MARK}\r\n--cut--\r\n'.encode()
    assert post(server, whole).status == 200
    before, counted = held(), outcomes(server)
    for number in range(100):
        body, status = (whole, 200) if number % 10 == 0 else (broken, 400)
        assert post(server, body).status == status
    assert post(server, form, Content_Type="multipart/form-data; boundary=cut").status == 400
    assert held() == before
    assert list(folder.iterdir()) == []
    now = outcomes(server)
    assert (now["conforms"] - counted["conforms"], now["unusable"] - counted["unusable"]) == (10, 90)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert len([line for line in lines if line["path"] == "/validate"]) > 100
    assert MARK not in log.read_text("utf-8")


def test_a_validation_ends_with_its_web_process(
    briefing: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed outright: nobody is left to clear away, and yet nothing of what was sent is on the disk."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serve_attacked(briefing.folder.parent, query_processes="2") as server:
        thread, said = in_background(lambda: post(server, MUCH))
        wait_for(lambda: len(validations(server)) == 1, seconds=20)
        (validation,) = validations(server)
        stat = Path(f"/proc/{validation}/stat").read_text()
        os.kill(int(stat.rpartition(")")[2].split()[1]), signal.SIGKILL)
        thread.join()
        assert isinstance(said[0], OSError | http.client.HTTPException)
        wait_for(lambda: not is_alive(validation), seconds=10)
        wait_for(lambda: post(server, GOOD).status == 200, seconds=60)
    left = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in left if b"http://e/" in file.read_bytes()] == []
