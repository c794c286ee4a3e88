"""Lists on pages: the filters in the address, facets to choose from, and parts of the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import XSD
from sauran.server.http.localised_labels import Label
from sauran.server.http.problems import Problem

__all__ = ["PAGE_SIZE", "Facet", "FacetValue", "Filters", "Paging", "paging", "read_filters"]

_YEAR = "year"
_LONGEST_YEAR = 6
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value, the number of listed things that have it, and the address that selects or deselects it."""

    shown: Label
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A property to filter by; `more` values are left out."""

    name: str
    title: str
    values: tuple[FacetValue, ...]
    more: int


@dataclass(frozen=True)
class Filters:
    """Filters of a list: as written in the address, and as terms in the requested order; None matches all."""

    given: Mapping[str, str]
    terms: tuple[Term | None, ...]

    def address(self, path: str, **changed: str) -> str:
        """The address of a path with these filters, some of them changed; empty ones are left out."""
        words = {name: value for name, value in {**self.given, **changed}.items() if value}
        return f"{path}?{urlencode(words)}" if words else path

    def pages(self, path: str) -> str:
        """The address of a page of the list with these filters, without the page's number."""
        address = self.address(path)
        return f"{address}{'&' if '?' in address else '?'}page="


def read_filters(arguments: Mapping[str, str], names: Sequence[str]) -> Filters:
    """Read filters from the arguments of a request.

    Raises: Problem 400 when a value is not an IRI, or a year is not a number.
    """
    given = {name: arguments[name] for name in names if arguments.get(name)}
    return Filters(given, tuple(_term(name, given.get(name)) for name in names))


def _term(name: str, given: str | None) -> Term | None:
    if given is None:
        return None
    if name == _YEAR:
        if not (given.isascii() and given.removeprefix("-").isdecimal() and len(given) <= _LONGEST_YEAR):
            raise Problem(HTTPStatus.BAD_REQUEST, f"year={given[:40]!r} is not a year: write it as 2022.")
        return Literal(str(int(given)), datatype=XSD.integer)
    try:
        return NamedNode(given)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name}={given[:40]!r} is not an IRI.") from error


@dataclass(frozen=True, slots=True)
class Paging:
    """A part of a list: `first` to `last` of `total`, counted from 1; the addresses of its neighbours."""

    first: int
    last: int
    total: int
    earlier: str | None
    later: str | None


def paging(total: int, page: str, address: str, size: int = PAGE_SIZE) -> Paging:
    """Find a page of a list; `address` is that of a page without its number.

    Raises: Problem 400 when the page is not a number, 404 when there is no such page.
    """
    if not (page.isascii() and page.isdecimal()) or not 1 <= len(page) <= 9 or int(page) < 1:
        raise Problem(HTTPStatus.BAD_REQUEST, f"page={page[:40]!r} is not a page: pages are counted from 1.")
    number, pages = int(page), max(-(-total // size), 1)
    if number > pages:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no page {number}: the last one is {pages}.")
    return Paging(
        first=min((number - 1) * size + 1, total),
        last=min(number * size, total),
        total=total,
        earlier=f"{address}{number - 1}" if number > 1 else None,
        later=f"{address}{number + 1}" if number < pages else None,
    )
