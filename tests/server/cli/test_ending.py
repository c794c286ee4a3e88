"""How `sauran` ends: signals, readers that go away, streams that are closed or full; never as findings."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import CHECKOUT, sauran, wait_for

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
ex:TeaShape a sh:NodeShape ; sh:targetClass ex:Tea ; sh:property ex:tea-name .
ex:tea-name sh:path ex:name ; sh:minCount 1 .
"""
COMMAND = (sys.executable, "-m", "sauran", "validate", "teas.ttl", "--shapes", "shapes.ttl")
MANY = 5000  # findings that fill any pipe
SLOW = 50_000  # nodes that keep pySHACL busy


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with shapes and many teas without a name."""
    (tmp_path / "shapes.ttl").write_text(SHAPES, "utf-8")
    teas(tmp_path, MANY)
    return tmp_path


def teas(folder: Path, number: int) -> None:
    lines = (f"<http://example.org/t{n}> a <http://example.org/Tea> .\n" for n in range(number))
    (folder / "teas.ttl").write_text("".join(lines), "utf-8")


def shell(here: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in which $S is the command on the teas."""
    command = f'"{sys.executable}" -m sauran validate teas.ttl --shapes shapes.ttl'
    return subprocess.run(
        ["/bin/bash", "-c", script.replace("$S", command)],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_reader_that_goes_away_changes_no_verdict(here: Path) -> None:
    for reader in ("true", "head -n 1 >/dev/null"):
        result = shell(here, f'$S | {reader}; echo "${{PIPESTATUS[0]}}"')
        assert result.stdout == "1\n"
        assert result.stderr.startswith("5000 violations\n")
    assert shell(here, '$S 2>&1 | true; echo "${PIPESTATUS[0]}"').stdout == "1\n"


def test_other_results_whose_reader_goes_away_end_as_programs_do_that_the_system_ends(here: Path) -> None:
    script = f'("{sys.executable}" -m sauran query --help; echo "$?" >&2) | true'
    assert shell(here, script).stderr == "141\n"


def test_a_full_disc_is_said(here: Path) -> None:
    result = shell(here, "$S --max-results 1 >/dev/full")
    assert result.returncode == 2
    assert result.stderr == "error: standard output: cannot be written: No space left on device.\n"


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_change_no_verdict(here: Path, closed: str) -> None:
    result = shell(here, f"$S {closed}")
    assert result.returncode == 1
    assert ("violation tea-name" in result.stdout) == (">&-" not in closed.split())
    assert ("5000 violations" in result.stderr) == ("2>&-" not in closed)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signals_end_it_as_they_should_and_leave_nothing_behind(here: Path, name: str) -> None:
    teas(here, SLOW)
    temporary = here / "temporary"
    temporary.mkdir()
    number = signal.Signals[name]
    process = subprocess.Popen(
        # A gate that runs in the background ignores SIGINT, and hands that down.
        ["env", "--default-signal=INT", *COMMAND, "--engine", "pyshacl"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_for(lambda: any(temporary.iterdir()), seconds=30)
    process.send_signal(number)
    said, talk = process.communicate(timeout=60)
    assert (process.returncode, said, talk) == (128 + number, b"", b"")
    assert list(temporary.iterdir()) == []


def test_sigint_within_exec_ends_with_the_same_code() -> None:
    code = (
        f"import sys; sys.path.append({str(CHECKOUT)!r})\n"
        "from sauran.server.cli.ending import end_on_signals; end_on_signals()\n"
        "exec('import os, signal; os.kill(os.getpid(), signal.SIGINT)')"
    )
    command = ["env", "--default-signal=INT", sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (130, b"")


@pytest.mark.parametrize("timeout", ["nan", "inf", "1e300"])
def test_a_time_that_is_none_is_wrong_use(here: Path, timeout: str) -> None:
    result = sauran("validate", "teas.ttl", "--shapes", "shapes.ttl", "--timeout", timeout, cwd=here)
    assert result.returncode == 2
    assert f"'{timeout}' is not a number from 0.1 to 1000000." in result.stderr


def test_no_colour_means_none_on_either_stream(here: Path) -> None:
    def on_terminal(**more: str) -> bytes:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [*COMMAND, "--max-results", "1"],
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT), "TERM": "xterm", **more},
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        read = b""
        try:
            while part := os.read(ours, 1 << 16):
                read += part
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(ours)
        assert process.wait() == 1
        return read

    assert b"\x1b[31m5000 violations" in on_terminal(NO_COLOR="")
    assert b"\x1b[" not in on_terminal(NO_COLOR="1")


def test_a_fault_of_ours_does_not_look_like_findings(here: Path) -> None:
    script = (
        "import sauran.server.cli.validate as v, sauran.server.cli.main as c\n"
        "def fail(asked): raise RuntimeError('not foreseen')\n"
        "v.validate_files = fail\n"
        "c.main(['validate', 'teas.ttl'])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr.splitlines()[-1]) == (4, "RuntimeError: not foreseen")
