"""Validation over HTTP: reads submitted RDF and validates it in a process with limits; stores nothing."""

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
    """RDF to validate; `name` is the file name in findings, `text` the content of the form's text field."""

    data: bytes
    format: Format
    name: str = _NAME
    text: str = ""

    @property
    def is_named(self) -> bool:
        """Whether a named file was sent."""
        return self.name != _NAME


def read_submission(content_type: str, content_encoding: str, body: bytes) -> Submission:
    """Read the RDF that a request submits.

    Raises: Problem 415 for an unsupported media type, 400 for an invalid form.
    """
    kind, options = parse_options_header(content_type)
    kind = kind.lower()
    if content_encoding.strip().lower() not in ("", "identity"):
        detail = f"Content-Encoding {content_encoding} is not supported. Send the data without it."
        raise _unsupported(detail, {"Accept-Encoding": "identity"})
    if kind == FORM_TYPE:
        return _of_form(options, body)
    known = _BY_TYPE.get(kind)
    if known is None:
        reason = f"Content-Type {kind} is not supported" if kind else "The Content-Type is missing"
        raise _unsupported(f"{reason}. Send one of: {ACCEPTED}.")
    if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise _unsupported(f"The charset {options['charset']} is not supported. Send UTF-8.")
    return Submission(body, known)


def _unsupported(detail: str, headers: dict[str, str] | None = None) -> Problem:
    return Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        detail,
        {"Accept-Post": ACCEPTED, **(headers or {})},
        kind="validation-media-type",
    )


def _of_form(options: dict[str, str], body: bytes) -> Submission:
    """The RDF of a form: a file, or the text field."""
    fields, files = _parse(options, body)
    file, text = files.get("file"), fields.get("text", "").replace("\r\n", "\n")
    content = file.read() if file else b""
    chosen = file is not None and bool(file.filename or content)
    if chosen and text.strip():
        raise _unclear("The form has both a file and a text. Send one of them.")
    if not chosen and not text.strip():
        raise _unclear("The form has neither a file nor a text. Send one in the field file or text.")
    wanted = fields.get("format", "")
    if not chosen or file is None:
        return Submission(text.encode(), _named(wanted) if wanted else TURTLE, text=text)
    name = _plain_name(file.filename or "")
    known = _named(wanted) if wanted else _BY_TYPE.get(file.mimetype) or _by_suffix(name)
    return Submission(content, known, name or _NAME)


def _parse(
    options: dict[str, str], body: bytes
) -> tuple["MultiDict[str, str]", "MultiDict[str, FileStorage]"]:
    # In memory: submitted data is never stored. Its size has been checked.
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
        raise _unclear("The form is invalid: its content does not match its Content-Type.") from error
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
        detail = f"The suffix of the file name is not a known RDF format. Known: {suffixes}; or choose one."
        raise _unclear(detail) from error


def _plain_name(name: str) -> str:
    """A file name without folders, with non-printable characters replaced."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign if sign.isprintable() else "_" for sign in last)[:_LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The client and the report that it asks for; relative IRIs are resolved against `base`."""

    client: str
    base: str
    report: str
    language: str
    max_results: int | None = None


class Validator:
    """Validates RDF with Sauran's own shapes, within limits; `count` is called with each outcome."""

    limits: Limits

    def __init__(self, limits: Limits, processes: int, count: Callable[[str], None]) -> None:
        self.limits, self._processes, self._count = limits, processes, count
        self._slots = ConcurrencyLimit(processes, _EACH)

    def check(self, sent: Submission, options: ReportOptions) -> Verdict:
        """Validate, and write the report.

        Raises: Problem 400 for RDF that cannot be read, 422 when no shape met a node, 503 when no slot
        is free or there is no result, 504 when the time limit was reached.
        """
        if not self._slots.take(options.client):
            self._count(REFUSED)
            raise self._busy()
        try:
            verdict = run(self._job(sent, options), stdin=sent.data)
        except EngineError as error:
            self._count(STOPPED)
            raise self._undecided(error) from error
        except SauranError as error:
            self._count(STOPPED)
            raise Problem(HTTPStatus.INTERNAL_SERVER_ERROR, str(error)) from error
        finally:
            self._slots.give_back(options.client)
        if verdict.report is None:
            self._count(UNUSABLE)
            raise _unusable(verdict.faults, sent.name)
        if verdict.nothing_checked:
            self._count(NOTHING)
            raise _nothing_checked(sent.name)
        self._count(CONFORMS if verdict.report.conforms else FINDINGS)
        return verdict

    def _job(self, sent: Submission, options: ReportOptions) -> Job:
        return Job(
            data=(STDIN,),
            shapes=turtle_in(shapes_folder()),
            ontology=turtle_in(ontology_folder()),
            input_format=sent.format.name,
            base=options.base,
            language=options.language,
            limits=self.limits,
            report=options.report,
            stdin_name=sent.name,
            max_results=options.max_results,
        )

    def _busy(self) -> Problem:
        wait_s = math.ceil(min(self.limits.timeout_s, 5))
        return Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"Too many validations are running: at most {_EACH} a client, {self._processes} in all. "
            f"Try again in {wait_s} s.",
            {"Retry-After": str(wait_s)},
            kind="busy",
        )

    def _undecided(self, error: EngineError) -> Problem:
        limits = self.limits
        values = {
            "time": f"{limits.timeout_s:g} s",
            "memory": f"{limits.memory_mb} MiB",
            "results": f"{limits.results} results",
            "size": f"{limits.answer_mb} MiB of report",
        }
        less = "Send less data, or use the command sauran validate, whose limits you can set."
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
    """The problem that RDF cannot be parsed, with the position of each error."""
    placed = [
        fault.at(Place(name, fault.place.line, fault.place.column) if fault.place else Place(name))
        for fault in faults[:_MOST_FAULTS]
    ]
    members = [
        {"file": name, "line": fault.place.line, "column": fault.place.column, "detail": fault.message}
        for fault in placed
        if fault.place
    ]
    detail = "\n".join(f"{fault.place}: {fault.message}" for fault in placed)
    return Problem(
        HTTPStatus.BAD_REQUEST,
        detail,
        kind="validation-input",
        more={"faults": [{key: value for key, value in one.items() if value} for one in members]},
    )


def _nothing_checked(name: str) -> Problem:
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"{name}: nothing was checked. No shape met any node, so the data are neither valid nor invalid. "
        "Sauran's shapes check data with types of its ontology: is a type missing?",
        kind="validation-nothing-checked",
    )
