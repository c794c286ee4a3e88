"""Blank nodes: those of our parsers matched with those of Oxigraph's, and anonymous ones given a label."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from pyoxigraph import BlankNode, NamedNode, Quad

from sauran.kg.positions.jsonld import Context, JsonObject, JsonValue, as_list, in_scope_of_types, read_json
from sauran.kg.positions.rdfxml import find_anonymous_elements
from sauran.kg.positions.tokens import Position, TurtleSyntaxError
from sauran.kg.positions.triples import PlacedTriple

__all__ = ["match_blanks", "name_anonymous", "numbered_blanks"]

_Subject = NamedNode | BlankNode
_Edge = tuple[NamedNode, int]
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NO_NODE = {"@id", "@value", "@list", "@set", "@graph"}
_WITHOUT_NODES = {"@value", "@type", "@index", "@language"}


@dataclass
class _Side:
    """What one parser gave: the objects that are blank, by subject, predicate and rank; blank subjects."""

    edges: dict[_Subject, dict[_Edge, BlankNode]] = field(default_factory=dict)
    ranks: dict[tuple[_Subject, NamedNode], int] = field(default_factory=dict)
    subjects: dict[BlankNode, None] = field(default_factory=dict)
    objects: set[BlankNode] = field(default_factory=set)

    def add(self, subject: object, predicate: NamedNode, object_: object) -> None:
        if isinstance(subject, BlankNode):
            self.subjects.setdefault(subject)
        if isinstance(object_, BlankNode) and isinstance(subject, NamedNode | BlankNode):
            rank = self.ranks.get((subject, predicate), 0)
            self.ranks[subject, predicate] = rank + 1
            self.edges.setdefault(subject, {})[predicate, rank] = object_
            self.objects.add(object_)

    def roots(self) -> list[BlankNode]:
        return [node for node in self.subjects if node not in self.objects]


def match_blanks(ours: Iterable[PlacedTriple], theirs: Iterable[Quad]) -> dict[BlankNode, BlankNode]:
    """Find for each blank node of Oxigraph's the one of ours.

    Oxigraph gives the triples inside a bracket before the one that leads to it, we after it. But under one
    subject and predicate objects keep the order of the text, and so do brackets that nothing leads to.
    """
    mine, other = _Side(), _Side()
    for triple in ours:
        mine.add(triple.subject, triple.predicate, triple.object)
    for quad in theirs:
        other.add(quad.subject, quad.predicate, quad.object)
    pairs: list[tuple[_Subject, _Subject]] = list(zip(other.roots(), mine.roots(), strict=False))
    pairs += [(node, node) for node in other.edges if isinstance(node, NamedNode)]
    matched: dict[BlankNode, BlankNode] = {}
    _follow(pairs, mine, other, matched)
    # Those that only lead to each other have labels, and stand in the same order on both sides.
    taken = set(matched.values())
    left = zip(
        [node for node in other.subjects if node not in matched],
        [node for node in mine.subjects if node not in taken],
        strict=False,
    )
    for pair in left:
        _follow([pair], mine, other, matched)
    return matched


def _follow(
    pairs: list[tuple[_Subject, _Subject]], mine: _Side, other: _Side, matched: dict[BlankNode, BlankNode]
) -> None:
    while pairs:
        their_node, our_node = pairs.pop()
        if isinstance(their_node, BlankNode) and isinstance(our_node, BlankNode):
            if their_node in matched:
                continue
            matched[their_node] = our_node
        edges = mine.edges.get(our_node, {})
        for edge, child in other.edges.get(their_node, {}).items():
            if edge in edges:
                pairs.append((child, edges[edge]))


def numbered_blanks(quads: Iterable[Quad]) -> list[BlankNode]:
    """The blank nodes of some triples in the order in which they appear, subjects before objects."""
    terms = (term for quad in quads for term in (quad.subject, quad.object))
    return list(dict.fromkeys(term for term in terms if isinstance(term, BlankNode)))


def name_anonymous(text: str, format_name: str) -> tuple[str, dict[BlankNode, Position]]:
    """Name the anonymous nodes, since parsers keep names; return their places in the original text.

    Shape: nodes that cannot be named are left out, such as list cells; the text is unchanged where it
    cannot be read.
    """
    prefix = "n"
    while prefix in text:
        prefix += "n"
    try:
        if format_name == "jsonld":
            return _named_json(text, prefix)
        return _named_xml(text, prefix)
    except (TurtleSyntaxError, expat.ExpatError):
        return text, {}


def _named_xml(text: str, prefix: str) -> tuple[str, dict[BlankNode, Position]]:
    data, done = text.encode("utf-8"), 0
    parts: list[bytes] = []
    places = {}
    for number, (offset, place) in enumerate(find_anonymous_elements(text)):
        name = f"{prefix}{number}"
        parts += [data[done:offset], f' xmlns:{prefix}="{_RDF}" {prefix}:nodeID="{name}"'.encode()]
        done = offset
        places[BlankNode(name)] = place
    return b"".join([*parts, data[done:]]).decode("utf-8"), places


def _named_json(text: str, prefix: str) -> tuple[str, dict[BlankNode, Position]]:
    done = 0
    parts: list[str] = []
    places = {}
    found = sorted(_anonymous_objects(text), key=lambda value: value.start)
    for number, value in enumerate(found):
        name, comma = f"{prefix}{number}", "," if value.members else ""
        parts += [text[done : value.start + 1], f'"@id":"_:{name}"{comma}']
        done = value.start + 1
        places[BlankNode(name)] = value.at
    return "".join([*parts, text[done:]]), places


def _anonymous_objects(text: str) -> Iterator[JsonObject]:
    """The node objects without @id; whether an object is one depends on the key that holds it."""
    waiting: list[tuple[JsonValue, Context, bool]] = [(read_json(text), Context(), True)]
    while waiting:
        value, context, is_node = waiting.pop()
        if isinstance(value, list):
            waiting.extend((item, context, is_node) for item in value)
        elif isinstance(value, JsonObject):
            for key, _, inner in value.members:
                if key == "@context":
                    context = context.extended(inner)
            own = in_scope_of_types(value, context)
            if is_node and not {own.meaning(key) for key, _, _ in value.members} & _NO_NODE:
                yield value
            for key, _, inner in value.members:
                if key != "@context":
                    waiting.extend(_held(key, inner, context, own))


def _held(
    key: str, inner: JsonValue, context: Context, own: Context
) -> Iterator[tuple[JsonValue, Context, bool]]:
    """What a key holds: a node, or a map of nodes that is none itself."""
    keyword, containers = own.meaning(key), set(as_list(own.part(key, "@container")))
    if keyword in _WITHOUT_NODES or own.part(key, "@type") == "@json" or "@language" in containers:
        return
    scoped = own.part(key, "@context")
    held = context if scoped is None else context.extended(scoped)
    if keyword in ("@nest", "@reverse"):
        yield inner, held, False
    elif containers & {"@index", "@id", "@type", "@graph"} and isinstance(inner, JsonObject):
        for _, _, item in inner.members:
            yield item, held, not containers & {"@id", "@graph"}
    else:
        yield inner, held, True
