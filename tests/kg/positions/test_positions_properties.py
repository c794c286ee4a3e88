"""Random graphs and random layouts: same triples as pyoxigraph, places as the writer noted them."""

import random
from collections.abc import Iterable, Iterator

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from sauran.kg.model.namespaces import RDF
from sauran.kg.positions import PlacedTriple, Position, Statements, index_text, parse_turtle

_EX = "http://example.org/"

_iris = st.sampled_from(
    [_EX, _EX + "a", _EX + "b/c#d", _EX + "é", "urn:x:y", _EX + "a.b", _EX + "%41~", _EX + "-"]
)
_named = _iris.map(NamedNode)
_nodes = _named | st.sampled_from(["x", "y", "1", "z.z"]).map(BlankNode)
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_literals = (
    _texts.map(Literal)
    | st.builds(
        lambda text, tag: Literal(text, language=tag), _texts, st.sampled_from(["en", "kk-Cyrl", "RU"])
    )
    | st.builds(lambda text, datatype: Literal(text, datatype=datatype), _texts, _named)
    | st.integers().map(Literal)
    | st.booleans().map(Literal)
    | st.floats().map(Literal)
)
_graphs = st.lists(st.builds(Triple, _nodes, _named, _nodes | _literals), min_size=1, max_size=10)


def _canonical(quads: Iterable[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _quads(triples: Iterable[PlacedTriple]) -> Iterator[Quad]:
    return (Quad(triple.subject, triple.predicate, triple.object) for triple in triples)


@given(_graphs)
def test_what_pyoxigraph_writes_is_read_back(graph: list[Triple]) -> None:
    written = serialize(graph, format=RdfFormat.TURTLE, prefixes={"ex": _EX, "": "urn:x:"})
    text = (written or b"").decode()
    triples = list(parse_turtle(text))
    assert _canonical(_quads(triples)) == _canonical(Quad(*triple) for triple in graph)
    index = index_text(text)
    assert len(index) == len(set(graph)) > 0
    assert all(index.find(*triple) for triple in graph)


class _Writer:
    """Writes random statements in a random layout, and notes where it puts each term of each triple."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.text = "@prefix : <http://example.org/> ."
        self.line, self.column = 1, len(self.text) + 1
        self.noted: list[tuple[Position, Position, Position]] = []

    def put(self, word: str) -> Position:
        self._append(self.dice.choice([" ", "\n", "\r\n", "\t", "\r ", " # 🏰 .\n", "  ", "\n\n"]))
        place = Position(self.line, self.column)
        self._append(word)
        return place

    def _append(self, piece: str) -> None:
        self.text += piece
        lines = piece.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.line += len(lines) - 1
        self.column = len(lines[-1]) + (self.column if len(lines) == 1 else 1)

    def statement(self) -> None:
        choice = self.dice.randrange(6)
        if choice == 0:
            self.properties(self.put("["), depth=0)
            self.put("]")
        else:
            words = [":s", "<s>", "_:s.s", ":s\\~%41"]
            place = self.collection(depth=0) if choice == 1 else self.put(self.dice.choice(words))
            self.properties(place, depth=0)
        self.put(".")

    def properties(self, subject_at: Position, depth: int) -> None:
        for _ in range(self.dice.randint(1, 3)):
            predicate_at = self.put(self.dice.choice(["a", ":p", "<p>", "<http://example.org/\\u0070>"]))
            self.objects(subject_at, predicate_at, depth)
            self.put(";")
            if self.dice.random() < 0.2:
                self.put(";")

    def objects(self, subject_at: Position, predicate_at: Position, depth: int) -> None:
        for number in range(self.dice.randint(1, 3)):
            if number:
                self.put(",")
            self.noted.append((subject_at, predicate_at, self.value(depth)))

    def value(self, depth: int) -> Position:
        choice = self.dice.randrange(8)
        if choice == 0 and depth < 4:
            place = self.put("[")
            if self.dice.random() < 0.7:
                self.properties(place, depth + 1)
            self.put("]")
            return place
        if choice == 1 and depth < 4:
            return self.collection(depth + 1)
        if choice in (2, 3):
            place = self.put(
                self.dice.choice(['"🏰"', "'a\\n\\u00e9'", '"""\r\n"x""\n"""', "''''\n\r'''", '""'])
            )
            ending = self.dice.choice([[], ["@kk-Cyrl"], ["^^", ":d"]])
            for word in ending:
                self.put(word)
            return place
        return self.put(
            self.dice.choice([":o", "<o#é>", "_:o", "01", "-1.5", "+.5e0", "1.E3", "true", "false"])
        )

    def collection(self, depth: int) -> Position:
        opened = cell = self.put("(")
        for number in range(self.dice.randrange(3)):
            item = self.value(depth)
            if number:
                self.noted.append((cell, item, item))
                cell = item
            self.noted.append((cell, item, item))
        filled = self.text[-1] != "("
        closed = self.put(")")
        if filled:
            self.noted.append((cell, closed, closed))
        return opened


@given(st.randoms(use_true_random=False))
def test_any_layout_is_read_as_pyoxigraph_does_and_placed_where_written(dice: random.Random) -> None:
    writer = _Writer(dice)
    for _ in range(dice.randint(1, 3)):
        writer.statement()
    triples = list(parse_turtle(writer.text, _EX))
    theirs = parse(writer.text, format=RdfFormat.TURTLE, base_iri=_EX)
    assert _canonical(_quads(triples)) == _canonical(theirs)
    placed = [(triple.subject_at, triple.predicate_at, triple.object_at) for triple in triples]
    assert sorted(map(_numbers, placed)) == sorted(map(_numbers, writer.noted))
    assert len(placed) > 0


def _numbers(places: tuple[Position, Position, Position]) -> list[int]:
    return [number for place in places for number in (place.line, place.column)]


@given(st.randoms(use_true_random=False))
def test_an_excerpt_is_what_the_whole_text_says_of_its_subjects(dice: random.Random) -> None:
    writer = _Writer(dice)
    for _ in range(dice.randint(1, 6)):
        writer.statement()
    wanted = {NamedNode(_EX + name) for name in ("s", "s~%41") if dice.random() < 0.5}
    part = list(Statements(writer.text, _EX).read(wanted))
    assert _said(part, wanted) == _said(parse_turtle(writer.text, _EX), wanted)
    assert {t.subject for t in part if isinstance(t.subject, NamedNode)} <= wanted | {RDF.nil}


def _said(triples: Iterable[PlacedTriple], subjects: set[NamedNode]) -> list[tuple[object, ...]]:
    return [
        (*(None if isinstance(term, BlankNode) else term for term in triple[:3]), *triple[3:6])
        for triple in triples
        if triple.subject in subjects
    ]
