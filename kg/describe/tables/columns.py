"""The columns of the tables, read from columns.csv, with descriptions in four languages."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.model.namespaces import PREFIXES, SKOS

__all__ = ["TABLES", "Column", "columns_of", "describe_columns"]

TABLES = ("claims", "entities")
_FILE = Path(__file__).parent / "columns.csv"
# What the cells of a kind hold, as CSVW names it.
_DATATYPES = {
    "key": "anyURI",
    "iri": "anyURI",
    "iris": "anyURI",
    "boolean": "boolean",
    "decimal": "decimal",
    "integer": "integer",
}
# Between the values of a list stands what none of them has in it.
_SEPARATORS = {"iris": " ", "words": " ", "code": " ", "wkt": "|"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `texts` say what it holds, by language.

    Shape: `kind` is a key (the IRI of the row), iri, iris, text in `language`, words, code (a notation of the
    datatype `property`), value, wkt, boolean, decimal or integer; `about` names the column whose thing
    it tells of, else the row's.
    """

    name: str
    kind: str
    property_iri: str
    about: str
    texts: Mapping[str, str]
    language: str = ""

    @property
    def datatype(self) -> str:
        """The datatype of one value, by its name in CSVW."""
        return _DATATYPES.get(self.kind, "string")

    @property
    def separator(self) -> str | None:
        """What stands between the values of a cell; None where there is one value at most."""
        return _SEPARATORS.get(self.kind)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for the manifest."""
        fields = {
            "name": self.name,
            "datatype": self.datatype,
            "separator": self.separator,
            "property": self.property_iri,
            "language": self.language,
            "texts": dict(self.texts),
        }
        return {key: value for key, value in fields.items() if value}


def columns_of(table: str, languages: Sequence[str]) -> list[Column]:
    """The columns of a table, those with texts once for each language."""
    found = []
    for column in _read()[table]:
        if column.kind == "texts":
            found += [
                replace(column, name=f"{column.name}_{language}", kind="text", language=language)
                for language in languages
            ]
        else:
            found.append(column)
    return found


def describe_columns(columns: Sequence[Column], ontology: Sequence[Quad]) -> list[Column]:
    """The same columns, with the definition of the ontology where the list has no text of its own."""
    definitions: dict[str, dict[str, str]] = {}
    for quad in ontology:
        if (
            quad.predicate == SKOS.definition
            and isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, Literal)
        ):
            definitions.setdefault(quad.subject.value, {})[quad.object.language or ""] = quad.object.value
    return [
        column if column.texts else replace(column, texts=definitions.get(column.property_iri, {}))
        for column in columns
    ]


@cache
def _read() -> Mapping[str, tuple[Column, ...]]:
    tables: dict[str, list[Column]] = {name: [] for name in TABLES}
    with _FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            prefix, _, local = row["property"].partition(":")
            texts = {name: text for name, text in row.items() if len(name) == 2 and text}
            column = Column(
                row["name"],
                row["kind"],
                PREFIXES[prefix] + local if local else "",
                row["about"],
                MappingProxyType(texts),
            )
            tables[row["table"]].append(column)
    return MappingProxyType({name: tuple(columns) for name, columns in tables.items()})
