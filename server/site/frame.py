"""What surrounds the content of every page: site name, menu, other languages, structured data."""

import datetime
import json
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from flask import Flask, current_app, request
from flask_babel import gettext as _
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from werkzeug.routing import MapAdapter

from sauran.server.http.languages import UNREVIEWED, page_language
from sauran.server.http.localised_labels import choose_language_of_text
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release

__all__ = ["Frame", "as_script", "register_frame"]

# Where the licences that people use most are known by a short name.
_LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://www.apache.org/licenses/LICENSE-2.0": "Apache-2.0",
}
# A query as browsers send it may hold what HTML allows in no address.
_QUERY_SAFE = "%/?:@!$&'()*+,;=~-._"
_DUMPS = partial(json.dumps, ensure_ascii=False, indent=1)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu: its address, its text, and whether it is the current page."""

    address: str
    text: str
    current: bool


@dataclass(frozen=True, slots=True)
class PageVersion:
    """The page in one language; the language is called by its own name."""

    code: str
    name: str
    address: str
    absolute: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the content of a page."""

    tagline: str
    places: tuple[MenuItem, ...]
    further: tuple[MenuItem, ...]
    languages: tuple[PageVersion, ...]
    canonical: str
    issued: datetime.date
    licence: str
    licence_name: str
    code_licence: str
    code_licence_name: str
    unreviewed: bool
    draft: bool


def register_frame(app: Flask) -> None:
    """Give every template the frame, and functions about languages."""
    app.context_processor(_for_templates)
    app.jinja_env.globals.update(direction=_direction, is_foreign=_is_foreign, language_name=_language_name)


def _for_templates() -> dict[str, object]:
    served = served_release()
    language = page_language()
    titles = served.publication["title"]
    name, _colon, tagline = titles[choose_language_of_text(titles, language)].partition(":")
    return {
        "here": served.links.here,
        "publication_title": name.strip(),
        "language": language,
        "version": served.release.version,
        "frame": _frame(served, language, tagline.strip()),
    }


def _frame(served: ServedRelease, language: str, tagline: str) -> Frame:
    query = quote(request.query_string.decode("ascii", "replace"), safe=_QUERY_SAFE)
    query = f"?{query}" if query else ""
    licence, code_licence = served.publication["licence"], served.publication.get("code_licence", "")
    return Frame(
        tagline=tagline[:1].upper() + tagline[1:],
        places=_places(served, language, _main()),
        further=_places(served, language, _further()),
        languages=tuple(_version(served, code, query, current=code == language) for code in LANGUAGES),
        canonical=served.links.absolute(request.path.lstrip("/")) + query,
        issued=datetime.date.fromisoformat(served.publication["issued"]),
        licence=licence,
        licence_name=_LICENCES.get(licence, licence),
        code_licence=code_licence,
        code_licence_name=_LICENCES.get(code_licence, code_licence),
        unreviewed=language in UNREVIEWED,
        draft=bool(served.release.manifest.get("draft")),
    )


def _main() -> list[tuple[str, str]]:
    found = [
        ("claims", _("Claims")),
        ("notes", _("Doubts")),
        ("timeline", _("Timeline")),
        ("map", _("Map")),
        ("ontology", _("Ontology")),
        ("sparql", "SPARQL"),
    ]
    if "validation" in current_app.blueprints:
        found.append(("validate", _("Validate")))
    return [*found, ("downloads", _("Downloads")), ("about", _("About"))]


def _further() -> list[tuple[str, str]]:
    return [
        ("catalogue", _("Catalogue")),
        ("health", _("State of the data")),
        ("shapes", _("Shapes")),
        ("conformance", _("Conformance")),
    ]


def _places(served: ServedRelease, language: str, names: list[tuple[str, str]]) -> tuple[MenuItem, ...]:
    return tuple(
        MenuItem(served.links.here(f"{language}/{path}"), text, request.path == f"/{language}/{path}")
        for path, text in names
    )


def _version(served: ServedRelease, code: str, query: str, *, current: bool) -> PageVersion:
    path = request.path.strip("/")
    first, _slash, rest = path.partition("/")
    if first in LANGUAGES:
        target = f"{code}/{rest}"
    elif _is_page(f"/{code}/{path}"):
        target = f"{code}/{path}"
    else:
        target, query = f"{code}/", ""
    return PageVersion(
        code,
        Locale(code).get_display_name(code) or code,
        served.links.here(target) + query,
        served.links.absolute(target) + query,
        current,
    )


def _is_page(path: str) -> bool:
    adapter: MapAdapter = current_app.create_url_adapter(request)  # type: ignore[assignment]
    return adapter.test(path, "GET")


def _direction(language: str) -> str:
    """The direction in which a language is written."""
    return Locale(language).text_direction


def _is_foreign(language: str | None) -> bool:
    """Whether a text is in another language than the page."""
    return bool(language) and str(language).partition("-")[0].lower() != page_language()


def _language_name(tag: str) -> str:
    """The name of a language in the language of the page; its tag if it has no name there."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(page_language()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def as_script(data: dict[str, Any]) -> Markup:
    """Write JSON-LD as the content of a script element."""
    return htmlsafe_json_dumps(data, dumps=_DUMPS)
