"""What the page of the catalogue shows: datasets with their files counted, services, where to go on."""

import datetime
from dataclasses import dataclass

from kg.catalogue.paging import Page
from kg.catalogue.serving import SERVICES
from kg.catalogue.wording import words
from kg.distributions import WHOLE, distributions
from server.edition import Edition
from server.site.reading import Shown, publication_text

__all__ = ["CataloguePage", "ListedDataset", "ListedService", "catalogue_page"]


@dataclass(frozen=True, slots=True)
class ListedDataset:
    """A dataset as the catalogue lists it."""

    iri: str
    title: Shown
    description: Shown
    modified: datetime.date
    files: int


@dataclass(frozen=True, slots=True)
class ListedService:
    """A service: what it is, and its endpoint."""

    iri: str
    title: Shown
    description: Shown
    endpoint: str


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """One page of the list; `earlier` and `later` are addresses or None."""

    iri: str
    datasets: tuple[ListedDataset, ...]
    services: tuple[ListedService, ...]
    total: int
    number: int
    last: int
    earlier: str | None
    later: str | None


def catalogue_page(now: Edition, language: str, page: Page) -> CataloguePage:
    """Read a page of the catalogue; services stand on the first."""
    path, numbers = now.links.here(f"{language}/catalogue"), page.numbers()
    counts: dict[str, int] = {}
    for offer in distributions(now.release.manifest):
        counts[offer.dataset] = counts.get(offer.dataset, 0) + 1
    said = {dataset["slug"]: dataset for dataset in now.publication["datasets"]}
    newest = max([now.publication["issued"], *(dataset["modified"] for dataset in said.values())])
    said[WHOLE] = {**now.publication, "modified": newest}
    return CataloguePage(
        iri=f"{now.links.base}catalogue",
        datasets=tuple(_dataset(now, language, slug, said[slug], counts) for slug in page.items),
        services=tuple(_service(now, language, name) for name in SERVICES) if page.number == 1 else (),
        total=page.total,
        number=page.number,
        last=page.last,
        earlier=f"{path}?page={numbers['previous']}" if "previous" in numbers else None,
        later=f"{path}?page={numbers['next']}" if "next" in numbers else None,
    )


def _dataset(
    now: Edition, language: str, slug: str, said: dict[str, object], counts: dict[str, int]
) -> ListedDataset:
    iri = f"{now.links.base}dataset/{slug}"
    # What is all of it has no page of its own: its files stand on that of downloads.
    page = now.links.here(f"{language}/downloads") if slug == WHOLE else now.links.page(iri, language)
    return ListedDataset(
        iri,
        publication_text(said["title"], language, page),  # type: ignore[arg-type]
        publication_text(said["description"], language),  # type: ignore[arg-type]
        datetime.date.fromisoformat(str(said["modified"])),
        counts.get(iri, 0),
    )


def _service(now: Edition, language: str, name: str) -> ListedService:
    iri = f"{now.links.base}service/{name}"
    title, about = (publication_text(words(key, [language]), language) for key in (name, f"{name}.about"))
    return ListedService(iri, title, about, now.links.absolute(SERVICES[name].endpoint))
