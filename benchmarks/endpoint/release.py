"""A Sauran release out of an N-Quads file: no content files, no shapes, not validated."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from benchmarks.endpoint.events import BASE, GRAPHS
from sauran.kg.loading.dumps import write_file
from sauran.kg.loading.serialisation import make_context
from sauran.kg.loading.store import write_store_folder
from sauran.kg.model.namespaces import PREFIXES
from sauran.kg.release.release import lock_releases, publish, seal, workplace

__all__ = ["make_release", "make_store"]

_VERSION = "1.0.0"


def make_store(nquads: Path, folder: Path) -> None:
    """Make a store folder, whole or not at all; Sauran, the Oxigraph server and rdflib-endpoint share it."""
    if folder.is_dir():
        return
    half = folder.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    write_store_folder(nquads, half)
    half.rename(folder)


def make_release(nquads: Path, counts: dict[str, int], releases: Path, store: Path | None) -> None:
    """Publish a release below `releases`, held in memory unless it is given a store folder."""
    if (releases / "current").is_symlink():
        return
    with lock_releases(releases), workplace(releases) as folder:
        (folder / "dumps").mkdir()
        os.link(nquads, folder / "dumps" / "all.nq")
        context = {"@context": make_context((), PREFIXES)}
        files = [write_file(folder, "dumps/context.jsonld", _as_json(context), "application/ld+json")]
        if store is not None:
            shutil.copytree(store, folder / "store", copy_function=os.link)
        seal(folder, _manifest(counts), files)
        publish(folder, releases, _VERSION)


def _as_json(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode()


def _manifest(counts: dict[str, int]) -> dict[str, Any]:
    title = {"en": "Synthetic security events"}
    datasets = [_dataset(graph.rsplit("/", 1)[1], title) for graph in GRAPHS]
    publication = {
        "base": BASE,
        "issued": "2026-01-01",
        "languages": ["en"],
        "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
        "code_licence": "",
        "title": title,
        "description": title,
        "publisher": {"name": "Bench", "iri": f"{BASE}id/bench"},
        "contact": {"name": "Bench", "email": "bench@bench.example"},
        "themes": [],
        "datasets": datasets,
    }
    return {
        "version": _VERSION,
        "draft": False,
        "made_by": "benchmarks.endpoint",
        "input": "",
        "publication": publication,
        "prefixes": {**PREFIXES, "v": f"{BASE}ontology#"},
        "graphs": [{"iri": iri, "triples": triples} for iri, triples in counts.items()],
        "findings": {"violation": 0, "warning": 0, "info": 0},
        "unreviewed": {},
    }


def _dataset(slug: str, title: dict[str, str]) -> dict[str, Any]:
    return {
        "slug": slug,
        "iri": f"{BASE}dataset/{slug}",
        "graph": f"{BASE}graph/{slug}",
        "derived_graph": f"{BASE}graph/{slug}/derived",
        "title": title,
        "description": title,
        "issued": "2026-01-01",
        "modified": "2026-01-01",
        "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
        "requires": [],
        "sources": [],
        "themes": [],
        "keywords": {},
    }
