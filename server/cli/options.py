"""Options that several commands share, and the types of their values."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sauran.kg.model.errors import UsageError
from sauran.kg.model.findings import Severity
from sauran.server.http.setting_types import Setting
from sauran.server.http.settings import SETTINGS

__all__ = [
    "LANGUAGE_TAG",
    "LOCAL_COPY",
    "NumberInRange",
    "as_json_option",
    "fail_on_option",
    "publication_option",
    "releases_option",
    "setting_option",
    "severity_named",
]

_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class NumberInRange(click.ParamType[int | float]):
    """A number from `least` to `most`, both included; `whole` numbers have no fraction."""

    name = "number"

    def __init__(self, least: float, most: float | None = None, *, whole: bool) -> None:
        self._least, self._most, self._whole = least, most, whole

    @property
    def described(self) -> str:
        """The accepted values, for error messages."""
        most = "on" if self._most is None else f"to {self._most}"
        return f"a {'whole ' if self._whole else ''}number from {self._least} {most}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        """Convert the text of an option, or a number of a configuration file."""
        try:
            number = float(value)
            if self._whole and number == int(number):
                number = int(value)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not {self.described}.", param, ctx)
        most = math.inf if self._most is None else self._most
        if not self._least <= number <= most or (self._whole and not isinstance(number, int)):
            self.fail(f"{value!r} is not {self.described}.", param, ctx)
        return number


class _LanguageTag(click.ParamType[str]):
    name = "tag"
    described = "a tag such as fr or de-AT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept a text with the syntax of a language tag."""
        if not _TAG.fullmatch(value):
            self.fail(f"{value!r} is not {self.described}.", param, ctx)
        return str(value)


class _LocalCopy(click.ParamType[tuple[str, str]]):
    name = "copy"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split IRI=FILE at the last equals sign."""
        iri, _, file = str(value).rpartition("=")
        if not _SCHEME.match(iri) or not file:
            self.fail(f"{value!r} is not IRI=FILE.", param, ctx)
        return iri, file


class _SettingText(click.ParamType[str]):
    """The text of a setting; an error names the option, not the setting."""

    name = "setting"

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept a text that the setting's parser accepts."""
        try:
            self._setting.parser(self._setting.name, value)
        except UsageError as error:
            self.fail(f"{error.what} {error.fix}", param, ctx)
        return str(value)


LANGUAGE_TAG = _LanguageTag()
LOCAL_COPY = _LocalCopy()

_FILE = click.Path(path_type=Path)
_SETTINGS = {setting.name: setting for setting in SETTINGS}

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def setting_option(name: str, **more: Any) -> Callable[[Decorated], Decorated]:
    """The option of a setting, with its help and default; the command reads it together with its variable.

    `more` is passed to click: with a `type` and an `envvar`, click reads both before the command runs.
    """
    setting = _SETTINGS[name]
    shown = f"  [default: {setting.shown_default}]" if setting.shown_default else ""
    described = {
        "type": _SettingText(setting),
        "metavar": setting.unit.split()[-1].upper(),
        "help": setting.help + shown,
    }
    return click.option(setting.option, name, **{**described, **more})


publication_option = setting_option("publication", type=_FILE, envvar=_SETTINGS["publication"].variable)

releases_option = setting_option(
    "releases",
    type=_FILE,
    metavar="DIR",
    envvar=_SETTINGS["releases"].variable,
    default=Path(_SETTINGS["releases"].default),
)

as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object to standard output, for programs."
)

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([severity.label for severity in sorted(Severity, reverse=True)]),
    default=Severity.VIOLATION.label,
    show_default=True,
    help="The lowest severity that makes the exit code 1.",
)


def severity_named(label: str) -> Severity:
    """The severity that a value of `--fail-on` stands for."""
    return Severity[label.upper()]
