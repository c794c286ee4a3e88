"""What a parser must not be given: a document type, or nesting and literals beyond all measure."""

import re
from xml.parsers import expat

from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Finding
from sauran.kg.model.formats import JSON_LD, N_TRIPLES, RDF_XML
from sauran.kg.validate.inputs import Input, fault, place_of
from sauran.kg.validate.job import Limits

__all__ = ["structure_fault"]

_OTHER_THAN_BRACKETS = bytes(sorted(set(range(256)) - set(b"[](){}")))
_OPENING = frozenset(b"[({")
# In every textual format: strings, IRIs and comments, whose brackets mean nothing.
_TURTLE = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    rb"|<[^<>\s]*>|#[^\n]*|[\[\](){}]",
    re.DOTALL,
)
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


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
            f"{expat.ErrorString(error.code)}. Mend the XML here.",
            error.lineno,
            error.offset + 1,
        )
    return None
