"""What a finding says: the shape's message in the wanted language, or a sentence made from what was asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Finding, Term
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.result import SH_IRI, component_name, severity_of

__all__ = ["Result", "in_words", "make_finding"]

_MESSAGE = SH_IRI + "message"
_SLOT = re.compile(r"\{[?$](\w+)\}")
# By component: the parameter it is about, and the sentence; {} is the parameter's value.
_SENTENCES = {
    "AndConstraintComponent": ("and", "Does not conform to every shape of sh:and."),
    "ClassConstraintComponent": ("class", "Is no instance of {}."),
    "ClosedConstraintComponent": ("closed", "This property is not among those that the shape allows."),
    "DatatypeConstraintComponent": ("datatype", "Is no well-formed literal of datatype {}."),
    "DisjointConstraintComponent": ("disjoint", "Is also a value of {}."),
    "EqualsConstraintComponent": ("equals", "The values are not the same as those of {}."),
    "HasValueConstraintComponent": ("hasValue", "The value {} is missing."),
    "InConstraintComponent": ("in", "Is not in the list of allowed values: {}."),
    "LanguageInConstraintComponent": ("languageIn", "The language is none of: {}."),
    "LessThanConstraintComponent": ("lessThan", "Is not less than each value of {}."),
    "LessThanOrEqualsConstraintComponent": (
        "lessThanOrEquals", "Is not less than or equal to each value of {}."
    ),
    "MaxCountConstraintComponent": ("maxCount", "More than {} values."),
    "MaxExclusiveConstraintComponent": ("maxExclusive", "Is not less than {}."),
    "MaxInclusiveConstraintComponent": ("maxInclusive", "Is not {} or less."),
    "MaxLengthConstraintComponent": ("maxLength", "Is longer than {} characters."),
    "MinCountConstraintComponent": ("minCount", "Less than {} values."),
    "MinExclusiveConstraintComponent": ("minExclusive", "Is not greater than {}."),
    "MinInclusiveConstraintComponent": ("minInclusive", "Is not {} or greater."),
    "MinLengthConstraintComponent": ("minLength", "Is shorter than {} characters."),
    "NodeConstraintComponent": ("node", "Does not conform to the shape {}."),
    "NodeKindConstraintComponent": ("nodeKind", "Is not of the kind {}."),
    "NotConstraintComponent": ("not", "Conforms to the shape {}, and must not."),
    "OrConstraintComponent": ("or", "Conforms to none of the shapes of sh:or."),
    "PatternConstraintComponent": ("pattern", "Does not match the pattern {}."),
    "QualifiedMaxCountConstraintComponent": (
        "qualifiedMaxCount", "More than {} values conform to the qualified shape."
    ),
    "QualifiedMinCountConstraintComponent": (
        "qualifiedMinCount", "Less than {} values conform to the qualified shape."
    ),
    "SPARQLConstraintComponent": ("sparql", "The query of sh:sparql found a fault."),
    "UniqueLangConstraintComponent": ("uniqueLang", "Two values have the same language."),
    "XoneConstraintComponent": ("xone", "Conforms to none, or to more than one, of the shapes of sh:xone."),
}  # fmt: skip
_LISTS = ("in", "languageIn")


@dataclass(frozen=True, slots=True)
class Result:
    """A result as an engine gives it; `texts` are its own messages, `constraint` the node of a query."""

    shape: Term | None
    component: str
    severity: str | None
    focus: Term | None
    path: str | None
    value: Term | None
    constraint: Term | None = None
    texts: Sequence[str] = ()


def make_finding(shapes: TripleIndex, result: Result, language: str = "en") -> Finding:
    """Make a finding of a result."""
    name, shape = component_name(result.component), result.shape
    level, severity_iri = severity_of(result.severity)
    label = re.split(r"[#/]", shape.value)[-1] if isinstance(shape, NamedNode) else ""
    message, said_in = _message(shapes, result, language)
    return Finding(
        rule=label or re.split(r"[#/]", name)[-1],
        severity=level,
        message=message,
        language=said_in,
        focus=result.focus,
        path=result.path,
        value=result.value,
        component=name,
        source_shape=shape.value if isinstance(shape, NamedNode) else None,
        severity_iri=severity_iri,
        shape=shape,
    )


def _message(shapes: TripleIndex, result: Result, language: str) -> tuple[str, str | None]:
    """The message of the query or the shape, else the engine's, else our own sentence; and its language."""
    for owner in (result.constraint, result.shape):
        found = [] if owner is None else shapes.objects(owner, _MESSAGE)
        said = [text for text in found if isinstance(text, Literal)]
        if said:
            template = _in_language(said, language)
            return _filled(template.value, result), template.language
    component = component_name(result.component)
    parameter, sentence = _SENTENCES.get(component, ("", ""))
    if not sentence:
        # The engine does not say in which language its component put it.
        return (result.texts[0], None) if result.texts else (f"Violates the constraint {component}.", "en")
    wanted = [] if result.shape is None else shapes.objects(result.shape, SH_IRI + parameter)
    if parameter in _LISTS and wanted:
        wanted = shapes.members(wanted[0])
    return sentence.replace("{}", ", ".join(map(in_words, wanted)) or "what is asked"), "en"


def _filled(template: str, result: Result) -> str:
    """Put values into a message; what only the engine knows (other variables) is taken from its own text."""
    if not _SLOT.search(template):
        return template
    known = {"this": result.focus, "value": result.value, "path": result.path}

    def plain(match: re.Match[str]) -> str:
        term = known.get(match[1])
        if term is None:
            return match.group()
        return term if isinstance(term, str) else str(getattr(term, "value", term))

    ours = _SLOT.sub(plain, template)
    if not _SLOT.search(ours):
        return ours
    parts = [re.escape(part) for part in _SLOT.split(template)[::2]]
    pattern = re.compile(".*".join(parts), re.DOTALL)
    return next((text for text in result.texts if text != template and pattern.fullmatch(text)), ours)


def _in_language(texts: list[Literal], language: str) -> Literal:
    """The text whose tag is asked for or begins what is, else an English one, else any.

    Source: RFC 4647, section 3.4 (lookup).
    """
    parts = language.lower().split("-")
    wanted: list[str | None] = ["-".join(parts[:n]) for n in range(len(parts), 0, -1)]
    rank = {tag: n for n, tag in reversed(list(enumerate([*wanted, "en", None])))}
    return min(texts, key=lambda text: (rank.get(_tag(text), len(rank)), text.value))


def _tag(text: Literal) -> str | None:
    return None if text.language is None else text.language.lower()


def in_words(term: Term) -> str:
    """Write a term as part of a sentence."""
    if isinstance(term, Literal):
        plain = term.value if len(term.value) <= 60 else f"{term.value[:57]}…"
        return f"{plain}" if term.language is None else f"{plain}@{term.language}"
    if isinstance(term, NamedNode):
        return f"sh:{term.value[len(SH_IRI) :]}" if term.value.startswith(SH_IRI) else f"<{term.value}>"
    return "described there"
