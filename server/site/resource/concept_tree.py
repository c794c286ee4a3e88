"""The concepts of a scheme as a tree, each with how often it is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import SKOS
from sauran.server.http.executor import ask_filled
from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.site.lookup import Lookup

__all__ = ["ConceptTree", "TreeNode", "concept_tree"]

_MOST = 1000
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A concept with the narrower ones below it; `depth` is 0 at the top."""

    link: Label
    definition: Label | None
    uses: int
    depth: int


@dataclass(frozen=True, slots=True)
class ConceptTree:
    """The concepts of a scheme, each before the narrower ones; `cut` says that there are more."""

    nodes: tuple[TreeNode, ...]
    cut: bool


def concept_tree(lookup: Lookup, scheme: NamedNode) -> ConceptTree:
    """Read the concepts of a scheme."""
    rows = ask_filled(lookup.served_release, "concepts-of-scheme", (scheme,), limit=_MOST + 1).rows
    uses: dict[Term, int] = {}
    below: dict[Term | None, dict[Term, None]] = {}
    for concept, broader, count in rows[:_MOST]:
        if isinstance(concept, NamedNode) and isinstance(count, Literal):
            uses[concept] = int(count.value)
            below.setdefault(broader, {})[concept] = None
            lookup.read_values(concept, SKOS.definition, 20)
    # What is below a concept of another scheme stands at the top of this one.
    tops = {c: None for broader, concepts in below.items() if broader not in uses for c in concepts}
    reader = lookup.reader_of(concept.value for concept in uses if isinstance(concept, NamedNode))
    walk = _Walk(reader, below, uses)
    walk.down(tops, 0)
    # Concepts that are broader than each other have no top.
    walk.down([concept for concept in uses if concept not in walk.seen], 0)
    return ConceptTree(tuple(walk.nodes), cut=len(rows) > _MOST)


class _Walk:
    """Depth-first walk of a scheme, siblings by name."""

    def __init__(
        self, reader: LabelReader, below: Mapping[Term | None, Iterable[Term]], uses: Mapping[Term, int]
    ) -> None:
        self._reader, self._below, self._uses = reader, below, uses
        self.nodes: list[TreeNode] = []
        self.seen: set[Term] = set()

    def down(self, concepts: Iterable[Term], depth: int) -> None:
        """Add concepts, each followed by the narrower ones, none twice."""
        for concept in sorted(concepts, key=lambda c: self._reader.name(c).text.casefold()):
            if concept not in self.seen and depth < _DEEPEST:
                self.seen.add(concept)
                definition = self._reader.shown_value(concept, SKOS.definition)
                self.nodes.append(
                    TreeNode(self._reader.name(concept), definition, self._uses[concept], depth)
                )
                self.down(self._below.get(concept, ()), depth + 1)
