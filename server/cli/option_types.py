"""What options take: numbers in a range, tags of languages, local copies by IRI, settings."""

import math
import re
from typing import Any

import click

from sauran.kg.model.errors import UsageError
from sauran.server.http.setting_types import Setting

__all__ = ["LANGUAGE_TAG", "LOCAL_COPY", "NumberInRange", "SettingText"]

_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class NumberInRange(click.ParamType[int | float]):
    """A number from `least` to `most`, both included; `whole` ones have no fraction."""

    name = "number"

    def __init__(self, least: float, most: float | None = None, *, whole: bool) -> None:
        self._least, self._most, self._whole = least, most, whole

    @property
    def described(self) -> str:
        """What to write."""
        most = "on" if self._most is None else f"to {self._most}"
        return f"a {'whole ' if self._whole else ''}number from {self._least} {most}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        """The number that a text or a number of a configuration stands for."""
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
        """The tag, if it has the form of one."""
        if not _TAG.fullmatch(value):
            self.fail(f"{value!r} is not {self.described}.", param, ctx)
        return str(value)


class _LocalCopy(click.ParamType[tuple[str, str]]):
    name = "copy"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The IRI and its file; the last sign of equality parts them."""
        iri, _, file = str(value).rpartition("=")
        if not _SCHEME.match(iri) or not file:
            self.fail(f"{value!r} is not IRI=FILE.", param, ctx)
        return iri, file


class SettingText(click.ParamType[str]):
    """The text of a setting, refused in the name of its option where the setting's parser refuses it."""

    name = "setting"

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself, if it can be parsed."""
        try:
            self._setting.parser(self._setting.name, value)
        except UsageError as error:
            self.fail(f"{error.what} {error.fix}", param, ctx)
        return str(value)


LANGUAGE_TAG = _LanguageTag()
LOCAL_COPY = _LocalCopy()
