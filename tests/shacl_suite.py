"""The W3C's SHACL test suite: its tests, cut into data and shapes, and the results they expect."""

import io
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from sauran.kg.model.findings import Finding
from sauran.kg.model.namespaces import RDF, SH
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.paths import path_text
from sauran.kg.shacl.result import Report, component_name, severity_of
from sauran.kg.validate.engines import result_key
from sauran.kg.validate.job import AUTO, Job
from sauran.kg.validate.job_runner import check

__all__ = ["BASE", "Case", "agrees", "read_suite", "unpack"]

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
BASE = "https://w3c.github.io/data-shapes/data-shapes-test-suite/tests/"


@dataclass(frozen=True)
class Case:
    """One test; `expected` is None where validation must fail."""

    name: str
    data: Path
    shapes: Path
    expected: tuple[tuple[str, ...], ...] | None
    conforms: bool

    def job(self, engine: str = AUTO, cross_check: str | None = None) -> Job:
        return Job(
            (str(self.data),), (str(self.shapes),), engine=engine, cross_check=cross_check,
            base=f"{BASE}{self.name.rsplit('/', 1)[0]}/{self.data.name}",
        )  # fmt: skip

    def run(self, engine: str = AUTO) -> Report | None:
        """The report, or None where there is none."""
        verdict = check(self.job(engine))
        assert not verdict.faults or self.expected is None, verdict.faults
        return verdict.report


def unpack(shared: Path, folder: Path) -> Path:
    with tarfile.open(shared / "data" / "w3c" / "shacl-tests.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "tests"


def read_suite(tests: Path, folder: Path) -> list[Case]:
    """All tests that the manifests name; data and shapes are written without manifest and expected report."""
    return sorted(_included(tests / "manifest.ttl", tests, folder), key=lambda case: case.name)


def _parse(file: Path, root: Path) -> list[ox.Triple]:
    base = BASE + file.relative_to(root).as_posix()
    return [q.triple for q in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=base)]


def _local(iri: str, root: Path) -> Path:
    return root / iri.removeprefix(BASE)


def _included(manifest: Path, root: Path, folder: Path) -> Iterator[Case]:
    index = TripleIndex(_parse(manifest, root))
    for node in index.subjects(MF + "include"):
        for other in index.objects(node, MF + "include"):
            yield from _included(_local(other.value, root), root, folder)
    for node in index.subjects(MF + "entries"):
        for head in index.objects(node, MF + "entries"):
            for entry in index.members(head):
                yield _case(index, entry, root, folder)


def _case(index: TripleIndex, entry: ox.NamedNode, root: Path, folder: Path) -> Case:
    name = entry.value.removeprefix(BASE)
    action = index.value(entry, MF + "action")
    data = _local(index.value(action, SHT + "dataGraph").value, root)
    shapes = _local(index.value(action, SHT + "shapesGraph").value, root)
    report = index.value(entry, MF + "result")
    failure = report == ox.NamedNode(SHT + "Failure")
    results = [] if failure else [_expected(index, node) for node in index.objects(report, SH.result.value)]
    conforms = index.value(report, SH.conforms.value)
    return Case(
        name,
        _without_manifest(data, root, folder),
        _without_manifest(shapes, root, folder),
        None if failure else tuple(sorted(map(result_key, results))),
        conforms is not None and conforms.value in ("true", "1"),
    )


def _expected(index: TripleIndex, node: ox.BlankNode) -> Finding:
    shape, path = index.value(node, SH.sourceShape.value), index.value(node, SH.resultPath.value)
    severity, severity_iri = severity_of(index.value(node, SH.resultSeverity.value).value)
    return Finding(
        "", severity, "",
        focus=index.value(node, SH.focusNode.value),
        path=None if path is None else path_text(index, path),
        value=index.value(node, SH.value.value),
        component=component_name(index.value(node, SH.sourceConstraintComponent.value).value),
        source_shape=shape.value if isinstance(shape, ox.NamedNode) else None,
        severity_iri=severity_iri,
    )  # fmt: skip


def _without_manifest(file: Path, root: Path, folder: Path) -> Path:
    """A file without its manifest, its entries and their expected reports."""
    index = TripleIndex(_parse(file, root))
    drop: set[ox.Triple] = set()
    for kind in (MF + "Manifest", SHT + "Validate", SH.ValidationReport.value, SH.ValidationResult.value):
        for node in index.subjects(RDF.type.value, ox.NamedNode(kind)):
            drop |= {t for t in index if t.subject == node and t.predicate != SH.declare}
    drop |= {t for t in index if t.predicate.value.startswith(SHT)}
    written = folder / file.relative_to(root).with_suffix(".nt")
    written.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    ox.serialize([t for t in index if t not in drop], output=buffer, format=ox.RdfFormat.N_TRIPLES)
    written.write_bytes(buffer.getvalue())
    return written


def agrees(case: Case, report: Report | None) -> bool:
    """Whether a report has exactly the results that a test expects."""
    if case.expected is None or report is None:
        return case.expected is None and report is None
    found = Counter(map(result_key, report.findings))
    return found == Counter(case.expected) and report.conforms == case.conforms
