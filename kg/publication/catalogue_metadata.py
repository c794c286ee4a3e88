"""Catalogue metadata in the settings of a publication and its datasets: themes, places, times, rights."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sauran.kg.model.findings import Finding, Place, Severity
from sauran.kg.publication.eu_vocabularies import LICENCES, SPOKEN, tables
from sauran.kg.publication.toml_with_lines import SettingsFile, read_settings_file

__all__ = [
    "BUILT_IN",
    "Cataloguing",
    "Portal",
    "check_iris",
    "check_publisher_and_contact",
    "check_texts",
    "doubt_contact",
    "read_cataloguing",
    "read_keywords",
    "read_languages",
    "read_licence",
]

_ONE, _MANY = ("access_right", "frequency", "availability"), ("data_themes", "countries")
BUILT_IN = ("dcat-ap", "udata", "schema.org")  # profiles of the catalogue that are for no one portal
_NOT_IN_IRI = frozenset(' <>"{}|^`\\\t\n\r')
_WEB = ("http://", "https://")
_OTHER_LICENCES = [code for code in LICENCES if code != "CC_BY_4_0"]
# What a release offers can be taken by everybody who reaches its site.
_UNSAID = {"access_right": "PUBLIC"}
_OPEN = ("countries", "frequency")  # the tables of the EU have more codes of these
# Blocks to write where a table is missing.
_BLOCKS = {
    "publisher": 'name = "…"\niri = "https://…"',
    "contact": 'name = "…"\nemail = "…@…"',
}
_EXAMPLES = (
    ".example",
    ".invalid",
    ".localhost",
    ".test",
    ".example.com",
    ".example.net",
    ".example.org",
)
# CKAN refuses a dataset with another one; a comma it takes for the end.
_KEYWORD = re.compile(r"[\w .-]{2,100}")


@dataclass(frozen=True)
class Portal:
    """Overrides for one portal: an identifier of its form, themes of its vocabulary."""

    identifier: str
    themes: Mapping[str, str]


@dataclass(frozen=True)
class Cataloguing:
    """Short codes of `eu_vocabularies`, IRIs of places, a period, texts; an empty value says nothing."""

    data_themes: tuple[str, ...]
    countries: tuple[str, ...]
    spatial: tuple[str, ...]
    access_right: str
    frequency: str
    availability: str
    start: datetime.date | None
    end: datetime.date | None
    provenance: Mapping[str, str]
    identifiers: tuple[str, ...]
    portals: Mapping[str, Portal]

    def as_plain(self) -> dict[str, Any]:
        """The metadata for the manifest, as plain data for JSON."""
        return {
            "data_themes": list(self.data_themes),
            "countries": list(self.countries),
            "spatial": list(self.spatial),
            "access_right": self.access_right,
            "frequency": self.frequency,
            "availability": self.availability,
            "temporal": {
                name: date.isoformat() for name, date in (("start", self.start), ("end", self.end)) if date
            },
            "provenance": dict(self.provenance),
            "identifiers": list(self.identifiers),
            "portals": {
                name: {"identifier": portal.identifier, "themes": dict(portal.themes)}
                for name, portal in self.portals.items()
            },
        }


def read_cataloguing(settings: SettingsFile, whole: Cataloguing | None = None) -> Cataloguing:
    """Read the settings of a publication, or those of a dataset, which override the publication's.

    Raises: PublicationError with file and line for a code that is unknown, and for missing data themes.
    """
    codes = {
        name: _codes(settings, name, settings.strings(name, default=getattr(whole, name, ())))
        for name in _MANY
    }
    one = {name: settings.string(name, default=getattr(whole, name, _UNSAID.get(name, ""))) for name in _ONE}
    for name, code in one.items():
        _codes(settings, name, (code,) if code else ())
    if not codes["data_themes"]:
        raise settings.missing(
            "data_themes",
            f'Write data_themes = ["JUST"]; the codes are {", ".join(tables()["data_themes"].concepts)}.',
        )
    start, end = _period(settings.section("temporal") if whole else None)
    for key in ("temporal", "provenance", "portals") if whole else ():
        settings.table(key, default={})
    return Cataloguing(
        data_themes=codes["data_themes"],
        countries=codes["countries"],
        spatial=check_iris(
            settings, "spatial", settings.strings("spatial", default=getattr(whole, "spatial", ()))
        ),
        access_right=one["access_right"],
        frequency=one["frequency"],
        availability=one["availability"],
        start=start,
        end=end,
        provenance=settings.texts("provenance") if whole and settings.section("provenance") else _NO_TEXTS,
        identifiers=settings.strings("identifiers", default=()) if whole else (),
        portals=_portals(settings.section("portals")) if whole else MappingProxyType({}),
    )


_NO_TEXTS: Mapping[str, str] = MappingProxyType({})


def read_keywords(settings: SettingsFile) -> MappingProxyType[str, tuple[str, ...]]:
    """Read the keywords of each language.

    Raises: PublicationError for one that portals refuse, and the dataset with it.
    """
    table = settings.section("keywords")
    settings.table("keywords", default={})
    found = {language: table.strings(language) for language in table.values} if table else {}
    for language, words in found.items():
        for word in words:
            if table and not _KEYWORD.fullmatch(word):
                raise table.fault(
                    language,
                    f"portals refuse a dataset with the keyword {word!r}.",
                    "Write 2 to 100 letters, digits, spaces, hyphens, underscores and dots.",
                )
    return MappingProxyType(found)


def read_languages(settings: SettingsFile) -> tuple[str, ...]:
    """Read the languages of a publication's texts.

    Raises: PublicationError for none, and for one that the table of languages has no code for.
    """
    languages = settings.strings("languages")
    if not languages:
        raise settings.fault("languages", "languages is empty.", 'Write languages = ["en"].')
    for language in languages:
        if language not in SPOKEN:
            raise settings.fault(
                "languages", f"{language!r} is not a supported language.", f"Known: {', '.join(SPOKEN)}."
            )
    return languages


def read_licence(settings: SettingsFile) -> str:
    """Read a licence: its IRI, or the short code of one in `sauran.kg.publication.eu_vocabularies`.

    Raises: PublicationError for what is neither.
    """
    fix = f'Write licence = "CC_BY_4_0", or with {", ".join(_OTHER_LICENCES)} or an IRI in its place.'
    said = settings.string("licence", fix=fix)
    if said in LICENCES:
        return LICENCES[said].iri
    if not said.startswith(_WEB) or set(said) & _NOT_IN_IRI:
        raise settings.fault(
            "licence", f"{said!r} is not a known licence.", f"Write its IRI, or one of {', '.join(LICENCES)}."
        )
    return said


def check_texts(settings: SettingsFile, languages: Sequence[str]) -> None:
    """See that title and description have a text in each language.

    Raises: PublicationError at the line of the table.
    """
    for key in ("title", "description"):
        texts = settings.table(key, block="\n".join(f'{language} = "…"' for language in languages))
        for language in languages:
            text = texts.get(language)
            if not (isinstance(text, str) and text.strip()):
                raise settings.fault(
                    language if language in texts else key,
                    f"{key} has no text in {language!r}, one of the languages of the publication.",
                    f'Write {language} = "…" below [{key}].',
                )


def check_publisher_and_contact(settings: SettingsFile) -> None:
    """See that the publisher has a name, and the contact a name and an e-mail address.

    Raises: PublicationError at the line of the table, or of what is wrong in it.
    """
    for key, block in _BLOCKS.items():
        settings.table(key, block=block)
    _check_name(settings, "publisher")
    iri = settings.table("publisher").get("iri", "")
    check_iris(settings, "iri", (iri,) if iri else ())
    _check_name(settings, "contact")
    email = str(settings.table("contact").get("email", ""))
    name, at, host = email.partition("@")
    if not (name and at and host) or set(email) & _NOT_IN_IRI:
        what = f"{email!r} is not a valid e-mail address." if email else "contact has no e-mail address."
        key = "email" if "email" in settings.table("contact") else "contact"
        raise settings.fault(key, what, 'Write email = "name@example.org" below [contact].')


def doubt_contact(file: Path) -> list[Finding]:
    """See whether the contact of a publication that was read can have an e-mail address like this.

    Source: RFC 2606, sections 2 and 3.
    """
    settings = read_settings_file(file)
    email = str(settings.table("contact")["email"])
    if not f".{email.rpartition('@')[2].lower()}".endswith(_EXAMPLES):
        return []
    message = f"{email} is an example address that receives no mail. Write the contact's real address."
    contact = settings.section("contact") or settings
    place = Place(str(file), contact.line("email"))
    return [Finding("contact-address", Severity.WARNING, message, place=place)]


def _check_name(settings: SettingsFile, key: str) -> None:
    if not str(settings.table(key).get("name", "")).strip():
        raise settings.fault(key, f"{key} has no name.", f'Write name = "…" below [{key}].')


def _codes(settings: SettingsFile, name: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    known = tables()[name].concepts
    for code in codes:
        if code not in known:
            more = (
                " Add another one of the EU's table to kg/publication/eu_vocabularies.csv."
                if name in _OPEN
                else ""
            )
            raise settings.fault(
                name, f"{code!r} is not a valid code of {name}.", f"Known: {', '.join(known)}.{more}"
            )
    return codes


def check_iris(settings: SettingsFile, name: str, iris: tuple[str, ...]) -> tuple[str, ...]:
    """Give IRIs back as they are.

    Raises: PublicationError at the line of the setting for what is none.
    """
    for iri in iris:
        if not iri.startswith(_WEB) or set(iri) & _NOT_IN_IRI:
            raise settings.fault(name, f"{iri!r} is not a valid IRI.", "It begins with http:// or https://.")
    return iris


def _period(settings: SettingsFile | None) -> tuple[datetime.date | None, datetime.date | None]:
    if settings is None:
        return None, None
    start, end = (settings.date(name) if name in settings.values else None for name in ("start", "end"))
    settings.asked += ["start", "end"]
    settings.refuse_unknown()
    if start and end and start > end:
        raise settings.fault("end", f"{end} is before {start}.", "Use an end on or after the start.")
    if not (start or end):
        raise settings.fault("temporal", "temporal has neither start nor end.", "Write start = 1991-12-16.")
    return start, end


def _portals(settings: SettingsFile | None) -> Mapping[str, Portal]:
    found = {}
    for name in settings.values if settings else ():
        if settings and name in BUILT_IN:
            raise settings.fault(name, f"{name!r} is a built-in profile, not a portal.", "Name the portal.")
        portal = settings.section(name) if settings else None
        if portal is not None:
            found[name] = Portal(
                identifier=portal.string("identifier", default=""),
                themes=portal.texts("themes") if portal.section("themes") else _NO_TEXTS,
            )
            portal.asked.append("themes")
            portal.refuse_unknown()
            check_iris(portal, "themes", tuple(found[name].themes))
    return MappingProxyType(found)
