"""schema.org descriptions of datasets and of the catalogue, for search engines. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from sauran.kg.model.addresses import absolute
from sauran.kg.publication.distributions import Distribution, distributions_of
from sauran.kg.publication.eu_vocabularies import tables

__all__ = ["bounded_description", "catalog_json", "dataset_json", "organisation"]

_SHORTEST, _LONGEST = 50, 5000  # characters of a description that Google accepts
_MOST_LISTED = 100
_FALLBACK = "en"


def dataset_json(manifest: Mapping[str, Any], slug: str, site: str, language: str) -> dict[str, Any]:
    """Describe a dataset in the language of a page; what it has no text for in it, in English.

    Source: schema.org, Dataset; Google Search Central, dataset structured data: required and recommended.
    """
    said = manifest["publication"]
    dataset = next(known for known in said["datasets"] if known["slug"] == slug)
    words = dataset["keywords"].get(language) or dataset["keywords"].get(_FALLBACK, [])
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": dataset["iri"],
        "name": _text(dataset["title"], language),
        "alternateName": _others(dataset["title"], language),
        "description": bounded_description(said, dataset, language),
        "url": absolute(site, f"{language}/dataset/{slug}"),
        "identifier": [dataset["iri"], *dataset.get("identifiers", ())],
        "keywords": words,
        "license": dataset["licence"],
        "creator": organisation(said),
        "publisher": organisation(said),
        "inLanguage": said["languages"],
        "isAccessibleForFree": _is_free(dataset),
        "datePublished": dataset["issued"],
        "dateModified": dataset["modified"],
        "version": manifest["version"],
        "isBasedOn": dataset["sources"],
        "temporalCoverage": _period(dataset.get("temporal", {})),
        "spatialCoverage": list(_places(dataset, language)),
        "includedInDataCatalog": _catalog(manifest, site, language),
        "distribution": [_download(manifest, site, known) for known in distributions_of(manifest, slug)],
    }
    return _without_gaps(found)


def catalog_json(manifest: Mapping[str, Any], site: str, language: str) -> dict[str, Any]:
    """Describe the catalogue of all datasets, and name the first hundred of them.

    Source: schema.org, DataCatalog.
    """
    said = manifest["publication"]
    found = {
        "@context": "https://schema.org/",
        **_catalog(manifest, site, language),
        "alternateName": _others(said["title"], language),
        "description": _text(said["description"], language),
        "license": said["licence"],
        "publisher": organisation(said),
        "inLanguage": said["languages"],
        "datePublished": said["issued"],
        "version": manifest["version"],
        "dataset": [
            {
                "@type": "Dataset",
                "@id": dataset["iri"],
                "name": _text(dataset["title"], language),
                "description": bounded_description(said, dataset, language),
                "url": absolute(site, f"{language}/dataset/{dataset['slug']}"),
                "license": dataset["licence"],
                "creator": organisation(said),
            }
            for dataset in said["datasets"][:_MOST_LISTED]
        ],
    }
    return _without_gaps(found)


def organisation(said: Mapping[str, Any]) -> dict[str, Any]:
    """The publisher, and how it is reached."""
    publisher, contact = said["publisher"], said["contact"]
    found = {
        "@type": "Organization",
        "@id": publisher.get("iri", ""),
        "name": publisher["name"],
        "url": publisher.get("iri", ""),
        "contactPoint": _without_gaps(
            {
                "@type": "ContactPoint",
                "contactType": "customer support",
                "name": contact.get("name", ""),
                "email": contact.get("email", ""),
            }
        ),
    }
    return _without_gaps(found)


def bounded_description(said: Mapping[str, Any], dataset: Mapping[str, Any], language: str) -> str:
    """A description neither too short nor too long for search engines.

    Shape: 50 to 5000 characters; a short one goes on with what the publication says of itself.
    """
    text = _text(dataset["description"], language)
    for more in (said["title"], said["description"]):
        if len(text) < _SHORTEST:
            text = f"{text} {_text(more, language)}".strip()
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 1].rsplit(' ', 1)[0]}…"


def _catalog(manifest: Mapping[str, Any], site: str, language: str) -> dict[str, Any]:
    said = manifest["publication"]
    return {
        "@type": "DataCatalog",
        "@id": f"{said['base']}catalogue",
        "name": _text(said["title"], language),
        "url": absolute(site, f"{language}/"),
    }


def _download(manifest: Mapping[str, Any], site: str, known: Distribution) -> dict[str, Any]:
    packed = "application/gzip"
    return {
        "@type": "DataDownload",
        "@id": known.iri,
        "name": known.path.rpartition("/")[2],
        "contentUrl": absolute(site, f"release/{manifest['version']}/{known.path}"),
        "encodingFormat": [packed, known.media_type] if known.packed else known.media_type,
        "contentSize": f"{known.size} B",
        "sha256": known.sha256,
    }


def _places(dataset: Mapping[str, Any], language: str) -> Iterator[dict[str, Any]]:
    """The countries and places that a dataset is about."""
    known = tables()["countries"].concepts
    for code in dataset.get("countries", ()):
        name = known[code].labels.get(language) or known[code].labels[_FALLBACK]
        yield {"@type": "Country", "@id": known[code].iri, "name": name, "identifier": code}
    for iri in dataset.get("spatial", ()):
        yield {"@type": "Place", "@id": iri, "sameAs": iri}


def _period(temporal: Mapping[str, str]) -> str:
    """An interval of ISO 8601, open where it has no end."""
    if not temporal:
        return ""
    return f"{temporal.get('start', '..')}/{temporal.get('end', '..')}"


def _is_free(dataset: Mapping[str, Any]) -> bool | None:
    """Whether everybody may take it; None where nothing is said of it."""
    right = dataset.get("access_right")
    return right == "PUBLIC" if right else None


def _text(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get(_FALLBACK) or next(iter(texts.values()), "")


def _others(texts: Mapping[str, str], language: str) -> list[str]:
    """The texts in other languages, each once."""
    shown = _text(texts, language)
    return [text for text in dict.fromkeys(texts.values()) if text != shown]


def _without_gaps(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value not in ("", [], None, {})}
