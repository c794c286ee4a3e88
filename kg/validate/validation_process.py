"""Run a validation in a process of its own, which may be slow, greedy or crash without harm."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import IO

from sauran.kg.model.errors import EngineError
from sauran.kg.processes.channel import DATA, END, FAULT, PROGRESS, REQUEST, Channel, Closed
from sauran.kg.processes.child_process import Child, ForkedChild, fork, has_one_thread, start_program
from sauran.kg.processes.temporary_folder import temporary_folder
from sauran.kg.validate.job import STDIN, Job, Verdict
from sauran.kg.validate.job_messages import error_of, plain_job, verdict_of

__all__ = ["run"]

Progress = Callable[[str], None]
_GRACE_S = 1.0
_PROGRAM = "sauran.kg.validate.validation_process_main"


def run(
    job: Job,
    progress: Progress = lambda step: None,
    stdin: bytes | None = None,
    *,
    forked: bool = False,
) -> Verdict:
    """Do a job within its limits, without network and without any file but its own.

    Shape: `stdin` replaces standard input. With `forked` the process is a fork of this one where that is
    safe, which saves starting Python; a process that holds secrets must not ask for it.
    Raises: UsageError for wrong use; ContentError for shapes that cannot be used; EngineError where the
    result could not be decided: an engine crashed, ran out of time or memory, or two engines differ.
    """
    with temporary_folder() as folder, _standard_input(job, stdin) as handle:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                child = _start(theirs, folder, handle, forked=forked)
            try:
                return _answer(Channel(ours), child, job, progress)
            finally:
                child.kill()
                child.wait()


def _start(connection: socket.socket, folder: str, stdin: int | None, *, forked: bool) -> Child:
    if forked and has_one_thread():
        # Not at the top: a fresh process loads it itself.
        from sauran.kg.validate.validation_process_main import work_in_fork  # noqa: PLC0415

        return ForkedChild(fork(lambda: work_in_fork(connection, folder, stdin)))
    arguments = (str(os.getpid()), folder)
    return start_program(_PROGRAM, connection, arguments, stdin=stdin, quiet=True)


@contextlib.contextmanager
def _standard_input(job: Job, given: bytes | None) -> Iterator[int | None]:
    """The descriptor that the process reads as standard input; None where the job reads none."""
    if given is None:
        yield 0 if STDIN in (*job.data, *job.shapes, *job.ontology) else None
        return
    with _unnamed_file() as file:
        file.write(given)
        file.seek(0)
        yield file.fileno()


def _unnamed_file() -> IO[bytes]:
    """A file without a name, in memory on Linux; it is gone with the processes that hold it."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("sauran"), "w+b")
    return tempfile.TemporaryFile()


def _answer(channel: Channel, child: Child, job: Job, progress: Progress) -> Verdict:
    """Send the job and read until the verdict or an error, at most as long as the job may take."""
    until = time.monotonic() + job.limits.timeout_s
    left_bytes = job.limits.answer_mb << 20
    parts: list[bytes] = []
    try:
        with contextlib.suppress(Closed):  # its exit code says why
            channel.send_json(REQUEST, plain_job(job))
        while True:
            kind, data = channel.read(max(until - time.monotonic(), 0.0))
            left_bytes -= len(data)
            if left_bytes < 0:
                what = f"the answer is larger than {job.limits.answer_mb} MiB."
                raise EngineError("validation", what, "Validate less at once.", limit="size")
            if kind == PROGRESS:
                progress(data.decode())
            elif kind == DATA:
                parts.append(data)
            elif kind == END:
                return verdict_of(json.loads(b"".join(parts)))
            elif kind == FAULT:
                raise error_of(json.loads(data))
            else:
                raise EngineError("validation", f"its process sent an unknown message {kind!r}.")
    except TimeoutError as error:
        what = f"took longer than {job.limits.timeout_s:g} s, so the result could not be decided."
        raise EngineError(
            "validation", what, "Raise --timeout, or validate less at once.", limit="time"
        ) from error
    except Closed as error:
        raise _ended(child, job) from error


def _ended(child: Child, job: Job) -> EngineError:
    """Why a process ended without an answer."""
    try:
        code = child.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        code = child.wait()
    limit = ""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        limit = "time" if code == -signal.SIGXCPU else ""
        what = f"was ended by the system: more than {job.limits.cpu_s} s of processor time, or out of memory."
    elif code == -signal.SIGABRT:
        most = job.limits.memory_mb
        reason = f"most likely because {most} MiB of memory were too little"
        what = f"an engine gave up (SIGABRT), {reason}. Raise --memory."
    elif code < 0:
        what = f"an engine crashed ({signal.Signals(-code).name}), so the result could not be decided."
    else:
        what = f"ended with {code} before it had a verdict."
    return EngineError("validation", what, limit=limit)
