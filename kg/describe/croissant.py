"""Croissant metadata: the tables of a dataset for machine-learning libraries. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from sauran.kg.describe.schema_org import bounded_description, organisation
from sauran.kg.model.addresses import absolute
from sauran.kg.publication.distributions import distributions_of

__all__ = ["CROISSANT", "croissant_json"]

CROISSANT = "http://mlcommons.org/croissant/1.0"
_LANGUAGE = "en"
# The context of the standard, appendix 1: readers compare it word for word.
_CONTEXT = {
    "@language": _LANGUAGE,
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "anyURI": "sc:URL",
    "boolean": "sc:Boolean",
    "decimal": "sc:Float",
    "integer": "sc:Integer",
    "string": "sc:Text",
}
_VERSION = re.compile(r"(\d+)(\.\d+)?(\.\d+)?(-.*)?")


def croissant_json(manifest: Mapping[str, Any], slug: str, site: str) -> dict[str, Any] | None:
    """Describe the tables of a dataset in English, or None where the release has no tables of it.

    Source: Croissant 1.0.
    """
    tables = [table for table in manifest.get("tables", ()) if table["dataset"] == slug]
    if not tables:
        return None
    said = manifest["publication"]
    dataset = next(known for known in said["datasets"] if known["slug"] == slug)
    title = dataset["title"].get(_LANGUAGE) or next(iter(dataset["title"].values()))
    publisher = organisation(said)
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": dataset["iri"],
        "conformsTo": CROISSANT,
        "name": title,
        "description": bounded_description(said, dataset, _LANGUAGE),
        "url": absolute(site, f"{_LANGUAGE}/dataset/{slug}"),
        "license": dataset["licence"],
        "creator": publisher,
        "publisher": publisher,
        "keywords": dataset["keywords"].get(_LANGUAGE, []),
        "inLanguage": said["languages"],
        "datePublished": dataset["issued"],
        "dateModified": dataset["modified"],
        "version": _version(manifest["version"]),
        "citeAs": f"{said['publisher']['name']}. {title}. {manifest['version']}. {dataset['iri']}",
        "distribution": _files(manifest, slug, site, {table["path"] for table in tables}),
        "recordSet": [_record_set(table) for table in tables],
    }


def _files(manifest: Mapping[str, Any], slug: str, site: str, paths: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "@type": "cr:FileObject",
            "@id": _name(known.path),
            "name": _name(known.path),
            "contentUrl": absolute(site, f"release/{manifest['version']}/{known.path}"),
            "contentSize": f"{known.size} B",
            "encodingFormat": known.media_type,
            "sha256": known.sha256,
        }
        for known in distributions_of(manifest, slug)
        if known.path in paths
    ]


def _record_set(table: Mapping[str, Any]) -> dict[str, Any]:
    name = table["dump"]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "key": {"@id": f"{name}/{table['key']}"},
        # Readers guess types, and Croissant cannot stop them: codes such as 004 would come as 4.0.
        "field": [
            _field(name, _name(table["path"]), column)
            for column in table["columns"]
            if not column.get("numerals")
        ],
    }


def _field(record_set: str, file: str, column: Mapping[str, Any]) -> dict[str, Any]:
    source: dict[str, Any] = {"fileObject": {"@id": file}, "extract": {"column": column["name"]}}
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{record_set}/{column['name']}",
        "name": column["name"],
        "dataType": _TYPES.get(column["datatype"], "sc:Text"),
    }
    if column.get("texts", {}).get(_LANGUAGE):
        field["description"] = column["texts"][_LANGUAGE]
    if column.get("property"):
        field["equivalentProperty"] = column["property"]
    if column.get("separator"):
        source["transform"] = {"separator": column["separator"]}
        field["repeated"] = True
    return {**field, "source": source}


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _version(version: str) -> str:
    """A version as Semantic Versioning wants it: always of three numbers."""
    found = _VERSION.fullmatch(version)
    if found is None:
        return version
    major, minor, patch, rest = found.groups()
    return f"{major}{minor or '.0'}{patch or '.0'}{rest or ''}"
