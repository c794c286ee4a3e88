"""What CI services take from here: the pre-commit hook, the GitHub Action, the GitLab component."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
WHEELS = CHECKOUT / ".venv" / "wheels"
VERSION = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
ex:TeaShape a sh:NodeShape ; sh:targetClass ex:Tea ; sh:property ex:tea-price .
ex:tea-price sh:path ex:price ; sh:minCount 1 ; sh:message "A tea has a price."@en .
"""
GOOD = "<http://example.org/a> a <http://example.org/Tea> ; <http://example.org/price> 1 .\n"
PRICE = "<http://example.org/price> 1"
BAD = "<http://example.org/b> a <http://example.org/Tea> .\n"


def run(*command: str | Path, cwd: Path, code: int | None = 0, **environment: str) -> str:
    """Run a program; with `code` it must end so."""
    # What pytest and a hook that runs it set for git must not reach the sample.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT", "PIP_"))}
    result = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert code is None or result.returncode == code, result.stdout + result.stderr
    return result.stdout + result.stderr


@pytest.fixture
def programs(tmp_path: Path) -> dict[str, str]:
    """The environment in which `sauran` is the command of this checkout."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "sauran").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sauran "$@"\n', "utf-8")
    (folder / "sauran").chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(CHECKOUT)}


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A repository of somebody who wants clean RDF; its data have a fault."""
    folder = tmp_path / "sample"
    (folder / "data").mkdir(parents=True)
    (folder / "data/good.ttl").write_text(GOOD, "utf-8")
    (folder / "data/it's bad.ttl").write_text(BAD, "utf-8")
    (folder / "shapes.ttl").write_text(SHAPES, "utf-8")
    (folder / "sauran.toml").write_text('[validate]\nfiles = ["data"]\nshapes = ["shapes.ttl"]\n', "utf-8")
    return folder


FOUND = "data/it's bad.ttl:1:1: violation tea-price: A tea has a price."


# pre-commit


def repository(folder: Path) -> None:
    run("git", "init", "-q", cwd=folder)
    run("git", "add", ".", cwd=folder)
    name = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    run("git", *name, "commit", "-qm", "first", cwd=folder)


def pre_commit(folder: Path, *arguments: str, code: int, **environment: str) -> str:
    home = {"PRE_COMMIT_HOME": str(folder.parent / "pre-commit"), "PRE_COMMIT_COLOR": "never"}
    return run(sys.executable, "-m", "pre_commit", *arguments, cwd=folder, code=code, **home, **environment)


def hook() -> dict[str, Any]:
    (only,) = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    return dict(only)


@pytest.mark.needs("git")
def test_the_hook_definition_is_one_of_pre_commit(sample: Path) -> None:
    assert not pre_commit(sample, "validate-manifest", str(CHECKOUT / ".pre-commit-hooks.yaml"), code=0)


@pytest.mark.needs("git")
def test_the_hook_checks_all_files_whenever_one_changes(sample: Path, programs: dict[str, str]) -> None:
    # The same hook, but with the command of this checkout in place of an installation.
    local = {**hook(), "language": "system"}
    local.pop("minimum_pre_commit_version")
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (sample / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    repository(sample)
    assert FOUND in pre_commit(sample, "run", "--all-files", code=1, **programs)
    (sample / "data/it's bad.ttl").write_text(GOOD, "utf-8")
    run("git", "add", ".", cwd=sample)
    assert "Passed" in pre_commit(sample, "run", code=0, **programs)
    (sample / "data/it's bad.ttl").write_text(BAD, "utf-8")
    (sample / "data/PRICE.TTL").write_text(BAD.replace("a <http://example.org/Tea>", PRICE), "utf-8")
    run("git", "add", ".", cwd=sample)
    assert "Passed" in pre_commit(sample, "run", code=0, **programs)
    repository(sample)
    run("git", "rm", "-q", "data/PRICE.TTL", cwd=sample)
    assert FOUND in pre_commit(sample, "run", code=1, **programs)


@pytest.mark.needs("git")
def test_the_hook_can_be_kept_to_commits_of_rdf(sample: Path, programs: dict[str, str]) -> None:
    local = {**hook(), "language": "system", "always_run": False}
    local.pop("minimum_pre_commit_version")
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (sample / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    repository(sample)
    (sample / "notes.txt").write_text("no RDF", "utf-8")
    run("git", "add", ".", cwd=sample)
    assert "Skipped" in pre_commit(sample, "run", code=0, **programs)
    (sample / "data/MORE.TTL").write_text(GOOD, "utf-8")
    run("git", "add", ".", cwd=sample)
    assert FOUND in pre_commit(sample, "run", code=1, **programs)


@pytest.mark.slow
@pytest.mark.needs("git")
def test_the_hook_installs_from_a_clone(sample: Path, tmp_path: Path) -> None:
    if not WHEELS.is_dir():
        pytest.skip(f"no wheel cache at {WHEELS}: make test fills it")
    clone = tmp_path / "clone"
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "dist")
    for name in ("sauran", "kg", "server", "ontology", "shapes", "frontend", "tests/shapes"):
        shutil.copytree(CHECKOUT / name, clone / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "hatch_build.py"):
        shutil.copy(CHECKOUT / name, clone)
    repository(clone)
    repository(sample)
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(WHEELS), "PIP_CONFIG_FILE": os.devnull}
    offline["SAURAN_ASSETS"] = "skip"  # who validates needs no pages
    said = pre_commit(sample, "try-repo", clone.as_uri(), "--all-files", "--verbose", code=1, **offline)
    assert FOUND in said


# GitHub


def steps() -> dict[str, dict[str, Any]]:
    action = yaml.safe_load((CHECKOUT / "action.yml").read_text("utf-8"))
    assert action["runs"]["using"] == "composite"
    return {step["name"]: step for step in action["runs"]["steps"]}


def inputs(**given: str) -> dict[str, str]:
    """The variables of the step that validates, as GitHub fills them."""
    declared = yaml.safe_load((CHECKOUT / "action.yml").read_text("utf-8"))["inputs"]
    values = {name: given.get(name, one["default"]) for name, one in declared.items()}
    variables = steps()["Validate"]["env"]
    return {
        name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")] for name, text in variables.items()
    }


def test_the_action_installs_the_released_version() -> None:
    declared = yaml.safe_load((CHECKOUT / "action.yml").read_text("utf-8"))["inputs"]
    assert declared["version"]["default"] == VERSION
    assert all(one["description"] for one in declared.values())
    assert '"sauran==$VERSION"' in steps()["Install sauran"]["run"]


def test_scripts_of_the_action_hold_no_input() -> None:
    assert len(steps()) == 2
    assert not any("${{" in step["run"] for step in steps().values())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "::error file=data/it's bad.ttl,line=1,col=1,title=tea-price::A tea has a price."),
        ({"files": "data/good.ttl\ndata/it's bad.ttl", "shapes": "shapes.ttl", "format": "text"}, FOUND),
        ({"files": "  data/it's bad.ttl\t\r\n", "shapes": " shapes.ttl\r\n\r\n", "format": "text"}, FOUND),
        ({"arguments": "--summary\n--fail-on=info", "format": "text"}, "tea-price                 1"),
    ],
    ids=["configuration", "files and shapes", "spaces and carriage returns", "arguments"],
)
def test_the_action_validates(
    given: dict[str, str], expected: str, sample: Path, programs: dict[str, str]
) -> None:
    script = steps()["Validate"]["run"]
    said = run("bash", "-eo", "pipefail", "-c", script, cwd=sample, code=1, **programs, **inputs(**given))
    assert expected in said


def test_the_action_writes_a_file_and_runs_nothing_of_its_inputs(
    sample: Path, programs: dict[str, str]
) -> None:
    script = steps()["Validate"]["run"]
    given = inputs(
        files="$(touch mark)\n`touch mark`;touch mark\n--summary", format="sarif", output="a b.sarif"
    )
    run("bash", "-eo", "pipefail", "-c", script, cwd=sample, code=2, **programs, **given)
    assert (sample / "a b.sarif").read_text("utf-8").startswith("{")
    assert not (sample / "mark").exists()


# GitLab


def component(**given: str) -> dict[str, Any]:
    """The job that the template makes, its inputs filled in as GitLab does."""
    text = (CHECKOUT / "templates/validate.yml").read_text("utf-8")
    head, body = text.split("\n---\n")
    declared = yaml.safe_load(head)["spec"]["inputs"]
    values = {name: given.get(name, one["default"]) for name, one in declared.items()}
    filled = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: values[found[1]], body)
    assert "$[[" not in filled
    return dict(yaml.safe_load(filled)["sauran-validate"])


def test_the_component_writes_the_report_that_gitlab_takes_up(sample: Path, programs: dict[str, str]) -> None:
    job = component(arguments="'data/it'\\''s bad.ttl' --shapes shapes.ttl")
    install, check = job["script"]
    assert install.endswith(f'"sauran=={VERSION}"')
    assert FOUND in run("sh", "-c", check, cwd=sample, code=1, **programs)
    issues = yaml.safe_load((sample / job["artifacts"]["reports"]["codequality"]).read_text("utf-8"))
    assert [issue["location"] for issue in issues] == [{"path": "data/it's bad.ttl", "lines": {"begin": 1}}]


def test_only_a_run_without_verdict_is_tried_again() -> None:
    assert component()["retry"] == {"max": 1, "exit_codes": 4}
