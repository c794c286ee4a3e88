"""The configuration of `sauran validate`, from sauran.toml or pyproject.toml; refused with its line."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.errors import UsageError
from kg.settings_file import SettingsFile, read_settings_file

__all__ = ["config_option"]

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

# Where the table is, by the name of the file; the first file there is counts.
_TABLES = {"sauran.toml": ("validate",), "pyproject.toml": ("tool", "sauran", "validate")}
_PATHS = ("files", "shapes", "ontology")
_PATH = ("output", "baseline")
_TEXTS = ("changed-since", "language")
_SWITCHES = ("cross-check", "summary")
_NUMBERS = ("max-results", "timeout", "memory")


def config_option(choices: Mapping[str, Sequence[str]]) -> Callable[[Decorated], Decorated]:
    """The option --config; `choices` are the words that each key with a fixed choice may have."""

    def apply(context: click.Context, _: click.Parameter, given: Path | None) -> Path | None:
        file = given if given is not None else _find()
        if file is not None and not context.resilient_parsing:
            context.default_map = {**_read(file, choices), **(context.default_map or {})}
        return file

    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        is_eager=True,
        callback=apply,
        help="Where defaults for these options are.  [default: [validate] in ./sauran.toml, else "
        "[tool.sauran.validate] in ./pyproject.toml]",
    )


def _find() -> Path | None:
    for name, table in _TABLES.items():
        file = Path(name)
        if file.is_file() and read_settings_file(file).section(*table) is not None:
            return file
    return None


def _read(file: Path, choices: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The configuration as click's defaults, by the names of the command's parameters.

    Shape: paths are relative to the folder of the file.
    Raises: PublicationError with the line for what is wrong; UsageError for a file without our table.
    """
    table = _TABLES.get(file.name, _TABLES["sauran.toml"])
    section = read_settings_file(file).section(*table)
    if section is None:
        raise UsageError(str(file), f"has no table [{'.'.join(table)}].", "Add it, or name another file.")
    found: dict[str, Any] = {}
    for key in _PATHS:
        found[key] = [_below(file, path) for path in section.strings(key, ())]
    for key in _PATH:
        path = section.string(key, None)
        found[key] = path and _below(file, path)
    for key in _TEXTS:
        found[key] = section.string(key, None)
    for key, words in choices.items():
        found[key] = _word(section, key, words)
    for key in _SWITCHES:
        found[key] = section.boolean(key, None)
    for key in _NUMBERS:
        found[key] = _number(section, key)
    section.refuse_unknown()
    # The parameter of --format has another name: `format` is a function of Python.
    found["form"] = found.pop("format")
    return {key.replace("-", "_"): value for key, value in found.items() if value not in (None, [])}


def _word(section: SettingsFile, key: str, words: Sequence[str]) -> str | None:
    word: str | None = section.string(key, None)
    if word is not None and word not in words:
        raise section.fault(key, f"{key} is {word!r}.", f"Write one of {', '.join(words)}.")
    return word


def _number(section: SettingsFile, key: str) -> int | float | None:
    number: int | float | None = section.number(key, None)
    if number is not None and number < 0:
        raise section.fault(key, f"{key} is {number}.", "Write a number above 0.")
    return number


def _below(file: Path, path: str) -> str:
    return path if path == "-" else str(file.parent / path)
