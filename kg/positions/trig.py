"""Parse TriG to triples with their positions: Turtle and graph blocks."""

from collections.abc import Iterator

from sauran.kg.positions.triples import PlacedTriple, State
from sauran.kg.positions.turtle import TurtleParser

__all__ = ["parse_trig"]


def parse_trig(text: str, base_iri: str | None = None) -> Iterator[PlacedTriple]:
    """Read RDF 1.1 TriG, triple by triple, in the order of the text.

    Shape, raises: as `parse_turtle`; `graph` names the graph a triple is in.
    Source: RDF 1.1 TriG, sections 3 and 4.
    """
    return _TrigParser(text, base_iri).run()


class _TrigParser(TurtleParser):
    language = "TriG"
    _inside = False  # between { and }

    def _statement(self, kind: str, written: str, start: int) -> State:
        if self._inside:
            return self._statement_inside(kind, written, start)
        if written == "{":
            return self._open_graph()
        if kind == "word" and written.lower() == "graph":
            return self._graph_name
        state = super()._statement(kind, written, start)
        return self._verb_or_graph if state == self._verb else state

    def _statement_inside(self, kind: str, written: str, start: int) -> State:
        if written == "}":
            return self._close_graph()
        if kind in ("at", "word", "end"):
            self._refuse("a subject or the } of the graph", kind, written, start)
        return super()._statement(kind, written, start)

    # Graphs

    def _graph_name(self, kind: str, written: str, start: int) -> State:
        if written == "[":
            self.subject = self.new_blank()
            return self._graph_bracket
        if kind not in ("iri", "name", "blank"):
            self._refuse("the name of a graph", kind, written, start)
        self.subject = self._terms.read_node(kind, written)
        return self._graph_brace

    def _graph_bracket(self, kind: str, written: str, start: int) -> State:
        if written != "]":
            self._refuse("the ] of []", kind, written, start)
        return self._graph_brace

    def _graph_brace(self, kind: str, written: str, start: int) -> State:
        if written != "{":
            self._refuse("the { of a graph", kind, written, start)
        self.graph = self.subject
        return self._open_graph()

    def _verb_or_graph(self, kind: str, written: str, start: int) -> State:
        if written == "{":
            return self._graph_brace(kind, written, start)
        return self._verb(kind, written, start)

    def _open_graph(self) -> State:
        self._inside = True
        return self._statement

    def _close_graph(self) -> State:
        self._inside, self.graph = False, None
        return self._statement

    # Where the } of a graph may stand in place of a dot, and [] be the name of a graph

    def _subject_bracket(self, kind: str, written: str, start: int) -> State:
        if written == "]" and not self._inside:
            return self._verb_or_graph
        return super()._subject_bracket(kind, written, start)

    def _verb_or_dot(self, kind: str, written: str, start: int) -> State:
        if written == "}" and self._inside:
            return self._close_graph()
        return super()._verb_or_dot(kind, written, start)

    def _verb_or_end(self, kind: str, written: str, start: int) -> State:
        if written == "}":
            return self._after_object(kind, written, start)
        return super()._verb_or_end(kind, written, start)

    def _after_object(self, kind: str, written: str, start: int) -> State:
        if written == "}" and self._inside and not self.open:
            return self._close_graph()
        return super()._after_object(kind, written, start)
