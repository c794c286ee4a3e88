"""The parameters of SHACL constraint components, read from parameters.csv."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sauran.kg.shacl.result import SH_IRI

__all__ = ["PARAMETERS", "Parameter", "Role", "Takes", "iris_of", "read_parameters"]

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


def read_parameters(file: Path = _FILE) -> tuple[Parameter, ...]:
    """Read the table; conditions are told in its order."""
    with file.open(encoding="utf-8", newline="") as rows:
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


PARAMETERS = read_parameters()
