"""The configuration of `sauran validate` in sauran.toml or pyproject.toml; errors name the line."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from sauran.kg.model.errors import UsageError
from sauran.server.cli.options import LANGUAGE_TAG, LOCAL_COPY, NumberInRange

if TYPE_CHECKING:
    from sauran.kg.publication.toml_with_lines import SettingsFile

__all__ = ["config_option"]

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

# The table, by the name of the file; the first file that exists is used.
_TABLES = {"sauran.toml": ("validate",), "pyproject.toml": ("tool", "sauran", "validate")}
_PATHS = ("files", "shapes", "ontology")
_PATH = ("output", "baseline")
_SWITCHES = ("cross-check", "summary")


def config_option(
    choices: Mapping[str, Sequence[str]], numbers: Mapping[str, NumberInRange]
) -> Callable[[Decorated], Decorated]:
    """The option --config; `choices` are the values that a key may have, `numbers` its range."""

    def apply(context: click.Context, _: click.Parameter, given: Path | None) -> Path | None:
        file = given if given is not None else _find()
        if file is not None and not context.resilient_parsing:
            context.default_map = {**_read(file, choices, numbers), **(context.default_map or {})}
        return file

    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        is_eager=True,
        callback=apply,
        help="The file with defaults for these options.  [default: [validate] in ./sauran.toml, else "
        "[tool.sauran.validate] in ./pyproject.toml]",
    )


def _find() -> Path | None:
    for name in _TABLES:
        file = Path(name)
        if file.is_file() and _table(file) is not None:
            return file
    return None


def _table(file: Path) -> "SettingsFile | None":
    """The table in a file; in sauran.toml, other tables are refused."""
    from sauran.kg.publication.toml_with_lines import read_settings_file  # noqa: PLC0415 (slow to import)

    *around, name = _TABLES.get(file.name, _TABLES["sauran.toml"])
    settings: SettingsFile | None = read_settings_file(file)
    if around:
        settings = cast("SettingsFile", settings).section(*around)
    if settings is None:
        return None
    settings.asked.append(name)
    settings.refuse_unknown()
    return settings.section(name)


def _read(
    file: Path, choices: Mapping[str, Sequence[str]], numbers: Mapping[str, NumberInRange]
) -> dict[str, Any]:
    """The configuration as click's defaults, by the names of the command's parameters.

    Shape: paths are relative to the folder of the file.
    Raises: PublicationError with the line for what is wrong; UsageError for a file without our table.
    """
    section = _table(file)
    if section is None:
        table = ".".join(_TABLES.get(file.name, _TABLES["sauran.toml"]))
        raise UsageError(str(file), f"has no table [{table}].", "Add it, or name another file.")
    found: dict[str, Any] = {}
    for key in _PATHS:
        found[key] = [_below(section, key, path) for path in section.strings(key, ())]
    for key in _PATH:
        path = section.string(key, None)
        found[key] = None if path is None else _below(section, key, path)
    found["imports"] = _imports(section)
    found["changed-since"] = section.string("changed-since", None)
    found["language"] = _converted(section, "language", section.string("language", None), LANGUAGE_TAG)
    for key, words in choices.items():
        found[key] = _word(section, key, words)
    for key in _SWITCHES:
        found[key] = section.boolean(key, None)
    for key, kind in numbers.items():
        found[key] = _converted(section, key, section.number(key, None), kind)
    section.refuse_unknown()
    # The parameter of --format has another name: `format` is a function of Python.
    found["form"] = found.pop("format")
    return {key.replace("-", "_"): value for key, value in found.items() if value not in (None, [])}


def _word(section: "SettingsFile", key: str, words: Sequence[str]) -> str | None:
    word: str | None = section.string(key, None)
    if word is not None and word not in words:
        raise section.fault(key, f"{key} is {word!r}.", f"Write one of {', '.join(words)}.")
    return word


def _converted(section: "SettingsFile", key: str, value: Any, kind: Any) -> Any:
    if value is None:
        return None
    try:
        return kind.convert(value, None, None)
    except click.BadParameter as error:
        raise section.fault(key, f"{key} is {value!r}.", f"Write {kind.described}.") from error


def _imports(section: "SettingsFile") -> list[str]:
    copies = section.table("imports", {})
    found = []
    for iri, path in copies.items():
        if not isinstance(path, str):
            raise section.fault(iri, f"the copy of {iri} is not a file name.", "Quote it.")
        copy = f"{iri}={_below(section, iri, path)}"
        try:
            LOCAL_COPY.convert(copy, None, None)
        except click.BadParameter as error:
            raise section.fault(iri, f"{iri!r} is not a valid IRI.", 'Write "https://…" = "file".') from error
        found.append(copy)
    return found


def _below(section: "SettingsFile", key: str, path: str) -> str:
    if not path:
        raise section.fault(key, f"{key} has an empty name.", "Name a file, or leave it out.")
    return path if path == "-" else str(section.file.parent / path)
