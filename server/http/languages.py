"""The language of a page: which one a request asks for, and the translations of the interface."""

from functools import cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from babel.units import format_unit
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale

from sauran.server.http.negotiation import LANGUAGES, choose_language

__all__ = ["UNREVIEWED", "page_language", "register_languages"]

# Languages whose translations no competent reader has checked.
UNREVIEWED = frozenset({"kk"})

_CATALOGUES = Path(__file__).parents[1] / "translations"


def register_languages(app: Flask) -> None:
    """Set up translations for templates and code: gettext, plurals, dates, numbers, sizes."""
    _Languages(app, default_locale=LANGUAGES[0], locale_selector=_locale)
    app.jinja_env.filters["bytesformat"] = _size


def page_language() -> str:
    """The language in the path of the request, else the one its headers ask for."""
    named = (request.view_args or {}).get("language") or request.path.strip("/").partition("/")[0]
    return named if named in LANGUAGES else choose_language(request.headers.get("Accept-Language", ""))


def _locale() -> str:
    """The locale for dates and numbers; English is British, as in the texts."""
    language = page_language()
    return "en_GB" if language == "en" else language


def _size(size: int) -> str:
    """Format a number of bytes with a unit."""
    for unit, name in ((10**9, "gigabyte"), (10**6, "megabyte"), (1000, "kilobyte")):
        if size >= unit:
            return format_unit(size / unit, f"digital-{name}", "short", "#,##0.#", get_locale())
    return format_unit(size, "digital-byte", "short", locale=get_locale())


class _Catalogues(Domain):  # type: ignore[misc]
    """Translation catalogues read from .po files, so that no compiled copy can be out of date."""

    def __init__(self) -> None:
        super().__init__()
        self._catalogues = {language: _read(language) for language in LANGUAGES}

    def get_translations(self) -> NullTranslations:
        """The catalogue of the language in use."""
        locale = get_locale()
        return self._catalogues[locale.language if locale else LANGUAGES[0]]


class _Languages(Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> _Catalogues:
        """All catalogues, read once."""
        return _Catalogues()


def _read(language: str) -> NullTranslations:
    file = _CATALOGUES / f"{language}.po"
    if language == LANGUAGES[0]:
        return NullTranslations()  # the texts in code and templates are English
    compiled = BytesIO()
    with file.open("rb") as text:
        write_mo(compiled, read_po(text, locale=language))
    compiled.seek(0)
    return Translations(compiled)
