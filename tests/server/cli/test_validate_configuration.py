"""The configuration of `sauran validate`: where it is found, what it may say, how it is refused."""

import json
from pathlib import Path

import pytest
from support import sauran

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .

ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:person-name .
ex:person-name sh:path ex:name ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "A name."@en .
"""
ALL = """\
[tool.other]
files = 3

[tool.sauran.validate]
files = ["data/*.ttl"]
shapes = ["shapes/shapes.ttl"]
format = "github"
fail-on = "warning"
max-results = 5
language = "en"
timeout = 20
summary = false
cross-check = false
engine = "auto"
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with data, shapes and a configuration."""
    for folder in ("data", "shapes"):
        (tmp_path / folder).mkdir()
    (tmp_path / "data/a.ttl").write_text("<http://example.org/a> a <http://example.org/Person> .\n", "utf-8")
    (tmp_path / "shapes/shapes.ttl").write_text(SHAPES, "utf-8")
    (tmp_path / "pyproject.toml").write_text(ALL, "utf-8")
    return tmp_path


def test_everything_can_be_configured_and_the_command_line_wins(here: Path) -> None:
    result = sauran("validate", cwd=here)
    assert result.returncode == 1
    assert result.stdout.startswith("::warning file=data/a.ttl,line=1,col=1,title=person-name::A name.")
    other = sauran("validate", "--format", "text", "--fail-on", "violation", cwd=here)
    assert other.returncode == 0
    assert other.stdout.startswith("data/a.ttl:1:1: warning person-name: A name.")


def test_sauran_toml_comes_before_pyproject(here: Path) -> None:
    (here / "sauran.toml").write_text('[validate]\nfiles = ["none/*.ttl"]\n', "utf-8")
    result = sauran("validate", cwd=here)
    assert result.returncode == 2
    assert "none/*.ttl: error input: matches no file." in result.stdout


def test_paths_are_those_of_the_folder_of_the_file(
    here: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    result = sauran("validate", "--config", here / "pyproject.toml", "--format", "text", cwd=elsewhere)
    assert result.stdout.startswith(f"{here}/data/a.ttl:1:1: warning ")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("max-results = 5", "max-result = 5", ":9: unknown key 'max-result'. Did you mean max-results?"),
        ("max-results = 5", 'max-results = "5"', ":9: max-results is not a number. Write a number,"),
        ("max-results = 5", "max-results = -5", ":9: max-results is -5. Write a whole number from 0 on."),
        ("max-results = 5", "max-results = 1.5", ":9: max-results is 1.5. Write a whole number from 0 on."),
        ("timeout = 20", "timeout = 0", ":11: timeout is 0. Write a number from 0.1 to 1000000."),
        ("timeout = 20", "timeout = nan", ":11: timeout is nan. Write a number from 0.1 to 1000000."),
        ("timeout = 20", "memory = 1", ":11: memory is 1. Write a whole number from 64 to 16777216."),
        ('language = "en"', 'language = "x y"', ":10: language is 'x y'. Write a tag such as fr or de-AT."),
        ('shapes = ["shapes/shapes.ttl"]', 'shapes = [""]', ":6: shapes has an empty name. Name a file, or"),
        ('engine = "auto"', "[tool.sauran.validate.sub]\na = 1", ":14: unknown key 'sub'. Known keys:"),
        ('engine = "auto"', "[tool.sauran.validat]", ":14: unknown key 'validat'. Did you mean validate?"),
        ('engine = "auto"', 'imports = { "a/b" = "c.ttl" }', ":14: 'a/b' is not a valid IRI. Write"),
        ('engine = "auto"', 'imports = { "urn:x" = 1 }', ":14: the copy of urn:x is not a file name."),
        ("timeout = 20", "timeout = true", ":11: timeout is not a number. Write a number, without quotes."),
        ('files = ["data/*.ttl"]', 'files = "data"', ':5: files is not a list of strings. Write files ='),
        ('format = "github"', 'format = "yaml"', ":7: format is 'yaml'. Write one of text, github, gitlab,"),
        ('fail-on = "warning"', "fail-on = [", ":9:1: is not TOML: Invalid value."),
        ("summary = false", 'summary = "no"', ":12: summary is not true or false. Write true or false,"),
    ],
    ids=[
        "unknown", "text", "negative", "fraction", "no time", "no number", "little memory", "no tag",
        "empty name", "table inside", "table beside", "no IRI", "no copy", "truth", "no list", "format",
        "no TOML", "no truth",
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line(old: str, new: str, message: str, here: Path) -> None:
    assert ALL.count(old) == 1
    (here / "pyproject.toml").write_text(ALL.replace(old, new), "utf-8")
    result = sauran("validate", cwd=here)
    assert result.returncode == 2
    assert f"error: pyproject.toml{message}" in result.stderr


def test_a_file_without_our_table_is_no_configuration(here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool.other]\n", "utf-8")
    assert sauran("validate", "data/a.ttl", "--shapes", "shapes/shapes.ttl", cwd=here).returncode == 0
    named = sauran("validate", "--config", "pyproject.toml", cwd=here)
    assert "error: pyproject.toml: has no table [tool.sauran.validate]. Add it, or name" in named.stderr
    (here / "sauran.toml").write_text("validate = 1\n", "utf-8")
    wrong = sauran("validate", cwd=here)
    assert "error: sauran.toml:1: validate is not a table. Write [validate]." in wrong.stderr


def test_a_key_of_an_inline_table_and_bytes_that_are_no_text_have_their_line(here: Path) -> None:
    (here / "sauran.toml").write_text("# ours\n\nvalidate = { max-result = 3 }\n", "utf-8")
    assert "error: sauran.toml:3: unknown key 'max-result'." in sauran("validate", cwd=here).stderr
    (here / "sauran.toml").write_bytes(b"[validate]\n# caf\xe9\n")
    assert "error: sauran.toml:2: the byte 0xE9 is not valid UTF-8." in sauran("validate", cwd=here).stderr
    (here / "sauran.toml").write_text("[validat]\n", "utf-8")
    assert "error: sauran.toml:1: unknown key 'validat'. Did you mean" in sauran("validate", cwd=here).stderr


def test_a_byte_order_mark_is_no_fault(here: Path) -> None:
    (here / "pyproject.toml").write_bytes(b"\xef\xbb\xbf" + ALL.encode())
    assert sauran("validate", cwd=here).returncode == 1


def test_the_command_line_switches_off_what_is_configured(here: Path) -> None:
    text = ALL.replace("= false", "= true")
    (here / "pyproject.toml").write_text(text.replace("github", "json"), "utf-8")
    both = json.loads(sauran("validate", cwd=here).stdout)
    one = json.loads(sauran("validate", "--no-cross-check", cwd=here).stdout)
    assert (len(both["engines"]), len(one["engines"])) == (2, 1)
    table = sauran("validate", "--format", "text", cwd=here).stdout
    listed = sauran("validate", "--format", "text", "--no-summary", cwd=here).stdout
    assert (table.split()[0], listed.split(":")[0]) == ("shape", "data/a.ttl")


def test_imports_come_from_local_copies_only(here: Path) -> None:
    (here / "shapes/copy.ttl").write_text(SHAPES, "utf-8")
    imports = (
        "<http://example.org/shapes> a <http://www.w3.org/2002/07/owl#Ontology> ;\n"
        "  <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:9/s?a=b> .\n"
        "<http://example.org/T> a <http://www.w3.org/ns/shacl#NodeShape> ;\n"
        "  <http://www.w3.org/ns/shacl#targetClass> <http://example.org/Person> ;\n"
        "  <http://www.w3.org/ns/shacl#nodeKind> <http://www.w3.org/ns/shacl#IRI> .\n"
    )
    (here / "shapes/shapes.ttl").write_text(imports, "utf-8")
    without = sauran("validate", "--format", "text", cwd=here)
    assert without.returncode == 1  # warnings count here: what is imported was not checked
    assert without.stdout.startswith(
        "shapes/shapes.ttl:2:43: warning import-missing: <http://127.0.0.1:9/s?a=b> is imported, but nothing "
        "is fetched. Give a local copy: --import http://127.0.0.1:9/s?a=b=FILE.\n"
    )
    given = sauran("validate", "--import", "http://127.0.0.1:9/s?a=b=shapes/copy.ttl", cwd=here)
    configured = ALL + '\n[tool.sauran.validate.imports]\n"http://127.0.0.1:9/s?a=b" = "shapes/copy.ttl"\n'
    (here / "pyproject.toml").write_text(configured, "utf-8")
    for result in (given, sauran("validate", cwd=here)):
        assert result.stdout.startswith("::warning file=data/a.ttl,line=1,col=1,title=person-name::A name.")
        assert "import-missing" not in result.stdout
    wrong = sauran("validate", "--import", "copy.ttl", cwd=here)
    assert (wrong.returncode, "'copy.ttl' is not IRI=FILE." in wrong.stderr) == (2, True)
