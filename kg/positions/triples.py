"""State of the Turtle parser: the current triple, and a stack of the triples that open brackets interrupt.

The stack is a list, not Python's call stack, so nesting is limited only by memory.
"""

from collections.abc import Callable
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.namespaces import RDF
from sauran.kg.positions.tokens import LineMap, Position

__all__ = ["PlacedTriple", "State", "TripleBuilder"]

# A parser state takes a token (its kind, its text, its offset) and returns the state for the next one.
State = Callable[[str, str, int], "State"]


class PlacedTriple(NamedTuple):
    """A triple, and where each of its terms begins.

    Units: `a` stands where it is written, `[` for its blank node. The first cell of a list stands at its `(`,
    every other cell, and the unwritten rdf:first and rdf:rest, at the item or `)` that made them.
    `graph` is None for the default graph, and in formats that have no other. Places are offsets until they
    are asked for: few are.
    """

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: NamedNode | BlankNode | Literal
    subject_offset: int
    predicate_offset: int
    object_offset: int
    lines: LineMap
    graph: NamedNode | BlankNode | None = None

    @property
    def subject_at(self) -> Position:
        """The place of the subject."""
        return self.lines.position(self.subject_offset)

    @property
    def predicate_at(self) -> Position:
        """The place of the predicate."""
        return self.lines.position(self.predicate_offset)

    @property
    def object_at(self) -> Position:
        """The place of the object."""
        return self.lines.position(self.object_offset)


class _Frame(NamedTuple):
    """Saved parser state of an open bracket; `resume` is the state after the closing one."""

    subject: NamedNode | BlankNode
    subject_at: int
    predicate: NamedNode
    predicate_at: int
    after_value: State
    resume: State


class TripleBuilder:
    """Holds the subject and predicate in force, and collects the triples made with them.

    Shape: `placed` is emptied by who reads it; blank nodes are labelled `<label>1`, `<label>2`, ….
    Places are offsets. `after_value` is the state after an object: inside a list another one than elsewhere.
    """

    subject_at: int
    predicate_at: int
    after_value: State

    def __init__(self, text: str, label: str, after_object: State) -> None:
        self.lines: LineMap = LineMap(text)
        # The terms and places are overwritten before anything reads them.
        self.subject: NamedNode | BlankNode = RDF.nil
        self.predicate: NamedNode = RDF.nil
        self.subject_at = self.predicate_at = 0
        self.after_value = self._after_object = after_object
        self.graph: NamedNode | BlankNode | None = None
        self.open: list[_Frame] = []
        self.placed: list[PlacedTriple] = []
        self._label = label
        self._blanks = 0

    def emit(self, value: NamedNode | BlankNode | Literal, value_at: int) -> None:
        """Make a triple of the subject and predicate in force and `value`."""
        at = (self.subject_at, self.predicate_at, value_at)
        self.placed.append(PlacedTriple(self.subject, self.predicate, value, *at, self.lines, self.graph))

    def new_blank(self) -> BlankNode:
        """Make a blank node that no label of the text names."""
        self._blanks += 1
        return BlankNode(f"{self._label}{self._blanks}")

    def enter(self, resume: State) -> None:
        """Push the state at an opening bracket; `resume` is the state after the closing one."""
        self.open.append(
            _Frame(self.subject, self.subject_at, self.predicate, self.predicate_at, self.after_value, resume)
        )
        self.after_value = self._after_object

    def leave(self) -> State:
        """Pop the state of the innermost open bracket."""
        frame = self.open.pop()
        self.subject, self.subject_at = frame.subject, frame.subject_at
        self.predicate, self.predicate_at = frame.predicate, frame.predicate_at
        self.after_value = frame.after_value
        return frame.resume
