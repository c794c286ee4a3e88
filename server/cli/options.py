"""Options that several commands share, declared once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sauran.kg.model.findings import Severity
from sauran.server.cli.option_types import SettingText
from sauran.server.http.settings import SETTINGS

__all__ = [
    "as_json_option",
    "fail_on_option",
    "publication_option",
    "releases_option",
    "setting_option",
    "severity_named",
]

_FILE = click.Path(path_type=Path)

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
_SETTINGS = {setting.name: setting for setting in SETTINGS}


def setting_option(name: str, **more: Any) -> Callable[[Decorated], Decorated]:
    """The option of a setting, with its help and default; the setting's parser reads it and its variable.

    `more` is for click: with a `type` and an `envvar` it reads them itself, before the command runs.
    """
    setting = _SETTINGS[name]
    shown = f"  [default: {setting.shown_default}]" if setting.shown_default else ""
    described = {
        "type": SettingText(setting),
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
    "--json", "as_json", is_flag=True, help="Write one JSON object on standard output, for programs."
)

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([severity.label for severity in sorted(Severity, reverse=True)]),
    default=Severity.VIOLATION.label,
    show_default=True,
    help="The lowest severity that makes the exit code 1.",
)


def severity_named(label: str) -> Severity:
    """The severity of a word that `--fail-on` took."""
    return Severity[label.upper()]
