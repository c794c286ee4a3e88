"""What a new row of the table of report formats does: the API, the command and the server know it.

The row is written into the source of the table, before anything has read it, in every process.
"""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from support import free_port
from web_support import CHECKOUT, Site, running_server

import sauran.kg.reports

ROWS = """
        ReportFormat("tally", "text/x-tally", "those who count", served=9),
        ReportFormat("silent", "text/x-silent", "the command only"),
"""
# Python runs it before anything else.
START = f"""
import importlib.util
import sys
import types

spec = importlib.util.find_spec({sauran.kg.reports.__name__!r})
before, start, after = spec.loader.get_source(spec.name).partition('        ReportFormat("html"')
assert start
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
exec(compile(before + {ROWS!r} + start + after, spec.origin, "exec"), module.__dict__)
for name in ("tally", "silent"):
    writer = sys.modules[f"{{spec.name}}.{{name}}"] = types.ModuleType(name)
    setattr(writer, f"write_{{name}}", lambda results: f"{{len(results.findings)}} findings\\n")
"""
CLAIM = "<urn:a> a <https://w3id.org/sauran/ontology#Claim> .\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "sitecustomize.py").write_text(START, "utf-8")
    (tmp_path / "claim.ttl").write_text(CLAIM, "utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(CHECKOUT)])}


def run(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["tally", "silent"])
def test_the_command_and_the_api_write_it(name: str, tmp_path: Path, environment: dict[str, str]) -> None:
    file = str(tmp_path / "claim.ttl")
    written = run("-m", "sauran", "validate", file, "--format", name, **environment)
    assert written.endswith(" findings\n")
    code = f"import sauran; print(sauran.write_report(sauran.validate({file!r}), {name!r}), end='')"
    assert run("-c", code, **environment) == written
    assert f" {name}," in run("-m", "sauran", "validate", "--help", **environment).replace("|", ", ") + ","


def test_the_server_answers_in_what_is_served(environment: dict[str, str], harbour_site: Site) -> None:
    with running_server(harbour_site.releases, free_port(), **environment) as address:
        for media_type in ("text/x-tally", "text/x-silent;q=0.9, text/x-tally;q=0.1"):
            request = urllib.request.Request(
                f"{address}validate", CLAIM.encode(), {"Content-Type": "text/turtle", "Accept": media_type}
            )
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert answer.headers["Content-Type"] == "text/x-tally; charset=utf-8"
                assert answer.read().endswith(b" findings\n")
        with urllib.request.urlopen(f"{address}en/validate", timeout=20) as answer:
            page = answer.read().decode()
    assert "text/x-tally" in page
    assert "text/x-silent" not in page
