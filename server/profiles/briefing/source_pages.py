"""Pages of source documents, sections and passages: where in a text the evidence is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, SEC, XSD
from sauran.server.http.executor import Rows, ask_filled
from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.profiles.briefing.claim_view import PassageView, passage_view
from sauran.server.site.lookup import Lookup

__all__ = ["PassageBar", "PassagePage", "SectionRow", "SourcePage", "passage_page", "source_page"]

_MOST_STRETCHES = 300  # drawn one by one; more would be finer than a hair
_MOST_SECTIONS = 500
WIDTH = 1000  # units of a drawing, whatever the text's length


@dataclass(frozen=True, slots=True)
class PassageBar:
    """A passage as a part of a bar that is 1000 units wide."""

    link: Label
    kind: str
    left: int
    width: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PassagePage:
    """A passage between its neighbours."""

    view: PassageView
    stretch: PassageBar | None
    before: Label | None
    after: Label | None


@dataclass(frozen=True, slots=True)
class PassageCoverage:
    """How many passages of a kind there are, and how many characters they have."""

    kind: Label | None
    passages: int
    characters: int


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section, how deep it lies, its passages, and its claims by type, in the order of the types."""

    link: Label
    depth: int
    iri: str
    passages: int
    claims: tuple[int, ...]

    @property
    def all_claims(self) -> int:
        """The claims of all types."""
        return sum(self.claims)


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A document or a section: what of its text the passages cover, and its claims by section and type.

    `types` are claim types with their IRIs; `stretches` is empty where there are too many to be drawn.
    """

    length: int | None
    coverage: tuple[PassageCoverage, ...]
    stretches: tuple[PassageBar, ...]
    types: tuple[tuple[str, Label], ...]
    sections: tuple[SectionRow, ...]

    @property
    def passages(self) -> int:
        """Passages of all kinds."""
        return sum(row.passages for row in self.coverage)

    @property
    def characters(self) -> int:
        """Characters in passages of all kinds."""
        return sum(row.characters for row in self.coverage)


def passage_page(lookup: Lookup, passage: NamedNode) -> PassagePage:
    """Read a passage with its place in the text."""
    lookup.read([passage])
    for whole in lookup.values(passage, DCTERMS.isPartOf):
        lookup.read_values(whole, SEC.textLength, 1)
    view = passage_view(lookup.reader(), passage)
    document = next(iter(lookup.values(passage, DCTERMS.isPartOf)), None)
    near: list[Term | None] = [None, None]
    if view.start is not None and document is not None:
        here = Literal(str(view.start), datatype=XSD.integer)
        found = [
            ask_filled(lookup.served_release, slug, (document, here), limit=1).rows
            for slug in ("passage-before", "passage-after")
        ]
        near = [rows[0][0] if rows else None for rows in found]
    reader = lookup.reader_of(term.value for term in near if isinstance(term, NamedNode))
    before, after = (None if term is None else reader.name(term) for term in near)
    return PassagePage(view, _stretch_of(view), before, after)


def source_page(lookup: Lookup, whole: NamedNode, document: Term) -> SourcePage:
    """Read how far passages cover a document or one of its sections."""
    lookup.read_values(document, SEC.textLength, 1)
    coverage = ask_filled(lookup.served_release, "coverage-of-part", (whole,)).rows
    stretches = ask_filled(
        lookup.served_release, "stretches-of-part", (whole,), limit=_MOST_STRETCHES + 1
    ).rows
    sections = ask_filled(lookup.served_release, "sections-of-document", (whole,), limit=_MOST_SECTIONS)
    claims = ask_filled(lookup.served_release, "claims-by-section", (whole,))
    reader = lookup.reader_of(
        dict.fromkeys(
            term.value
            for rows in (coverage, stretches, sections.rows, claims.rows)
            for row in rows
            for term in row
            if isinstance(term, NamedNode)
        )
    )
    length = _number(next(iter(lookup.values(document, SEC.textLength)), None))
    types = sorted({t for _, t, _ in claims.rows if isinstance(t, NamedNode)}, key=lambda t: t.value)
    return SourcePage(
        length=length or None,
        coverage=tuple(
            PassageCoverage(None if kind is None else reader.name(kind), _number(count), _number(characters))
            for kind, count, characters in coverage
            if _number(count)
        ),
        stretches=_stretches(reader, stretches, length) if len(stretches) <= _MOST_STRETCHES else (),
        types=tuple((type_.value, reader.name(type_)) for type_ in types),
        sections=_sections(reader, sections, claims, types),
    )


def _sections(
    reader: LabelReader, sections: Rows, claims: Rows, types: Sequence[NamedNode]
) -> tuple[SectionRow, ...]:
    counts = {(section, type_): _number(count) for section, type_, count in claims.rows}
    parents = {section: parent for section, parent, _, _ in sections.rows}
    return tuple(
        SectionRow(
            reader.name(section),
            _depth(section, parents),
            section.value,
            _number(passages),
            tuple(counts.get((section, type_), 0) for type_ in types),
        )
        for section, _, _, passages in sections.rows
        if isinstance(section, NamedNode)
    )


def _depth(section: Term, parents: Mapping[Term | None, Term | None]) -> int:
    depth = 0
    above = parents.get(section)
    while above is not None and depth < 5:  # data may say that two sections are parts of each other
        depth, above = depth + 1, parents.get(above)
    return depth


def _stretches(
    reader: LabelReader, rows: Sequence[tuple[Term | None, ...]], length: int
) -> tuple[PassageBar, ...]:
    found = []
    for passage, kind, start, end in rows:
        if isinstance(passage, NamedNode) and 0 <= _number(start) < _number(end) <= length:
            slug = kind.value.rsplit("/", 1)[-1] if isinstance(kind, NamedNode) else ""
            found.append(_stretch(reader.name(passage), slug, _number(start), _number(end), length))
    return tuple(found)


def _stretch_of(view: PassageView) -> PassageBar | None:
    if view.start is None or view.end is None or not view.length or not view.start < view.end <= view.length:
        return None
    return _stretch(view.link, "", view.start, view.end, view.length)


def _stretch(link: Label, kind: str, start: int, end: int, length: int) -> PassageBar:
    left = start * WIDTH // length
    return PassageBar(link, kind, left, max(end * WIDTH // length - left, 1), start, end)


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else 0
