"""What in the data the fast engine reads otherwise than it should, seen while triples pass."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sauran.kg.model.findings import Term
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.model.xsd import is_well_formed
from sauran.kg.shacl.paths import predicates_of
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.shacl.targets import FocusCounter, Waiting

__all__ = ["COMPARING", "Traits", "TraitsWatch", "glance", "is_misread", "is_unordered", "may_be_misread"]

Seen = TypeVar("Seen", bound=Triple | Quad)
COMPARING = tuple(SH_IRI + name for name in ("lessThan", "lessThanOrEquals"))
_XSD = "http://www.w3.org/2001/XMLSchema#"
_LIMITED = frozenset(_XSD + name for name in ("decimal", "dateTime", "time"))
_CHECKED_BY_ALL = _LIMITED | {
    _XSD + name
    for name in (
        "anyURI", "boolean", "byte", "date", "double", "float", "int", "integer", "long", "negativeInteger",
        "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "short", "string", "unsignedByte",
        "unsignedInt", "unsignedLong", "unsignedShort",
    )
}  # fmt: skip
_ORDERED = _CHECKED_BY_ALL - {_XSD + "anyURI"}
# Its decimals have 18 digits behind the point and its seconds too; its days last until 24:59:59.
_FINEST, _LARGEST = 18, 20
_FRACTION = re.compile(r"\.([0-9]*)")
_WHOLE = re.compile(r"^[+-]?0*([0-9]*)")
_SIGNS = (b"T24:", b'"24:', b"'24:")
_ESCAPED_SIGNS = (b"\\u003", b"\\u005", b"\\U0000003", b"\\U0000005")
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_PIECE = 1 << 20


@dataclass(frozen=True)
class Traits:
    """What data have that decides about engines.

    `unordered` are the compared properties with values that SPARQL does not order; `misread` has a literal of
    each datatype whose forms the fast engine does not check, or reads otherwise.
    """

    unordered: frozenset[str] = frozenset()
    misread: dict[str, str] = field(default_factory=dict)

    @property
    def misread_everywhere(self) -> str:
        """A literal that the fast engine reads otherwise wherever it compares or checks it, or nothing."""
        return next((text for datatype, text in self.misread.items() if datatype in _LIMITED), "")


class TraitsWatch:
    """Looks at triples that pass, for what shapes ask about; `looks_closely` at each decimal and time."""

    def __init__(self, shapes: TripleIndex, *, looks_closely: bool) -> None:
        self._compared = {
            predicate
            for asked in COMPARING
            for shape in shapes.subjects(asked)
            for node in (*shapes.objects(shape, asked), *shapes.objects(shape, SH_IRI + "path"))
            for predicate in predicates_of(shapes, node)
        }
        asked = {
            term.value
            for shape in shapes.subjects(SH_IRI + "datatype")
            for term in shapes.objects(shape, SH_IRI + "datatype")
            if isinstance(term, NamedNode)
        }
        self._datatypes = (asked - _CHECKED_BY_ALL) | (_LIMITED if looks_closely else frozenset())
        self._unordered: set[str] = set()
        self._misread: dict[str, str] = {}
        for shape in shapes.subjects(SH_IRI + "targetNode"):
            for node in shapes.objects(shape, SH_IRI + "targetNode"):
                self._look(node, self._datatypes | _LIMITED)

    @property
    def traits(self) -> Traits:
        """What was seen so far."""
        return Traits(frozenset(self._unordered), dict(self._misread))

    @property
    def waiting(self) -> Mapping[str, Sequence[Waiting]] | None:
        """Who waits for the triples with a predicate; None where all are waited for."""
        return None if self._datatypes else {predicate: [self._see_compared] for predicate in self._compared}

    def watch(self, triples: Iterable[Seen]) -> Iterator[Seen]:
        """Let triples pass."""
        return self._watch(triples) if self._compared or self._datatypes else iter(triples)

    def _watch(self, triples: Iterable[Seen]) -> Iterator[Seen]:
        compared, datatypes = self._compared, self._datatypes
        for triple in triples:
            if compared and triple.predicate.value in compared:
                self._see_compared(triple)
            if datatypes:
                self._look(triple.object, datatypes)
            yield triple

    def _see_compared(self, triple: Triple | Quad) -> None:
        if is_unordered(triple.object):
            self._unordered.add(triple.predicate.value)

    def _look(self, term: Term, datatypes: Iterable[str]) -> None:
        if not isinstance(term, Literal):
            return
        datatype = term.datatype.value
        if datatype in datatypes and datatype not in self._misread and is_misread(term):
            self._misread[datatype] = term.value


def is_unordered(term: Term) -> bool:
    """Whether SPARQL's `<` knows no value of a literal's kind."""
    if not isinstance(term, Literal):
        return False
    return term.language is not None or term.datatype.value not in _ORDERED


def is_misread(literal: Literal) -> bool:
    """Whether the fast engine takes a literal for well-formed that is not, or the other way round."""
    datatype, text = literal.datatype.value, literal.value
    if datatype not in _CHECKED_BY_ALL:
        return is_well_formed(text, datatype) is False
    if datatype not in _LIMITED:
        return False
    fraction = _FRACTION.search(text)
    too_fine = fraction is not None and len(fraction[1]) > _FINEST
    if datatype == _XSD + "decimal":
        whole = _WHOLE.match(text)
        return too_fine or (whole is not None and len(whole[1]) > _LARGEST)
    return too_fine or (not is_well_formed(text, datatype) and "24:" in text)


def may_be_misread(data: bytes, format_name: str) -> bool:
    """Tell quickly whether a file may hold a decimal or a time that the fast engine misreads; miss none."""
    if format_name == "rdfxml" or any(sign in data for sign in _SIGNS):
        return True  # a text of XML may be cut by comments and written in numbers
    if b"\\" in data and any(sign in data for sign in _ESCAPED_SIGNS):
        return True
    many = b"0" * (_FINEST + 1)
    return any(
        many in data[max(at - _FINEST, 0) : at + _PIECE].translate(_DIGITS)
        for at in range(0, len(data), _PIECE)
    )


def glance(triples: Iterable[Triple | Quad], counter: FocusCounter, watch: TraitsWatch) -> None:
    """Let both see the triples that they wait for."""
    counted, watched = counter.waiting, watch.waiting
    if counted is None or watched is None:
        counter.count(watch.watch(triples))
        return
    waiting = {
        NamedNode(predicate): (*counted.get(predicate, ()), *watched.get(predicate, ()))
        for predicate in {*counted, *watched}
    }
    of = waiting.get
    number = 0
    for number, triple in enumerate(triples, start=1):  # noqa: B007 (how many there were)
        # What is done here is done a million times: one question for each triple, no more.
        wanted = of(triple.predicate)
        if wanted is not None:
            for remember in wanted:
                remember(triple)
    counter.triples += number
