"""JSON text to a tree that knows where its objects and keys are written."""

import json
import re
from dataclasses import dataclass, field

from sauran.kg.positions.tokens import LineMap, Position, TurtleSyntaxError

__all__ = ["JsonObject", "JsonValue", "read_json"]

_TOKEN = re.compile(
    r'[ \t\r\n]*+(?:(?P<mark>[{}\[\]:,])|(?P<string>"(?:[^"\\\x00-\x1f]++|\\.)*+")'
    r"|(?P<plain>[\w+\-.]++)|(?P<end>\Z)|(?P<unknown>.))",
    re.DOTALL,
)


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
        raise TurtleSyntaxError(at, "This is no JSON string.") from error
