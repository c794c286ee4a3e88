"""Parse Turtle to triples with their positions.

A pushdown automaton: each state is a method that takes one token and returns the next state.
"""

import re
from collections.abc import Iterator
from typing import NoReturn

from pyoxigraph import Literal

from sauran.kg.model.namespaces import RDF, XSD
from sauran.kg.positions.terms import TermReader
from sauran.kg.positions.tokens import (
    TurtleSyntaxError,
    check_characters,
    find_tokens,
    unescape,
)
from sauran.kg.positions.triples import PlacedTriple, State, TripleBuilder

__all__ = ["TurtleParser", "parse_turtle"]

_NODES = frozenset(["blank", "iri", "name"])
_TYPE, _FIRST, _REST, _NIL = RDF["type"], RDF.first, RDF.rest, RDF.nil
_BOOLEANS = {word: Literal(word, datatype=XSD.boolean) for word in ("true", "false")}
_HINTS = {
    '"': "Close the string (a line break needs three quotes) and write \\\\ for a backslash.",
    "'": "Close the string (a line break needs three quotes) and write \\\\ for a backslash.",
    "<": 'Close the IRI with >; inside it write spaces and <>"{}|^`\\ as %20 and so on.',
    "=": "Write owl:sameAs; = is Notation3.",
    "~": "In the local part of a name write \\~.",
    "_": "Write a blank node as _:label.",
}


def parse_turtle(text: str, base_iri: str | None = None) -> Iterator[PlacedTriple]:
    """Read RDF 1.1 Turtle, triple by triple, in the order of the text.

    Shape: lexical forms as written, language tags in lower case (pyoxigraph's terms), blank nodes with the
    labels of the text; those without one get `anon1`, `anon2`, …, longer where the text uses such labels.
    Raises: TurtleSyntaxError at the first fault, after the triples before it; for RDF 1.2 too.
    UsageError when `base_iri` is relative.
    Source: RDF 1.1 Turtle, sections 6 and 7.
    """
    return TurtleParser(text, base_iri).run()


class TurtleParser(TripleBuilder):
    """The states of Turtle; TriG adds its own."""

    # It inherits what it fills: through an attribute of its own each word would cost a third more.

    language = "Turtle"

    def __init__(self, text: str, base_iri: str | None) -> None:
        self._text = text
        self._terms = TermReader(base_iri)
        super().__init__(text, _unused_label(text), self._after_object)
        self._place = self.lines.position
        # Started by one token and completed by a later one: prefix, directive, string, bracket.
        self._prefix = ""
        self._needs_dot = False
        self._lexical = ""
        self._value_at = 0

    def run(self) -> Iterator[PlacedTriple]:
        """Read the whole text."""
        check_characters(self._text)
        state: State = self._statement
        placed = self.placed
        for word in find_tokens(self._text):
            state = self.take(state, word)
            if placed:
                yield from placed
                placed.clear()

    def take(self, state: State, word: re.Match[str]) -> State:
        """Pass a token to a state; return the next state."""
        kind = word.lastgroup or ""
        written, start = word[kind], word.start(kind)
        try:
            return state(kind, written, start)
        except ValueError as error:
            raise TurtleSyntaxError(self._place(start), str(error)) from error

    # Statements and directives

    def _statement(self, kind: str, written: str, start: int) -> State:
        if kind in _NODES:
            self.subject, self.subject_at = self._terms.read_node(kind, written), start
            return self._verb
        if kind == "end":
            return self._statement
        if written in ("[", "("):
            self.subject, self.subject_at = self.new_blank(), start
            return self._subject_bracket if written == "[" else self._subject_list
        if kind in ("at", "word"):
            return self._directive(kind, written, start)
        self._refuse("a subject or a directive", kind, written, start)

    def _directive(self, kind: str, written: str, start: int) -> State:
        # SPARQL's PREFIX and BASE take any case, @prefix and @base only this one.
        name = written[1:] if kind == "at" else written.lower()
        self._needs_dot = kind == "at"
        if name == "prefix":
            return self._prefix_name
        if name == "base":
            return self._base_iri
        if name == "version":
            kind = "rdf12"
        self._refuse("a subject or a directive", kind, written, start)

    def _prefix_name(self, kind: str, written: str, start: int) -> State:
        if kind != "name" or written.index(":") != len(written) - 1:
            self._refuse("a prefix, as in ex:", kind, written, start)
        self._prefix = written[:-1]
        return self._prefix_iri

    def _prefix_iri(self, kind: str, written: str, start: int) -> State:
        if kind != "iri":
            self._refuse("an IRI in <>", kind, written, start)
        self._terms.declare_prefix(self._prefix, written)
        return self._directive_dot if self._needs_dot else self._statement

    def _base_iri(self, kind: str, written: str, start: int) -> State:
        if kind != "iri":
            self._refuse("an IRI in <>", kind, written, start)
        self._terms.declare_base(written)
        return self._directive_dot if self._needs_dot else self._statement

    def _directive_dot(self, kind: str, written: str, start: int) -> State:
        if written != ".":
            self._refuse("the dot that ends @prefix or @base", kind, written, start)
        return self._statement

    # Subjects that are brackets

    def _subject_bracket(self, kind: str, written: str, start: int) -> State:
        if written == "]":
            return self._verb
        self.enter(self._verb_or_dot)
        return self._verb(kind, written, start)

    def _subject_list(self, kind: str, written: str, start: int) -> State:
        if written == ")":
            self.subject = _NIL
            return self._verb
        self.enter(self._verb)
        return self._begin_item(kind, written, start)

    # Predicates and objects

    def _verb(self, kind: str, written: str, start: int) -> State:
        if kind in ("name", "iri"):
            predicate = self._terms.read_iri(kind, written)
        elif written == "a":
            predicate = _TYPE
        else:
            self._refuse("a predicate", kind, written, start)
        self.predicate, self.predicate_at = predicate, start
        return self._object

    def _verb_or_dot(self, kind: str, written: str, start: int) -> State:
        return self._statement if written == "." else self._verb(kind, written, start)

    def _verb_or_end(self, kind: str, written: str, start: int) -> State:
        if written == ";":
            return self._verb_or_end
        if written in (".", "]"):
            return self._after_object(kind, written, start)
        return self._verb(kind, written, start)

    def _object(self, kind: str, written: str, start: int) -> State:
        if kind in _NODES:
            self.emit(self._terms.read_node(kind, written), start)
        elif kind == "string":
            return self._string(written, start)
        elif written in ("[", "("):
            return self._object_bracket(written, start)
        elif kind == "number":
            self.emit(self._terms.read_number(written), start)
        elif written in _BOOLEANS:
            self.emit(_BOOLEANS[written], start)
        else:
            self._refuse("an object", kind, written, start)
        return self.after_value

    def _after_object(self, kind: str, written: str, start: int) -> State:
        if written == ";":
            return self._verb_or_end
        if written == ",":
            return self._object
        if written == "." and not self.open:
            return self._statement
        if written == "]" and self.open:
            return self.leave()
        expected = "one of , ; ."
        if self.open:
            bracket = self._place(self.subject_at)
            expected = f"one of , ; or the ] for the [ of line {bracket.line}, column {bracket.column}"
        self._refuse(expected, kind, written, start)

    # Literals

    def _string(self, written: str, start: int) -> State:
        quotes = 3 if written[:3] in ('"""', "'''") else 1
        self._lexical = unescape(written[quotes:-quotes])
        self._value_at = start
        return self._after_string

    def _after_string(self, kind: str, written: str, start: int) -> State:
        if kind == "at":
            if "--" in written:
                self._refuse("a language tag", "rdf12", written, start)
            self.emit(self._terms.read_tagged(self._lexical, written[1:]), self._value_at)
            return self.after_value
        if written == "^^":
            return self._datatype
        self.emit(Literal(self._lexical), self._value_at)
        return self.after_value(kind, written, start)

    def _datatype(self, kind: str, written: str, start: int) -> State:
        if kind not in ("name", "iri"):
            self._refuse("the IRI of a datatype", kind, written, start)
        datatype = self._terms.read_iri(kind, written)
        self.emit(self._terms.read_typed(self._lexical, datatype), self._value_at)
        return self.after_value

    # Objects that are brackets

    def _object_bracket(self, written: str, start: int) -> State:
        self._value_at = start
        if written == "(":
            return self._object_list
        node = self.new_blank()
        self.emit(node, self._value_at)
        self.enter(self.after_value)
        self.subject, self.subject_at = node, self._value_at
        return self._object_bracket_first

    def _object_bracket_first(self, kind: str, written: str, start: int) -> State:
        return self.leave() if written == "]" else self._verb(kind, written, start)

    def _object_list(self, kind: str, written: str, start: int) -> State:
        if written == ")":
            self.emit(_NIL, self._value_at)
            return self.after_value
        cell = self.new_blank()
        self.emit(cell, self._value_at)
        self.enter(self.after_value)
        self.subject, self.subject_at = cell, self._value_at
        return self._begin_item(kind, written, start)

    def _begin_item(self, kind: str, written: str, start: int) -> State:
        self.predicate, self.predicate_at = _FIRST, start
        self.after_value = self._after_item
        return self._object(kind, written, start)

    def _after_item(self, kind: str, written: str, start: int) -> State:
        self.predicate, self.predicate_at = _REST, start
        if written == ")":
            self.emit(_NIL, start)
            return self.leave()
        cell = self.new_blank()
        self.emit(cell, start)
        self.subject, self.subject_at = cell, start
        return self._begin_item(kind, written, start)

    def _refuse(self, expected: str, kind: str, written: str, start: int) -> NoReturn:
        place = self._place(start)
        shown = "`" + " ".join(written[:40].split()) + ("…" if len(written) > 40 else "") + "`"
        if kind == "rdf12":
            fix = _HINTS.get(written, f"Write RDF 1.1 {self.language}.")
            raise TurtleSyntaxError(place, f"{shown} is RDF 1.2 syntax.", fix)
        found = "the end of the text" if kind == "end" else shown
        hint = _HINTS.get(written, "")
        if written in ("{", "}") and self.language == "Turtle":
            hint = "Named graphs are TriG, not Turtle."
        raise TurtleSyntaxError(place, f"Expected {expected}, found {found}.", hint)


def _unused_label(text: str) -> str:
    taken = [len(label) for label in re.findall("_:anon(_*)", text)]
    return "anon" + "_" * (max(taken) + 1 if taken else 0)
