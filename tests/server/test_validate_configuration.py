"""The configuration of `sauran validate`: where it is found, what it may say, how it is refused."""

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
    assert "none/*.ttl: violation input: matches no file." in result.stdout


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
        ("max-results = 5", 'max-results = "5"', ":9: max-results is not a number. Write a number."),
        ("max-results = 5", "max-results = -5", ":9: max-results is -5. Write a number above 0."),
        ("timeout = 20", "timeout = true", ":11: timeout is not a number. Write a number, without quotes."),
        ('files = ["data/*.ttl"]', 'files = "data"', ":5: files is not a list of strings. Write a list of"),
        ('format = "github"', 'format = "yaml"', ":7: format is 'yaml'. Write one of text, github, gitlab,"),
        ('fail-on = "warning"', "fail-on = [", ":9:1: is not TOML: Invalid value."),
        ("summary = false", 'summary = "no"', ":12: summary is not true or false. Write true or false."),
    ],
    ids=["unknown", "text", "negative", "truth", "no list", "format", "no TOML", "no truth"],
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
    assert "error: sauran.toml:1: validate is no table. Write [validate]." in wrong.stderr
