"""The manifests of the W3C's SPARQL suites, read as tests; holds no test."""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from w3c.manifest_graph import MF, QT, UT, ManifestGraph, Node, text_of

from sauran.kg.sparql.tokens import tokens

__all__ = ["BASE", "COMMIT", "SUITES", "Case", "Manifests", "Suite"]

BASE = "https://w3c.github.io/rdf-tests/sparql/"
COMMIT = "ad541a5f0479f0798608c4801369d97b8e08b36f"  # of w3c/rdf-tests: where the archive is from
_SPECIFICATIONS = "https://www.w3.org/TR/"
_APPROVED = "http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#Approved"
_APPROVAL = "http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#approval"


@dataclass(frozen=True, slots=True)
class Suite:
    """Some manifests that are reported together."""

    slug: str
    title: str
    specification: str
    manifests: tuple[str, ...]


SUITES = (
    Suite(
        "sparql11-query",
        "SPARQL 1.1 Query Language",
        f"{_SPECIFICATIONS}sparql11-query/",
        ("sparql11/manifest-sparql11-query.ttl",),
    ),
    Suite(
        "sparql11-results",
        "SPARQL 1.1 Query Results in JSON, CSV and TSV",
        f"{_SPECIFICATIONS}sparql11-results-csv-tsv/",
        ("sparql11/manifest-sparql11-results.ttl",),
    ),
    Suite(
        "sparql11-protocol",
        "SPARQL 1.1 Protocol",
        f"{_SPECIFICATIONS}sparql11-protocol/",
        ("sparql11/protocol/manifest.ttl",),
    ),
    Suite(
        "sparql11-service-description",
        "SPARQL 1.1 Service Description",
        f"{_SPECIFICATIONS}sparql11-service-description/",
        ("sparql11/service-description/manifest.ttl",),
    ),
    Suite(
        "sparql11-federation",
        "SPARQL 1.1 Federated Query",
        f"{_SPECIFICATIONS}sparql11-federated-query/",
        ("sparql11/manifest-sparql11-fed.ttl",),
    ),
    Suite(
        "sparql10",
        "SPARQL 1.0 Query Language",
        f"{_SPECIFICATIONS}rdf-sparql-query/",
        ("sparql10/manifest-syntax.ttl", "sparql10/manifest-evaluation.ttl"),
    ),
    Suite(
        "sparql12",
        "SPARQL 1.2 Query Language (working draft)",
        f"{_SPECIFICATIONS}sparql12-query/",
        ("sparql12/manifest.ttl",),
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One test; files are named by their addresses at the W3C, `data` and `named` are its dataset.

    `lax` allows fewer duplicates; `manifest` and `node` are where it stands, for what few kinds of test have.
    """

    iri: str
    kind: str
    approved: bool
    manifest: str
    node: Node
    query: str = ""
    data: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    result: str = ""
    lax: bool = False

    @property
    def name(self) -> str:
        """Its name among all suites: the folder of its manifest and its name there."""
        return f"{self.manifest.rpartition('/')[0]}/{self.iri.rpartition('#')[2]}"

    @property
    def is_update(self) -> bool:
        """Whether it tests an update."""
        return "Update" in self.kind

    @property
    def is_of_syntax(self) -> bool:
        """Whether a query needs only to be taken or refused."""
        return "Syntax" in self.kind


class Manifests:
    """An unpacked archive of the suites."""

    def __init__(self, archive: Path, folder: Path) -> None:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        self._folder = folder / "sparql"

    def file(self, address: str) -> Path:
        """Where a file of the suites is unpacked."""
        return self._folder / address.removeprefix(BASE)

    def text(self, address: str) -> str:
        """The text of a file, to the letter."""
        return self.file(address).read_bytes().decode("utf-8")

    def graph(self, path: str) -> ManifestGraph:
        """One manifest."""
        return ManifestGraph(self._folder / path, BASE + path)

    def cases(self, manifest: str) -> Iterator[Case]:
        """The tests of a manifest and of those that it includes, in their order."""
        graph = self.graph(manifest)
        for included in graph.lists(f"{MF}include"):
            yield from self.cases(text_of(included).removeprefix(BASE))
        for entry in graph.lists(f"{MF}entries"):
            yield _case(graph, manifest, entry)

    def cases_of(self, suite: Suite) -> list[Case]:
        """The tests of a suite that are not of updates, in their order."""
        return [case for path in suite.manifests for case in self.cases(path) if not case.is_update]

    def updates(self) -> list[str]:
        """The addresses of all updates of SPARQL 1.1 and 1.2."""
        found = dict.fromkeys(
            case.query
            for path in ("sparql11/manifest-sparql11-update.ttl", "sparql12/manifest.ttl")
            for case in self.cases(path)
            if case.is_update
        )
        return list(found)

    def graphs_in_query(self, case: Case) -> list[str]:
        """The graphs that a query names itself, by FROM or FROM NAMED."""
        words = [token.text for token in tokens(self.text(case.query))]
        found = []
        for place, word in enumerate(words):
            if word.upper() == "FROM":
                name = words[place + 1 + (words[place + 1].upper() == "NAMED")]
                found.append(urljoin(case.query, name.strip("<>")))
        return found


def _case(graph: ManifestGraph, manifest: str, entry: Node) -> Case:
    action = graph.value(entry, f"{MF}action")
    parts = graph.values(action, f"{QT}query") + graph.values(action, f"{UT}request")
    # A syntax test has the query itself as its action.
    query = text_of(parts[0]) if parts else text_of(action)
    return Case(
        iri=text_of(entry),
        kind=graph.kind(entry).removeprefix(MF),
        approved=graph.text(entry, _APPROVAL) == _APPROVED,
        manifest=manifest,
        node=entry,
        query=query if query.startswith(BASE) else "",
        data=tuple(sorted(map(text_of, graph.values(action, f"{QT}data")))),
        named=tuple(sorted(map(text_of, graph.values(action, f"{QT}graphData")))),
        result=graph.text(entry, f"{MF}result"),
        lax=bool(graph.values(entry, f"{MF}resultCardinality")),
    )
