"""A validation in a fork of this process has the same sandbox and verdict as one in a fresh process."""

import os
import signal
import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from validation_support import PREFIXES, Folder

from sauran.kg.model.errors import EngineError
from sauran.kg.processes.child_process import start_program
from sauran.kg.validate import Limits, run
from sauran.kg.validate.job import STDIN
from sauran.kg.validate.job_messages import plain_verdict
from sauran.kg.validate.reporting import place

SHAPES = """ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:iri .
ex:iri sh:path ex:p ; sh:nodeKind sh:IRI ."""
FILES = Path("/proc/self/fd")
BAD = "ex:a ex:p 1 .\nex:b ex:p [ ex:q 2 ] , 3 .\nex:c ex:p ex:d ."


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The programs started afresh; none while a test means a fork."""
    modules: list[str] = []

    def noted(module: str, *given: Any, **options: Any) -> object:
        modules.append(module)
        return start_program(module, *given, **options)

    monkeypatch.setattr("sauran.kg.validate.validation_process.start_program", noted)
    return modules


def test_a_copy_gives_the_same_verdict(folder: Folder, started: list[str]) -> None:
    job = folder.job(BAD, SHAPES)
    copied = run(job, forked=True)
    assert started == []
    fresh = run(job)
    assert len(started) == 1
    assert len(copied.findings) == 3
    assert plain_verdict(replace(copied, seconds=0)) == plain_verdict(replace(fresh, seconds=0))


def test_findings_come_with_the_places_that_they_get_afterwards(folder: Folder, started: list[str]) -> None:
    job = folder.job(BAD, f"{SHAPES} ex:S sh:nodekind sh:IRI .")
    placed = run(replace(job, places=True), forked=True)
    assert (placed.lint, started) == ((), [])
    assert [*placed.findings] == place(job, run(job))
    line = PREFIXES.count("\n") + 1
    data = [f.place for f in placed.findings if f.rule == "iri" and f.place]
    assert [(p.line, p.column) for p in data] == [(line, 11), (line + 1, 11), (line + 1, 24)]
    assert len(placed.findings) == 4


def test_a_place_arrives_as_it_was(folder: Folder, started: list[str]) -> None:
    (folder.path / "data.jsonld").write_text(
        '{"@context": {"@vocab": "http://example.org/"}, "@id": "http://example.org/a",\n'
        ' "p": [{"@list": [1]}]}'
    )
    part = "ex:part sh:path rdf:first ; sh:nodeKind sh:IRI ."
    rdf = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    job = folder.job("", f"{rdf}ex:S a sh:NodeShape ; sh:targetObjectsOf ex:p ; sh:property ex:part . {part}")
    job = replace(job, data=(str(folder.path / "data.jsonld"),), places=True)
    (finding,) = run(job, forked=True).findings
    assert finding.place is not None
    assert (finding.place.line, finding.place.exact, finding.place.around) == (1, False, True)
    assert started == []


def test_a_copy_reads_what_stands_for_standard_input(folder: Folder, started: list[str]) -> None:
    job = replace(folder.job("", SHAPES), data=(STDIN,), input_format="turtle", places=True)
    verdict = run(job, stdin=(PREFIXES + BAD).encode(), forked=True)
    assert [f.place and f.place.line for f in verdict.findings] == [6, 7, 7]
    assert started == []


def test_a_copy_that_crashes_is_a_sentence(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, started: list[str]
) -> None:
    monkeypatch.setattr(
        "sauran.kg.validate.validation_process_main.work", lambda *_: os.kill(os.getpid(), signal.SIGSEGV)
    )
    with pytest.raises(EngineError, match="SIGSEGV"):
        run(folder.job(BAD, SHAPES), forked=True)
    monkeypatch.setattr("sauran.kg.validate.validation_process_main.work", lambda *_: 1 / 0)
    with pytest.raises(EngineError, match="ended with 70 before it had a verdict"):
        run(folder.job(BAD, SHAPES), forked=True)
    assert started == []


def test_a_copy_has_an_end(folder: Folder, started: list[str]) -> None:
    data = "".join(f"ex:a{n} ex:p {n} .\n" for n in range(100_000))
    with pytest.raises(EngineError, match=r"took longer than 0\.05 s"):
        run(folder.job(data, SHAPES, limits=Limits(timeout_s=0.05)), forked=True)
    with pytest.raises(EngineError):
        run(folder.job(data, SHAPES, limits=Limits(memory_mb=100)), forked=True)
    assert started == []


def test_a_copy_holds_no_files_and_no_habits_of_ours(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, started: list[str]
) -> None:
    said = folder.path / "said"
    (folder.path / "held").write_text("ours")

    def look(connection: socket.socket, room: str) -> None:
        files = {file.name for file in FILES.iterdir()} - {"0", "1", "2", str(connection.fileno())}
        open_files = sorted(name for name in files if (FILES / name).exists())
        nowhere = [str((FILES / name).readlink()) for name in ("0", "2")]
        said.write_text(f"{open_files} {nowhere} {signal.getsignal(signal.SIGTERM) is signal.SIG_DFL}")
        os._exit(0)

    monkeypatch.setattr("sauran.kg.validate.validation_process_main.work", look)
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with (folder.path / "held").open(), pytest.raises(EngineError):
            run(folder.job(BAD, SHAPES), forked=True)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert said.read_text() == "[] ['/dev/null', '/dev/null'] True"
    assert started == []


def test_module_beside_the_data_is_not_imported(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, started: list[str]
) -> None:
    for name in ("shacl", "pyshacl"):
        (folder.path / f"{name}.py").write_text(f"open({str(folder.path / 'ran')!r}, 'w')")
        monkeypatch.delitem(__import__("sys").modules, name, raising=False)
    monkeypatch.chdir(folder.path)
    monkeypatch.syspath_prepend(str(folder.path))
    verdict = run(folder.job("ex:a ex:p ex:b .", SHAPES), forked=True)
    assert verdict.report is not None
    assert not (folder.path / "ran").exists()
    assert started == []


@pytest.mark.parametrize("name", ["python", "kernel"])
def test_the_sandbox_holds_in_a_copy(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, started: list[str], name: str
) -> None:
    reach = {
        "python": "open('/etc/hostname')",
        "kernel": "__import__('_socket').socket()",
    }[name]

    def try_it(*_: object) -> None:
        eval(reach)  # noqa: S307 (two texts of this test)

    monkeypatch.setattr("sauran.kg.validate.validation_process_main.check_and_keep", try_it)
    with pytest.raises(EngineError, match="PermissionError"):
        run(folder.job(BAD, SHAPES), forked=True)
    assert started == []


def test_a_process_with_threads_is_not_copied(folder: Folder, started: list[str]) -> None:
    done = threading.Event()
    beside = threading.Thread(target=done.wait)
    beside.start()
    try:
        verdict = run(folder.job(BAD, SHAPES), forked=True)
    finally:
        done.set()
        beside.join()
    assert started == ["sauran.kg.validate.validation_process_main"]
    assert len(verdict.findings) == 3
