"""A query, its dataset, its bound values and the format of its answer: all that a query process is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.formats import BY_NAME, Format

__all__ = ["Question"]


@dataclass(frozen=True)
class Question:
    """What is asked; `partial` takes what there is when a limit is reached; `base` is for relative IRIs."""

    text: str
    wanted: Format
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Mapping[str, Term] = field(default_factory=dict)
    partial: bool = False
    base: str | None = None

    def on(self, base: str) -> "Question":
        """The same question, with a base for its relative IRIs."""
        return Question(
            self.text, self.wanted, self.default_graphs, self.named_graphs, self.bindings, self.partial, base
        )

    def as_plain(self) -> dict[str, Any]:
        """Plain data for a message."""
        return {
            "text": self.text,
            "wanted": self.wanted.name,
            "default_graphs": self.default_graphs,
            "named_graphs": self.named_graphs,
            "bindings": {name: _plain_term(term) for name, term in self.bindings.items()},
            "partial": self.partial,
            "base": self.base,
        }

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> "Question":
        """Read what `as_plain` made."""
        return cls(
            plain["text"],
            BY_NAME[plain["wanted"]],
            tuple(plain["default_graphs"]),
            tuple(plain["named_graphs"]),
            {name: _term(value) for name, value in plain["bindings"].items()},
            plain["partial"],
            plain["base"],
        )


def _plain_term(term: Term) -> list[str | None]:
    if isinstance(term, NamedNode):
        return ["iri", term.value]
    if isinstance(term, BlankNode):
        return ["blank", term.value]
    if isinstance(term, Literal):
        return ["literal", term.value, term.language, term.datatype.value]
    raise TypeError("a triple is no value to bind")


def _term(plain: list[str | None]) -> Term:
    kind, value = plain[0], plain[1] or ""
    if kind == "iri":
        return NamedNode(value)
    if kind == "blank":
        return BlankNode(value)
    language, datatype = plain[2], plain[3]
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype or ""))
