"""CSV on the Web metadata of a table: columns, datatypes, descriptions, and the triples of a row.

Source: Metadata Vocabulary for Tabular Data; Model for Tabular Data and Metadata on the Web, section 5.3.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sauran.kg.describe.tables.columns import Column
from sauran.kg.model.namespaces import RDF, SEC, SKOS
from sauran.kg.publication.publication import Dataset

__all__ = ["CSVM", "METADATA_SUFFIX", "describe_table"]

CSVM = "application/csvm+json"
METADATA_SUFFIX = "-metadata.json"  # behind the name of the table, where readers look for it first
_CONTEXT = ("http://www.w3.org/ns/csvw", {"@language": "en"})
# Kinds of cells that do not correspond to one triple, or that are written differently in the data.
_SILENT = frozenset({"key", "iris", "value", "wkt", "boolean", "decimal", "integer"})


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
