"""Data and shapes from strangers: nothing goes out, nothing hangs, nothing crashes the caller."""

import http.server
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from validation_support import Folder

from sauran.kg.model.errors import EngineError, SauranError
from sauran.kg.validate import Limits, run
from sauran.kg.validate.job import Job, Verdict

SHAPES = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:nodeKind sh:IRI ."
QUERY = 'ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql ex:Q . ex:Q sh:select """%s""" .'
GOOD = "ex:a ex:p 1 ."
SHORT = Limits(timeout_s=60)
ENGINES = ("auto", "shacl", "pyshacl")


class Canary:
    """A web server of loopback that counts who comes."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.heard.append(self.path)
                self.send_response(200)
                self.end_headers()

            do_POST = do_GET  # noqa: N815 (named by http.server)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird = Canary()
    thread = threading.Thread(target=bird.server.serve_forever)
    thread.start()
    yield bird
    bird.server.shutdown()
    bird.server.server_close()
    thread.join()


def outcome(job: Job) -> Verdict | SauranError:
    try:
        return run(job)
    except SauranError as error:
        return error


def test_the_canary_sings_when_it_is_visited(canary: Canary) -> None:
    with socket.create_connection(("127.0.0.1", canary.server.server_port)) as visitor:
        visitor.sendall(b"GET /hello HTTP/1.0\r\n\r\n")
        visitor.recv(100)
    assert canary.heard == ["/hello"]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_imports_are_told_of_and_not_fetched(folder: Folder, canary: Canary, engine: str) -> None:
    imports = f"<http://e/> a owl:Ontology ; owl:imports <{canary.url}x>, <file:///etc/hostname> ."
    verdict = run(folder.job(GOOD + imports, SHAPES + imports, engine=engine))
    assert verdict.report is not None
    missing = [finding.message for finding in verdict.lint if finding.rule == "import-missing"]
    assert len(missing) == 2
    assert any(said.startswith(f"<{canary.url}x> is imported, but nothing is fetched.") for said in missing)
    assert canary.heard == []


def test_imports_come_from_the_map_only(folder: Folder, canary: Canary) -> None:
    local = folder.write("local.ttl", "ex:S sh:targetSubjectsOf ex:p ; sh:nodeKind sh:IRI .")
    shapes = f"ex:S a sh:NodeShape . <http://e/> owl:imports <{canary.url}x> ."
    verdict = run(folder.job("ex:a ex:p 1 .", shapes, imports=((f"{canary.url}x", local),)))
    assert verdict.report is not None
    assert verdict.report.focus_nodes == {"http://example.org/S": 1}
    assert canary.heard == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT $this WHERE {{ $this ?p ?o FILTER EXISTS {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }} }}",
        "SELECT $this FROM <{url}> WHERE {{ $this ?p ?o }}",
        "SELECT $this FROM NAMED <file:///etc/hostname> WHERE {{ GRAPH ?g {{ $this ?p ?o }} }}",
        "select $this # SERVICE\\n where {{ ser\\\\u0076ice <{url}> {{ ?s ?p ?o }} }}",
    ],
)
def test_query_that_reaches_outside_is_refused(
    folder: Folder, canary: Canary, query: str, engine: str
) -> None:
    result = outcome(folder.job(GOOD, QUERY % query.format(url=canary.url), engine=engine))
    assert isinstance(result, SauranError) or result.faults
    assert canary.heard == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_advanced_features_reach_nothing(folder: Folder, canary: Canary, engine: str) -> None:
    service = f"SERVICE <{canary.url}> {{ ?s ?p ?o }}"
    shapes = f"""{SHAPES}
      ex:S sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE {{ {service} }}" ] ;
        sh:rule [ a sh:SPARQLRule ; sh:construct "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {service} }}" ] ."""
    assert outcome(folder.job(GOOD, shapes, engine=engine)) is not None
    assert canary.heard == []


def test_script_is_never_run(folder: Folder, canary: Canary) -> None:
    shapes = f'{SHAPES} ex:S sh:js [ sh:jsLibrary [ sh:jsLibraryURL "{canary.url}"^^xsd:anyURI ] ] .'
    assert [f.rule for f in run(folder.job(GOOD, shapes)).faults] == ["forbidden-script"]
    assert canary.heard == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonld", '{{"@context": "{url}", "@id": "http://e/", "p": 1}}'),
        ("a.jsonld", '{{"@context": "file:///etc/hostname", "@id": "http://e/"}}'),
        ("a.jsonld", '{{"@context": {{"@import": "{url}"}}, "@id": "http://e/"}}'),
        ("a.rdf", '<!DOCTYPE r SYSTEM "{url}"><r/>'),
        ("a.rdf", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r>&x;</r>'),
    ],
)
def test_parsers_reach_nothing(folder: Folder, canary: Canary, name: str, text: str, engine: str) -> None:
    (folder.path / name).write_text(text.format(url=canary.url))
    verdict = run(Job((str(folder.path / name),), (folder.write("s.ttl", SHAPES),), engine=engine))
    assert len(verdict.faults) == 1
    assert canary.heard == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_pattern_cannot_hang_for_ever(folder: Folder, engine: str) -> None:
    part = '[ sh:path ex:p ; sh:pattern "^(a+)+$" ]'
    shapes = f"ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property {part} ."
    result = outcome(
        folder.job(f'ex:a ex:p "{"a" * 40}!" .', shapes, engine=engine, limits=Limits(timeout_s=15))
    )
    if engine in ("auto", "shacl"):
        assert isinstance(result, Verdict)
        assert len(result.findings) == 1
    elif isinstance(result, SauranError):
        assert str(result).startswith(
            "validation: took longer than 15 s, so the result could not be decided."
        )
        assert result.exit_code == 4


@pytest.mark.slow
@pytest.mark.parametrize("inside", ["sh:pattern", "sh:node ex:T . ex:T sh:pattern"], ids=["plain", "inside"])
def test_pattern_that_only_the_slow_engine_reads_does_not_hang(folder: Folder, inside: str) -> None:
    shapes = f'ex:S a sh:NodeShape ; sh:targetObjectsOf ex:p ; {inside} "^(?=a)(a+)+$" .'
    result = outcome(folder.job(f'ex:a ex:p "{"a" * 40}!" .', shapes, limits=Limits(timeout_s=15)))
    assert isinstance(result, Verdict)
    assert len(result.findings) == 1


def test_pattern_inside_another_shape_cannot_hang_the_reasons(folder: Folder) -> None:
    shapes = 'ex:S a sh:NodeShape ; sh:targetObjectsOf ex:p ; sh:not [ sh:not [ sh:pattern "^(a+)+$" ] ] .'
    verdict = outcome(folder.job(f'ex:a ex:p "{"a" * 40}!" .', shapes, limits=Limits(timeout_s=30)))
    assert isinstance(verdict, Verdict)
    assert [len(finding.because) for finding in verdict.findings] == [1]


@pytest.mark.parametrize("engine", ENGINES)
def test_reasons_reach_nothing(folder: Folder, canary: Canary, engine: str) -> None:
    """Shapes that nobody met until the reasons were looked for are no way out either."""
    query = f"SELECT $this WHERE {{ SERVICE <{canary.url}> {{ $this ?p ?o }} }}"
    shapes = f"""ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:or ( [ sh:nodeKind sh:Literal ] ex:T ) .
      ex:T sh:nodeKind sh:Literal ; sh:sparql [ sh:select "{query}" ] ; owl:imports <{canary.url}> ;
        sh:shapesGraph <{canary.url}> ."""
    result = outcome(folder.job(GOOD, shapes, engine=engine))
    assert isinstance(result, SauranError) or result.faults
    inner = shapes.replace("SERVICE", "GRAPH")
    assert outcome(folder.job(GOOD, inner, engine=engine)) is not None
    assert canary.heard == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_long_chain_under_a_recursive_shape_ends(folder: Folder, engine: str) -> None:
    shapes = (
        """ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:node ex:S ] ."""
    )
    data = "".join(f"ex:a{n} ex:p ex:a{n + 1} .\n" for n in range(2000))
    result = outcome(folder.job(data, shapes, engine=engine, limits=SHORT))
    assert isinstance(result, Verdict | EngineError)


@pytest.mark.parametrize("engine", ENGINES)
def test_list_that_loops_ends(folder: Folder, engine: str) -> None:
    shapes = """ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:in _:l .
      _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 ;
        <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l ."""
    result = outcome(folder.job(GOOD, shapes, engine=engine, limits=SHORT))
    assert isinstance(result, SauranError) or result.faults


def test_crash_of_an_engine_is_a_sentence(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    crash = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    monkeypatch.setattr("sauran.kg.processes.child_process._START", crash)
    with pytest.raises(EngineError) as caught:
        run(folder.job(GOOD, SHAPES))
    assert str(caught.value) == "validation: an engine crashed (SIGSEGV), so the result could not be decided."


def test_time_and_memory_are_bounded(folder: Folder) -> None:
    data = "".join(f"ex:a{n} ex:p {n} .\n" for n in range(100_000))
    with pytest.raises(
        EngineError, match=r"took longer than 0\.05 s, so the result could not be decided\. Raise --timeout"
    ):
        run(folder.job(data, SHAPES, limits=Limits(timeout_s=0.05)))
    with pytest.raises(EngineError):
        run(folder.job(data, SHAPES, limits=Limits(memory_mb=100)))


WALLS = """
import os, socket, sys, tempfile
sys.path.append(sys.argv[1])
from sauran.kg.processes.sandbox import allow_only_files, refuse_sockets
inner = sys.argv[2] == "python"
if inner:
    allow_only_files((), "/tmp/none", ())
else:
    print(refuse_sockets())
for what in (
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: open("/etc/hostname"),
    lambda: open("/tmp/x", "w"),
):
    try:
        what()
        print("open")
    except PermissionError as error:
        print("shut")
    except ConnectionRefusedError:
        print("went out")
"""


@pytest.mark.parametrize(
    ("wall", "said"), [("python", ["shut"] * 3), ("kernel", ["", "shut", "open", "open"])]
)
def test_each_wall_holds_alone(wall: str, said: list[str], checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", WALLS, str(checkout), wall], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == said


def test_module_beside_the_data_is_not_imported(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("shacl", "rdflib", "pyshacl", "json"):
        (folder.path / f"{name}.py").write_text(f"open({str(folder.path / 'ran')!r}, 'w')")
    monkeypatch.chdir(folder.path)
    verdict = run(folder.job(GOOD, SHAPES, cross_check="auto"))
    assert verdict.report is not None
    assert not (folder.path / "ran").exists()
