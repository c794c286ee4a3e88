"""A release as it is served: opened once, unchanging, with the links of this site."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyoxigraph import Quad

from sauran.kg.model.errors import ReleaseError
from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.kg.release.release import Release
from sauran.kg.release.release_history import KeptRelease, kept_releases, stated_since, versions_before
from sauran.kg.search.searcher import Searcher
from sauran.server.http.links import Links
from sauran.server.http.quads_by_subject import QuadFile
from sauran.server.query.limits import Limits
from sauran.server.query.pool import Pool, PoolSize

__all__ = ["Edition", "open_edition"]

_MOST_NAMED = 5


@dataclass(frozen=True)
class Edition:
    """What every answer of one request is made from.

    `names` keeps what pages read again and again: the quads that name a thing, by its IRI.
    """

    release: Release
    pool: Pool
    quads: QuadFile
    links: Links
    context: dict[str, Any]
    names: dict[str, tuple[Quad, ...]] = field(default_factory=dict, compare=False)

    @property
    def publication(self) -> dict[str, Any]:
        """What the manifest keeps of publication.toml."""
        return dict(self.release.manifest["publication"])

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of the content."""
        return dict(self.release.manifest["prefixes"])

    @property
    def graphs(self) -> dict[str, int]:
        """How many triples each named graph holds."""
        return {graph["iri"]: graph["triples"] for graph in self.release.manifest["graphs"]}

    @cached_property
    def search(self) -> Searcher:
        """Its search index; not opened before something is searched."""
        return Searcher(self.release.folder)

    @cached_property
    def kept(self) -> tuple[KeptRelease, ...]:
        """The finished releases that are kept beside it, itself perhaps one of them, the oldest first."""
        return kept_releases(self.release.folder.parent, self.release.base)

    @cached_property
    def versions_before(self) -> dict[str, list[str]]:
        """The versions before this one that each dataset is in, by slug."""
        return versions_before(self.release.manifest, self.kept)

    @cached_property
    def claims_since(self) -> dict[str, str]:
        """Since which day the claims of each dataset are published as they are, by slug."""
        return stated_since(self.release.manifest, self.kept)

    @cached_property
    def dumps_of_graphs(self) -> dict[str, str]:
        """The name of the dump that holds just one graph, by the graph's IRI."""
        base = self.links.base
        names = {f"{base}graph/{name}": name for name in ("ontology", "shapes", "alignments")}
        for dataset in self.publication["datasets"]:
            names[dataset["graph"]] = dataset["slug"]
            names[dataset["derived_graph"]] = f"{dataset['slug']}-derived"
        there = {entry.get("dump") for entry in self.release.files.values()}
        return {graph: name for graph, name in names.items() if name in there}

    def dump_path(self, name: str, wanted: Format) -> str:
        """The path of a dump below the release's folder."""
        return f"dumps/{name}.{wanted.suffix}"

    def dumped_in(self, name: str) -> tuple[Format, ...]:
        """The formats of a dump: a release made before there was a format has none in it."""
        return tuple(known for known in RDF_FORMATS if self.dump_path(name, known) in self.release.files)


def open_edition(release: Release, site: str, limits: Limits, size: PoolSize) -> Edition:
    """Open a release to be served at an address, with query processes of its own.

    Raises: ReleaseError when a part of it is missing or cannot be read, or its processes do not start.
    """
    lost = release.losses()
    if lost:
        some = ", ".join(lost[:_MOST_NAMED]) + (", …" if len(lost) > _MOST_NAMED else "")
        raise ReleaseError(str(release.folder), f"is not whole: {some}.", "Build it anew.")
    dumps = release.folder / "dumps"
    context: dict[str, Any] = {}
    if (dumps / "context.jsonld").is_file():
        context = json.loads((dumps / "context.jsonld").read_bytes())["@context"]
    quads = QuadFile(dumps / "all.nq")
    links = Links(release.base, site)
    # Last: what cannot be read starts no process.
    return Edition(release, Pool(release.folder, limits, size), quads, links, context)
