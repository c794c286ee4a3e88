"""What a reader chose in an address: IRIs and years by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import XSD
from sauran.server.http.problems import Problem

__all__ = ["Choice", "read_choice"]

_YEAR = "year"
_LONGEST_YEAR = 6


@dataclass(frozen=True)
class Choice:
    """What is chosen: as written in the address, and as terms in the order asked for; None is any."""

    said: Mapping[str, str]
    terms: tuple[Term | None, ...]

    def address(self, path: str, **changed: str) -> str:
        """The address of this choice with some of it changed; what becomes empty is left out."""
        words = {name: value for name, value in {**self.said, **changed}.items() if value}
        return f"{path}?{urlencode(words)}" if words else path

    def pages(self, path: str) -> str:
        """The address of a page of this choice, without the page's number."""
        address = self.address(path)
        return f"{address}{'&' if '?' in address else '?'}page="


def read_choice(arguments: Mapping[str, str], names: Sequence[str]) -> Choice:
    """Read what is chosen out of the arguments of a request.

    Raises: Problem 400 for what is no IRI, or no year.
    """
    said = {name: arguments[name] for name in names if arguments.get(name)}
    return Choice(said, tuple(_term(name, said.get(name)) for name in names))


def _term(name: str, said: str | None) -> Term | None:
    if said is None:
        return None
    if name == _YEAR:
        if not (said.isascii() and said.removeprefix("-").isdecimal() and len(said) <= _LONGEST_YEAR):
            raise Problem(HTTPStatus.BAD_REQUEST, f"year={said[:40]!r} is not a year: write it as 2022.")
        return Literal(str(int(said)), datatype=XSD.integer)
    try:
        return NamedNode(said)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name}={said[:40]!r} is no IRI.") from error
