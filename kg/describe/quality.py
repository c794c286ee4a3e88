"""Measure the data quality of a release when it is built: evidence, labels, reviews, findings."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.loading.content import Content
from sauran.kg.model.findings import Finding, Term
from sauran.kg.model.namespaces import LABEL_PROPERTIES, OA, RDF, SEC
from sauran.kg.publication.distributions import WHOLE
from sauran.kg.reports import count_by_severity

__all__ = ["measure_quality"]

_TYPE = RDF["type"]


def measure_quality(content: Content, findings: Sequence[Finding]) -> dict[str, dict[str, Any]]:
    """Measure each dataset by its slug, and all that is asserted as `all`; plain data for the manifest.

    Shape: `evidence` counts the claims all whose passages can be proven: each has a position and a digest;
    `things` are those with a label, `labelled` says how many of them have one in a language.
    """
    provable = _provable(quad for quads in content.datasets.values() for quad in quads)
    languages = content.publication.languages
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(_name(Path(finding.place.file)) if finding.place else "", []).append(finding)
    measured = {}
    for dataset in content.publication.datasets:
        own = [finding for file in dataset.files for finding in by_file.get(_name(file), ())]
        numbers = _measure(content.datasets[dataset.slug], provable, languages)
        measured[dataset.slug] = {**numbers, "findings": count_by_severity(own)}
    numbers = _measure(content.asserted, provable, languages)
    measured[WHOLE] = {**numbers, "findings": count_by_severity(findings)}
    return measured


def _provable(quads: Iterable[Quad]) -> set[Term]:
    """The passages with a position and a digest, which anyone with the text can verify."""
    selectors: dict[Term, Term] = {}
    found: dict[NamedNode, set[Term]] = {OA.start: set(), OA.end: set(), SEC.textDigest: set()}
    for quad in quads:
        if quad.predicate == OA.hasSelector:
            selectors[quad.subject] = quad.object
        elif quad.predicate in found:
            found[quad.predicate].add(quad.subject)
    placed = found[OA.start] & found[OA.end]
    return {passage for passage in found[SEC.textDigest] if selectors.get(passage) in placed}


def _measure(quads: Iterable[Quad], provable: set[Term], languages: Sequence[str]) -> dict[str, Any]:
    claims: set[Term] = set()
    passages: dict[Term, list[Term]] = {}
    labelled: dict[Term, set[str]] = {}
    unreviewed: dict[str, set[Term]] = {}
    for quad in quads:
        predicate, value = quad.predicate, quad.object
        if predicate == _TYPE and value == SEC.Claim:
            claims.add(quad.subject)
        elif predicate == SEC.statedIn:
            passages.setdefault(quad.subject, []).append(value)
        elif predicate in LABEL_PROPERTIES and isinstance(value, Literal):
            labelled.setdefault(quad.subject, set()).add(value.language or "")
        elif predicate == SEC.unreviewedLanguage and isinstance(value, Literal):
            unreviewed.setdefault(value.value, set()).add(quad.subject)
    proven = sum(1 for claim in claims if passages.get(claim) and provable.issuperset(passages[claim]))
    return {
        "claims": len(claims),
        "evidence": proven,
        "things": len(labelled),
        "labelled": {tag: sum(1 for tags in labelled.values() if tag in tags) for tag in languages},
        "unreviewed": {tag: len(things) for tag, things in sorted(unreviewed.items())},
    }


def _name(file: Path) -> str:
    return str(file.resolve())
