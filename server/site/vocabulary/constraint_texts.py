"""The constraints of a shape in words, in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import SH
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import PARAMETERS, Role
from sauran.kg.shacl.paths import path_text
from sauran.kg.shacl.result import SH_IRI
from sauran.server.http.localised_labels import Label
from sauran.server.site.vocabulary.vocabulary_graph import VocabularyGraph

__all__ = ["Constraint", "PathView", "constraints_of", "path_of"]

# Parameters that are described together with another one.
_TOLD_WITH_ANOTHER = {p.name for p in PARAMETERS if p.role in (Role.PART, Role.OPTION)}
_NOT_ASKED = {"path", "property", "severity", "message", "name", "description", "order", "group"}
_LISTS = {p.name for p in PARAMETERS if p.is_list}


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint: a sentence, then terms, or code such as a query."""

    words: str
    terms: tuple[Label, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class PathView:
    """From a node to the values of a rule: words, the properties in it, the path as SPARQL writes it."""

    words: str
    properties: tuple[Label, ...]
    text: str


def path_of(graph: VocabularyGraph, shape: Term) -> PathView | None:
    """The path of a shape; None for one about the nodes themselves."""
    shapes = graph.shapes
    path = shapes.value(shape, SH.path.value)
    if path is None:
        return None
    sentence = path_text(shapes, path)
    if isinstance(path, NamedNode):
        return PathView(_("The values of"), (graph.name(path),), graph.short(path.value))
    text = "".join(
        graph.short(piece) if n % 2 else piece
        for n, piece in enumerate(sentence.replace(">", "<").split("<"))
    )
    alternatives = shapes.value(path, SH.alternativePath.value)
    steps = [] if alternatives is None else shapes.members(alternatives)
    if steps and all(isinstance(step, NamedNode) for step in steps):
        return PathView(_("The values of any of"), tuple(map(graph.name, steps)), text)
    inverse = shapes.value(path, SH.inversePath.value)
    if isinstance(inverse, NamedNode):
        return PathView(_("What has the node as a value of"), (graph.name(inverse),), text)
    return PathView(_("The values of the path"), (), text)


def constraints_of(graph: VocabularyGraph, shape: Term) -> tuple[Constraint, ...]:
    """All constraints of a shape: counts first, then the kind of values."""
    found = []
    properties = graph.shapes.properties(shape)
    for predicate in sorted(properties, key=lambda iri: _place(iri.removeprefix(SH_IRI))):
        name = predicate.removeprefix(SH_IRI)
        if name == predicate or name in _NOT_ASKED | _TOLD_WITH_ANOTHER or name.startswith("target"):
            continue
        found += [_constraint(graph, shape, name, value) for value in properties[predicate]]
    return tuple(constraint for constraint in found if constraint is not None)


def _place(name: str) -> tuple[int, str]:
    order = (
        "minCount",
        "maxCount",
        "nodeKind",
        "class",
        "datatype",
        "minLength",
        "minInclusive",
        "minExclusive",
    )
    return (order.index(name) if name in order else len(order)), name


def _constraint(graph: VocabularyGraph, shape: Term, name: str, value: Term) -> Constraint | None:
    shapes = graph.shapes
    if name == "sparql":
        return Constraint(_("The query finds nothing:"), code=_code(shapes, value))
    if name in _COUNTED:
        return _counted(graph, shape, name, value)
    if name in _SWITCHES:
        sentence = _SWITCHES[name]() if _text(value) in ("true", "1") else None
        return (
            None
            if sentence is None
            else Constraint(sentence, _ignored(graph, shape) if name == "closed" else ())
        )
    if name == "nodeKind":
        return Constraint(_node_kind(value))
    if name == "pattern":
        flags = _text(shapes.value(shape, SH.flags.value))
        return Constraint(_("Matches the regular expression:"), code=f"{_text(value)}  {flags}".rstrip())
    values = shapes.members(value) if name in _LISTS else [value]
    if name == "languageIn":
        terms = tuple(_language(tag) for tag in values)
    else:
        terms = tuple(_shown(graph, term) for term in values)
    words = _WORDS.get(name)
    return Constraint(words() if words else f"sh:{name}", terms)


def _counted(graph: VocabularyGraph, shape: Term, name: str, value: Term) -> Constraint:
    number = int(_text(value))
    words = _COUNTED[name](number)
    if not name.startswith("qualified"):
        return Constraint(words)
    inside = graph.shapes.objects(shape, SH.qualifiedValueShape.value)
    return Constraint(words, tuple(_shown(graph, term) for term in inside))


def _shown(graph: VocabularyGraph, term: Term) -> Label:
    if isinstance(term, NamedNode):
        return graph.name(term)
    if isinstance(term, Literal):
        return graph.reader.show(term)
    path = graph.shapes.properties(term)
    return Label(_("a shape without a name") if path else str(term))


def _language(tag: Term) -> Label:
    locale, code = get_locale(), _text(tag)
    name = locale.languages.get(code) if locale else None
    return Label(f"{name} ({code})" if name else code)


def _ignored(graph: VocabularyGraph, shape: Term) -> tuple[Label, ...]:
    head = graph.shapes.value(shape, SH.ignoredProperties.value)
    return () if head is None else tuple(map(graph.name, graph.shapes.members(head)))


def _code(shapes: TripleIndex, constraint: Term) -> str:
    """A query without the indentation it has in its file."""
    lines = _text(shapes.value(constraint, SH.select.value)).strip("\n").rstrip().splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines)


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""


def _node_kind(kind: Term) -> str:
    words = {
        SH.IRI: _("Is an IRI."),
        SH.Literal: _("Is a literal."),
        SH.BlankNode: _("Is a blank node."),
        SH.IRIOrLiteral: _("Is an IRI or a literal."),
        SH.BlankNodeOrIRI: _("Is a blank node or an IRI."),
        SH.BlankNodeOrLiteral: _("Is a blank node or a literal."),
    }
    sentence: str = words[kind] if isinstance(kind, NamedNode) and kind in words else str(kind)
    return sentence


_COUNTED: dict[str, Callable[[int], Any]] = {
    "minCount": lambda n: ngettext("At least %(num)s value.", "At least %(num)s values.", n),
    "maxCount": lambda n: (
        ngettext("At most %(num)s value.", "At most %(num)s values.", n) if n else _("No value.")
    ),
    "minLength": lambda n: ngettext("At least %(num)s character.", "At least %(num)s characters.", n),
    "maxLength": lambda n: ngettext("At most %(num)s character.", "At most %(num)s characters.", n),
    "qualifiedMinCount": lambda n: ngettext(
        "At least %(num)s value conforms to:", "At least %(num)s values conform to:", n
    ),
    "qualifiedMaxCount": lambda n: ngettext(
        "At most %(num)s value conforms to:", "At most %(num)s values conform to:", n
    ),
}
_SWITCHES: dict[str, Callable[[], str]] = {
    "uniqueLang": lambda: _("No two texts have the same language."),
    "closed": lambda: _("No properties but those of its rules, and:"),
    "deactivated": lambda: _("Not asked at present."),
}
_WORDS: dict[str, Callable[[], str]] = {
    "class": lambda: _("Is of the class:"),
    "datatype": lambda: _("Is a literal of the datatype:"),
    "in": lambda: _("Is one of:"),
    "hasValue": lambda: _("One of the values is:"),
    "languageIn": lambda: _("Is in one of the languages:"),
    "minInclusive": lambda: _("Is not less than:"),
    "maxInclusive": lambda: _("Is not greater than:"),
    "minExclusive": lambda: _("Is greater than:"),
    "maxExclusive": lambda: _("Is less than:"),
    "equals": lambda: _("The values are the same as those of:"),
    "disjoint": lambda: _("Is no value of:"),
    "lessThan": lambda: _("Is less than each value of:"),
    "lessThanOrEquals": lambda: _("Is less than or equal to each value of:"),
    "node": lambda: _("Conforms to the shape:"),
    "or": lambda: _("Conforms to at least one of the shapes:"),
    "and": lambda: _("Conforms to all of the shapes:"),
    "xone": lambda: _("Conforms to exactly one of the shapes:"),
    "not": lambda: _("Does not conform to the shape:"),
}
