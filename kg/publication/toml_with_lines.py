"""TOML reader that reports wrong keys with their line."""

import datetime
import difflib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

from sauran.kg.model.errors import PublicationError

__all__ = ["SettingsFile", "read_settings_file"]

Kind = TypeVar("Kind")
_REQUIRED = object()
_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_PARTS = re.compile(_PART)
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")


@dataclass
class SettingsFile:
    """The keys of one TOML file, or of one table in it; remembers which were asked for, to refuse others.

    `names` are those of the table, `known` the keys that it may have: none of these is taken for a slip.
    """

    file: Path
    text: str
    values: dict[str, Any]
    asked: list[str] = field(default_factory=list)
    names: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()

    def section(self, *names: str) -> "SettingsFile | None":
        """The table `[a.b]` as a file of its own; None where there is none."""
        values: Any = self.values
        for name in names:
            values = values.get(name) if isinstance(values, dict) else None
        if values is None:
            return None
        if not isinstance(values, dict):
            whole = ".".join((*self.names, *names))
            raise self.fault(names[-1], f"{whole} is not a table.", f"Write [{whole}].")
        return SettingsFile(self.file, self.text, values, names=(*self.names, *names))

    def string(self, key: str, default: object = _REQUIRED, fix: str = "") -> str:
        """One string; `fix` says what to write where there is none."""
        return self._get(key, str, "a string", fix or f'Write {key} = "…".', default)

    def boolean(self, key: str, default: object = _REQUIRED) -> bool:
        """One truth value."""
        return self._get(key, bool, "true or false", "Write true or false, without quotes.", default)

    def number(self, key: str, default: object = _REQUIRED) -> int | float:
        """One number."""
        how = "Write a number, without quotes."
        value: Any = self._get(key, (int, float), "a number", how, default)
        if isinstance(value, bool):
            raise self.fault(key, f"{key} is not a number.", how)
        return cast("int | float", value)

    def date(self, key: str) -> datetime.date:
        """One date, written without quotes: 2026-11-22."""
        return self._get(
            key, datetime.date, "a date", f"Write {key} = 2026-11-22, without quotes.", _REQUIRED
        )

    def strings(self, key: str, default: object = _REQUIRED) -> tuple[str, ...]:
        """A list of strings."""
        how = f'Write {key} = ["…"].'
        values: list[str] = self._get(key, (list, tuple), "a list of strings", how, default)
        if not all(isinstance(value, str) for value in values):
            raise self.fault(key, f"{key} has an item that is not a string.", "Quote each item.")
        return tuple(values)

    def table(self, key: str, default: object = _REQUIRED, block: str = "") -> dict[str, Any]:
        """A table, as it is; `block` are the lines to write below its header where there is none."""
        how = f"Write at the end of the file:\n\n[{key}]\n{block or '…'}"
        return self._get(key, dict, "a table", how, default)

    def texts(self, key: str) -> MappingProxyType[str, str]:
        """A table of strings: texts by language, or fields by name."""
        table = self.table(key)
        for name, value in table.items():
            if not isinstance(value, str):
                raise self.fault(name, f"{key}.{name} is not a string.", "Quote it.")
        return MappingProxyType(dict(table))

    def refuse_unknown(self) -> None:
        """Raise PublicationError for an unknown key, with the nearest known one."""
        for key in self.values:
            if key not in self.asked:
                near = difflib.get_close_matches(key, self.asked, n=1)
                fix = f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(sorted(self.asked))}."
                raise self.fault(key, f"unknown key {key!r}.", fix)

    def fault(self, key: str, what: str, fix: str) -> PublicationError:
        """An error at the line of a key."""
        return PublicationError(f"{self.file}:{self.line(key)}", what, fix)

    def missing(self, key: str, fix: str) -> PublicationError:
        """An error for a key that has to be there: at its table, or at the beginning of the file."""
        return PublicationError(f"{self.file}:{self.line(key)}", f"the key {key!r} is missing.", fix)

    def line(self, key: str) -> int:
        """The line of a key of this table or of one inside it; that of the table where it has none."""
        lines = _lines_of_keys(self.text)
        depth = len(self.names)
        inside = [path for path in lines if path[:depth] == self.names and path[-1] == key and path[depth:]]
        if inside:
            return lines[min(inside, key=len)]
        around = (self.names[:n] for n in range(depth, 0, -1))
        start = next((lines[path] for path in around if path in lines), 1)
        inline = re.compile(rf"(?<![\w-])[\"']?{re.escape(key)}[\"']?\s*=")
        after = enumerate(self.text.split("\n")[start - 1 :], start)
        return next((number for number, line in after if inline.search(line)), start)

    def _get(
        self, key: str, kind: type[Kind] | tuple[type, ...], said: str, how: str, default: object
    ) -> Kind:
        self.asked.append(key)
        value: Any = self.values.get(key, default)
        if value is _REQUIRED:
            others = set(self.values) - set(self.asked) - self.known
            mistyped = difflib.get_close_matches(key, others, n=1)
            if mistyped:
                raise self.fault(mistyped[0], f"unknown key {mistyped[0]!r}.", f"Did you mean {key}?")
            raise PublicationError(f"{self.file}:1", f"the key {key!r} is missing.", how)
        if not isinstance(value, kind) and value is not default:
            raise self.fault(key, f"{key} is not {said}.", how)
        return cast(Kind, value)


def _lines_of_keys(text: str) -> dict[tuple[str, ...], int]:
    """The line of each table and key, by their whole name; inline tables have that of their key."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _names(header[1])
        elif not key:
            continue
        whole = table if header or not key else (*table, *_names(key[1]))
        for length in range(len(whole), 0, -1):
            lines.setdefault(whole[:length], number)
    return lines


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in _PARTS.findall(dotted))


def read_settings_file(file: Path, known: frozenset[str] = frozenset()) -> SettingsFile:
    """Read a TOML file that may have these keys.

    Raises: PublicationError when it cannot be read, is not UTF-8 or is not TOML.
    """
    try:
        data = file.read_bytes()
        text = data.decode("utf-8-sig")
        return SettingsFile(file, text, tomllib.loads(text), known=known)
    except OSError as error:
        raise PublicationError(str(file), f"cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"the byte 0x{data[error.start]:02X}"
        raise PublicationError(
            f"{file}:{line}", f"{byte} is not valid UTF-8.", "Save it as UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"{file}:{found[1]}:{found[2]}" if found else str(file)
        raise PublicationError(where, f"is not TOML: {str(error).split(' (at')[0]}.") from error
