"""Children start with one connection and their own signals, and tell how they ended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import CHECKOUT

CODE = """
import os, signal, sys
sys.path.append(sys.argv[1])
from sauran.kg.processes.child_process import ForkedChild, fork, has_one_thread
"""


def in_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh Python: pytest and what it loads have threads, which a fork must not have."""
    command = [sys.executable, "-c", CODE + code, str(CHECKOUT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)


def test_a_fork_does_its_work_and_tells_how_it_ended() -> None:
    done = in_python("""
def kill_myself(): os.kill(os.getpid(), signal.SIGKILL)
print([ForkedChild(fork(work)).wait() for work in (int, lambda: 1 / 0, kill_myself)])
""")
    assert done.stdout == "[0, 70, -9]\n"
    assert "ZeroDivisionError" in done.stderr


def test_a_fork_has_default_handlers_and_the_mask_of_its_parent() -> None:
    done = in_python("""
signal.signal(signal.SIGTERM, lambda *_: None)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
def look():
    print(signal.getsignal(signal.SIGTERM).name, signal.getsignal(signal.SIGHUP).name, end=" ", flush=True)
    print([one.name for one in signal.pthread_sigmask(signal.SIG_BLOCK, ())], flush=True)
ForkedChild(fork(look)).wait()
print([one.name for one in signal.pthread_sigmask(signal.SIG_BLOCK, ())])
""")
    assert done.stdout == "SIG_DFL SIG_IGN ['SIGUSR1']\n['SIGUSR1']\n"


def test_a_fork_runs_no_clean_up_of_its_parent() -> None:
    done = in_python("""
import atexit
atexit.register(print, "cleaned up")
ForkedChild(fork(lambda: sys.exit(3))).wait()
print("forked", flush=True)
""")
    assert done.stdout == "forked\ncleaned up\n"


def test_waiting_for_a_fork_has_an_end_and_killing_it_too() -> None:
    done = in_python("""
import subprocess
child = ForkedChild(fork(signal.pause))
try:
    child.wait(0.05)
except subprocess.TimeoutExpired:
    print(child.poll(), child.returncode)
child.kill()
print(child.wait(5), child.poll(), child.returncode)
child.kill()
""")
    assert done.stdout == "None None\n-9 -9 -9\n"


def test_threads_are_seen() -> None:
    done = in_python("""
import threading
print(has_one_thread())
ended = threading.Event()
threading.Thread(target=ended.wait).start()
print(has_one_thread())
ended.set()
""")
    assert done.stdout == "True\nFalse\n"


@pytest.mark.parametrize("quiet", [True, False])
def test_a_program_has_its_connection_arguments_and_streams(tmp_path: Path, quiet: bool) -> None:
    (tmp_path / "echo_arguments.py").write_text(
        "import os, socket, sys\n"
        "def main(arguments):\n"
        "    with socket.socket(fileno=int(arguments[0])) as connection:\n"
        "        connection.sendall(repr([arguments[1:], sys.stdin.read()]).encode())\n"
        "    print('printed')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", STARTER, str(CHECKOUT), str(quiet)],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == ("" if quiet else "printed\n") + "[['a', 'b c'], 'input']\n"


STARTER = """
import socket, sys, tempfile
sys.path.append(sys.argv[1])
from sauran.kg.processes.child_process import start_program
ours, theirs = socket.socketpair()
with tempfile.TemporaryFile() as given:
    given.write(b"input")
    given.seek(0)
    quiet = sys.argv[2] == "True"
    child = start_program("echo_arguments", theirs, ("a", "b c"), stdin=given.fileno(), quiet=quiet)
theirs.close()
assert child.wait(30) == 0
print(ours.recv(1000).decode())
"""


def test_a_temporary_folder_goes_though_a_signal_comes_while_it_is_made(tmp_path: Path) -> None:
    code = """
from sauran.kg.processes.temporary_folder import temporary_folder
def end(*_): raise SystemExit(5)
signal.signal(signal.SIGTERM, end)
make = tempfile.mkdtemp
def make_late(**given):
    folder = make(**given)
    os.kill(os.getpid(), signal.SIGTERM)
    return folder
tempfile.mkdtemp = make_late
with temporary_folder():
    print("entered")
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", f"import tempfile\n{CODE}{code}", str(CHECKOUT)]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (5, b"", b"")
    assert list(tmp_path.iterdir()) == []
