"""`sauran validate` on files: what it shows, what it leaves out, and how it ends."""

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support import change, sauran

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:person-age , ex:person-knows .
ex:person-age sh:path ex:age ; sh:datatype xsd:integer ;
  sh:message "An age is a whole number."@en , "Un âge est un nombre entier."@fr .
ex:person-knows sh:path ex:knows ; sh:class ex:Person ; sh:severity sh:Warning ;
  sh:message "Know persons."@en .
ex:CityShape a sh:NodeShape ; sh:targetClass ex:City ; sh:nodeKind sh:IRI .
"""
PEOPLE = """\
@prefix ex: <http://example.org/> .

ex:ann a ex:Person ;
  ex:age "forty" ;
  ex:knows ex:bob .
ex:bob a ex:Person ; ex:age 3 .
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with shapes and a file with one fault."""
    (tmp_path / "shapes.ttl").write_text(SHAPES, "utf-8")
    (tmp_path / "people.ttl").write_text(PEOPLE, "utf-8")
    return tmp_path


def validate(
    here: Path, *arguments: str, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    return sauran("validate", "--shapes", "shapes.ttl", *arguments, cwd=here, stdin=stdin, **environment)


def test_a_finding_has_its_place_and_coverage_is_said(here: Path) -> None:
    result = validate(here, "people.ttl")
    assert result.stdout == (
        "people.ttl:4:10: violation person-age: An age is a whole number.\n"
        '    at <http://example.org/ann>, path <http://example.org/age>, value "forty"\n'
    )
    assert result.stderr.splitlines()[-3:] == [
        "1 violation",
        "warning: met no node: CityShape",
        "checked: 1 of 2 shapes met 2 nodes",
    ]
    assert result.returncode == 1


def test_messages_come_in_the_language_asked_for(here: Path) -> None:
    assert "Un âge est un nombre entier." in validate(here, "people.ttl", "--language", "fr").stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [("de-AT", "Servus"), ("de-at", "Servus"), ("de-CH", "Hallo"), ("DE", "Hallo"), ("kk", "An age")],
)
def test_tags_of_languages_fall_back_on_shorter_ones(here: Path, asked: str, said: str) -> None:
    change(here / "shapes.ttl", '"An age is', '"Servus"@de-AT , "Hallo"@de , "Nobody" , "An age is')
    assert f"violation person-age: {said}" in validate(here, "people.ttl", "--language", asked).stdout


def test_folders_patterns_and_standard_input_are_read(here: Path) -> None:
    (here / "data/deep").mkdir(parents=True)
    shutil.copy(here / "people.ttl", here / "data/deep/a.ttl")
    for argument, name in (("data", "data/deep/a.ttl"), ("data/**/*.ttl", "data/deep/a.ttl")):
        assert validate(here, argument).stdout.startswith(f"{name}:4:10: violation ")
    piped = validate(here, "-", "--input-format", "turtle", stdin=PEOPLE)
    assert piped.stdout.startswith("standard input:4:10: violation ")
    assert validate(here, "-", stdin=PEOPLE).returncode == 2


@pytest.mark.parametrize(("severity", "code"), [("violation", 0), ("warning", 1), ("info", 1)])
def test_the_severity_to_fail_on_decides_the_exit_code_only(here: Path, severity: str, code: int) -> None:
    change(here / "people.ttl", '"forty"', "40")
    change(here / "people.ttl", "ex:knows ex:bob", "ex:knows ex:rock")
    result = validate(here, "people.ttl", "--fail-on", severity, "--json")
    assert result.returncode == code
    said = json.loads(result.stdout)
    assert (said["conforms"], said["counts"]["warning"]) == (False, 1)


def test_when_nothing_was_checked_the_exit_code_is_3(here: Path) -> None:
    (here / "other.ttl").write_text("<http://example.org/a> a <http://example.org/B> .\n", "utf-8")
    result = validate(here, "other.ttl")
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr.splitlines()[-1] == "nothing was checked: no shape met any node"


def test_all_unusable_files_are_named_at_once(here: Path) -> None:
    (here / "a.ttl").write_text("<x:a> <x:b> .", "utf-8")
    (here / "b.rdf").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "utf-8")
    result = validate(here, "people.ttl", "a.ttl", "b.rdf", "nowhere.nt")
    assert result.returncode == 2
    lines = [line.partition(": error ")[0] for line in result.stdout.splitlines()]
    assert [line.partition(":")[0] for line in lines] == ["a.ttl", "b.rdf", "nowhere.nt"]
    machine = validate(here, "a.ttl", "--format", "turtle")
    assert (machine.returncode, machine.stdout) == (2, "")
    assert machine.stderr.startswith("a.ttl:1:13: error syntax: ")
    assert machine.stderr.splitlines()[-1] == "1 error"
    on_github = validate(here, "a.ttl", "--format", "github")
    assert on_github.stdout.startswith("::error file=a.ttl,line=1,col=13,title=syntax::")
    assert on_github.stderr == "1 error\n"  # no second copy, which GitHub would read too


def test_every_form_can_go_to_a_file_while_people_read_text(here: Path) -> None:
    result = validate(here, "people.ttl", "--format", "junit", "--output", "report.xml")
    assert result.stdout.startswith("people.ttl:4:10: violation ")
    suites = ElementTree.parse(here / "report.xml").getroot()  # noqa: S314 (our own output)
    assert suites.get("failures") == "1"
    broken = validate(here, "people.ttl", "--output", "no/report.txt")
    assert broken.returncode == 2
    assert "error: --output: no/report.txt cannot be written: No such file or directory." in broken.stderr


def test_no_locale_breaks_the_output(here: Path) -> None:
    change(here / "people.ttl", "forty", "сорок")
    result = validate(here, "people.ttl", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert 'value "сорок"' in result.stdout


def test_the_summary_has_a_line_for_each_shape(here: Path) -> None:
    result = validate(here, "people.ttl", "--summary")
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["shape", "nodes", "violation", "warning", "info"],
        ["person-age", "1"],
        ["PersonShape", "2"],
        ["CityShape", "none!"],
    ]


def test_a_cap_is_said(here: Path) -> None:
    result = validate(here, "people.ttl", "--max-results", "0")
    assert (result.returncode, result.stdout) == (1, "")
    assert "1 more finding not shown: --max-results is 0" in result.stderr


def test_a_baseline_leaves_out_what_is_known_wherever_it_moves(here: Path) -> None:
    wrote = validate(here, "people.ttl", "--baseline", "known.json", "--write-baseline")
    assert (wrote.returncode, wrote.stdout) == (0, "")
    assert "1 finding written to known.json" in wrote.stderr
    (here / "people.ttl").write_text("\n# moved\n" + PEOPLE, "utf-8")
    known = validate(here, "people.ttl", "--baseline", "known.json")
    assert (known.returncode, known.stdout) == (0, "")
    assert "1 finding in the baseline not shown" in known.stderr
    change(here / "people.ttl", "ex:age 3", 'ex:age "three"')
    new = validate(here, "people.ttl", "--baseline", "known.json")
    assert new.returncode == 1
    assert new.stdout.count("violation") == 1
    assert 'value "three"' in new.stdout


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.needs("git")
def test_only_what_a_change_touched_or_broke_is_reported(here: Path) -> None:
    git(here, "init", "-q")
    git(here, "add", ".")
    git(here, "commit", "-qm", "first")
    clean = validate(here, "people.ttl", "--changed-since", "HEAD", "--fail-on", "info")
    assert (clean.returncode, clean.stdout) == (0, "")
    assert "1 finding that the change did not touch not shown" in clean.stderr
    # Ann's line stays as it is; but what she knows is no person any more.
    change(here / "people.ttl", "ex:bob a ex:Person", "ex:bob a ex:Dog")
    broke = validate(here, "people.ttl", "--changed-since", "HEAD", "--fail-on", "info")
    assert broke.returncode == 1
    assert broke.stdout.startswith("people.ttl:5:12: warning person-knows: ")
    assert broke.stdout.count("\n") == 2
    change(here / "people.ttl", '"forty" ;', '"forty" ; # old, but on a line that changed')
    touched = validate(here, "people.ttl", "--changed-since", "HEAD")
    assert touched.stdout.startswith("people.ttl:4:10: violation person-age: ")


@pytest.mark.needs("git")
def test_a_new_rule_reports_what_it_finds_in_old_files(here: Path) -> None:
    git(here, "init", "-q")
    change(here / "shapes.ttl", "sh:datatype xsd:integer ;", "")
    git(here, "add", ".")
    git(here, "commit", "-qm", "first")
    change(
        here / "shapes.ttl",
        "ex:person-age sh:path ex:age ;",
        "ex:person-age sh:path ex:age ; sh:datatype xsd:integer ;",
    )
    assert validate(here, "people.ttl", "--changed-since", "HEAD").returncode == 1


def test_engines_can_be_chosen_and_compared(here: Path) -> None:
    for engine in ("shacl", "pyshacl"):
        said = json.loads(validate(here, "people.ttl", "--engine", engine, "--json").stdout)
        assert [name.split()[0] for name in said["engines"]] == [engine]
    both = validate(here, "people.ttl", "--cross-check", "--json")
    assert both.returncode == 1
    assert len(json.loads(both.stdout)["engines"]) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--write-baseline"], "--write-baseline needs --baseline FILE."),
        (["--baseline", "none.json"], "none.json: cannot be read: No such file or directory. Make it with"),
        (["--changed-since", "HEAD"], "is not in a git repository. Leave the option out"),
        (["--format", "yaml"], "'yaml' is not one of 'text', 'github', 'gitlab', 'sarif', 'junit'"),
        (["--engine", "magic"], "'magic' is not one of 'auto', 'shacl', 'pyshacl'"),
        (["--timeout", "0"], "Invalid value for '--timeout'"),
        (["--config", "none.toml"], "none.toml: cannot be read: No such file or directory."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_one_clear_line_and_exit_code_2(arguments: list[str], message: str, here: Path) -> None:
    result = validate(here, "people.ttl", *arguments)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())


def test_shapes_beyond_measure_have_file_and_line(here: Path) -> None:
    chain = "".join(f"ex:N{n} a sh:NodeShape ;\n  sh:not ex:N{n + 1} .\n" for n in range(5000))
    lines = SHAPES.count("\n")
    (here / "shapes.ttl").write_text(SHAPES + chain, "utf-8")
    result = validate(here, "people.ttl")
    assert result.stdout.splitlines()[0] == (
        f"shapes.ttl:{lines + 83}:1: error deep-shapes: Shapes nest more than 40 deep, which no engine "
        "follows. Here is the first too deep."
    )
    assert result.returncode == 2


@pytest.mark.parametrize("mended", [False, True])
def test_nameless_shapes_have_a_place_too(here: Path, mended: bool) -> None:
    pattern = "a" if mended else "("
    part = f'\nex:PersonShape sh:property\n  [ sh:path ex:age ;\n    sh:pattern "{pattern}" ] .\n'
    (here / "shapes.ttl").write_text(SHAPES + part, "utf-8")
    result = validate(here, "people.ttl")
    place = f"shapes.ttl:{SHAPES.count(chr(10)) + 4}:16: error bad-pattern: "
    assert result.stdout.startswith(place) is not mended
    assert result.returncode == (1 if mended else 2)


def test_shape_without_second_opinion_can_fail_the_run(here: Path) -> None:
    (here / "shapes.ttl").write_text(SHAPES.replace("sh:nodeKind sh:IRI", 'sh:pattern "(?!x)"'), "utf-8")
    (here / "people.ttl").write_text("<http://e/a> a <http://example.org/City> .", "utf-8")
    line = SHAPES.count("\n")
    for fail_on, code in (("violation", 0), ("warning", 1)):
        result = validate(here, "people.ttl", "--cross-check", "--fail-on", fail_on)
        assert result.stdout.startswith(f"shapes.ttl:{line}:1: warning single-opinion: ")
        assert result.returncode == code
