"""The triple being written, and what the brackets still open interrupt.

Open brackets wait on a list, not on Python's stack, so nesting has no limit but memory.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.turtle_tokens import Position
from kg.vocabulary import RDF

__all__ = ["PlacedTriple", "State", "TripleBuilder"]

# A state of the parser takes a word (its kind, itself, its offset) and says which state reads the next.
State = Callable[[str, str, int], "State"]


@dataclass(frozen=True, slots=True)
class PlacedTriple:
    """A triple, and where each of its terms begins.

    Units: `a` stands where it is written, `[` for its blank node. The first cell of a list stands at its `(`,
    every other cell, and the unwritten rdf:first and rdf:rest, at the item or `)` that made them.
    """

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: NamedNode | BlankNode | Literal
    subject_at: Position
    predicate_at: Position
    object_at: Position


class _Frame(NamedTuple):
    """What an open bracket interrupts; `resume` follows the closing one."""

    subject: NamedNode | BlankNode
    subject_at: Position
    predicate: NamedNode
    predicate_at: Position
    after_value: State
    resume: State


class TripleBuilder:
    """Holds the subject and predicate in force, and collects the triples made with them.

    Shape: `placed` is emptied by who reads it; blank nodes are labelled `<label>1`, `<label>2`, ….
    `after_value` is the state after an object: inside a list another one than elsewhere.
    """

    def __init__(self, label: str, after_object: State) -> None:
        # The terms and places are overwritten before anything reads them.
        self.subject: NamedNode | BlankNode = RDF.nil
        self.predicate = RDF.nil
        self.subject_at = self.predicate_at = Position(1, 1)
        self.after_value = self._after_object = after_object
        self.open: list[_Frame] = []
        self.placed: list[PlacedTriple] = []
        self._label = label
        self._blanks = 0

    def emit(self, value: NamedNode | BlankNode | Literal, value_at: Position) -> None:
        """Make a triple of the subject and predicate in force and `value`."""
        self.placed.append(
            PlacedTriple(self.subject, self.predicate, value, self.subject_at, self.predicate_at, value_at)
        )

    def new_blank(self) -> BlankNode:
        """Make a blank node that no label of the text names."""
        self._blanks += 1
        return BlankNode(f"{self._label}{self._blanks}")

    def enter(self, resume: State) -> None:
        """Put aside what an opening bracket interrupts; `resume` is the state after the closing one."""
        self.open.append(
            _Frame(self.subject, self.subject_at, self.predicate, self.predicate_at, self.after_value, resume)
        )
        self.after_value = self._after_object

    def leave(self) -> State:
        """Take up again what the innermost open bracket interrupted."""
        frame = self.open.pop()
        self.subject, self.subject_at = frame.subject, frame.subject_at
        self.predicate, self.predicate_at = frame.predicate, frame.predicate_at
        self.after_value = frame.after_value
        return frame.resume
