"""A catalogue page by page."""

import pytest
from catalogue_support import SITE, generated_manifest, of_class, values
from pyoxigraph import Literal

from sauran.kg.describe.catalogue.paging import Page, paging_quads
from sauran.kg.describe.catalogue.source import Source
from sauran.kg.describe.catalogue.terms import HYDRA
from sauran.kg.model.namespaces import XSD


@pytest.mark.parametrize(
    ("count", "size", "number", "items", "names"),
    [
        (5, 2, 1, ["a0", "a1"], {"first": 1, "last": 3, "next": 2}),
        (5, 2, 2, ["a2", "a3"], {"first": 1, "last": 3, "previous": 1, "next": 3}),
        (5, 2, 3, ["a4"], {"first": 1, "last": 3, "previous": 2}),
        (4, 2, 2, ["a2", "a3"], {"first": 1, "last": 2, "previous": 1}),
        (0, 2, 1, [], {"first": 1, "last": 1}),
    ],
)
def test_pages_lead_to_one_another(
    count: int, size: int, number: int, items: list[str], names: dict[str, int]
) -> None:
    page = Page.of([f"a{n}" for n in range(count)], size, number)
    assert page is not None
    assert (list(page.items), page.total, page.numbers()) == (items, count, names)
    collection = f"{SITE}catalogue?profile=udata"
    quads = paging_quads(Source(generated_manifest(0), SITE).say, page, collection, "1.0+a")
    view = f"{collection}&page={number}&release=1.0%2Ba"
    assert of_class(quads, HYDRA.PartialCollectionView) == {view}
    for name, other in names.items():
        assert values(quads, view, HYDRA[name]) == [f"{collection}&page={other}&release=1.0%2Ba"]
    assert [q.object for q in quads if q.predicate == HYDRA.totalItems] == [
        Literal(str(count), datatype=XSD.integer)
    ]


@pytest.mark.parametrize("number", [0, -1, 4])
def test_there_is_no_page_beyond_the_last(number: int) -> None:
    assert Page.of(["a"] * 5, 2, number) is None
