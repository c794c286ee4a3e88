"""The terms that the vocabulary of SHACL declares, its advanced features, and terms that only resemble it."""

import difflib
import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from sauran.kg.model.findings import Finding, Severity
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import PARAMETERS, Role
from sauran.kg.shacl.result import SH_IRI

__all__ = ["ADVANCED_TERMS", "KNOWN_TERMS", "foreign_namespaces", "not_supported", "unknown_terms"]

# Source: http://www.w3.org/ns/shacl.ttl, without parameters and what is named after them.
_OTHERS = """
    AbstractResult BlankNode BlankNodeOrIRI BlankNodeOrLiteral ConstraintComponent Function IRI
    IRIOrLiteral Info JSConstraint JSConstraint-js JSExecutable JSFunction JSLibrary JSRule JSTarget
    JSTargetType JSValidator Literal NodeKind NodeShape Parameter Parameterizable PrefixDeclaration
    PropertyGroup PropertyShape ResultAnnotation Rule SPARQLAskExecutable SPARQLAskValidator
    SPARQLConstraint SPARQLConstructExecutable SPARQLExecutable SPARQLFunction SPARQLRule
    SPARQLSelectExecutable SPARQLSelectValidator SPARQLTarget SPARQLTargetType SPARQLUpdateExecutable
    Severity Shape Target TargetType TripleRule ValidationReport ValidationResult Validator Violation
    Warning alternativePath annotationProperty annotationValue annotationVarName ask condition conforms
    construct deactivated declare defaultValue description detail entailment filterShape focusNode group
    intersection inversePath jsFunctionName jsLibrary jsLibraryURL labelTemplate message name namespace
    nodeValidator nodes object oneOrMorePath optional order parameter path predicate prefix prefixes
    propertyValidator result resultAnnotation resultMessage resultPath resultSeverity returnType rule
    select severity shapesGraph shapesGraphWellFormed sourceConstraint sourceConstraintComponent
    sourceShape subject suggestedShapesGraph target targetClass targetNode targetObjectsOf
    targetSubjectsOf this union update validator value zeroOrMorePath zeroOrOnePath
"""
_COMPONENTS = {component for parameter in PARAMETERS for component in parameter.components}
# The vocabulary declares sh:js under another name, sh:JSConstraint-js.
_DECLARED = {f"{component}-{p.name}" for p in PARAMETERS for component in p.components} - {
    "JSConstraintComponent-js"
}
KNOWN_TERMS = frozenset({p.name for p in PARAMETERS} | _COMPONENTS | _DECLARED | {*_OTHERS.split()})

# What asks an engine for more than SHACL Core and SPARQL constraints.
ADVANCED_TERMS = frozenset(("rule", "target", *(p.name for p in PARAMETERS if p.role is Role.ADVANCED)))

_NEARLY_SHACL = re.compile(r"https?://(?:www\.)?w3\.org/ns/shacl(?:[#/].*)?", re.IGNORECASE)


def unknown_terms(shapes: TripleIndex) -> Iterator[Finding]:
    """Find terms in the namespace of SHACL that it does not declare."""
    for triple in shapes:
        for term in (triple.predicate, triple.object):
            if not isinstance(term, NamedNode) or not term.value.startswith(SH_IRI):
                continue
            name = term.value.removeprefix(SH_IRI)
            if name in KNOWN_TERMS:
                continue
            near = difflib.get_close_matches(name, KNOWN_TERMS, 1, 0.6)
            hint = f" Did you mean sh:{near[0]}?" if near else ""
            yield Finding(
                "unknown-term",
                Severity.WARNING,
                f"SHACL has no term sh:{name}, so this says nothing.{hint}",
                focus=triple.subject,
                path=triple.predicate.value,
                value=triple.object,
            )


def foreign_namespaces(shapes: TripleIndex) -> Iterator[Finding]:
    """Find terms whose namespace is nearly that of SHACL."""
    for triple in shapes:
        for term in (triple.predicate, triple.object):
            if not isinstance(term, NamedNode) or term.value.startswith(SH_IRI):
                continue
            if _NEARLY_SHACL.fullmatch(term.value):
                yield Finding(
                    "unknown-term",
                    Severity.WARNING,
                    f"This is not a term of SHACL, whose namespace is {SH_IRI}. Fix the prefix.",
                    focus=triple.subject,
                    path=triple.predicate.value,
                    value=triple.object,
                )


def not_supported(shapes: TripleIndex) -> list[str]:
    """Say which advanced features are asked for."""
    return [
        f"sh:{term} is an advanced feature that is not supported: it checks nothing."
        for term in sorted(ADVANCED_TERMS)
        if shapes.subjects(SH_IRI + term)
    ]
