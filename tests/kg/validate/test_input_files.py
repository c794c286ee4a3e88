"""What cannot be used: one clear line each with its place, every file at once, quickly, no traceback."""

import os
import time
from pathlib import Path

import pytest
from validation_support import PREFIXES, Folder

from sauran.kg.model.errors import UsageError
from sauran.kg.validate import Limits, run
from sauran.kg.validate.job import Job, Verdict

SHAPES = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:nodeKind sh:IRI ."
GOOD = "ex:a ex:p 1 ."
NESTED = 200_000
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://example.org/"'
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(10))
SUBJECT = b"<http://e/s> <http://e/p> "
NO_UTF_8 = "is not UTF-8. Is it text? Save it as UTF-8."
UNKNOWN = "Known: .ttl, .nt, .jsonld, .rdf, .trig, .nq, .owl; or name it with --input-format."

# By name: the file, its content, how the line begins.
BAD: dict[str, tuple[str, bytes, str]] = {
    "binary": ("a.ttl", b"\x89PNG\r\n\x1a\n\0\0", f"a.ttl:1:1: the byte 0x89 {NO_UTF_8}"),
    "zero byte": ("a.ttl", b"# \n\0", "a.ttl:2:1: a zero byte: this is not text."),
    "latin-1": ("a.ttl", b"# \n# caf\xe9\n", f"a.ttl:2:6: the byte 0xE9 {NO_UTF_8}"),
    "utf-16": ("a.ttl", "# x".encode("utf-16"), f"a.ttl:1:1: the byte 0xFF {NO_UTF_8}"),
    "unknown format": ("a.xyz", b"", f"a.xyz: no RDF format ends with '.xyz'. {UNKNOWN}"),
    "syntax": ("a.ttl", SUBJECT + b"1 .\n<http://e/s> oops .", "a.ttl:2:14: "),
    "large literal": (
        "a.ttl",
        b"\n" + SUBJECT + b'"' + b"x" * (32 << 20) + b'" .',
        "a.ttl:2:27: a literal is larger than 8 MiB.",
    ),
    "large IRI": (
        "a.ttl",
        b"\n" + SUBJECT + b"<http://e/" + b"x" * (32 << 20) + b"> .",
        "a.ttl:2:27: an IRI is larger than 8 MiB.",
    ),
    "nested brackets": (
        "a.ttl",
        SUBJECT + b"[ <http://e/p> " * NESTED + b"1" + b"]" * NESTED + b" .",
        "a.ttl:1:15027: brackets nest deeper than 1000.",
    ),
    "nested lists": (
        "a.ttl",
        SUBJECT + b"\n" + b"(" * NESTED + b")" * NESTED + b" .",
        "a.ttl:2:1001: brackets nest deeper than 1000.",
    ),
    "nested JSON": (
        "a.jsonld",
        b'{"http://e/p":' * NESTED + b"1" + b"}" * NESTED,
        "a.jsonld:1:14001: brackets nest deeper than 1000.",
    ),
    "nested XML": (
        "a.rdf",
        f"<rdf:RDF {RDF}>\n".encode() + b"<ex:a><ex:p>" * NESTED,
        "a.rdf:2:6001: elements nest deeper than 1000.",
    ),
    "entity bomb": (
        "a.rdf",
        f"<!DOCTYPE r [{ENTITIES}]>\n<rdf:RDF {RDF}><ex:a><ex:p>&e9;</ex:p></ex:a></rdf:RDF>".encode(),
        "a.rdf:1:13: has a document type, which may define entities without bound.",
    ),
    "external DTD": (
        "a.rdf",
        f'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><rdf:RDF {RDF}/>'.encode(),
        "a.rdf:1:46: has a document type",
    ),
    "broken XML": ("a.rdf", b"<a>\n<b></a>", "a.rdf:2:6: mismatched tag. Fix the XML here."),
    "context elsewhere": (
        "a.jsonld",
        b'{"@id": "http://e/",\n "@context": "http://127.0.0.1:9/c"}',
        "a.jsonld:2:3: a context elsewhere is not fetched. Write it into the file.",
    ),
}


def faults(verdict: Verdict) -> list[str]:
    assert verdict.report is None
    return [
        f"{Path(f.place.file).name}{str(f.place)[len(f.place.file) :]}: {f.message}" if f.place else f.message
        for f in verdict.faults
    ]


@pytest.mark.parametrize("name", BAD)
def test_one_clear_line_with_its_place(folder: Folder, name: str) -> None:
    file, content, said = BAD[name]
    (folder.path / file).write_bytes(content)
    shapes = folder.write("shapes.ttl", SHAPES)
    began = time.monotonic()
    (line,) = faults(run(Job((str(folder.path / file),), (shapes,), limits=Limits(memory_mb=2048))))
    assert line.startswith(said)
    assert "\n" not in line
    assert len(line) < 300
    assert time.monotonic() - began < 30


def test_all_faults_of_all_files_are_told(folder: Folder) -> None:
    names = [
        folder.write(f"f{n:02}.ttl", GOOD if n not in (7, 12) else f"{GOOD}\nex:b ex:p") for n in range(20)
    ]
    (folder.path / "image.ttl").write_bytes(b"\x89PNG")
    broken = folder.write("shapes.ttl", f"{SHAPES}\nex:T sh:path")
    verdict = run(Job((*names, str(folder.path / "missing.ttl"), str(folder.path / "image.ttl")), (broken,)))
    lines = faults(verdict)
    assert [line.split(":")[0] for line in sorted(lines)] == [
        "f07.ttl", "f12.ttl", "image.ttl", "missing.ttl", "shapes.ttl",
    ]  # fmt: skip
    assert [line for line in lines if line.startswith("f07.ttl:7:")]


def test_missing_file_folder_and_pattern_are_named(folder: Folder) -> None:
    (folder.path / "empty").mkdir()
    shapes = folder.write("shapes.ttl", SHAPES)
    data = [*(str(folder.path / name) for name in ("missing.ttl", "empty", "*.nt", "emp*")), ""]
    assert [line.partition(": ")[2] for line in faults(run(Job(tuple(data), (shapes,))))] == [
        "cannot be read: No such file or directory.",
        "is a folder without any RDF file.",
        "matches no file.",
        "matches folders only. Name them, or write **/*.ttl.",
        "is not the name of a file. Is a variable empty?",
    ]


def test_folder_gives_all_its_files_but_those_of_tools(folder: Folder) -> None:
    shapes = folder.write("shapes.ttl", SHAPES)
    data, wanted = folder.path / "data", ["a/b/deep.ttl", "top.TTL"]
    for name in (
        *wanted,
        ".git/hidden.ttl",
        "a/node_modules/theirs.nt",
        "own/lib/installed.ttl",
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        folder.write(f"data/{name}", GOOD if name in wanted else "broken")
    (data / "own" / "pyvenv.cfg").touch()
    verdict = run(Job((str(data),), (shapes,)))
    assert not verdict.faults
    assert [name[len(str(data)) + 1 :] for name in verdict.data_files] == wanted
    named = run(Job((str(data / ".git"),), (shapes,)))
    assert [line.split(":")[0] for line in faults(named)] == ["hidden.ttl"]


def test_pipe_is_never_waited_for(folder: Folder) -> None:
    pipe = folder.path / "pipe.ttl"
    os.mkfifo(pipe)
    began = time.monotonic()
    (line,) = faults(run(Job((str(pipe),), (folder.write("shapes.ttl", SHAPES),))))
    assert line.startswith("pipe.ttl: is a pipe. Feed it on standard input and write - for it")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (
            "ex:S sh:property [ sh:minCount 1 ] .",
            "A property shape has no sh:path; it must have one. Fix sh:path.",
        ),
        (
            "ex:S sh:property [ sh:path ex:a, ex:b ] .",
            "A property shape has 2 paths; it must have one. Fix sh:path.",
        ),
        (
            "ex:S sh:path ( ex:a ) .",
            "A sequence or sh:alternativePath has fewer than two members. Fix sh:path.",
        ),
        ("ex:S sh:path _:p . _:p sh:inversePath _:p .", "A path leads to itself. Fix sh:path."),
        ('ex:S sh:pattern "(" .', "A pattern is not a regular expression: missing ) at position 1. Fix it."),
        (
            'ex:S sh:pattern "a" ; sh:flags "z" .',
            "A pattern is not a regular expression: SPARQL's REGEX has no flag z.",
        ),
        ("ex:S sh:js [] .", "JavaScript is never run, so sh:js would check nothing."),
    ],
)
def test_broken_shapes_are_refused(folder: Folder, shapes: str, said: str) -> None:
    verdict = run(folder.job(GOOD, shapes))
    assert verdict.faults[0].message.startswith(said)
    assert verdict.report is None


def test_wrong_use_is_told(folder: Folder) -> None:
    job = folder.job(GOOD, SHAPES)
    for more, said in (
        ({"engine": "jena"}, "--engine: 'jena' is not an engine. Known: auto, shacl, pyshacl."),
        ({"input_format": "n3"}, "--input-format: 'n3' is not an RDF format. Known: turtle, ntriples"),
        ({"data": ("-", "-"), "input_format": "turtle"}, "-: standard input can be read only once."),
        ({"engine": "shacl", "cross_check": "shacl"}, "--cross-check: shacl cannot check itself."),
    ):
        with pytest.raises(UsageError) as caught:
            run(Job(**{**vars(job), **more}))  # type: ignore[arg-type]
        assert str(caught.value).startswith(said)


def test_byte_order_mark_and_folders_are_no_fault(folder: Folder) -> None:
    below = folder.path / "data" / "more"
    below.mkdir(parents=True)
    (below / "a.ttl").write_bytes(b"\xef\xbb\xbf" + (PREFIXES + GOOD).encode())
    (below / "b.owl").write_text(f'<rdf:RDF {RDF}><rdf:Description rdf:about="x" ex:p="1"/></rdf:RDF>')
    (below / "readme.txt").write_text("no RDF")
    (below / "package.json").write_text("{")
    (below / "pom.xml").write_text("<project/>")
    verdict = run(Job((str(folder.path / "data"),), (folder.write("shapes.ttl", SHAPES),)))
    assert len(verdict.data_files) == 2
    assert len(verdict.findings) == 0
    assert verdict.triples == 2
