"""Files to graphs: triples are read anew each time they are asked for; shapes come with what they import."""

import copy
import itertools
import os
import re
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from sauran.kg.model.findings import Finding, Severity
from sauran.kg.model.namespaces import OWL
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.validate.input_files import Input, fault, find_inputs, place_of, read_input, structure_fault
from sauran.kg.validate.job import Job, Limits

__all__ = ["Data", "Text", "with_imports", "write_ntriples"]

_SYNTAX = "syntax"
_LABEL = b"_:"
_NEW_IN_RDF_12 = re.compile(
    rb'<<|@[A-Za-z][A-Za-z0-9-]*--|"direction"|parseType\s*=\s*["\']Triple|\bits:dir\b'
)
_SIGNS_OF_RDF_12 = (b"<<", b"--", b'"direction"', b"parseType", b"its:dir")
_WHERE = re.compile(r"^Parser error at [^:]*: | \(line \d+\)$")
_AFTER_ALL_FILES = 1000


@dataclass(frozen=True)
class Text:
    """RDF for an engine that parses; `label` names a blank node by its number, in the order of the parser."""

    text: str
    format: str
    base: str
    label: Callable[[int], str]


class Data:
    """What some files say, as one graph.

    Blank nodes are called `fNnM`: N numbers the files from `first`, M the blank nodes of one file in the
    order of their triples. `faults` is filled while triples are read.
    """

    def __init__(
        self, inputs: Iterable[Input], limits: Limits, base: str | None = None, first: int = 0
    ) -> None:
        self.inputs: tuple[Input, ...] = tuple(inputs)
        self.faults: list[Finding] = []
        self._base, self._limits, self._first = base, limits, first
        self._bytes: list[tuple[int, Input, bytes]] = []
        for number, source in enumerate(self.inputs, start=first):
            data = read_input(source, limits)
            wrong = data if isinstance(data, Finding) else structure_fault(source, data, limits)
            if wrong:
                self.faults.append(wrong)
            elif isinstance(data, bytes):
                self._bytes.append((number, source, data))

    def __add__(self, other: "Data") -> "Data":
        """The same files and more, as one graph; faults are noted in this one."""
        both = copy.copy(self)
        both.inputs = self.inputs + other.inputs
        both._bytes = self._bytes + other._bytes
        return both

    @property
    def files(self) -> dict[int, tuple[Input, bytes]]:
        """The files that could be read, by their numbers."""
        return {number: (source, data) for number, source, data in self._bytes}

    def base(self, source: Input) -> str:
        """The IRI that relative ones in a file are resolved against."""
        return source.base(self._base)

    def some(self, holds: Callable[[bytes, str], bool]) -> bool:
        """Whether something holds for the bytes of a file and the name of its format."""
        return any(holds(data, source.format.name) for _, source, data in self._bytes)

    def as_one_text(self) -> Text | None:
        """All files as one Turtle or N-Triples text for an engine that parses; None where they are not one.

        Prefixes of one file hold in the next, but what is wrong in a file alone is found by `glance`.
        """
        formats = {source.format.name for source in self.inputs}
        labelled = sum(_LABEL in data for _, _, data in self._bytes)
        if self.faults or not self._bytes or not formats <= {"turtle", "ntriples"} or labelled > 1:
            return None
        base = self._bytes[0][1].base(self._base)
        if len(self._bytes) == 1:
            parts = [self._bytes[0][2]]
        else:
            formats = {"turtle"}
            parts = [b"@base <%s> .\n%s\n" % (s.base(self._base).encode(), d) for _, s, d in self._bytes]
        return Text(b"".join(parts).decode(), formats.pop(), base, self._blank_label)

    def _blank_label(self, number: int) -> str:
        """The label of a blank node by its number among those of all files."""
        if len(self._bytes) == 1:
            return f"f{self._bytes[0][0]}n{number}"
        at = bisect_right(self._blank_counts, number)
        before = self._blank_counts[at - 1] if at else 0
        return f"f{self._bytes[at][0]}n{number - before}"

    @cached_property
    def _blank_counts(self) -> list[int]:
        """How many blank nodes there are up to the end of each file."""
        terms = ((t.subject, t.object) for file in self._bytes for t in self._of_file(*file))
        labels = {term.value for pair in terms for term in pair if isinstance(term, BlankNode)}
        each = Counter(label[1:].partition("n")[0] for label in labels)
        return list(itertools.accumulate(each[str(number)] for number, _, _ in self._bytes))

    def triples(self) -> Iterator[Triple]:
        """Read all files; what does not parse becomes a fault."""
        return self._read(self._of_file)

    def glance(self) -> Iterator[Triple | Quad]:
        """Read all files for their syntax, and to count; blank nodes keep the parser's label."""
        return self._read(self._as_parsed)

    def _read(self, how: Callable[[int, Input, bytes], Iterator[Any]]) -> Iterator[Any]:
        for number, source, data in self._bytes:
            try:
                yield from how(number, source, data)
            except SyntaxError as error:
                self.faults.append(_syntax_fault(source, data, error))
            except MemoryError:  # Oxigraph's parser holds at most 16 MiB at once
                self.faults.append(self._large_literal(source, data))

    def _as_parsed(self, number: int, source: Input, data: bytes) -> Iterator[Triple | Quad]:
        if len(data) > self._limits.literal_mb << 20 and _has_long_stretch(
            data, self._limits.literal_mb << 20
        ):
            return self._of_file(number, source, data)
        if _may_be_rdf_12(data):
            return self._of_file(number, source, data)
        return parse(data, format=source.format.rdf, base_iri=source.base(self._base))

    def _of_file(self, number: int, source: Input, data: bytes) -> Iterator[Triple]:
        labels: dict[str, BlankNode] = {}
        most = self._limits.literal_mb << 20
        large = len(data) > most and _has_long_stretch(data, most)
        careful = _may_be_rdf_12(data)
        plain = not (large or careful)
        for quad in parse(data, format=source.format.rdf, base_iri=source.base(self._base)):
            subject, object_ = quad.subject, quad.object
            if plain and not isinstance(subject, BlankNode) and not isinstance(object_, BlankNode):
                yield quad.triple
                continue
            if isinstance(subject, BlankNode):
                subject = labels.setdefault(subject.value, BlankNode(f"f{number}n{len(labels)}"))
            if isinstance(object_, BlankNode):
                object_ = labels.setdefault(object_.value, BlankNode(f"f{number}n{len(labels)}"))
            elif careful and (isinstance(object_, Triple) or getattr(object_, "direction", None) is not None):
                raise SyntaxError(f"{object_} is RDF 1.2, which SHACL 1.0 cannot check")
            elif large and len(object_.value) > most:
                raise MemoryError
            yield Triple(subject, quad.predicate, object_)

    def _large_literal(self, source: Input, data: bytes) -> Finding:
        """Say where a literal begins that is too large: before a long stretch without a quotation mark."""
        most = self._limits.literal_mb << 20
        iri = re.search(rb"<[^<>\"\s]{%d}" % most, data)
        if iri:
            what = f"an IRI is larger than {self._limits.literal_mb} MiB."
            return fault(source.name, what, *place_of(data, iri.start()))
        quotes = itertools.chain((m.start() for m in re.finditer(rb"[\"']", data)), [len(data)])
        before = 0
        place = (0, 0)
        for at in quotes:
            if at - before > most // 2:
                place = place_of(data, before)
                break
            before = at
        return fault(source.name, f"a literal is larger than {self._limits.literal_mb} MiB.", *place)


def _may_be_rdf_12(data: bytes) -> bool:
    # A regular expression that begins with a choice takes ten times as long as these.
    return any(sign in data for sign in _SIGNS_OF_RDF_12) and _NEW_IN_RDF_12.search(data) is not None


def _has_long_stretch(data: bytes, most: int) -> bool:
    """Whether an eighth of `most` has no end of a statement, property or IRI: the sign of a long literal."""
    size = most // 8
    blocks = range(0, len(data), size)
    return any(
        not any(data.find(end, at, at + size) >= 0 for end in (b";\n", b".\n", b",\n", b'" .', b">"))
        for at in blocks
    )


def _syntax_fault(source: Input, data: bytes, error: SyntaxError) -> Finding:
    message = _WHERE.sub("", _WHERE.sub("", str(error.msg)))
    if "LoadDocumentCallback" in message:
        at = data.find(b"@context")
        what = "a context elsewhere is not fetched. Write it into the file."
        return fault(source.name, what, *place_of(data, max(at, 0)))
    what = f"{message}. Fix the syntax here or just before."
    return replace(fault(source.name, what, error.lineno or 0, error.offset or 0), rule=_SYNTAX)


def write_ntriples(triples: Iterable[Triple], labels: list[str] | None = None) -> Path:
    """Write triples into a temporary file; `labels` gets the blank nodes in the order they appear."""
    handle, name = tempfile.mkstemp(suffix=".nt", prefix="sauran-")
    os.close(handle)
    noted = triples if labels is None else _noting(triples, labels)
    serialize(noted, output=name, format=RdfFormat.N_TRIPLES)
    return Path(name)


def _noting(triples: Iterable[Triple], labels: list[str]) -> Iterator[Triple]:
    seen: dict[str, None] = {}
    for triple in triples:
        for term in (triple.subject, triple.object):
            if isinstance(term, BlankNode) and term.value not in seen:
                seen[term.value] = None
                labels.append(term.value)
        yield triple


def with_imports(job: Job, shapes: TripleIndex) -> tuple[TripleIndex, list[Finding], list[Finding]]:
    """Add the copies that a job names to its shapes; give faults in them, and warnings of what has none."""
    copies = dict(job.imports)
    index, faults, missing, seen = shapes, list[Finding](), list[Finding](), set[str]()
    number = len(job.data) + len(job.ontology) + len(job.shapes) + _AFTER_ALL_FILES
    while True:
        wanted = {
            term.value
            for owner in index.subjects(OWL.imports.value)
            for term in index.objects(owner, OWL.imports.value)
            if isinstance(term, NamedNode)
        } - seen
        if not wanted:
            return index, faults, missing
        for iri in sorted(wanted):
            seen.add(iri)
            if iri not in copies:
                if NamedNode(iri) not in {t.subject for t in index}:
                    missing.append(_missing(index, iri))
                continue
            inputs, wrong = find_inputs([copies[iri]])
            more = Data(inputs, job.limits, iri, first=number)
            number += len(inputs)
            index = TripleIndex([*index, *more.triples()])
            faults += [*wrong, *more.faults]


def _missing(index: TripleIndex, iri: str) -> Finding:
    imported = NamedNode(iri)
    owner = index.subjects(OWL.imports.value, imported)[0]
    what = f"<{iri}> is imported, but nothing is fetched. Give a local copy: --import {iri}=FILE."
    return Finding("import-missing", Severity.WARNING, what, owner, OWL.imports.value, imported)
