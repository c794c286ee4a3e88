"""Result of a validation: findings, and the number of focus nodes of each shape."""

from collections.abc import Mapping
from dataclasses import dataclass

from sauran.kg.model.findings import Finding, Severity, Term

__all__ = ["SH_IRI", "Report", "component_name", "has_reasons_inside", "located_at", "severity_of"]

SH_IRI = "http://www.w3.org/ns/shacl#"
_SPARQL = "SPARQLConstraintComponent"
_WITH_SHAPES_INSIDE = frozenset(
    f"{name}ConstraintComponent"
    for name in ("And", "Node", "Not", "Or", "QualifiedMaxCount", "QualifiedMinCount", "Xone")
)
_SEVERITIES = {SH_IRI + severity.label.title(): severity for severity in Severity}


@dataclass(frozen=True)
class Report:
    """Result of a validation.

    `findings` are as many as there are results, equal ones too. `conforms` is SHACL's: false with any
    result, whatever its severity. `focus_nodes` counts, for each shape with a target, how many nodes of the
    data it met. `language` is that of the messages.
    """

    findings: tuple[Finding, ...]
    conforms: bool
    focus_nodes: Mapping[str, int]
    language: str = "en"

    @property
    def idle_shapes(self) -> tuple[str, ...]:
        """The shapes that met no node, so that their constraints were not checked."""
        return tuple(shape for shape, count in self.focus_nodes.items() if not count)


def located_at(finding: Finding) -> Term | None:
    """The node a person must look at: the value of a query's result, otherwise the focus.

    Our queries run once a document and name the claim or passage at fault as value.
    """
    return finding.value if finding.component == _SPARQL and finding.value else finding.focus


def has_reasons_inside(finding: Finding) -> bool:
    """Whether a finding depends on other shapes, so that it has reasons that the engine does not report."""
    return finding.component in _WITH_SHAPES_INSIDE and finding.shape is not None


def component_name(iri: str) -> str:
    """What a finding calls a constraint component: SHACL's own by their local name, others by their IRI."""
    return iri.removeprefix(SH_IRI)


def severity_of(iri: str | None) -> tuple[Severity, str | None]:
    """The severity of an IRI, and the IRI itself where it is not SHACL's: that counts as a violation."""
    if iri is None:
        return Severity.VIOLATION, None
    known = _SEVERITIES.get(iri)
    return (known, None) if known else (Severity.VIOLATION, iri)
