"""Pages of a catalogue: the datasets on each page, and the links between pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.describe.catalogue.terms import HYDRA, Object, Say
from sauran.kg.model.namespaces import XSD

__all__ = ["Page", "page_address", "paging_quads"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `number` counts from 1, a list without items has one page."""

    number: int
    items: Sequence[str]
    total: int
    last: int

    @classmethod
    def of(cls, items: Sequence[str], size: int, number: int) -> "Page | None":
        """Cut a page out of a list; None where it has no such page."""
        last = max(1, -(-len(items) // size))
        if not 1 <= number <= last:
            return None
        return cls(number, items[(number - 1) * size : number * size], len(items), last)

    def numbers(self) -> dict[str, int]:
        """The numbers of the pages that one can go on to, by what Hydra and RFC 8288 call them."""
        found = {"first": 1, "last": self.last}
        if self.number > 1:
            found["previous"] = self.number - 1
        if self.number < self.last:
            found["next"] = self.number + 1
        return found


def page_address(collection: str, number: int, version: str) -> str:
    """The address of a page of one release: a list that changed while it was read must not look shorter."""
    return f"{collection}{'&' if '?' in collection else '?'}{urlencode({'page': number, 'release': version})}"


def paging_quads(say: Say, page: Page, collection: str, version: str) -> list[Quad]:
    """Describe a page of a collection, both by whole addresses, which harvesters take as they stand.

    Source: Hydra Core Vocabulary, section 5.2.
    """
    view = page_address(collection, page.number, version)
    total = Literal(str(page.total), datatype=XSD.integer)
    of_view: list[tuple[NamedNode, Object]] = [
        (HYDRA[name], NamedNode(page_address(collection, number, version)))
        for name, number in page.numbers().items()
    ]
    return [
        *say.of(collection, HYDRA.Collection, [(HYDRA.totalItems, total), (HYDRA.view, NamedNode(view))]),
        *say.of(view, HYDRA.PartialCollectionView, of_view),
    ]
