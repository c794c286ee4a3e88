"""Files with odd names, and formats that are not said by names: `sauran validate` finds and places all."""

import json
import os
from pathlib import Path

import pytest
from support import sauran

from sauran.kg.validate import run
from sauran.kg.validate.job import Job

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
ex:TeaShape a sh:NodeShape ; sh:targetClass ex:Tea ; sh:property ex:tea-name .
ex:tea-name sh:path ex:name ; sh:minCount 1 .
"""
TEAS = "@prefix ex: <http://example.org/> .\n<> a ex:Tea .\n<#x> a ex:Tea .\n<y> a ex:Tea .\n[] a ex:Tea .\n"
NAMES = [b"\xc3\xbcn\xc3\xaf", b"a*b", b"a%b", b"a,b", b"a;b", b"a'b", b'a"b', b"a\\b", b"\\back", b"a b",
         b"a[1]", b"a#b", b"a?b", b"lat\xe9", b"a\nb", b"::stop-commands::x", b"file:x"]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with shapes, and a file with names in it."""
    (tmp_path / "shapes.ttl").write_text(SHAPES, "utf-8")
    (tmp_path / "other.ttl").write_text("<x:a> <x:b> <x:c> .\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_relative_iris_are_the_same_for_every_engine_and_beside_other_files(name: bytes, here: Path) -> None:
    file = here / os.fsdecode(name + b".ttl")
    file.write_text(TEAS, "utf-8")
    job = Job((str(file),), (str(here / "shapes.ttl"),), cross_check="auto")
    alone = run(job)
    assert alone.report is not None, alone.faults
    both = run(Job((str(file), str(here / "other.ttl")), job.shapes))
    assert len(alone.findings) == 4
    assert {str(f.focus) for f in alone.findings} == {str(f.focus) for f in both.findings}
    assert f"<{file.as_uri()}>" in {str(f.focus) for f in alone.findings}


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_every_finding_has_its_line(name: bytes, here: Path) -> None:
    (here / os.fsdecode(name + b".ttl")).write_text(TEAS, "utf-8")
    (here / "other.ttl").unlink()
    (here / "shapes").mkdir()
    (here / "shapes.ttl").rename(here / "shapes/shapes.ttl")
    result = sauran("validate", "--json", "--shapes", "shapes", "--", os.fsdecode(name + b".ttl"), cwd=here)
    assert [f["line"] for f in json.loads(result.stdout)["findings"]] == [2, 3, 4, 5]


def test_two_ways_to_name_a_file_give_the_same_fingerprints(here: Path) -> None:
    (here / "teas.ttl").write_text(TEAS, "utf-8")
    shapes = ("--shapes", "shapes.ttl", "--baseline", "known.json")
    assert sauran("validate", "teas.ttl", *shapes, "--write-baseline", cwd=here).returncode == 0
    assert str(here) not in (here / "known.json").read_text("utf-8")
    for name in ("./teas.ttl", str(here / "teas.ttl"), f"../{here.name}/teas.ttl"):
        result = sauran("validate", name, *shapes, cwd=here)
        assert (result.returncode, result.stdout) == (0, ""), name
    (here / "teas.ttl").write_text(TEAS.replace("[] a ex:Tea .", ""), "utf-8")
    stale = sauran("validate", "teas.ttl", *shapes, cwd=here)
    assert "1 entry of the baseline no longer found: write it again with --write-baseline" in stale.stderr


def test_the_format_asked_for_is_that_of_the_data_alone(here: Path) -> None:
    text = '{"@id": "http://example.org/a", "@type": "http://example.org/Tea"}'
    (here / "teas.txt").write_text(text, "utf-8")
    (here / "classes.ttl").write_text("<x:a> a <x:b> .\n", "utf-8")
    more = ("--input-format", "jsonld", "--shapes", "shapes.ttl", "--ontology", "classes.ttl")
    assert sauran("validate", "teas.txt", *more, cwd=here).stdout.startswith(
        "teas.txt:1:1: violation tea-name"
    )
    piped = sauran("validate", "-", *more, cwd=here, stdin=text)
    assert piped.stdout.startswith("standard input:1:1: violation tea-name")
    own = sauran("validate", "-", "--input-format", "jsonld", cwd=here, stdin=text)
    assert (own.returncode, own.stdout) == (3, "")


def test_a_folder_gives_only_files_that_are_surely_rdf(here: Path) -> None:
    (here / "data").mkdir()
    (here / "data/package.json").write_text("{", "utf-8")
    (here / "data/pom.xml").write_text("<project/>", "utf-8")
    (here / "data/TEAS.TTL").write_text(TEAS, "utf-8")
    shapes = ("--shapes", "shapes.ttl")
    assert sauran("validate", "data", *shapes, cwd=here).stdout.startswith("data/TEAS.TTL:2:1: violation")
    named = sauran("validate", "data/package.json", "data/pom.xml", *shapes, cwd=here)
    assert (named.returncode, named.stderr) == (2, "2 errors\n")


@pytest.mark.parametrize("arguments", [["", "--shapes", "shapes.ttl"], ["other.ttl", "--shapes", ""]])
def test_an_empty_name_is_wrong_use(arguments: list[str], here: Path) -> None:
    result = sauran("validate", *arguments, cwd=here)
    assert result.returncode == 2
    assert result.stdout == "'': error input: is not the name of a file. Is a variable empty?\n"
