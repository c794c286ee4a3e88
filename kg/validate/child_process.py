"""A job in a process of its own, fresh or copied, that may be slow, greedy or crash without harm."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol

from sauran.kg.model.errors import EngineError
from sauran.kg.publication.package_paths import import_root
from sauran.kg.validate.job import STDIN, Job, Limits, Verdict
from sauran.kg.validate.wire import error_of, plain_job, verdict_of

__all__ = ["Process", "run", "start_copy", "start_fresh"]

Progress = Callable[[str], None]
_GRACE_S = 1.0
_START = (
    "import sys; sys.path.append(sys.argv[1]); from sauran.kg.validate.child_process_main import main; "
    "main(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])"
)
_TASKS = Path("/proc/self/task")
_LOOK_S = 0.005
_FAILED = 70


class Process(Protocol):
    """A process that was started, as `subprocess` has them."""

    stdout: IO[bytes] | None

    @property
    def returncode(self) -> int | None:
        """How it ended; None while nobody has looked."""

    def poll(self) -> int | None:
        """How it ended; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""

    def kill(self) -> None:
        """End it."""


Start = Callable[[int, str, int | None], Process]


def start_fresh(receive: int, folder: str, stdin: int | None) -> Process:
    """Start the process of a job: it reads it from a pipe, and may write into a folder."""
    package = str(import_root())
    # -P: a folder `shacl` or `rdflib` that lies where the person works must not be imported.
    return subprocess.Popen(  # noqa: S603 (our own module, no words of strangers)
        [sys.executable, "-P", "-c", _START, package, str(receive), str(os.getpid()), folder],
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(receive,),
    )


def run(
    job: Job,
    progress: Progress = lambda step: None,
    stdin: bytes | None = None,
    start: Start = start_fresh,
) -> Verdict:
    """Do a job within its limits, without network and without any file but its own.

    Shape: `stdin` stands for standard input, if given; `start` begins the process.
    Raises: UsageError for wrong use; ContentError for shapes that cannot be used; EngineError where there is
    the result could not be decided: an engine crashed, ran out of time or memory, or two differ.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sauran-"))
        given = None if stdin is None else stack.enter_context(_nameless(stdin))
        answer, code = _run(job, folder, progress, given, start)
    if "error" in answer:
        raise error_of(answer)
    if "verdict" not in answer:
        raise EngineError("validation", _why(code, job), limit="time" if code == -signal.SIGXCPU else "")
    return verdict_of(answer["verdict"])


def _nameless(data: bytes) -> IO[bytes]:
    """A file without name, in memory where there is such; it is gone with the processes that hold it."""
    if sys.platform == "linux":
        file: IO[bytes] = os.fdopen(os.memfd_create("sauran"), "w+b")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 (as above: it is returned)
    file.write(data)
    file.seek(0)
    return file


def _run(
    job: Job, folder: str, progress: Progress, given: IO[bytes] | None, start: Start
) -> tuple[dict[str, Any], int]:
    """Start the process, listen to it, and see that it is gone; give its answer and how it ended."""
    receive, send = os.pipe()
    reads_stdin = STDIN in (*job.data, *job.shapes, *job.ontology)
    child = start(receive, folder, given.fileno() if given else 0 if reads_stdin else None)
    os.close(receive)
    try:
        _feed(send, json.dumps(plain_job(job)).encode())
        answer = _listen(child, job.limits, progress)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()
    return answer, child.returncode or 0


def _feed(handle: int, data: bytes) -> None:
    try:
        with os.fdopen(handle, "wb") as pipe:
            pipe.write(data)
    except BrokenPipeError:
        pass  # it ended before it began; its exit says why


def _listen(child: Process, limits: Limits, progress: Progress) -> dict[str, Any]:
    """The last message of a process that has until a time to say it."""
    until = time.monotonic() + limits.timeout_s
    left_bytes = limits.answer_mb << 20
    rest = b""
    handle = child.stdout.fileno() if child.stdout else -1
    parts: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        while True:
            left = until - time.monotonic()
            if left <= 0 or not selector.select(left):
                what = f"took longer than {limits.timeout_s:g} s, so the result could not be decided."
                fix = "Raise --timeout, or validate less at once."
                raise EngineError("validation", what, fix, limit="time")
            piece = os.read(handle, 1 << 20)
            if not piece:
                break
            left_bytes -= len(piece)
            if left_bytes < 0:
                what = f"the answer is larger than {limits.answer_mb} MiB."
                raise EngineError("validation", what, "Validate less at once.", limit="size")
            parts.append(piece)
            if b"\n" in piece:
                *lines, rest = b"".join(parts).split(b"\n")
                parts = [rest]
                for line in lines:
                    message = json.loads(line)
                    if "step" in message:
                        progress(message["step"])
                    elif "sandbox" not in message:
                        return dict(message)
    try:
        child.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
    return {}


def _why(code: int, job: Job) -> str:
    """Say why a process ended without an answer."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"was ended by the system: more than {job.limits.cpu_s} s of processor time, or out of memory."
    if code == -signal.SIGABRT:
        most = job.limits.memory_mb
        what = f"most likely because {most} MiB of memory were too little"
        return f"an engine gave up (SIGABRT), {what}. Raise --memory."
    if code < 0:
        return f"an engine crashed ({signal.Signals(-code).name}), so the result could not be decided."
    return f"ended with {code} before it had a verdict."


def start_copy(receive: int, folder: str, stdin: int | None) -> Process:
    """Start the process of a job as a copy of this one, or afresh where that could go wrong.

    A copy has all that this process holds: one that holds secrets must not start it. Of a process with
    several threads a copy may hang, and where the system does not count them nobody knows how many there are.
    """
    if sys.platform != "linux" or not _TASKS.is_dir() or len(list(_TASKS.iterdir())) != 1:
        return start_fresh(receive, folder, stdin)
    from sauran.kg.validate.child_process_main import main  # noqa: PLC0415 (for a fresh process nothing is loaded here)

    answers, answer = os.pipe()
    parent = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        pid = os.fork()
        if pid == 0:
            try:
                _begin(receive, answer, stdin)
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                main(receive, parent, folder)
            finally:
                os._exit(_FAILED)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    os.close(answer)
    return _Copy(pid, answers)


def _begin(receive: int, answer: int, stdin: int | None) -> None:
    """Make a copy what a process is that was started afresh: own streams, no files, no habits of signals."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere if stdin is None else stdin, 0)
    os.dup2(answer, 1)
    os.dup2(nowhere, 2)
    os.closerange(3, receive)
    os.closerange(receive + 1, os.sysconf("SC_OPEN_MAX"))
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (as long as the process)
    # As -P: a folder `shacl` or `rdflib` that lies where the person works must not be imported.
    if not sys.flags.safe_path:
        del sys.path[0]
    sys.path.append(str(import_root()))


class _Copy:
    """A copy of this process, as `subprocess` has processes."""

    def __init__(self, pid: int, answers: int) -> None:
        self._pid = pid
        self.stdout: IO[bytes] | None = os.fdopen(answers, "rb")
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises: subprocess.TimeoutExpired.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if until is None:
                self.returncode = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            elif time.monotonic() > until:
                raise subprocess.TimeoutExpired("validation", timeout or 0)
            else:
                time.sleep(_LOOK_S)
        return self.returncode or 0

    def kill(self) -> None:
        """End it."""
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)
