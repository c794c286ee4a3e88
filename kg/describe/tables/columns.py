"""The columns of the tables (columns.csv), and CSV on the Web metadata of a table made of them.

Source: Metadata Vocabulary for Tabular Data; Model for Tabular Data and Metadata on the Web, section 5.3.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.model.namespaces import PREFIXES, RDF, SEC, SKOS
from sauran.kg.publication.publication import Dataset

__all__ = ["CSVM", "METADATA_SUFFIX", "TABLES", "Column", "columns_of", "describe_columns", "describe_table"]

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
CSVM = "application/csvm+json"
METADATA_SUFFIX = "-metadata.json"  # behind the name of the table, where readers look for it first
_CONTEXT = ("http://www.w3.org/ns/csvw", {"@language": "en"})
# Kinds of cells that do not correspond to one triple, or that are written differently in the data.
_SILENT = frozenset({"key", "iris", "value", "wkt", "boolean", "decimal", "integer"})


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


def describe_table(file: str, table: str, dataset: Dataset, columns: Sequence[Column]) -> dict[str, Any]:
    """Describe one table.

    Shape: for a reader that makes RDF of it, the columns that are not silent give triples of the dataset.
    """
    key = columns[0].name
    described = [_describe(column) for column in columns]
    if table == "claims":
        described.append(
            {
                "name": "class",
                "virtual": True,
                "propertyUrl": RDF["type"].value,
                "valueUrl": SEC.Claim.value,
            }
        )
    return {
        "@context": list(_CONTEXT),
        "url": file,
        "dc:title": _texts(dataset.title),
        "dc:description": _texts(dataset.description),
        "dc:license": {"@id": dataset.licence},
        "dc:modified": {"@value": dataset.modified.isoformat(), "@type": "xsd:date"},
        "dc:isPartOf": {"@id": dataset.iri.value},
        "tableSchema": {"columns": described, "primaryKey": key, "aboutUrl": f"{{+{key}}}"},
    }


def _describe(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": _texts(column.texts),
        # Where a template makes an IRI of the cell, the cell is a string to it: the reader `csvw` 4.1 would
        # put the parts of an anyURI into the template, with commas between.
        "datatype": "string" if column.kind in ("key", "iri") else column.datatype,
    }
    if column.separator:
        said["separator"] = column.separator
    if column.kind == "key":
        said["required"] = True
    if column.kind == "code":
        said["datatype"] = {"base": "string", "@id": column.property_iri}
    if column.language:
        said["lang"] = column.language
    if column.kind in _SILENT or column.about:
        said["suppressOutput"] = True
    else:
        said["propertyUrl"] = SKOS.notation.value if column.kind == "code" else column.property_iri
    if column.kind == "iri":
        said["valueUrl"] = f"{{+{column.name}}}"
    return said


def _texts(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]
