"""RDF/XML and JSON-LD text to a copy in which nodes without a name have one, and the places of those."""

from collections.abc import Iterator
from xml.parsers import expat

from pyoxigraph import BlankNode

from sauran.kg.positions.json_tree import JsonObject, JsonValue, read_json
from sauran.kg.positions.jsonld import Context, as_list, in_scope_of_types
from sauran.kg.positions.rdfxml import find_anonymous_elements
from sauran.kg.positions.tokens import Position, TurtleSyntaxError

__all__ = ["name_anonymous"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NO_NODE = {"@id", "@value", "@list", "@set", "@graph"}
_WITHOUT_NODES = {"@value", "@type", "@index", "@language"}


def name_anonymous(text: str, format_name: str) -> tuple[str, dict[BlankNode, Position]]:
    """Name the nodes that have no name, for a parser keeps names; give their places in the text as it was.

    Shape: what has no place for a name is left out, such as the cells of a list; unchanged where the text
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
