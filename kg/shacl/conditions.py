"""Describe in words the constraints of a shape inside sh:not."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.parameters import PARAMETERS, Takes
from sauran.kg.shacl.paths import path_text
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.shacl.wording import in_words

__all__ = ["conditions_of"]

_MOST_CHARACTERS, _DEEPEST = 300, 2


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
