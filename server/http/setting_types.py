"""Declaration of a setting (default, unit, parser, help, commands), and parsers of its text. Pure."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sauran.kg.model.errors import UsageError

__all__ = [
    "PREFIX",
    "Parser",
    "Setting",
    "WholeNumber",
    "declared",
    "read_declared",
    "read_endpoints",
    "read_flag",
    "read_folder",
    "read_log",
    "read_optional_file",
    "read_seconds",
    "read_site",
    "read_text",
    "setting",
]

# From the name of a setting and its text to its value; a UsageError names the setting.
Parser = Callable[[str, str], object]
_MOST_SECONDS = 3600
_FLAGS = {"0": False, "false": False, "1": True, "true": True}


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A parser of whole numbers from `least` to `most`, both included."""

    least: int
    most: int

    def __call__(self, name: str, text: str) -> int:
        """Read a whole number within the bounds.

        Raises: UsageError that names the setting.
        """
        if not (text.isascii() and text.isdigit() and self.least <= int(text) <= self.most):
            fix = f"Use a whole number from {self.least} to {self.most}."
            raise UsageError(name, f"{text!r} is not a valid value.", fix)
        return int(text)


def read_flag(name: str, text: str) -> bool:
    """Read 0, 1, false or true.

    Raises: UsageError that names the setting.
    """
    if text not in _FLAGS:
        raise UsageError(name, f"{text!r} is not a valid value.", "Use 0 or 1.")
    return _FLAGS[text]


def read_seconds(name: str, text: str) -> float:
    """Read a time in seconds.

    Raises: UsageError that names the setting.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.01 <= seconds <= _MOST_SECONDS:
        fix = f"Use a number of seconds from 0.01 to {_MOST_SECONDS}."
        raise UsageError(name, f"{text!r} is not a valid value.", fix)
    return seconds


def read_endpoints(name: str, text: str) -> tuple[str, ...]:
    """Read a list of addresses of endpoints.

    Raises: UsageError that names the setting.
    """
    found = tuple(part for part in text.replace(",", " ").split() if part)
    for iri in found:
        if not iri.startswith(("http://", "https://")) or re.search(r'[<>"{}|^`\\]', iri):
            fix = "Write it as https://example.org/sparql"
            raise UsageError(name, f"{iri!r} is not a valid address of an endpoint.", fix)
    return found


def read_site(name: str, text: str) -> str:
    """Check the address of a site; it may be empty.

    Raises: UsageError that names the setting.
    """
    try:
        parts = urlsplit(text)
        usable = (
            parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment
        )
    except ValueError:
        usable = False
    if text and not usable:
        fix = "Write it as https://example.org/"
        raise UsageError(name, f"{text!r} is not a valid address of a site.", fix)
    return text


def read_text(_: str, text: str) -> str:
    """Take any text as it is."""
    return text


def read_log(_: str, text: str) -> str:
    """Read the target of a log: off (also when empty), stderr or a file."""
    return text or "off"


def read_folder(_: str, text: str) -> Path:
    """Read the path of a folder."""
    return Path(text)


def read_optional_file(_: str, text: str) -> Path | None:
    """Read the path of a file; None when empty."""
    return Path(text) if text else None


PREFIX = "SAURAN_"
_KEY = "setting"
Declaring = TypeVar("Declaring")


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting; `default` is text, and `described_default` says what an empty one means.

    `commands` are those that have an option for the setting.
    """

    name: str
    default: str
    unit: str
    parser: Parser
    help: str
    described_default: str
    commands: tuple[str, ...]

    @property
    def variable(self) -> str:
        """The environment variable."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str:
        """The option of its commands."""
        return "--" + self.name.replace("_", "-")

    @property
    def shown_default(self) -> str:
        """The default as people read it; empty when there is none."""
        return self.default or self.described_default


def setting(  # noqa: PLR0913 (each is one column of the table of settings)
    default: str,
    unit: str,
    parser: Parser,
    help: str,
    *,
    described_default: str = "",
    commands: tuple[str, ...] = (),
) -> Any:
    """Declare a setting as a field of a dataclass; the field's name is the setting's name."""
    columns = {
        "default": default,
        "unit": unit,
        "parser": parser,
        "help": help,
        "described_default": described_default,
        "commands": commands,
    }
    return dataclasses.field(metadata={_KEY: columns})


def declared(kind: Any) -> tuple[Setting, ...]:
    """The settings that a dataclass declares, in the order of its fields."""
    return tuple(Setting(name=field.name, **field.metadata[_KEY]) for field in dataclasses.fields(kind))


def read_declared(
    kind: type[Declaring], environment: Mapping[str, str], given: Mapping[str, object]
) -> Declaring:
    """Read each setting: the given value, else the environment, else the default; None is not given.

    Raises: UsageError for a value that cannot be used.
    """
    values = {}
    for one in declared(kind):
        value = given.get(one.name)
        text = environment.get(one.variable, one.default) if value is None else str(value)
        values[one.name] = one.parser(one.name, text)
    return kind(**values)
