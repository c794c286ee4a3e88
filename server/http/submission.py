"""What was sent to be validated: RDF as a body, or in a form. Pure: bytes in, RDF of a known format out."""

import io
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from sauran.kg.model.errors import UsageError
from sauran.kg.model.formats import RDF_FORMATS, TURTLE, Format
from sauran.kg.validate.input_files import format_named
from sauran.server.http.problems import Problem

__all__ = ["ACCEPTED", "FORM_TYPE", "Submission", "read_submission"]

FORM_TYPE = "multipart/form-data"
_BY_TYPE = {kind: known for known in RDF_FORMATS for kind in (known.media_type, *known.aliases)}
ACCEPTED = ", ".join((*(known.media_type for known in RDF_FORMATS), FORM_TYPE))
_NAME = "input"
_LONGEST_NAME = 100
_MOST_FIELDS = 20


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
        raise _unclear(f"{_plain_name(name)!r} is no RDF format. Known: {names}.")
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
