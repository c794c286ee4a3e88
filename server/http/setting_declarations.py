"""How a setting is declared: a dataclass field with its default, unit, parser, help and commands. Pure."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sauran.server.http.setting_values import Parser

__all__ = ["PREFIX", "Setting", "declared", "read_declared", "setting"]

PREFIX = "SAURAN_"
_KEY = "setting"
Declaring = TypeVar("Declaring")


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting; `default` is text, and `described_default` says what an empty one stands for.

    `commands` are those that take the setting as an option too.
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
    said = {
        "default": default,
        "unit": unit,
        "parser": parser,
        "help": help,
        "described_default": described_default,
        "commands": commands,
    }
    return dataclasses.field(metadata={_KEY: said})


def declared(kind: Any) -> tuple[Setting, ...]:
    """The settings that a dataclass declares, in the order of its fields."""
    return tuple(Setting(name=field.name, **field.metadata[_KEY]) for field in dataclasses.fields(kind))


def read_declared(
    kind: type[Declaring], environment: Mapping[str, str], given: Mapping[str, object]
) -> Declaring:
    """Take what is given, else the environment, else the default; None counts as not given.

    Raises: UsageError for a value that cannot be used.
    """
    values = {}
    for one in declared(kind):
        said = given.get(one.name)
        text = environment.get(one.variable, one.default) if said is None else str(said)
        values[one.name] = one.parser(one.name, text)
    return kind(**values)
