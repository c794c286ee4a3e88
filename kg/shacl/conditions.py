"""What a shape asks, in words: for a node that conforms to it and must not."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.paths import path_text
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.shacl.wording import in_words

__all__ = ["conditions_of"]

# By parameter: what is true of a node that conforms; {} is the parameter's value.
_PHRASES = {
    "class": "is an instance of {}",
    "datatype": "is a literal of datatype {}",
    "nodeKind": "is of the kind {}",
    "minCount": "has {} or more values",
    "maxCount": "has {} or fewer values",
    "minExclusive": "is greater than {}",
    "minInclusive": "is {} or greater",
    "maxExclusive": "is less than {}",
    "maxInclusive": "is {} or less",
    "minLength": "is {} characters long or longer",
    "maxLength": "is {} characters long or shorter",
    "pattern": "matches the pattern {}",
    "languageIn": "is in a language of: {}",
    "uniqueLang": "has one value in each language",
    "equals": "has the same values as {}",
    "disjoint": "shares no value with {}",
    "lessThan": "is less than each value of {}",
    "lessThanOrEquals": "is less than or equal to each value of {}",
    "hasValue": "has the value {}",
    "in": "is one of: {}",
    "closed": "has no other properties",
    "not": "does not conform to {}",
    "node": "conforms to {}",
    "and": "conforms to each of: {}",
    "or": "conforms to one or more of: {}",
    "xone": "conforms to exactly one of: {}",
    "qualifiedValueShape": "has values that conform to {}",
    "qualifiedMinCount": "has {} or more such values",
    "qualifiedMaxCount": "has {} or fewer such values",
    "sparql": "passes a query",
}
_LISTS = frozenset(("and", "in", "languageIn", "or", "xone"))
_SWITCHES = frozenset(("closed", "uniqueLang"))
_MOST_CHARACTERS, _DEEPEST = 300, 2


def conditions_of(shapes: TripleIndex, shape: Term) -> str:
    """Say what a shape asks of a node; cut where that takes too many words."""
    text = "; ".join(_conditions(shapes, shape, _DEEPEST)) or "nothing is asked"
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def _conditions(shapes: TripleIndex, shape: Term, depth: int) -> Iterable[str]:
    said = shapes.properties(shape)
    paths = said.get(SH_IRI + "path")
    begin = f"path {_path(shapes, paths[0])}: " if paths else ""
    for name, phrase in _PHRASES.items():
        for value in said.get(SH_IRI + name, ()):
            if name in _SWITCHES and not (isinstance(value, Literal) and value.value == "true"):
                continue
            members = shapes.members(value) if name in _LISTS else [value]
            yield begin + phrase.replace("{}", ", ".join(map(in_words, members)))
    for inner in said.get(SH_IRI + "property", ()):
        if depth:
            for condition in _conditions(shapes, inner, depth - 1):
                yield begin + condition


def _path(shapes: TripleIndex, path: Term) -> str:
    text = path_text(shapes, path)
    return f"<{text}>" if isinstance(path, NamedNode) else text
