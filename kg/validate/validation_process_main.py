"""The process that validates: limits and sandbox first, then the job of the request, last its verdict."""

import contextlib
import json
import os
import resource
import socket
import sys
import tempfile

from sauran.kg.model.errors import EngineError, SauranError
from sauran.kg.processes.channel import END, FAULT, PROGRESS, Channel
from sauran.kg.processes.child_process import import_root
from sauran.kg.processes.sandbox import allow_only_files, die_with_parent, refuse_sockets
from sauran.kg.validate.input_files import find_inputs
from sauran.kg.validate.job import Job, Verdict
from sauran.kg.validate.job_messages import job_of, plain_error, plain_verdict
from sauran.kg.validate.job_runner import check_and_keep

__all__ = ["main", "work", "work_in_fork"]


def main(arguments: list[str]) -> None:
    """Run as a program: descriptor of the connection, id of the parent process, temporary folder."""
    connection, parent, folder = arguments
    die_with_parent(int(parent))
    work(socket.socket(fileno=int(connection)), folder)
    os._exit(0)  # nothing here needs the interpreter's clean-up, which takes time for large graphs


def work_in_fork(connection: socket.socket, folder: str, stdin: int | None) -> None:
    """The same in a fork: it lets go of the parent's files, streams and working folder's modules first."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere if stdin is None else stdin, 0)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.closerange(3, connection.fileno())
    os.closerange(connection.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (as long as the process)
    # As -P: a module of the working folder, such as `shacl.py`, must not be imported.
    if not sys.flags.safe_path:
        del sys.path[0]
    sys.path.append(str(import_root()))
    work(connection, folder)


def work(connection: socket.socket, folder: str) -> None:
    """Do the job of the request; every outcome is one message, an error too.

    Shape: progress, then either data and an end, which are the verdict, or a fault, which is the error.
    """
    channel = Channel(connection)
    job = job_of(json.loads(channel.read()[1]))
    tempfile.tempdir = folder
    _limit(job)
    refuse_sockets()
    try:
        installation = (sys.prefix, sys.base_prefix, str(import_root()), *filter(None, sys.path))
        allow_only_files(_readable(job), folder, installation)
        channel.send_data(json.dumps(plain_verdict(_check(job, channel))).encode())
        channel.send_json(END, [])
    except SauranError as error:
        channel.send_json(FAULT, plain_error(error))
    except MemoryError:
        what = f"needs more than {job.limits.memory_mb} MiB of memory."
        refused = EngineError("validation", what, "Raise --memory.", limit="memory")
        channel.send_json(FAULT, plain_error(refused))
    except Exception as error:  # a fault of ours or of an engine: a sentence, not a traceback
        text = " ".join(str(error).split())[:500]
        what = f"could not decide the result: {type(error).__name__}: {text}"
        if isinstance(error, RuntimeError) and "start new thread" in text:
            what = (
                "could not decide the result: RuntimeError: "
                f"a thread needs more than the {job.limits.memory_mb} MiB of memory. Raise --memory."
            )
        channel.send_json(FAULT, plain_error(EngineError("validation", what)))


def _check(job: Job, channel: Channel) -> Verdict:
    """The verdict of a job, with what the job asks for beside it: a report, places, fewer findings."""
    verdict, described = check_and_keep(job, lambda step: channel.send((PROGRESS, step.encode())))
    if job.report and verdict.report is not None:
        from sauran.kg.validate.reporting import with_report  # noqa: PLC0415 (only servers pay for it)

        verdict = with_report(job, verdict, described)
    elif job.max_results is not None:
        from sauran.kg.validate.reporting import capped  # noqa: PLC0415 (few ask for it)

        verdict = capped(verdict, job.max_results)
    if job.places and (verdict.findings or verdict.lint):
        from sauran.kg.validate.reporting import with_places  # noqa: PLC0415 (a green run pays nothing)

        verdict = with_places(job, verdict, described)
    return verdict


def _limit(job: Job) -> None:
    most = job.limits.memory_mb << 20
    for kind, limit in (
        (resource.RLIMIT_AS, most),
        (resource.RLIMIT_CPU, job.limits.cpu_s),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, most),  # a few bytes of Turtle may be many of N-Triples
    ):
        with contextlib.suppress(ValueError, OSError):  # never above what the system allows already
            resource.setrlimit(kind, (limit, limit))


def _readable(job: Job) -> frozenset[str]:
    names = (*job.data, *job.shapes, *job.ontology, *(file for _, file in job.imports))
    inputs, _ = find_inputs(names, "turtle")
    return frozenset(os.path.realpath(source.name) for source in inputs if not source.is_stdin)
