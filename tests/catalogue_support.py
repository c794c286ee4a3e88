"""Manifests of releases that were never built, of any size, and the official shapes; holds no test."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import Graph

from sauran.kg.describe.catalogue import Versions, catalogue_slugs, page_quads
from sauran.kg.model.formats import RDF_FORMATS
from sauran.kg.model.namespaces import RDF
from sauran.kg.release.release import Release

__all__ = [
    "SITE",
    "catalogue_quads",
    "generated_manifest",
    "of_class",
    "official_shapes",
    "read",
    "triples_of",
    "values",
    "write_release",
]

SITE = "http://127.0.0.1:9999/kg/"
_BASE = "https://w3id.org/example/"
_TEXTS = {"en": "A text", "fr": "Un texte", "ru": "Текст", "kk": "Мәтін"}
_SH = "http://www.w3.org/ns/shacl#"


def catalogue_quads(
    manifest: Mapping[str, Any], site: str, versions: Versions | None = None, *, portal: str = ""
) -> list[Quad]:
    """The whole catalogue, on one page."""
    return page_quads(manifest, site, catalogue_slugs(manifest), versions or {}, portal=portal)


def generated_manifest(count: int, *, formats: Iterable[str] = ("turtle", "nquads")) -> dict[str, Any]:
    """A manifest of so many datasets, each with a few files."""
    slugs = [f"d{number}" for number in range(count)]
    wanted = [known for known in RDF_FORMATS if known.name in formats]
    return {
        "version": "2.1.0",
        "draft": False,
        "prefixes": {},
        "graphs": [],
        "publication": {
            "base": _BASE,
            "issued": "2026-11-22",
            "languages": list(_TEXTS),
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "title": _TEXTS,
            "description": _TEXTS,
            "publisher": {"name": "Example", "iri": f"{_BASE}id/example"},
            "contact": {"name": "Desk", "email": "desk@example.org"},
            "themes": [],
            "keywords": {"en": ["everything"]},
            **_codes(),
            "datasets": [_dataset(slug, number) for number, slug in enumerate(slugs)],
        },
        "files": [
            _file(dump, known.name, f"dumps/{dump}.{known.suffix}{end}", known.media_type, packed=bool(end))
            for dump in (*slugs, *(f"{slug}-derived" for slug in slugs[:2]), "all", "ontology", "shapes")
            for known in wanted
            for end in ("", ".gz")
        ],
    }


def write_release(like: Release, releases: Path, count: int) -> None:
    """Make a release of so many datasets out of a real one: its files, and small ones for each of them."""
    made = generated_manifest(count)
    folder = releases / made["version"]
    shutil.copytree(like.folder, folder)
    slugs = {dataset["slug"] for dataset in like.manifest["publication"]["datasets"]}
    kept = [entry for entry in like.manifest["files"] if entry.get("dump", "").split("-")[0] not in slugs]
    there = {entry["path"] for entry in kept}
    added = [entry for entry in made["files"] if entry["path"] not in there]
    for entry in added:
        (folder / entry["path"]).write_text(entry["path"], "utf-8")
    graphs = like.manifest["graphs"]
    manifest = {**like.manifest, **made, "graphs": graphs, "files": [*kept, *added]}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (releases / "current").symlink_to(folder.name)


def _codes() -> dict[str, Any]:
    return {
        "data_themes": ["JUST", "TECH"],
        "countries": ["KAZ", "FRA"],
        "spatial": ["https://sws.geonames.org/1522867/"],
        "access_right": "PUBLIC",
        "frequency": "IRREG",
        "availability": "STABLE",
        "temporal": {},
        "provenance": {},
        "identifiers": [],
        "portals": {},
    }


def _dataset(slug: str, number: int) -> dict[str, Any]:
    return {
        "slug": slug,
        "iri": f"{_BASE}dataset/{slug}",
        "graph": f"{_BASE}graph/{slug}",
        "derived_graph": f"{_BASE}graph/{slug}/derived",
        "title": {tag: f"{text} {number}" for tag, text in _TEXTS.items()},
        "description": _TEXTS,
        "issued": "2026-01-01",
        "modified": f"2026-{1 + number % 11:02}-15",
        "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
        "requires": ["d0"] if number else [],
        "sources": [f"{_BASE}id/source/{slug}"],
        "themes": ["http://eurovoc.europa.eu/5693"],
        "keywords": {"en": ["one", "two"], "kk": ["бір"]},
        **_codes(),
        "temporal": {"start": "1991-12-16", "end": "2025-12-31"},
        "provenance": _TEXTS,
        "identifiers": [f"doi:10.5555/{slug}"],
        "portals": {
            "swiss": {"identifier": f"{slug}@example", "themes": {"https://example.org/secu": "Secu"}}
        },
    }


def _file(dump: str, name: str, path: str, media_type: str, *, packed: bool) -> dict[str, Any]:
    entry = {
        "path": path,
        "dump": dump,
        "format": name,
        "media_type": "application/gzip" if packed else media_type,
        "bytes": len(path),
        "sha256": hashlib.sha256(path.encode()).hexdigest(),
        "triples": 1,
    }
    return entry | ({"compression": "gzip"} if packed else {})


def official_shapes(shared: Path, name: str) -> list[Triple]:
    """A file of the official shapes, mended: a property shape that is named but has no path is left out.

    Source: SEMICeu/DCAT-AP issue 448.
    """
    triples = triples_of(shared / "data/dcat-ap" / name)
    named = {t.object for t in triples if t.predicate.value == f"{_SH}property"}
    pathless = named - {t.subject for t in triples if t.predicate.value == f"{_SH}path"}
    return [t for t in triples if t.subject not in pathless and t.object not in pathless]


def triples_of(file: Path) -> list[Triple]:
    """The triples of a Turtle file."""
    return [quad.triple for quad in parse(path=str(file), format=RdfFormat.TURTLE)]


def values(quads: Iterable[Quad], subject: str, predicate: NamedNode) -> list[str]:
    """What is said of a thing by one property, as text, in the order of the quads."""
    node = NamedNode(subject)
    return [q.object.value for q in quads if q.subject == node and q.predicate == predicate]  # type: ignore[union-attr]


def of_class(quads: Iterable[Quad], kind: NamedNode) -> set[str]:
    """The IRIs of the things that are themselves said to be of a class."""
    return {q.subject.value for q in quads if q.predicate == RDF["type"] and q.object == kind}  # type: ignore[union-attr]


def read(client: FlaskClient, path: str, **headers: str) -> Graph:
    """The graph that a client gets from an address; headers have _ for -."""
    response = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert response.status_code == 200, response.text
    kind = response.content_type.partition(";")[0]
    return Graph().parse(data=response.data, format=kind)
