"""The files of a job: what the arguments mean, and what makes a file unusable or unsafe to parse."""

import glob
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from sauran.kg.model.errors import ContentError, UsageError
from sauran.kg.model.findings import Finding, Place, Severity
from sauran.kg.model.formats import JSON_LD, N_TRIPLES, RDF_FORMATS, RDF_XML, Format, format_of_suffix
from sauran.kg.publication.package_paths import absolute
from sauran.kg.validate.job import STDIN, Limits

__all__ = [
    "INPUT",
    "Input",
    "fault",
    "find_inputs",
    "format_named",
    "names_of",
    "place_of",
    "read_input",
    "structure_fault",
]

INPUT = "input"
_MORE_SUFFIXES = {"owl": "rdfxml"}
# A folder holds many such files that are not RDF; one that is named explicitly is meant.
_SUFFIXES_IF_NAMED = {"xml": "rdfxml", "json": "jsonld"}
_KINDS = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a pipe. Feed it on standard input and write - for it, with --input-format"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISCHR, "is a device. Write - for standard input, with --input-format"),
    (stat.S_ISBLK, "is a device"),
)
_BOM = b"\xef\xbb\xbf"
_OTHER_THAN_BRACKETS = bytes(sorted(set(range(256)) - set(b"[](){}")))
_OPENING = frozenset(b"[({")
# In every textual format: strings, IRIs and comments, whose brackets mean nothing.
_TURTLE = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    rb"|<[^<>\s]*>|#[^\n]*|[\[\](){}]",
    re.DOTALL,
)
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


@dataclass(frozen=True)
class Input:
    """One file as the person named it, or standard input."""

    name: str
    format: Format

    @property
    def is_stdin(self) -> bool:
        """Whether this is standard input."""
        return self.name == STDIN

    def base(self, asked: str | None) -> str:
        """The IRI that relative ones in it are resolved against."""
        return asked or ("urn:sauran:stdin" if self.is_stdin else absolute(Path(self.name)).as_uri())


def fault(name: str, what: str, line: int = 0, column: int = 0) -> Finding:
    """Say that a file cannot be used."""
    return Finding(INPUT, Severity.VIOLATION, what, place=Place(_shown(name), line, column))


def _shown(name: str) -> str:
    return "standard input" if name == STDIN else name


def format_named(name: str) -> Format:
    """Find an RDF format by the name that people type, or by a suffix.

    Raises: UsageError for a name that is none.
    """
    found = next((known for known in RDF_FORMATS if known.name == name), None) or _of_suffix(name)
    if found is None:
        names = ", ".join(known.name for known in RDF_FORMATS)
        raise UsageError("--input-format", f"{name!r} is not an RDF format.", f"Known: {names}.")
    return found


def _of_suffix(suffix: str, *, named: bool = True) -> Format | None:
    plain = suffix.lstrip(".").lower()
    alias = _MORE_SUFFIXES.get(plain) or (_SUFFIXES_IF_NAMED.get(plain) if named else None)
    return next((f for f in RDF_FORMATS if f.name == alias), None) if alias else format_of_suffix(plain)


def find_inputs(
    arguments: Sequence[str], input_format: str | None = None, *, only_stdin: bool = False
) -> tuple[list[Input], list[Finding]]:
    """Say which files the arguments mean, each once, and what is wrong with the rest.

    Shape: `input_format` is that of all of them, or `only_stdin` that of standard input.
    """
    wanted = format_named(input_format) if input_format else None
    inputs: dict[Input, None] = {}
    faults: list[Finding] = []
    for argument in arguments:
        found, wrong = _one(argument, wanted if not only_stdin or argument == STDIN else None)
        inputs |= dict.fromkeys(found)
        faults += wrong
    return list(inputs), faults


def _one(argument: str, wanted: Format | None) -> tuple[list[Input], list[Finding]]:
    path = Path(argument)
    if not argument:
        return [], [fault("''", "is not the name of a file. Is a variable empty?")]
    if argument == STDIN:
        return _known(argument, wanted, "has no suffix to tell its format. Name it with --input-format.")
    if path.is_dir():
        files = sorted(_files_below(path))
        known = [(str(file), _of_suffix(file.suffix, named=False)) for file in files]
        inputs = [Input(name, form) for name, form in known if form]
        return inputs, [] if inputs else [fault(argument, "is a folder without any RDF file.")]
    if not os.path.lexists(path) and glob.has_magic(argument):
        return _matching(argument, wanted)
    unusable = _unusable(path)
    if unusable:
        return [], [fault(argument, unusable)]
    suffixes = ", ".join(f".{s}" for s in (*(f.suffix for f in RDF_FORMATS), *_MORE_SUFFIXES))
    what = f"no RDF format ends with {path.suffix!r}. Known: {suffixes}; or name it with --input-format."
    return _known(argument, wanted or _of_suffix(path.suffix), what)


def _files_below(folder: Path) -> Iterator[Path]:
    """The files below a folder without those of tools: hidden folders, environments, node_modules."""
    for name, folders, files in os.walk(folder):
        folders[:] = [below for below in folders if not _is_of_tools(Path(name, below))]
        yield from (path for path in (Path(name, file) for file in files) if path.is_file())


def _is_of_tools(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name == "node_modules" or (folder / "pyvenv.cfg").is_file()


def _known(name: str, form: Format | None, otherwise: str) -> tuple[list[Input], list[Finding]]:
    return ([Input(name, form)], []) if form else ([], [fault(name, otherwise)])


def _matching(pattern: str, wanted: Format | None) -> tuple[list[Input], list[Finding]]:
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    names = [name for name in matches if not Path(name).is_dir()]
    if not names:
        what = "matches folders only. Name them, or write **/*.ttl." if matches else "matches no file."
        return [], [fault(pattern, what)]
    pairs = [_one(name, wanted) for name in names]
    return [i for found, _ in pairs for i in found], [f for _, wrong in pairs for f in wrong]


def _unusable(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"cannot be read: {error.strerror}."
    except ValueError:
        return "is not the name of a file."
    return next((f"{what}." for test, what in _KINDS if test(mode)), "")


def read_input(source: Input, limits: Limits) -> bytes | Finding:
    """Read a file whole, as text in UTF-8 without byte order mark; or say what is wrong with it."""
    most = limits.file_mb << 20
    try:
        data = _read_most(sys.stdin.buffer, most) if source.is_stdin else _read_regular(source.name, most)
    except OSError as error:
        return fault(source.name, f"cannot be read: {error.strerror or error}.")
    if len(data) > most:
        return fault(source.name, f"is larger than {limits.file_mb} MiB.")
    data = data.removeprefix(_BOM)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = place_of(data, error.start)
        byte = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        return fault(source.name, f"{byte}. Is it text? Save it as UTF-8.", line, column)
    zero = data.find(b"\0")
    if zero >= 0:
        return fault(source.name, "a zero byte: this is not text.", *place_of(data, zero))
    return data


def _read_regular(name: str, most: int) -> bytes:
    # Between the first look and now it may have become something else: never wait for a pipe.
    handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("it is not a regular file")
        return _read_most(file, most)


def _read_most(file: BinaryIO, most: int) -> bytes:
    """Read until the end, or until it is clear that there are more than `most` bytes."""
    parts, size = list[bytes](), 0
    while size <= most and (part := file.read(min(most + 1 - size, 16 << 20))):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def place_of(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column of a byte, from 1, columns in code points."""
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1


def names_of(inputs: Iterable[Input]) -> tuple[str, ...]:
    """The names of files, as the person wrote them."""
    return tuple(source.name for source in inputs)


def structure_fault(source: Input, data: bytes, limits: Limits) -> Finding | None:
    """Find what the parsers of this format could fall to; cheap where there is nothing."""
    if source.format == RDF_XML:
        return _xml_fault(source, data, limits)
    return None if source.format == N_TRIPLES else _nesting_fault(source, data, limits)


def _nesting_fault(source: Input, data: bytes, limits: Limits) -> Finding | None:
    if not _too_deep(data.translate(None, _OTHER_THAN_BRACKETS), limits.nesting):
        return None
    depth = 0
    for match in (_JSON if source.format == JSON_LD else _TURTLE).finditer(data):
        if match.end() - match.start() > 1:
            continue
        if match.group() in b"[({":
            depth += 1
            if depth > limits.nesting:
                what = f"brackets nest deeper than {limits.nesting}."
                return fault(source.name, what, *place_of(data, match.start()))
        elif match.group() in b"])}":
            depth -= 1
    return None


def _too_deep(brackets: bytes, most: int) -> bool:
    if len(brackets) <= most:
        return False
    depth = 0
    for byte in brackets:
        depth += 1 if byte in _OPENING else -1
        if depth > most:
            return True
    # Brackets in strings may have hidden the depth: more closing ones than opening.
    return depth < 0


class _Refused(ContentError):
    """Carries what is refused out of the XML parser."""

    def __init__(self, what: str) -> None:
        super().__init__("XML", what)


def _xml_fault(source: Input, data: bytes, limits: Limits) -> Finding | None:
    parser = expat.ParserCreate()
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.nesting:
            raise _Refused(f"elements nest deeper than {limits.nesting}.")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise _Refused("has a document type, which may define entities without bound. Remove <!DOCTYPE …>.")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except _Refused as refused:
        return fault(source.name, refused.what, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
    except expat.ExpatError as error:
        return fault(
            source.name,
            f"{expat.ErrorString(error.code)}. Fix the XML here.",
            error.lineno,
            error.offset + 1,
        )
    return None
