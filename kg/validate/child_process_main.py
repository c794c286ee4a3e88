"""The process that validates: limits and sandbox first, then a job from one pipe, a verdict into another."""

import contextlib
import json
import os
import resource
import sys
import tempfile
from collections.abc import Mapping
from typing import Any, BinaryIO

from sauran.kg.model.errors import EngineError, SauranError
from sauran.kg.processes.sandbox import die_with_parent, refuse_sockets
from sauran.kg.publication.package_paths import import_root
from sauran.kg.validate.input_files import find_inputs
from sauran.kg.validate.job import Job
from sauran.kg.validate.job_runner import check_and_keep
from sauran.kg.validate.wire import job_of, plain_error, plain_verdict

__all__ = ["main"]

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = (
    "socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.exec", "os.system", "os.spawn",
    "os.posix_spawn", "os.fork", "webbrowser.",
)  # fmt: skip


def main(job_handle: int, parent: int, folder: str) -> None:
    """Do the job that comes through a pipe; every outcome is one JSON object on what was standard output."""
    answer = os.fdopen(os.dup(1), "wb")
    # What an engine prints is not an answer.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    with os.fdopen(job_handle, "rb") as pipe:
        job = job_of(json.loads(pipe.read()))
    die_with_parent(parent)
    tempfile.tempdir = folder
    _bound(job)
    missing = refuse_sockets()
    try:
        _shut(_readable(job), folder)
        _say(answer, {"sandbox": missing})
        verdict, described = check_and_keep(job, lambda step: _say(answer, {"step": step}))
        if job.report and verdict.report is not None:
            from sauran.kg.validate.reporting import with_report  # noqa: PLC0415 (only servers pay for it)

            verdict = with_report(job, verdict, described)
        elif job.max_results is not None:
            from sauran.kg.validate.reporting import capped  # noqa: PLC0415 (few ask for it)

            verdict = capped(verdict, job.max_results)
        if job.places and (verdict.findings or verdict.lint):
            from sauran.kg.validate.reporting import with_places  # noqa: PLC0415 (a green run pays nothing)

            verdict = with_places(job, verdict, described)
        _say(answer, {"verdict": plain_verdict(verdict)})
    except SauranError as error:
        _say(answer, plain_error(error))
    except MemoryError:
        what = f"needs more than {job.limits.memory_mb} MiB of memory."
        _say(answer, plain_error(EngineError("validation", what, "Raise --memory.", limit="memory")))
    except Exception as error:  # a fault of ours or of an engine: an error, never a traceback
        text = " ".join(str(error).split())[:500]
        if isinstance(error, RuntimeError) and "start new thread" in text:
            text = f"a thread needs more than the {job.limits.memory_mb} MiB of memory. Raise --memory."
        _say(
            answer,
            plain_error(
                EngineError("validation", f"could not decide the result: {type(error).__name__}: {text}")
            ),
        )
    answer.flush()
    os._exit(0)


def _say(answer: BinaryIO, message: Mapping[str, Any]) -> None:
    answer.write(json.dumps(message).encode() + b"\n")
    answer.flush()


def _bound(job: Job) -> None:
    most = job.limits.memory_mb << 20
    for kind, limit in (
        (resource.RLIMIT_AS, most),
        (resource.RLIMIT_CPU, job.limits.cpu_s),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, most),  # few bytes of Turtle may be many of N-Triples
    ):
        with contextlib.suppress(ValueError, OSError):  # never above what the system allows already
            resource.setrlimit(kind, (limit, limit))


def _readable(job: Job) -> frozenset[str]:
    names = (*job.data, *job.shapes, *job.ontology, *(file for _, file in job.imports))
    inputs, _ = find_inputs(names, "turtle")
    return frozenset(os.path.realpath(source.name) for source in inputs if not source.is_stdin)


def _shut(readable: frozenset[str], folder: str) -> None:
    """Let Python reach no network and no file but the job's own and those of the installation."""
    rooms = tuple(
        os.path.realpath(str(room)) + os.sep
        for room in (
            sys.prefix,
            sys.base_prefix,
            import_root(),
            *filter(None, sys.path),
        )
    )
    temporary = os.path.realpath(folder) + os.sep

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_REFUSED):
            raise PermissionError(f"{event} is not allowed while validating")
        if event == "open" and isinstance(arguments[0], str | bytes):
            file = os.path.realpath(os.fsdecode(arguments[0]))
            mode, flags = arguments[1], arguments[2]
            writes = bool(flags & _WRITING) or (
                isinstance(mode, str) and any(sign in mode for sign in "wax+")
            )
            if file.startswith(temporary) or (not writes and (file in readable or file.startswith(rooms))):
                return
            if writes or not file.startswith(("/proc/self/", "/dev/null", "/usr/share/zoneinfo")):
                raise PermissionError(f"{file} is not a file of this job")

    sys.addaudithook(watch)
