"""JSON-LD text to the places of the node objects that have an @id, by a JSON reader that keeps places."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, NamedNode

from sauran.kg.positions.terms import check_iri, resolve_plain
from sauran.kg.positions.tokens import LineMap, Position, TurtleSyntaxError

__all__ = [
    "Context",
    "JsonObject",
    "JsonValue",
    "as_list",
    "find_subjects_of_jsonld",
    "in_scope_of_types",
    "read_json",
]

_TOKEN = re.compile(
    r'[ \t\r\n]*+(?:(?P<mark>[{}\[\]:,])|(?P<string>"(?:[^"\\\x00-\x1f]++|\\.)*+")'
    r"|(?P<plain>[\w+\-.]++)|(?P<end>\Z)|(?P<unknown>.))",
    re.DOTALL,
)
_Node = NamedNode | BlankNode
_Found = tuple[_Node, Position]


@dataclass(slots=True)
class JsonObject:
    """An object: its members in order, each with the place of its key; `start` is that of its bracket."""

    at: Position
    members: list[tuple[str, Position, "JsonValue"]] = field(default_factory=list)
    start: int = 0

    def get(self, key: str) -> "JsonValue":
        """The value of a key, the last where it stands twice; None where it is absent."""
        return next((value for name, _, value in reversed(self.members) if name == key), None)


# Numbers, true and false are of no interest here: they are None, as null is.
JsonValue = JsonObject | list["JsonValue"] | str | None


def read_json(text: str) -> JsonValue:
    """Read JSON, however deep its nesting.

    Shape: lenient where another reader has checked the text before: commas and colons are not counted.
    Raises: TurtleSyntaxError where it cannot be JSON.
    """
    place = LineMap(text).position
    top: list[JsonValue] = []
    open_values: list[JsonObject | list[JsonValue]] = [top]
    key: tuple[str, Position] | None = None
    for token in _TOKEN.finditer(text, 1 if text.startswith("\ufeff") else 0):
        kind = token.lastgroup or "unknown"
        written, start = token[kind], token.start(kind)
        holder = open_values[-1]
        value: JsonValue
        if written in ("]", "}"):
            if len(open_values) == 1 or isinstance(holder, JsonObject) != (written == "}"):
                raise TurtleSyntaxError(place(start), f"{written} closes nothing.")
            open_values.pop()
            continue
        if kind in ("unknown", "end") and (kind == "unknown" or len(open_values) > 1):
            raise TurtleSyntaxError(place(start), "This is not JSON.")
        if kind == "end" or written in (",", ":"):
            continue
        if kind == "string" and isinstance(holder, JsonObject) and key is None:
            key = (_string(written, place(start)), place(start))
            continue
        if written in ("{", "["):
            value = JsonObject(place(start), start=start) if written == "{" else []
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
    waiting: list[tuple[JsonValue, Context]] = [(read_json(text), Context(base=base_iri))]
    while waiting:
        value, context = waiting.pop()
        if isinstance(value, list):
            waiting.extend((item, context) for item in reversed(value))
        elif isinstance(value, JsonObject):
            for node, place, described in _read_object(value, context, waiting):
                if described:
                    yield node, place
                else:
                    references.append((node, place))
    yield from references


@dataclass(frozen=True)
class Context:
    """What keys and prefixes mean at one point; definitions are as written."""

    base: str | None = None
    vocab: str = ""
    terms: Mapping[str, JsonValue] = field(default_factory=dict)

    def extended(self, written: JsonValue) -> "Context":
        """The context after an @context."""
        context = self
        for part in written if isinstance(written, list) else [written]:
            if part is None:
                context = Context(base=self.base)
            elif isinstance(part, JsonObject):
                context = context._with(part)
        return context

    def _with(self, part: JsonObject) -> "Context":
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
        if isinstance(definition, JsonObject):
            definition = definition.get("@id")
        return definition if isinstance(definition, str) else key

    def part(self, key: str, keyword: str) -> JsonValue:
        """One part of a key's definition."""
        definition = self.terms.get(key)
        return definition.get(keyword) if isinstance(definition, JsonObject) else None

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
    value: JsonObject, context: Context, waiting: list[tuple[JsonValue, Context]]
) -> Iterator[tuple[_Node, Position, bool]]:
    """The nodes that one object names; its members are added to the work list."""
    for key, _, inner in value.members:
        if key == "@context":
            context = context.extended(inner)
    own = in_scope_of_types(value, context)
    named, described, inside = None, False, list[tuple[JsonValue, Context]]()
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
            if "@id" in as_list(own.part(key, "@container")) and isinstance(inner, JsonObject):
                yield from _named_by_keys(inner, held)
            inside.append((inner, held))
    waiting.extend(reversed(inside))
    node = None if named is None else own.node(named)
    if node is not None:
        yield node, value.at, described


def in_scope_of_types(value: JsonObject, context: Context) -> Context:
    """The context inside an object, with those that its types bring along."""
    own = context
    for key, _, inner in value.members:
        if context.meaning(key) == "@type":
            for name in sorted(t for t in as_list(inner) if isinstance(t, str)):
                scoped = context.part(name, "@context")
                own = own if scoped is None else own.extended(scoped)
    return own


def _named_by_keys(held: JsonObject, context: Context) -> Iterator[tuple[_Node, Position, bool]]:
    for name, place, _ in held.members:
        node = None if name.startswith("@") else context.node(name)
        if node is not None:
            yield node, place, True


def as_list(value: JsonValue) -> list[JsonValue]:
    """A value as a list, as JSON-LD takes it."""
    return value if isinstance(value, list) else [value]
