"""A property to narrow a list by: its values, how many things have each, and where each leads."""

from dataclasses import dataclass

from sauran.server.http.reading import Shown

__all__ = ["Facet", "FacetValue"]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value, how many of what is listed have it, and the address that chooses it, or lets go of it."""

    shown: Shown
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A property to choose by; `more` values are left out."""

    name: str
    title: str
    values: tuple[FacetValue, ...]
    more: int
