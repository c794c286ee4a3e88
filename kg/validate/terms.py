"""The terms of SHACL and of its advanced features, as their vocabulary declares them."""

from sauran.kg.shacl.parameters import PARAMETERS, Role

__all__ = ["ADVANCED_TERMS", "KNOWN_TERMS"]

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
