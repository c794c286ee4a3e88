"""The access log: a line of JSON a request, nothing of queries unless asked, files that are rotated."""

import json
import logging
from pathlib import Path

import pytest
from web_support import client_over

from sauran.kg.model.errors import UsageError
from sauran.kg.release.release import Release
from sauran.server.http.access_log import AccessLog, open_access_log


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_line_says_who_asked_what_and_what_became_of_it(briefing: Release, tmp_path: Path) -> None:
    file = tmp_path / "access.jsonl"
    with client_over(briefing.folder.parent, access_log=str(file)) as client:
        client.get("/sparql?query=ASK{}", headers={"User-Agent": "test/1"})
        client.get("/sparql?query=ASK{}", headers={"User-Agent": "test/1"})
        client.get("/nothing%0A\u00e9")
    first, second, third = lines(file)
    assert list(first) == [
        *("time", "id", "client", "method", "path", "status", "bytes", "duration_ms"),
        *("cache", "release", "agent"),
    ]
    said = {name: first[name] for name in ("client", "method", "path", "status", "release", "agent")}
    assert said == {
        "client": "127.0.0.1",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "release": briefing.version,
        "agent": "test/1",
    }
    assert [first["cache"], second["cache"]] == ["miss", "hit"]
    assert isinstance(first["bytes"], int)
    assert first["bytes"] > 10
    assert first["id"] != second["id"]
    assert str(first["time"]).endswith("+00:00")
    assert (third["path"], third["status"]) == ("/nothing\n\u00e9", 404)
    assert "ASK" not in file.read_text("utf-8")


def test_queries_are_logged_where_that_is_asked_for(briefing: Release, tmp_path: Path) -> None:
    file = tmp_path / "access.jsonl"
    with client_over(briefing.folder.parent, access_log=str(file), log_queries="true") as client:
        client.get("/sparql?query=ASK%20%7B%7D")
        client.post("/sparql", data={"query": "ASK { ?a ?b 1 }"})
        client.post("/sparql", data="ASK { }", content_type="application/sparql-query; charset=utf-8")
        client.get("/en/")
        client.get("/sparql?" + "a=1&" * 200)
    queries = [line["query"] for line in lines(file)]
    assert queries == ["ASK {}", "ASK { ?a ?b 1 }", "ASK { }", "", ""]


def test_a_file_that_is_moved_away_is_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "access.jsonl"
    log = AccessLog(file)
    log.write({"n": 1})
    file.rename(tmp_path / "old.jsonl")
    log.write({"n": 2})
    log.write({"n": 3})
    log.close()
    assert lines(tmp_path / "old.jsonl") == [{"n": 1}]
    assert lines(file) == [{"n": 2}, {"n": 3}]


def test_a_line_that_cannot_be_written_stops_no_request(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    log = AccessLog(Path("/dev/full"))
    log.write({"n": 1})
    log.close()
    assert "a line of the access log is lost: [Errno 28] No space left on device" in caplog.text


def test_standard_error_is_a_target(capfd: pytest.CaptureFixture[str]) -> None:
    log = open_access_log("stderr")
    assert log is not None
    log.write({"a": "\udcff"})
    log.close()
    assert open_access_log("off") is None


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        open_access_log(str(tmp_path / "none" / "x"))
    assert str(caught.value) == (
        f"access_log: {tmp_path}/none/x: No such file or directory. "
        "Give off, stderr or a file that can be written."
    )
