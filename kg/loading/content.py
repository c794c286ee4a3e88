"""The content of a publication in memory: datasets, derived triples, ontology, shapes."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.loading.dumps import Dump
from sauran.kg.loading.load import Loaded, load_files
from sauran.kg.loading.named_queries import NamedQuery, read_query
from sauran.kg.loading.serialisation import canonical_quads, make_context
from sauran.kg.loading.store import Store, count_union
from sauran.kg.model.findings import Finding
from sauran.kg.model.namespaces import PREFIXES, SEC
from sauran.kg.publication.package_paths import ontology_folder, shapes_folder
from sauran.kg.publication.publication import Dataset, Publication, as_plain

__all__ = ["Content", "load_content"]

Derive = Callable[[Store, Publication, Dataset], Sequence[Quad]]
_ALIGNMENTS = "alignments.ttl"


@dataclass(frozen=True)
class Content:
    """Quads as the files say them, in canonical order, by name of graph; the questions of each dataset."""

    publication: Publication
    datasets: Mapping[str, Sequence[Quad]]
    derived: Mapping[str, Sequence[Quad]]
    ontology: Sequence[Quad]
    shapes: Sequence[Quad]
    alignments: Sequence[Quad]
    prefixes: dict[str, str]
    files: tuple[Path, ...]
    queries: Mapping[str, Sequence[NamedQuery]]
    syntax_faults: tuple[Finding, ...]

    @property
    def asserted(self) -> list[Quad]:
        """All quads that people wrote, alignments apart."""
        return [*(quad for quads in self.datasets.values() for quad in quads), *self.ontology, *self.shapes]

    @property
    def context(self) -> dict[str, Any]:
        """The JSON-LD context of this content."""
        return make_context(self.ontology, self.prefixes)

    def digest(self, made_by: str) -> str:
        """The digest of the input: every quad and query, the settings, and what turns them into a release."""
        digest = hashlib.sha256()
        settings = [made_by, as_plain(self.publication), self.plain_queries()]
        digest.update(json.dumps(settings, sort_keys=True).encode())
        for quad in (
            *self.asserted,
            *self.alignments,
            *(q for quads in self.derived.values() for q in quads),
        ):
            digest.update(f"{quad}\n".encode())
        return digest.hexdigest()

    def plain_queries(self) -> list[dict[str, Any]]:
        """The queries of all datasets, as plain data for JSON."""
        return [
            {
                "dataset": slug,
                "slug": query.slug,
                "questions": dict(query.questions),
                "topic": query.topic,
                "text": query.text,
            }
            for slug, queries in self.queries.items()
            for query in queries
        ]

    def graph_sizes(self) -> dict[str, int]:
        """The number of quads in each named graph of a release."""
        derived = (quad for quads in self.derived.values() for quad in quads)
        names = (quad.graph_name for quad in (*self.asserted, *derived))
        return dict(sorted(Counter(name.value for name in names if isinstance(name, NamedNode)).items()))

    @cached_property
    def union_triples(self) -> int:
        """The number of distinct triples in all graphs of a release."""
        return count_union([*self.asserted, *(quad for quads in self.derived.values() for quad in quads)])

    def name_of(self, file: str) -> str:
        """The name of a content file as it is on every machine: below the publication, or below its room."""
        path = Path(file)
        folder = self.publication.file.parent
        if path.is_relative_to(folder) and path.parent.name not in ("ontology", "shapes"):
            return path.relative_to(folder).as_posix()
        return f"{path.parent.name}/{path.name}"

    def dumps(self) -> Iterator[Dump]:
        """The dumps by name: each dataset, its derived triples, ontology, shapes, alignments, all."""
        for slug, quads in self.datasets.items():
            yield Dump(slug, quads)
            if self.derived[slug]:
                yield Dump(f"{slug}-derived", self.derived[slug])
        yield Dump("ontology", self.ontology)
        yield Dump("shapes", self.shapes)
        yield Dump("alignments", self.alignments)
        derived = [quad for quads in self.derived.values() for quad in quads]
        yield Dump("all", self.asserted, derived)

    def unreviewed(self) -> dict[str, int]:
        """Count the resources whose texts in a language nobody competent has reviewed, by language."""
        counts: dict[str, int] = {}
        for quad in self.asserted:
            if quad.predicate == SEC.unreviewedLanguage and isinstance(quad.object, Literal):
                counts[quad.object.value] = counts.get(quad.object.value, 0) + 1
        return dict(sorted(counts.items()))


def load_content(publication: Publication, derive: Derive) -> Content:
    """Load all files of a publication, its ontology and its shapes, and derive the plain triples.

    `derive` is what the profile of the publication concludes from a dataset.

    Raises: ContentError when a file cannot be read. Syntax faults are in the result, all files at once.
    """
    loaded = {dataset.slug: load_files(dataset.files, dataset.graph) for dataset in publication.datasets}
    turtle = sorted(ontology_folder().glob("*.ttl"))
    alignments = [file for file in turtle if file.name == _ALIGNMENTS]
    ontology_files = [file for file in turtle if file.name != _ALIGNMENTS]
    shape_files = sorted(shapes_folder().glob("*.ttl"))
    ontology = load_files(ontology_files, publication.ontology_graph)
    shapes = load_files(shape_files, publication.shapes_graph)
    aligned = load_files(alignments, NamedNode(f"{publication.base}graph/alignments"))
    everything = [*loaded.values(), ontology, shapes, aligned]
    by_graph = _canonical(everything)
    datasets = {d.slug: by_graph.get(d.graph, []) for d in publication.datasets}
    ontology_quads = by_graph.get(publication.ontology_graph, [])
    store = Store.of_quads([*(q for quads in datasets.values() for q in quads), *ontology_quads])
    derived = {d.slug: canonical_quads(derive(store, publication, d)) for d in publication.datasets}
    return Content(
        publication=publication,
        datasets=datasets,
        derived=derived,
        ontology=ontology_quads,
        shapes=by_graph.get(publication.shapes_graph, []),
        alignments=by_graph.get(NamedNode(f"{publication.base}graph/alignments"), []),
        prefixes=dict(sorted((PREFIXES | _prefixes(everything)).items())),
        files=tuple(f for d in publication.datasets for f in d.files)
        + tuple(ontology_files + shape_files + alignments),
        queries={d.slug: tuple(map(read_query, d.query_files)) for d in publication.datasets},
        syntax_faults=tuple(finding for part in everything for finding in part.findings),
    )


def _canonical(parts: Sequence[Loaded]) -> dict[object, list[Quad]]:
    """Name blank nodes once over the whole dataset, then split by graph."""
    by_graph: dict[object, list[Quad]] = {}
    for quad in canonical_quads([quad for part in parts for quad in part.quads]):
        by_graph.setdefault(quad.graph_name, []).append(quad)
    return by_graph


def _prefixes(parts: Sequence[Loaded]) -> dict[str, str]:
    return {prefix: iri for part in parts for prefix, iri in part.prefixes.items() if prefix}
