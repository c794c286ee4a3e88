"""Validation for strangers: so many at a time, each in a process with walls, nothing of it kept."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from sauran.kg.model.errors import EngineError, SauranError
from sauran.kg.model.findings import Finding, Place
from sauran.kg.publication.package_paths import ontology_folder, shapes_folder, turtle_in
from sauran.kg.validate import Job, Limits, Verdict, run
from sauran.kg.validate.job import STDIN
from sauran.server.http.clients import Places
from sauran.server.http.metrics import OUTCOMES
from sauran.server.http.problems import Problem
from sauran.server.http.submission import Submission

__all__ = ["Asked", "Validator"]

_EACH = 1
_MOST_FAULTS = 100
CONFORMS, FINDINGS, UNUSABLE, NOTHING, STOPPED, REFUSED = OUTCOMES


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which report; `base` is the IRI that relative ones are resolved against."""

    client: str
    base: str
    report: str
    language: str
    max_results: int | None = None


class Validator:
    """Checks RDF against Sauran's own shapes, within limits; `count` is told each outcome."""

    def __init__(self, limits: Limits, processes: int, count: Callable[[str], None]) -> None:
        self.limits, self._processes, self._count = limits, processes, count
        self._places = Places(processes, _EACH)

    def check(self, sent: Submission, asked: Asked) -> Verdict:
        """Validate, and write the report.

        Raises: Problem 400 for RDF that cannot be read, 422 where no shape met a node, 503 where there is no
        place or no verdict, 504 where the time was up.
        """
        if not self._places.take(asked.client):
            self._count(REFUSED)
            raise self._busy()
        try:
            verdict = run(self._job(sent, asked), stdin=sent.data)
        except EngineError as error:
            self._count(STOPPED)
            raise self._no_verdict(error) from error
        except SauranError as error:
            self._count(STOPPED)
            raise Problem(HTTPStatus.INTERNAL_SERVER_ERROR, str(error)) from error
        finally:
            self._places.give_back(asked.client)
        if verdict.report is None:
            self._count(UNUSABLE)
            raise _unusable(verdict.faults, sent.name)
        if verdict.nothing_checked:
            self._count(NOTHING)
            raise _nothing_checked(sent.name)
        self._count(CONFORMS if verdict.report.conforms else FINDINGS)
        return verdict

    def _job(self, sent: Submission, asked: Asked) -> Job:
        return Job(
            data=(STDIN,),
            shapes=turtle_in(shapes_folder()),
            ontology=turtle_in(ontology_folder()),
            input_format=sent.format.name,
            base=asked.base,
            language=asked.language,
            limits=self.limits,
            report=asked.report,
            stdin_name=sent.name,
            max_results=asked.max_results,
        )

    def _busy(self) -> Problem:
        wait_s = math.ceil(min(self.limits.timeout_s, 5))
        return Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"Too many validations are under way: {_EACH} a client, {self._processes} together. "
            f"Try again in {wait_s} s.",
            {"Retry-After": str(wait_s)},
            kind="busy",
        )

    def _no_verdict(self, error: EngineError) -> Problem:
        limits = self.limits
        values = {
            "time": f"{limits.timeout_s:g} s",
            "memory": f"{limits.memory_mb} MiB",
            "results": f"{limits.results} results",
            "size": f"{limits.answer_mb} MiB of report",
        }
        less = "Send less at once, or use the command sauran validate, whose limits are yours."
        if error.limit not in values:
            detail = f"There is no verdict: {error.what} {less}"
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, kind="validation-lost")
        late = error.limit == "time"
        return Problem(
            HTTPStatus.GATEWAY_TIMEOUT if late else HTTPStatus.SERVICE_UNAVAILABLE,
            f"The validation passed the limit of {error.limit}, {values[error.limit]}. {less}",
            kind=f"limit-{error.limit}",
            more={"limit": error.limit, "value": values[error.limit]},
        )


def _unusable(faults: tuple[Finding, ...], name: str) -> Problem:
    """The problem that RDF cannot be read: each fault with its place in what was sent."""
    placed = [
        fault.at(Place(name, fault.place.line, fault.place.column) if fault.place else Place(name))
        for fault in faults[:_MOST_FAULTS]
    ]
    told = [
        {"file": name, "line": fault.place.line, "column": fault.place.column, "detail": fault.message}
        for fault in placed
        if fault.place
    ]
    detail = "\n".join(f"{fault.place}: {fault.message}" for fault in placed)
    return Problem(
        HTTPStatus.BAD_REQUEST,
        detail,
        kind="validation-input",
        more={"faults": [{key: value for key, value in one.items() if value} for one in told]},
    )


def _nothing_checked(name: str) -> Problem:
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"{name}: nothing was checked. No shape met any node, so the data are neither right nor wrong. "
        "Sauran's shapes look at data in its own terms: is a type missing?",
        kind="validation-nothing-checked",
    )
