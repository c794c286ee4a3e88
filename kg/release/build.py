"""The pipeline: load, derive, validate, check evidence, dump, describe, publish."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from sauran.kg.loading.content import Content, load_content
from sauran.kg.loading.load import check_published
from sauran.kg.loading.store import write_store_folder
from sauran.kg.model.errors import ReleaseError
from sauran.kg.model.findings import Finding, Severity
from sauran.kg.positions.places import Places
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.profiles.briefing.evidence import (
    Evidence,
    check_evidence,
    match_document,
    read_source,
    source_documents,
)
from sauran.kg.publication.catalogue_metadata import doubt_contact
from sauran.kg.publication.publication import Publication, as_plain, load_publication
from sauran.kg.release.release import Release, lock_releases, make_current, publish, seal, workplace
from sauran.kg.release.release_files import write_files
from sauran.kg.release.release_history import changed_unsaid, kept_releases
from sauran.kg.reports import count_by_severity
from sauran.kg.search.search_index import has_search_index, write_search_index
from sauran.kg.shacl.result import Report
from sauran.kg.validate.release_check import validate_twice

__all__ = ["BuildOptions", "BuildResult", "build", "check_content", "check_sources", "input_version"]

Progress = Callable[[str], None]
CROSS_CHECK_TRIPLES = 100_000


@dataclass(frozen=True)
class BuildOptions:
    """Options of a build.

    `final` makes the version itself instead of a draft; `sources` are texts to prove the evidence with;
    above `memory_quads` quads a release gets a store folder instead of being held in memory; up to
    `cross_check_triples` triples pySHACL must agree with the fast engine.
    """

    final: bool = False
    sources: tuple[Path, ...] = ()
    memory_quads: int = 1_000_000
    cross_check_triples: int = CROSS_CHECK_TRIPLES


@dataclass(frozen=True)
class BuildResult:
    """Result of a build: `release` is None if findings prevented it; `reused` if nothing had changed.

    With `unreadable` the findings are syntax errors, and nothing was validated. `evidence` is what was
    checked of each source document that was given; `unreviewed` counts texts without review, by language.
    """

    release: Release | None
    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...] = ()
    unreviewed: dict[str, int] = field(default_factory=dict)
    reused: bool = False
    unreadable: bool = False


def input_version(content: Content, *, final: bool) -> str:
    """The version of the build: as declared, or a draft version with the digest of the input."""
    declared = content.publication.version
    return declared if final else f"{declared}-dev.{content.digest(_made_by())[:12]}"


def build(
    publication: str | os.PathLike[str],
    releases: str | os.PathLike[str],
    options: BuildOptions = BuildOptions(),
    progress: Progress = lambda step: None,
) -> BuildResult:
    """Turn a publication into a release, and make it the current one.

    Shape: `publication` is a publication.toml or its folder; `releases` is made where it is missing;
    `progress` is called with the name of each step. Violations are not raised: the result then has findings
    and no release.
    Raises: ContentError for unreadable files, ReleaseError for a version released with other content, and for
    a finished release whose data differ from those of the release before under the same day.

    >>> result = build("harbour", "releases")
    >>> result.release.version
    '0.1-dev...'
    >>> result.reused, result.findings
    (False, ())
    """
    content = _load(Path(publication), progress)
    if content.syntax_faults:
        return BuildResult(None, content.syntax_faults, unreadable=True)
    return _build(content, Path(releases), options, progress)


def _load(publication: Path, progress: Progress) -> Content:
    loaded = load_publication(publication / "publication.toml" if publication.is_dir() else publication)
    progress("load")
    return load_content(loaded, derive)


def _build(content: Content, releases: Path, options: BuildOptions, progress: Progress) -> BuildResult:
    publication = content.publication
    with lock_releases(releases):
        version = input_version(content, final=options.final)
        there = _reusable(releases, version, content)
        if there:
            report, findings = None, list[Finding]()
        else:
            progress("validate")
            report, findings = check_content(content, options.cross_check_triples)
        progress("evidence")
        evidence = check_sources(content, options.sources)
        findings += Places(content.files).place(f for e in evidence for f in e.findings)
        result = BuildResult(None, tuple(findings), tuple(evidence), content.unreviewed())
        # This warning is about the settings, not the data, so the release does not contain it.
        shown = (*result.findings, *(doubt_contact(publication.file) if options.final else ()))
        if any(finding.severity is Severity.VIOLATION for finding in findings):
            return result
        if there or report is None:
            if there and not has_search_index(there.folder):
                progress("search index")
                write_search_index(there.folder)
            make_current(releases, version)
            return replace(result, findings=shown, release=there, reused=True)
        with workplace(releases) as folder:
            files, counted = write_files(folder, content, report, findings, progress)
            progress("search index")
            write_search_index(folder)
            if len(content.asserted) > options.memory_quads:
                merged = content.union_triples < sum(content.graph_sizes().values())
                write_store_folder(folder / "dumps" / "all.nq", folder / "store", merged=merged)
            manifest = _manifest(content, version, final=options.final, result=result)
            if options.final:
                listed = [file.as_dict() for file in files]
                _refuse_unsaid_changes(publication, releases, {**manifest, "files": listed})
            seal(folder, {**manifest, **counted}, files)
            progress("publish")
            return replace(result, findings=shown, release=publish(folder, releases, version))


def check_content(
    content: Content, cross_check_triples: int = CROSS_CHECK_TRIPLES
) -> tuple[Report, list[Finding]]:
    """Validate each dataset with what it requires and the ontology, then all; findings have places.

    Raises: EngineError where two engines differ.
    """
    publication = content.publication
    shapes = [quad.triple for quad in content.shapes]
    findings: dict[Finding, None] = {}
    for dataset in publication.datasets:
        quads = content.datasets[dataset.slug]
        for finding in check_published(
            quads, publication.base, canonical_literals=publication.canonical_literals
        ):
            findings[finding] = None
    reports = []
    for names in _validation_sets(publication):
        data = [quad.triple for name in names for quad in content.datasets[name]]
        data += [quad.triple for quad in content.ontology]
        reports.append(validate_twice(data, shapes, most_for_reference=cross_check_triples))
        findings |= dict.fromkeys(reports[-1].findings)
    return reports[-1], Places(content.files).place(findings)


def check_sources(content: Content, texts: Sequence[Path]) -> list[Evidence]:
    """Check the evidence of the documents whose texts are at hand.

    Shape: with one document and one text they belong together; otherwise a text belongs to the document
    whose digest it has.
    Raises: ContentError when a text cannot be read, or belongs to no document.
    """
    documents = source_documents(content.asserted)
    found = []
    for file in texts:
        text = read_source(file)
        found.append(check_evidence(match_document(documents, text, file), text, content.asserted))
    return found


def _validation_sets(publication: Publication) -> list[tuple[str, ...]]:
    """The sets of datasets that are validated together; the union is last and occurs once."""
    sets = [(*dataset.requires, dataset.slug) for dataset in publication.datasets]
    union = tuple(dataset.slug for dataset in publication.datasets)
    return [s for s in dict.fromkeys(sets) if set(s) != set(union)] + [union]


def _reusable(releases: Path, version: str, content: Content) -> Release | None:
    """The existing release of this version, if it is complete and built from the same input."""
    if not (releases / version).exists():
        return None
    try:
        there = Release.open(releases / version)
        whole = not there.faults()
    except (ReleaseError, OSError):
        whole = False
    if not whole:
        if "-dev." in version:
            return None
        raise ReleaseError(
            str(releases / version),
            "is damaged, and a released version is never rebuilt silently.",
            "Move it away.",
        )
    if there.manifest["input"] != content.digest(_made_by()):
        raise ReleaseError(
            str(content.publication.file),
            f"version {version} was released with different content.",
            "Raise version in publication.toml, or build a draft without --release.",
        )
    return there


def _manifest(content: Content, version: str, *, final: bool, result: BuildResult) -> dict[str, Any]:
    return {
        "version": version,
        "draft": not final,
        "made_by": _made_by(),
        "input": content.digest(_made_by()),
        "publication": as_plain(content.publication),
        "prefixes": content.prefixes,
        "graphs": [{"iri": iri, "triples": triples} for iri, triples in content.graph_sizes().items()],
        "union_triples": content.union_triples,
        "findings": count_by_severity(result.findings),
        "unreviewed": result.unreviewed,
    }


def _refuse_unsaid_changes(publication: Publication, releases: Path, manifest: dict[str, Any]) -> None:
    """Refuse data that changed under the same date: harvesters ask for newer data and miss it."""
    for slug, before in changed_unsaid(manifest, kept_releases(releases, publication.base)):
        dataset = publication.dataset(slug)
        raise ReleaseError(
            str(dataset.folder / "dataset.toml"),
            f"modified is {dataset.modified}, but its data differ from those of release {before.version}.",
            "Set modified to the day of this release, in publication.toml issued too.",
        )


def _made_by() -> str:
    return f"sauran {installed_version('sauran')}"
