"""EU controlled vocabularies for the catalogue: IRI and labels in four languages for each short code.

The codes are in eu_vocabularies.csv. To use another code, add its line there.
Source: EU Vocabularies, authority tables; ADMS licence types.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["AUTHORITY", "LICENCES", "SPOKEN", "Concept", "Licence", "Table", "tables"]

AUTHORITY = "http://publications.europa.eu/resource/authority/"


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry: its code, its IRI, its labels by language."""

    code: str
    iri: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One authority table; `kind` is the class that DCAT-AP wants its entries to have, if any."""

    scheme: str
    title: str
    kind: str
    concepts: Mapping[str, Concept]


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: the IRI that data carries, the title that portals know it by, and the EU's name of it."""

    iri: str
    title: str
    name: str
    authority: str
    kind: str


# Each table: the scheme's name, its title, and the class that DCAT-AP wants its entries to have.
_SCHEMES = {
    "access_right": ("access-right", "Access right", "RightsStatement"),
    "availability": ("planned-availability", "Planned availability", ""),
    "countries": ("country", "Country", "Location"),
    "data_themes": ("data-theme", "Data theme", ""),
    "file_type": ("file-type", "File type", "MediaTypeOrExtent"),
    "frequency": ("frequency", "Frequency", "Frequency"),
    "language": ("language", "Language", "LinguisticSystem"),
    "status": ("distribution-status", "Distribution status", ""),
}


@cache
def tables() -> Mapping[str, Table]:
    """All tables, by the name of the setting that takes their codes."""
    found: dict[str, dict[str, Concept]] = {name: {} for name in _SCHEMES}
    with (Path(__file__).parent / "eu_vocabularies.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, code = row.pop("table"), row.pop("code")
            iri = f"{AUTHORITY}{_SCHEMES[name][0]}/{code}"
            found[name][code] = Concept(code, iri, MappingProxyType(row))
    return MappingProxyType(
        {
            name: Table(
                AUTHORITY + scheme,
                title,
                f"http://purl.org/dc/terms/{kind}" if kind else "",
                MappingProxyType(found[name]),
            )
            for name, (scheme, title, kind) in _SCHEMES.items()
        }
    )


# Tags of languages, as texts carry them, to codes of the language table.
SPOKEN: Mapping[str, str] = MappingProxyType(
    {
        "de": "DEU",
        "en": "ENG",
        "es": "SPA",
        "fr": "FRA",
        "it": "ITA",
        "kk": "KAZ",
        "ky": "KIR",
        "ru": "RUS",
        "tg": "TGK",
        "tk": "TUK",
        "tr": "TUR",
        "uk": "UKR",
        "uz": "UZB",
        "zh": "ZHO",
    }
)

_CC, _KIND = "https://creativecommons.org/", "http://purl.org/adms/licencetype/"
# CKAN knows a licence only by the title that its own register has.
LICENCES: Mapping[str, Licence] = MappingProxyType(
    {
        "CC_BY_4_0": Licence(
            f"{_CC}licenses/by/4.0/",
            "Creative Commons Attribution",
            "Creative Commons Attribution 4.0 International",
            f"{AUTHORITY}licence/CC_BY_4_0",
            f"{_KIND}Attribution",
        ),
        "CC_BYSA_4_0": Licence(
            f"{_CC}licenses/by-sa/4.0/",
            "Creative Commons Attribution Share-Alike",
            "Creative Commons Attribution-ShareAlike 4.0 International",
            f"{AUTHORITY}licence/CC_BYSA_4_0",
            f"{_KIND}ViralEffect-ShareAlike",
        ),
        "CC0": Licence(
            f"{_CC}publicdomain/zero/1.0/",
            "Creative Commons CCZero",
            "Creative Commons CC0 1.0 Universal",
            f"{AUTHORITY}licence/CC0",
            f"{_KIND}PublicDomain",
        ),
    }
)
