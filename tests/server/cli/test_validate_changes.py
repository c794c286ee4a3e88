"""`sauran validate --changed-since`: what the files gave then, whatever has become of them."""

import json
import subprocess
from pathlib import Path

import pytest
from support import change, sauran

pytestmark = pytest.mark.needs("git")

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SHAPES = """\
ex:TeaShape a sh:NodeShape ; sh:targetClass ex:Tea ; sh:property ex:tea-name .
ex:tea-name sh:path ex:name ; sh:minCount 1 ; sh:message "A name."@en .
"""


def write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(PREFIXES + text, "utf-8")


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A repository whose teas have their names in a file of their own; one tea had none before."""
    write(tmp_path / "shapes.ttl", SHAPES)
    write(tmp_path / "data/teas.ttl", "ex:a a ex:Tea .\nex:b a ex:Tea .\n[] a ex:Tea .\n<#c> a ex:Tea .\n")
    write(tmp_path / "data/names.ttl", 'ex:a ex:name "A" .\n')
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def found(here: Path, *arguments: str, folder: str = ".", code: int = 1) -> list[str]:
    """The focus nodes of what is reported."""
    shapes = ("--shapes", here / "shapes.ttl", "--changed-since", "HEAD", "--json")
    result = sauran("validate", *arguments, *shapes, cwd=here / folder)
    assert result.returncode == code, result.stderr
    said = json.loads(result.stdout)
    return [finding["focus"] for finding in said["findings"]]


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        (["data"], "."),
        (["data/*.ttl"], "."),
        (["**/*.ttl"], "data"),
        (["."], "data"),
        (["../data/"], "data"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_a_file_that_is_gone_was_there_then(here: Path, arguments: list[str], folder: str) -> None:
    assert found(here, *arguments, folder=folder, code=0) == []
    (here / "data/names.ttl").unlink()
    assert found(here, *arguments, folder=folder) == ["<http://example.org/a>"]


def test_a_file_that_has_another_name_now_is_the_same_one(here: Path) -> None:
    git(here, "mv", "data/teas.ttl", "data/drinks.ttl")
    assert found(here, "data", code=0) == []


def test_links_lead_where_they_led_then(here: Path) -> None:
    (here / "linked").symlink_to("data")
    (here / "data/more.ttl").symlink_to("../elsewhere.ttl")
    write(here / "elsewhere.ttl", 'ex:b ex:name "B" .\n')
    git(here, "add", ".")
    git(here, "commit", "-qm", "links")
    for argument in ("data", "linked"):
        assert "<http://example.org/b>" not in found(here, argument, code=0)
    write(here / "elsewhere.ttl", "")
    assert found(here, "data") == ["<http://example.org/b>"]


def test_the_ontology_is_that_of_the_revision(here: Path) -> None:
    write(here / "classes.ttl", "ex:Herb a rdfs:Class .\n")
    write(here / "data/herbs.ttl", "ex:mint a ex:Herb .\n")
    git(here, "add", ".")
    git(here, "commit", "-qm", "herbs")
    assert found(here, "data", "--ontology", "classes.ttl", code=0) == []
    write(here / "classes.ttl", "ex:Herb rdfs:subClassOf ex:Tea .\n")
    assert found(here, "data", "--ontology", "classes.ttl") == ["<http://example.org/mint>"]


def test_a_rule_in_a_new_file_is_new(here: Path) -> None:
    write(
        here / "more.ttl", "ex:LeafShape a sh:NodeShape ; sh:targetClass ex:Tea ; sh:property ex:tea-leaf .\n"
    )
    change(here / "more.ttl", "ex:tea-leaf .", "ex:tea-leaf .\nex:tea-leaf sh:path ex:leaf ; sh:minCount 1 .")
    assert len(found(here, "data", "--shapes", "more.ttl")) == 4


def test_that_the_files_were_unusable_then_is_said(here: Path) -> None:
    write(here / "data/broken.ttl", "ex:a ex:b")
    git(here, "add", ".")
    git(here, "commit", "-qm", "broken")
    (here / "data/broken.ttl").unlink()
    result = sauran("validate", "data", "--shapes", "shapes.ttl", "--changed-since", "HEAD", cwd=here)
    assert result.returncode == 1
    assert "what was found before is unknown, so all findings are new: " in result.stderr


@pytest.mark.parametrize("revision", ["nope", ""])
def test_a_wrong_revision_is_noticed_before_there_is_a_finding(here: Path, revision: str) -> None:
    write(here / "data/teas.ttl", 'ex:a a ex:Tea ; ex:name "A" .\n')
    arguments = ("data", "--shapes", "shapes.ttl", "--changed-since", revision)
    result = sauran("validate", *arguments, cwd=here)
    assert result.returncode == 2
    assert f"error: --changed-since: {revision!r} is not a revision of {here}." in result.stderr
    git(here, "checkout", "-q", "data")
    result = sauran("validate", "-", *arguments[1:], "--input-format", "turtle", cwd=here)
    assert "error: --changed-since: standard input has no history. Give files." in result.stderr


def test_a_duplicate_that_a_change_adds_is_not_hidden_by_the_baseline(here: Path) -> None:
    shapes = ("--shapes", "shapes.ttl", "--baseline", "known.json")
    sauran("validate", "data", *shapes, "--write-baseline", cwd=here)
    with (here / "data/teas.ttl").open("a", encoding="utf-8") as file:
        file.write("[] a ex:Tea .\n")
    result = sauran("validate", "data", *shapes, "--changed-since", "HEAD", cwd=here)
    assert (result.returncode, result.stdout.count(" violation ")) == (1, 1)
    refused = sauran("validate", "data", *shapes, "--write-baseline", "--changed-since", "HEAD", cwd=here)
    assert refused.returncode == 2
    assert "--write-baseline writes all findings: leave --changed-since out." in refused.stderr
