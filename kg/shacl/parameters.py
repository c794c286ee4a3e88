"""The parameters of SHACL constraint components (parameters.csv), and which shapes constrain anything."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.result import SH_IRI

__all__ = [
    "CONSTRAINING",
    "PARAMETERS",
    "Parameter",
    "Role",
    "Takes",
    "asks_something",
    "component_parameters",
    "iris_of",
    "is_deactivated",
]

_FILE = Path(__file__).parent / "parameters.csv"


class Role(StrEnum):
    """The role of a parameter on a shape; only the first two are constraints."""

    CONSTRAINT = "constraint"
    PART = "part"  # asks together with another, which tells of both
    OPTION = "option"  # changes what another asks
    ADVANCED = "advanced"  # a feature that no engine of ours supports


class Takes(StrEnum):
    """What a value must be, or each member of a list."""

    ANY = "any"
    COUNT = "count"
    IRI = "iri"
    LIMIT = "limit"
    NODE = "node"
    NODE_KIND = "node-kind"
    SHAPE = "shape"
    STRING = "string"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, with the components that it belongs to.

    `once`: a shape has one value at most. `needs`: says nothing without one of these. `sentence` tells of a
    result, `phrase` of a node that conforms; {} is the value. Of components with several parameters, one has
    the sentence.
    """

    name: str
    components: tuple[str, ...]
    role: Role
    takes: Takes
    is_list: bool
    once: bool
    needs_path: bool
    needs: tuple[str, ...]
    sentence: str
    phrase: str

    @property
    def iri(self) -> str:
        """The property of a shape."""
        return SH_IRI + self.name

    @property
    def asks(self) -> bool:
        """Whether the parameter makes a constraint."""
        return self.role in (Role.CONSTRAINT, Role.PART)

    def lists(self, takes: Takes) -> bool:
        """Whether its value is a list of such members."""
        return self.is_list and self.takes is takes

    def is_one(self, takes: Takes) -> bool:
        """Whether its value is such, not a list."""
        return not self.is_list and self.takes is takes


def iris_of(parameters: Iterable[Parameter]) -> tuple[str, ...]:
    """The properties of some parameters, in their order."""
    return tuple(parameter.iri for parameter in parameters)


def _read_parameters() -> tuple[Parameter, ...]:
    """Read the table; conditions are told in its order."""
    with _FILE.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Parameter(
                name=row["name"],
                components=tuple(row["components"].split()),
                role=Role(row["role"]),
                takes=Takes(row["takes"]),
                is_list=row["list"] == "yes",
                once=row["once"] == "yes",
                needs_path=row["needs_path"] == "yes",
                needs=tuple(row["needs"].split()),
                sentence=row["sentence"],
                phrase=row["phrase"],
            )
            for row in csv.DictReader(rows)
        )


PARAMETERS = _read_parameters()
CONSTRAINING = frozenset(iris_of(p for p in PARAMETERS if p.asks))
_SWITCHES = frozenset(iris_of(p for p in PARAMETERS if p.asks and p.is_one(Takes.SWITCH)))
_PASSED_ON = frozenset(SH_IRI + name for name in ("node", "property"))
_AND = SH_IRI + "and"


def component_parameters(shapes: TripleIndex) -> set[str]:
    """The properties that declare a constraint of a component described in the shapes."""
    return {
        path.value
        for component in shapes.subjects(SH_IRI + "parameter")
        for parameter in shapes.objects(component, SH_IRI + "parameter")
        for path in shapes.objects(parameter, SH_IRI + "path")
        if isinstance(path, NamedNode)
    }


def is_deactivated(shapes: TripleIndex, shape: Term) -> bool:
    """Whether a shape is deactivated (SHACL, section 2.1.1.3)."""
    return any(_is_true(value) for value in shapes.objects(shape, SH_IRI + "deactivated"))


def asks_something(shapes: TripleIndex, shape: Term) -> bool:
    """Whether a node can violate a shape: it is active and has a constraint, itself or in another shape."""
    wanted = CONSTRAINING | component_parameters(shapes)
    seen, todo = {shape}, [shape]
    while todo:
        current = todo.pop()
        if is_deactivated(shapes, current):
            continue
        for predicate, values in shapes.properties(current).items():
            if predicate not in wanted:
                continue
            after = values
            if predicate == _AND:
                after = [member for head in values for member in shapes.members(head)]
            elif predicate not in _PASSED_ON:
                if predicate not in _SWITCHES or any(map(_is_true, values)):
                    return True
                continue
            new = [s for s in after if isinstance(s, NamedNode | BlankNode) and s not in seen]
            seen.update(new)
            todo += new
    return False


def _is_true(term: Term) -> bool:
    return isinstance(term, Literal) and term.value == "true" and term.datatype.value.endswith("#boolean")
