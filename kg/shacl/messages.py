"""Messages of findings, from the shape or generated, and the conditions of a shape in words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Finding, Term
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import PARAMETERS, Takes
from sauran.kg.shacl.paths import path_text
from sauran.kg.shacl.result import SH_IRI, component_name, severity_of

__all__ = ["Result", "conditions_of", "in_words", "make_finding"]

_MOST_CHARACTERS, _DEEPEST = 300, 2  # of the conditions of a shape
_MESSAGE = SH_IRI + "message"
_SLOT = re.compile(r"\{[?$](\w+)\}")
_TOLD = {
    component: parameter
    for parameter in PARAMETERS
    if parameter.sentence
    for component in parameter.components
}


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
    parameter = _TOLD.get(component)
    if parameter is None:
        # The engine does not say in which language its component put it.
        return (result.texts[0], None) if result.texts else (f"Violates the constraint {component}.", "en")
    wanted = [] if result.shape is None else shapes.objects(result.shape, parameter.iri)
    if parameter.is_list and wanted:
        wanted = shapes.members(wanted[0])
    return parameter.sentence.replace("{}", ", ".join(map(in_words, wanted)) or "what is asked"), "en"


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


def conditions_of(shapes: TripleIndex, shape: Term) -> str:
    """Describe the constraints of a shape in words, truncated if too long."""
    text = "; ".join(_conditions(shapes, shape, _DEEPEST)) or "nothing is asked"
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def _conditions(shapes: TripleIndex, shape: Term, depth: int) -> Iterable[str]:
    said = shapes.properties(shape)
    paths = said.get(SH_IRI + "path")
    begin = f"path {_path(shapes, paths[0])}: " if paths else ""
    for parameter in PARAMETERS:
        for value in said.get(parameter.iri, ()) if parameter.phrase else ():
            off = not (isinstance(value, Literal) and value.value == "true")
            if off and parameter.is_one(Takes.SWITCH):
                continue
            members = shapes.members(value) if parameter.is_list else [value]
            yield begin + parameter.phrase.replace("{}", ", ".join(map(in_words, members)))
    for inner in said.get(SH_IRI + "property", ()):
        if depth:
            for condition in _conditions(shapes, inner, depth - 1):
                yield begin + condition


def _path(shapes: TripleIndex, path: Term) -> str:
    text = path_text(shapes, path)
    return f"<{text}>" if isinstance(path, NamedNode) else text
