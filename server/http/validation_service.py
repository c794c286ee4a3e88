"""Validation over HTTP: what was sent, and its check in a process of its own with limits; nothing is kept."""

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from sauran.kg.model.errors import EngineError, SauranError, UsageError
from sauran.kg.model.findings import Finding, Place
from sauran.kg.model.formats import RDF_FORMATS, TURTLE, Format
from sauran.kg.publication.package_paths import ontology_folder, shapes_folder, turtle_in
from sauran.kg.validate import Job, Limits, Verdict, run
from sauran.kg.validate.input_files import format_named
from sauran.kg.validate.job import STDIN
from sauran.server.http.clients import ConcurrencyLimit
from sauran.server.http.metrics import OUTCOMES
from sauran.server.http.problems import Problem

__all__ = ["ACCEPTED", "FORM_TYPE", "ReportOptions", "Submission", "Validator", "read_submission"]

FORM_TYPE = "multipart/form-data"
_BY_TYPE = {kind: known for known in RDF_FORMATS for kind in (known.media_type, *known.aliases)}
ACCEPTED = ", ".join((*(known.media_type for known in RDF_FORMATS), FORM_TYPE))
_NAME = "input"
_LONGEST_NAME = 100
_MOST_FIELDS = 20
_EACH = 1
_MOST_FAULTS = 100
CONFORMS, FINDINGS, UNUSABLE, NOTHING, STOPPED, REFUSED = OUTCOMES


@dataclass(frozen=True, slots=True)
class Submission:
    """RDF to be validated; `name` is what its places begin with, `text` what was typed into the form."""

    data: bytes
    format: Format
    name: str = _NAME
    text: str = ""

    @property
    def is_named(self) -> bool:
        """Whether there is a file with a name."""
        return self.name != _NAME


def read_submission(content_type: str, content_encoding: str, body: bytes) -> Submission:
    """Find out what a request wants validated.

    Raises: Problem 415 for what is no RDF that is read here, 400 for a form that cannot be understood.
    """
    kind, options = parse_options_header(content_type)
    kind = kind.lower()
    if content_encoding.strip().lower() not in ("", "identity"):
        detail = f"Content-Encoding {content_encoding} is not read here. Send it as it is."
        raise _unsupported(detail, {"Accept-Encoding": "identity"})
    if kind == FORM_TYPE:
        return _of_form(options, body)
    known = _BY_TYPE.get(kind)
    if known is None:
        said = f"Content-Type {kind} is not read here" if kind else "The Content-Type is missing"
        raise _unsupported(f"{said}. Send one of: {ACCEPTED}.")
    if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise _unsupported(f"The charset {options['charset']} is not read here. Send UTF-8.")
    return Submission(body, known)


def _unsupported(detail: str, headers: dict[str, str] | None = None) -> Problem:
    return Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        detail,
        {"Accept-Post": ACCEPTED, **(headers or {})},
        kind="validation-media-type",
    )


def _of_form(options: dict[str, str], body: bytes) -> Submission:
    """The RDF of a form: a file, or what was typed."""
    fields, files = _parse(options, body)
    file, text = files.get("file"), fields.get("text", "").replace("\r\n", "\n")
    content = file.read() if file else b""
    chosen = file is not None and bool(file.filename or content)
    if chosen and text.strip():
        raise _unclear("There are a file and a text. Send one of them.")
    if not chosen and not text.strip():
        raise _unclear("There is neither a file nor a text. Send one in the field file or text.")
    wanted = fields.get("format", "")
    if not chosen or file is None:
        return Submission(text.encode(), _named(wanted) if wanted else TURTLE, text=text)
    name = _plain_name(file.filename or "")
    known = _named(wanted) if wanted else _BY_TYPE.get(file.mimetype) or _by_suffix(name)
    return Submission(content, known, name or _NAME)


def _parse(
    options: dict[str, str], body: bytes
) -> tuple["MultiDict[str, str]", "MultiDict[str, FileStorage]"]:
    # In memory: what strangers send is nowhere stored. Its size has been checked.
    parser = FormDataParser(
        stream_factory=lambda *_, **__: io.BytesIO(),
        max_form_memory_size=len(body),
        max_content_length=len(body),
        max_form_parts=_MOST_FIELDS,
        silent=False,
    )
    try:
        _, fields, files = parser.parse(io.BytesIO(body), FORM_TYPE, len(body), options)
    except (ValueError, RequestEntityTooLarge) as error:
        raise _unclear("The form is broken: it does not hold what its Content-Type says.") from error
    return fields, files


def _unclear(detail: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, detail, kind="validation-form")


def _named(name: str) -> Format:
    found = next((known for known in RDF_FORMATS if known.name == name), None)
    if found is None:
        names = ", ".join(known.name for known in RDF_FORMATS)
        raise _unclear(f"{_plain_name(name)!r} is not an RDF format. Known: {names}.")
    return found


def _by_suffix(name: str) -> Format:
    try:
        return format_named(PurePosixPath(name).suffix)
    except UsageError as error:
        suffixes = ", ".join(f".{known.suffix}" for known in RDF_FORMATS)
        detail = f"The name of the file does not tell its format. Known: {suffixes}; or choose one."
        raise _unclear(detail) from error


def _plain_name(name: str) -> str:
    """A file's name without its folders, and without what could act where it is shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign if sign.isprintable() else "_" for sign in last)[:_LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """Who asks for which report; `base` is the IRI that relative ones are resolved against."""

    client: str
    base: str
    report: str
    language: str
    max_results: int | None = None


class Validator:
    """Checks RDF against Sauran's own shapes, within limits; `count` is told each outcome."""

    limits: Limits

    def __init__(self, limits: Limits, processes: int, count: Callable[[str], None]) -> None:
        self.limits, self._processes, self._count = limits, processes, count
        self._places = ConcurrencyLimit(processes, _EACH)

    def check(self, sent: Submission, asked: ReportOptions) -> Verdict:
        """Validate, and write the report.

        Raises: Problem 400 for RDF that cannot be read, 422 where no shape met a node, 503 where there is no
        place or no result, 504 where the time was up.
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

    def _job(self, sent: Submission, asked: ReportOptions) -> Job:
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
            detail = f"The result could not be decided: {error.what} {less}"
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
