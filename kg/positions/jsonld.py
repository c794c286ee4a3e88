"""Places of the node objects in JSON-LD text: those with an @id, and those that are given one.

A JSON reader that keeps positions, and as much of JSON-LD contexts as names nodes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, NamedNode

from sauran.kg.positions.terms import check_iri, resolve_plain
from sauran.kg.positions.tokens import LineMap, Position, TurtleSyntaxError

__all__ = ["find_subjects_of_jsonld", "name_anonymous_objects"]

_TOKEN = re.compile(
    r'[ \t\r\n]*+(?:(?P<mark>[{}\[\]:,])|(?P<string>"(?:[^"\\\x00-\x1f]++|\\.)*+")'
    r"|(?P<plain>[\w+\-.]++)|(?P<end>\Z)|(?P<unknown>.))",
    re.DOTALL,
)
_NO_NODE = {"@id", "@value", "@list", "@set", "@graph"}
_WITHOUT_NODES = {"@value", "@type", "@index", "@language"}
_Node = NamedNode | BlankNode
_Found = tuple[_Node, Position]


@dataclass(slots=True)
class _JsonObject:
    """An object: its members in order, each with the place of its key; `start` is that of its bracket."""

    at: Position
    members: list[tuple[str, Position, "_JsonValue"]] = field(default_factory=list)
    start: int = 0

    def get(self, key: str) -> "_JsonValue":
        """The value of a key, the last where it stands twice; None where it is absent."""
        return next((value for name, _, value in reversed(self.members) if name == key), None)


# Numbers, true and false are of no interest here: they are None, as null is.
_JsonValue = _JsonObject | list["_JsonValue"] | str | None


def _read_json(text: str) -> _JsonValue:
    """Read JSON, however deep its nesting.

    Shape: lenient where another reader has checked the text before: commas and colons are not counted.
    Raises: TurtleSyntaxError where it cannot be JSON.
    """
    place = LineMap(text).position
    top: list[_JsonValue] = []
    open_values: list[_JsonObject | list[_JsonValue]] = [top]
    key: tuple[str, Position] | None = None
    for token in _TOKEN.finditer(text, 1 if text.startswith("\ufeff") else 0):
        kind = token.lastgroup or "unknown"
        written, start = token[kind], token.start(kind)
        holder = open_values[-1]
        value: _JsonValue
        if written in ("]", "}"):
            if len(open_values) == 1 or isinstance(holder, _JsonObject) != (written == "}"):
                raise TurtleSyntaxError(place(start), f"{written} closes nothing.")
            open_values.pop()
            continue
        if kind in ("unknown", "end") and (kind == "unknown" or len(open_values) > 1):
            raise TurtleSyntaxError(place(start), "This is not JSON.")
        if kind == "end" or written in (",", ":"):
            continue
        if kind == "string" and isinstance(holder, _JsonObject) and key is None:
            key = (_string(written, place(start)), place(start))
            continue
        if written in ("{", "["):
            value = _JsonObject(place(start), start=start) if written == "{" else []
            open_values.append(value)
        else:
            value = _string(written, place(start)) if kind == "string" else None
        if isinstance(holder, list):
            holder.append(value)
        elif key is not None:
            holder.members.append((*key, value))
            key = None
    return top[0] if top else None


def _string(written: str, at: Position) -> str:
    try:
        return str(json.loads(written))
    except ValueError as error:
        raise TurtleSyntaxError(at, "This is not a JSON string.") from error


def find_subjects_of_jsonld(text: str, base_iri: str | None = None) -> Iterator[_Found]:
    """Find where nodes are described, then where they are only referred to.

    Shape: contexts are followed where they stand in the text; a remote one is unknown, and never fetched.
    A name that gives no IRI is left out.
    Raises: TurtleSyntaxError for what is not JSON.
    Source: JSON-LD 1.1 API, sections 4.1 and 5.2, what concerns @id.
    """
    references: list[_Found] = []
    waiting: list[tuple[_JsonValue, _Context]] = [(_read_json(text), _Context(base=base_iri))]
    while waiting:
        value, context = waiting.pop()
        if isinstance(value, list):
            waiting.extend((item, context) for item in reversed(value))
        elif isinstance(value, _JsonObject):
            for node, place, described in _read_object(value, context, waiting):
                if described:
                    yield node, place
                else:
                    references.append((node, place))
    yield from references


@dataclass(frozen=True)
class _Context:
    """What keys and prefixes mean at one point; definitions are as written."""

    base: str | None = None
    vocab: str = ""
    terms: Mapping[str, _JsonValue] = field(default_factory=dict)

    def extended(self, written: _JsonValue) -> "_Context":
        """The context after an @context."""
        context = self
        for part in written if isinstance(written, list) else [written]:
            if part is None:
                context = _Context(base=self.base)
            elif isinstance(part, _JsonObject):
                context = context._with(part)
        return context

    def _with(self, part: _JsonObject) -> "_Context":
        terms = dict(self.terms)
        context = self
        for key, _, value in part.members:
            if key == "@base":
                context = replace(context, base=self._resolve(value) if isinstance(value, str) else None)
            elif key == "@vocab":
                vocab = self.iri_of_term(value) if isinstance(value, str) else ""
                context = replace(context, vocab=vocab)
            elif not key.startswith("@"):
                terms[key] = value
        return replace(context, terms=terms)

    def _resolve(self, value: str) -> str | None:
        try:
            return resolve_plain(value, self.base).value
        except ValueError:
            return self.base

    def meaning(self, key: str) -> str:
        """What a key is defined as: an IRI or keyword as written; itself where it is not defined."""
        definition = self.terms.get(key)
        if isinstance(definition, _JsonObject):
            definition = definition.get("@id")
        return definition if isinstance(definition, str) else key

    def part(self, key: str, keyword: str) -> _JsonValue:
        """One part of a key's definition."""
        definition = self.terms.get(key)
        return definition.get(keyword) if isinstance(definition, _JsonObject) else None

    def iri_of_term(self, key: str) -> str:
        """The IRI a term stands for."""
        seen = {key}
        iri = self.meaning(key)
        while iri in self.terms and iri not in seen:
            seen.add(iri)
            iri = self.meaning(iri)
        prefix, colon, local = iri.partition(":")
        if colon and prefix in self.terms and prefix not in seen and not local.startswith("//"):
            return self.iri_of_term(prefix) + local
        return iri if colon or iri.startswith("@") else self.vocab + iri

    def node(self, written: str) -> _Node | None:
        """The node an @id names."""
        if written.startswith("_:"):
            return BlankNode(written[2:])
        prefix, colon, local = written.partition(":")
        try:
            if colon and not local.startswith("//") and prefix in self.terms:
                return check_iri(self.iri_of_term(prefix) + local)
            return resolve_plain(written, self.base)
        except ValueError:
            return None


def _read_object(
    value: _JsonObject, context: _Context, waiting: list[tuple[_JsonValue, _Context]]
) -> Iterator[tuple[_Node, Position, bool]]:
    """The nodes that one object names; its members are added to the work list."""
    for key, _, inner in value.members:
        if key == "@context":
            context = context.extended(inner)
    own = _in_scope_of_types(value, context)
    named, described, inside = None, False, list[tuple[_JsonValue, _Context]]()
    for key, _, inner in value.members:
        if key == "@context":
            continue
        keyword = own.meaning(key)
        if keyword == "@id":
            named = inner if isinstance(inner, str) else None
        elif keyword in ("@value", "@type", "@index", "@language"):
            described = described or keyword == "@type"
        elif own.part(key, "@type") != "@json":
            described = True
            scoped = own.part(key, "@context")
            held = context if scoped is None else context.extended(scoped)
            if "@id" in _as_list(own.part(key, "@container")) and isinstance(inner, _JsonObject):
                yield from _named_by_keys(inner, held)
            inside.append((inner, held))
    waiting.extend(reversed(inside))
    node = None if named is None else own.node(named)
    if node is not None:
        yield node, value.at, described


def _in_scope_of_types(value: _JsonObject, context: _Context) -> _Context:
    """The context inside an object, with those that its types bring along."""
    own = context
    for key, _, inner in value.members:
        if context.meaning(key) == "@type":
            for name in sorted(t for t in _as_list(inner) if isinstance(t, str)):
                scoped = context.part(name, "@context")
                own = own if scoped is None else own.extended(scoped)
    return own


def _named_by_keys(held: _JsonObject, context: _Context) -> Iterator[tuple[_Node, Position, bool]]:
    for name, place, _ in held.members:
        node = None if name.startswith("@") else context.node(name)
        if node is not None:
            yield node, place, True


def _as_list(value: _JsonValue) -> list[_JsonValue]:
    """A value as a list, as JSON-LD takes it."""
    return value if isinstance(value, list) else [value]


def name_anonymous_objects(text: str, prefix: str) -> tuple[str, dict[BlankNode, Position]]:
    """Give each node object without @id one that begins with a prefix; return their places by that name.

    Raises: TurtleSyntaxError for what is not JSON.
    """
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


def _anonymous_objects(text: str) -> Iterator[_JsonObject]:
    """The node objects without @id; whether an object is one depends on the key that holds it."""
    waiting: list[tuple[_JsonValue, _Context, bool]] = [(_read_json(text), _Context(), True)]
    while waiting:
        value, context, is_node = waiting.pop()
        if isinstance(value, list):
            waiting.extend((item, context, is_node) for item in value)
        elif isinstance(value, _JsonObject):
            for key, _, inner in value.members:
                if key == "@context":
                    context = context.extended(inner)
            own = _in_scope_of_types(value, context)
            if is_node and not {own.meaning(key) for key, _, _ in value.members} & _NO_NODE:
                yield value
            for key, _, inner in value.members:
                if key != "@context":
                    waiting.extend(_held(key, inner, context, own))


def _held(
    key: str, inner: _JsonValue, context: _Context, own: _Context
) -> Iterator[tuple[_JsonValue, _Context, bool]]:
    """What a key holds: a node, or a map of nodes that is not a node itself."""
    keyword, containers = own.meaning(key), set(_as_list(own.part(key, "@container")))
    if keyword in _WITHOUT_NODES or own.part(key, "@type") == "@json" or "@language" in containers:
        return
    scoped = own.part(key, "@context")
    held = context if scoped is None else context.extended(scoped)
    if keyword in ("@nest", "@reverse"):
        yield inner, held, False
    elif containers & {"@index", "@id", "@type", "@graph"} and isinstance(inner, _JsonObject):
        for _, _, item in inner.members:
            yield item, held, not containers & {"@id", "@graph"}
    else:
        yield inner, held, True
