"""Evidence check: compare each passage with the source text."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Finding, Severity, Term
from sauran.kg.model.namespaces import OA, RDF, SEC

__all__ = [
    "Evidence",
    "Passage",
    "SourceDocument",
    "check_evidence",
    "locate",
    "match_document",
    "read_source",
    "source_documents",
]

_WORDS_IN_A_ROW = 8
# Looking for a moved passage hashes a window at each position of the text.
_LONGEST_TEXT_TO_SEARCH = 2_000_000
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Passage:
    """A stretch of a document: [start, end) in code points, and the SHA-256 of its UTF-8 octets."""

    iri: NamedNode
    start: int
    end: int
    digest: str


@dataclass(frozen=True)
class SourceDocument:
    """A source document: its length in code points, its digest and its passages by position."""

    iri: NamedNode
    length: int
    digest: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Evidence:
    """What a check found: how many passages of how many hold, how many literals were compared."""

    document: NamedNode
    proved: int
    passages: int
    literals: int
    findings: tuple[Finding, ...]


def read_source(file: Path) -> str:
    """Read a source text strictly as UTF-8, without touching its line ends.

    Raises: ContentError when it cannot be read, naming the byte that is not UTF-8.
    """
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise ContentError(str(file), f"cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        fix = "Give the text as UTF-8, byte for byte as it was recorded."
        raise ContentError(str(file), f"is not UTF-8 at byte {error.start}.", fix) from error


def match_document(documents: Sequence["SourceDocument"], text: str, file: Path) -> "SourceDocument":
    """Find the document that a text is of: by its digest, or the only one there is.

    Raises: ContentError when there is none, or none of several has this digest.
    """
    for document in documents:
        if document.digest == _digest(text):
            return document
    if len(documents) == 1:
        return documents[0]
    known = ", ".join(f"<{document.iri.value}>" for document in documents) or "none"
    fix = f"Documents of this publication: {known}. Give a text unchanged, or name its document."
    raise ContentError(str(file), "is not the text of a document: no digest matches.", fix)


def source_documents(quads: Sequence[Quad]) -> list[SourceDocument]:
    """Collect the source documents that quads describe, with their passages.

    Shape: passages without a whole position or digest are left out; the shapes find those.
    """
    values: dict[tuple[object, NamedNode], list[Term]] = {}
    for quad in quads:
        values.setdefault((quad.subject, quad.predicate), []).append(quad.object)

    def one(subject: object, predicate: NamedNode) -> Term | None:
        return next(iter(values.get((subject, predicate), ())), None)

    passages: dict[object, list[Passage]] = {}
    documents = []
    for quad in quads:
        if quad.predicate != RDF["type"] or not isinstance(quad.subject, NamedNode):
            continue
        if quad.object == SEC.Passage:
            selector = one(quad.subject, OA.hasSelector)
            start, end = _integer(one(selector, OA.start)), _integer(one(selector, OA.end))
            digest = one(quad.subject, SEC.textDigest)
            if start is not None and end is not None and isinstance(digest, Literal):
                found = Passage(quad.subject, start, end, digest.value)
                passages.setdefault(one(quad.subject, OA.hasSource), []).append(found)
        elif quad.object == SEC.SourceDocument:
            documents.append(quad.subject)
    return [
        SourceDocument(
            iri,
            _integer(one(iri, SEC.textLength)) or 0,
            getattr(one(iri, SEC.textDigest), "value", ""),
            tuple(sorted(passages.get(iri, ()), key=lambda p: (p.start, p.end))),
        )
        for iri in documents
    ]


def locate(text: str, words: str) -> list[tuple[int, int, str]]:
    """Find where words stand in a text: start, end and digest of each place, as a passage records them."""
    found = []
    start = text.find(words)
    while words and start >= 0:
        found.append((start, start + len(words), _digest(words)))
        start = text.find(words, start + 1)
    return found


def check_evidence(document: SourceDocument, text: str, quads: Iterable[Quad]) -> Evidence:
    """Check a document, its passages and our own literals against its text.

    Shape: findings of the rules source-text, passage-moved, passage-changed, uncovered-text, borrowed-text.
    """
    findings = [*_check_document(document, text)]
    broken = [passage for passage in document.passages if _digest(_cut(text, passage)) != passage.digest]
    findings += [_explain(passage, text) for passage in broken]
    findings += _uncovered(document, text)
    literals = sorted(
        {(str(q.subject), q) for q in quads if isinstance(q.object, Literal)},
        key=lambda pair: (pair[0], str(pair[1])),
    )
    findings += _borrowed(text, [quad for _, quad in literals])
    proved = len(document.passages) - len(broken)
    return Evidence(document.iri, proved, len(document.passages), len(literals), tuple(findings))


def _check_document(document: SourceDocument, text: str) -> Iterable[Finding]:
    if _digest(text) != document.digest:
        message = (
            f"The text has {len(text)} code points and another digest; {document.length} were recorded. "
            "Check that it is the right file, unchanged, or record the document and its passages anew."
        )
        yield Finding(
            "source-text", Severity.VIOLATION, message, focus=document.iri, path=SEC.textDigest.value
        )


def _explain(passage: Passage, text: str) -> Finding:
    width = passage.end - passage.start
    found = -1
    if 0 < width <= len(text) <= _LONGEST_TEXT_TO_SEARCH:
        starts = range(len(text) - width + 1)
        found = next((s for s in starts if _digest(text[s : s + width]) == passage.digest), -1)
    if found >= 0:
        message = (
            f"The passage moved: its text stands at {found}-{found + width}, "
            f"not at {passage.start}-{passage.end}. Fix oa:start and oa:end."
        )
        return Finding(
            "passage-moved", Severity.VIOLATION, message, focus=passage.iri, path=OA.hasSelector.value
        )
    message = (
        f"The text at {passage.start}-{passage.end} has another digest, and the recorded one stands nowhere. "
        "Read the passage and its claims again, then record its position and digest anew."
    )
    return Finding(
        "passage-changed", Severity.VIOLATION, message, focus=passage.iri, path=SEC.textDigest.value
    )


def _uncovered(document: SourceDocument, text: str) -> Iterable[Finding]:
    reached = 0
    ends = [(p.start, p.end) for p in document.passages] + [(len(text), len(text))]
    for start, end in ends:
        gap = text[reached : max(start, reached)]
        if gap.strip():
            begin = reached + len(gap) - len(gap.lstrip())
            finish = begin + len(gap.strip())
            message = f"The text at {begin}-{finish} is in no passage. Add a passage, and its claims."
            yield Finding("uncovered-text", Severity.VIOLATION, message, focus=document.iri)
        reached = max(reached, end)


def _borrowed(text: str, quads: Sequence[Quad]) -> Iterable[Finding]:
    known = set(_runs(text))
    for quad in quads:
        run = next((run for run in _runs(getattr(quad.object, "value", "")) if run in known), None)
        if run:
            message = f'Eight words in a row stand in the source: "{" ".join(run)}". Say it in our own words.'
            yield Finding(
                "borrowed-text",
                Severity.VIOLATION,
                message,
                focus=quad.subject,
                path=quad.predicate.value,
                value=quad.object,
            )


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return (tuple(words[n : n + _WORDS_IN_A_ROW]) for n in range(len(words) - _WORDS_IN_A_ROW + 1))


def _cut(text: str, passage: Passage) -> str:
    return text[passage.start : passage.end] if 0 <= passage.start < passage.end <= len(text) else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _integer(term: Term | None) -> int | None:
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else None
