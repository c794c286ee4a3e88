"""The public interface: what `sauran` exports, its examples, and that importing it loads nothing else."""

import ast
import doctest
import inspect
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import sauran as command

import sauran

_FLAGS = doctest.ELLIPSIS
_FILE = re.compile(r"^```turtle file=(shop\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def here(tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the files of the examples: shop.ttl and its shapes, and the harbour."""
    files = _FILE.findall((checkout / "docs/tutorials/check-your-data.md").read_text("utf-8"))
    assert {name for name, _ in files} >= {"shop.ttl", "shop-shapes.ttl"}
    for name, text in files:
        (tmp_path / name).write_text(text, "utf-8")
    shutil.copytree(checkout / "tests/publications/harbour", tmp_path / "harbour")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_examples(name: str, text: str) -> int:
    """Run the examples of a text one after another, with the public names at hand; give their number."""
    names = {public: getattr(sauran, public) for public in sauran.__all__}
    found = doctest.DocTestParser().get_doctest(text, names, name, None, None)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=_FLAGS).run(found, out=said.append)
    assert not said, "".join(said)
    return len(found.examples)


@pytest.mark.parametrize(
    "name", ["sauran", "build", "open_release", "validate", "write_report", "Release.query"]
)
def test_examples_of_docstrings_hold(name: str, here: Path) -> None:
    if name in ("open_release", "Release.query"):
        assert sauran.build("harbour", "releases").release
    documented: object = sauran
    for part in name.split(".") if name != "sauran" else ():
        documented = getattr(documented, part)
    assert run_examples(name, inspect.getdoc(documented) or "") > 1


def test_examples_of_the_page_hold(here: Path, checkout: Path) -> None:
    page = (checkout / "docs/how-to/use-python.md").read_text("utf-8")
    assert run_examples("docs/how-to/use-python.md", "\n".join(_FENCE.findall(page))) > 20
    assert json.loads((here / "findings.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_an_example_that_does_not_hold_is_noticed() -> None:
    with pytest.raises(AssertionError, match="Expected"):
        run_examples("wrong", ">>> 1 + 1\n3\n")


def test_the_page_lists_every_public_name_once(checkout: Path) -> None:
    table = (
        (checkout / "docs/reference/python.md")
        .read_text("utf-8")
        .partition("\n## Names\n")[2]
        .partition("\n## ")[0]
    )
    rows = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(sauran.__all__)


def loaded_by(statement: str) -> set[str]:
    """The modules that a new process has after a statement."""
    code = f"{statement}; import json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))


def test_importing_sauran_loads_none_of_its_modules() -> None:
    loaded = loaded_by("import sauran")
    assert "sauran" in loaded
    assert {
        n for n in loaded if n.startswith("sauran.") or n in ("pyoxigraph", "flask", "rdflib", "click")
    } == set()
    assert "pyoxigraph" in loaded_by("from sauran import Finding")


def test_validation_loads_neither_server_nor_releases() -> None:
    loaded = loaded_by("from sauran import validate, write_report")
    assert "sauran.kg.validate.files" in loaded
    assert {
        n for n in loaded if n.startswith(("sauran.server", "sauran.kg.release")) or n == "flask"
    } == set()


def test_names_are_sorted_and_documented() -> None:
    assert sauran.__all__ == sorted(sauran.__all__, key=lambda name: (name[0].islower(), name))
    assert [name for name in sauran.__all__ if not inspect.getdoc(getattr(sauran, name))] == []
    assert set(sauran.__all__) <= set(dir(sauran))


def test_type_checkers_see_the_names_that_programs_get(checkout: Path) -> None:
    tree = ast.parse((checkout / "sauran/__init__.py").read_text("utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If) and node.orelse]
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted(seen) == sorted(sauran.__all__)
    assert seen == sauran._MODULE_OF
    assert all(module and module.startswith("sauran.kg.") for module in seen.values())


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'sauran' has no attribute 'nothing'"):
        sauran.nothing  # noqa: B018 (the access is what is tested)


def test_unusable_data_are_findings_with_a_place(here: Path) -> None:
    (here / "broken.ttl").write_text("<urn:a> <urn:b> .\n", "utf-8")
    results = sauran.validate([here / "broken.ttl"], Path("shop-shapes.ttl"))
    assert results.conforms is None
    assert [(finding.place.file, finding.place.line) for finding in results.findings if finding.place] == [
        (str(here / "broken.ttl"), 1)
    ]
    assert sauran.validate("shop.ttl", "shop-shapes.ttl", cross_check=True).conforms is False


def test_reports_are_those_of_the_command(here: Path) -> None:
    results = sauran.validate("shop.ttl", "shop-shapes.ttl")
    for form in ("gitlab", "github", "turtle", "text"):
        done = command("validate", "shop.ttl", "--shapes", "shop-shapes.ttl", "--format", form)
        assert sauran.write_report(results, form) == done.stdout


@pytest.mark.parametrize("data", [[], "-", ["shop.ttl", "-"]])
def test_no_data_and_standard_input_are_refused(data: str | list[str], here: Path) -> None:
    with pytest.raises(sauran.UsageError, match=r"^data: "):
        sauran.validate(data, "shop-shapes.ttl")


def test_an_unknown_form_of_reports_names_those_that_exist() -> None:
    with pytest.raises(
        sauran.UsageError, match=r"'pdf' is not a format of reports\. Use one of text, github,"
    ):
        sauran.write_report(sauran.Results(()), "pdf")


def test_a_violation_gives_findings_and_no_release(here: Path) -> None:
    claims = here / "harbour/datasets/harbour/claims.ttl"
    claims.write_text(re.sub(r"^  sec:statedIn .*\n", "", claims.read_text("utf-8"), flags=re.M), "utf-8")
    result = sauran.build(here / "harbour/publication.toml", here / "releases")
    assert result.release is None
    assert {finding.rule for finding in result.findings} >= {"claim-has-passage"}
    with pytest.raises(sauran.ReleaseError, match="holds no release yet"):
        sauran.open_release(here / "releases")


def test_a_version_is_opened_by_name_and_updates_are_refused(here: Path) -> None:
    built = sauran.build("harbour", "releases").release
    assert built is not None
    assert sauran.open_release("releases", built.version) == built == sauran.open_release(here / "releases")
    with pytest.raises(sauran.ReleaseError, match="is not a complete release"):
        sauran.open_release("releases", "9.9")
    with pytest.raises(sauran.QueryError):
        built.query("DROP ALL")
