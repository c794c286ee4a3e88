"""/<language>/catalogue: datasets with the number of their files, services, links to the other pages."""

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template
from flask_babel import gettext as _

from sauran.kg.describe.catalogue.data_services import SERVICES
from sauran.kg.describe.catalogue.paging import Page
from sauran.kg.describe.catalogue.profiles import profiles
from sauran.kg.describe.catalogue.source import words
from sauran.kg.model.formats import RDF_FORMATS
from sauran.kg.publication.distributions import WHOLE, distributions, page_path
from sauran.server.api.catalogue import read_page, read_request
from sauran.server.http.localised_labels import Label, publication_text
from sauran.server.http.negotiation import PAGE_PREFIX
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release

__all__ = ["CataloguePage", "ListedDataset", "ListedService", "catalogue_page", "view_catalogue"]

catalogue_page = Blueprint("catalogue_page", __name__)

# Services that answer a plain GET with an error: the query to append for an example.
_SHOWN = {"oai-pmh": "?verb=Identify", "graph-store": "?graph={base}graph/catalogue"}


@dataclass(frozen=True, slots=True)
class ListedDataset:
    """A dataset as the catalogue lists it."""

    iri: str
    title: Label
    description: Label
    modified: datetime.date
    files: int


@dataclass(frozen=True, slots=True)
class ListedService:
    """A service: its title, its endpoint, and an address where a person sees it answer."""

    iri: str
    title: Label
    description: Label
    endpoint: str
    address: str


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """One page of the list; `earlier` and `later` are addresses or None; `changed` asks for what is new."""

    iri: str
    datasets: tuple[ListedDataset, ...]
    services: tuple[ListedService, ...]
    total: int
    number: int
    last: int
    earlier: str | None
    later: str | None
    changed: str


@catalogue_page.get(f"/{PAGE_PREFIX}/catalogue")
def page(language: str) -> str:
    """All datasets and services, for people."""
    served = served_release()
    asked = read_request(served)
    return render_template(
        "catalogue.html",
        language=language,
        page=view_catalogue(served, language, read_page(served, asked)),
        formats=[(known, served.links.here(f"catalogue.{known.suffix}")) for known in RDF_FORMATS],
        profiles=[
            (profile, served.links.here("catalogue.ttl") + f"?{urlencode({'profile': profile.name})}")
            for profile in profiles(served.release.manifest).values()
        ],
    )


def view_catalogue(served: ServedRelease, language: str, page: Page) -> CataloguePage:
    """Read a page of the catalogue; services are on the first."""
    path, numbers = served.links.here(f"{language}/catalogue"), page.numbers()
    counts: dict[str, int] = {}
    for offer in distributions(served.release.manifest):
        counts[offer.dataset] = counts.get(offer.dataset, 0) + 1
    settings = {dataset["slug"]: dataset for dataset in served.publication["datasets"]}
    newest = max([served.publication["issued"], *(dataset["modified"] for dataset in settings.values())])
    settings[WHOLE] = {**served.publication, "modified": newest}
    return CataloguePage(
        iri=f"{served.links.base}catalogue",
        datasets=tuple(_dataset(served, language, slug, settings[slug], counts) for slug in page.items),
        services=tuple(_service(served, language, name) for name in SERVICES) if page.number == 1 else (),
        total=page.total,
        number=page.number,
        last=page.last,
        earlier=f"{path}?page={numbers['previous']}" if "previous" in numbers else None,
        later=f"{path}?page={numbers['next']}" if "next" in numbers else None,
        changed=f"{served.links.here('catalogue.ttl')}?modified_since={newest}",
    )


def _dataset(
    served: ServedRelease, language: str, slug: str, settings: dict[str, object], counts: dict[str, int]
) -> ListedDataset:
    iri = f"{served.links.base}dataset/{slug}"
    page = served.links.here(f"{language}/{page_path(slug)}")
    title = publication_text(settings["title"], language, page)  # type: ignore[arg-type]
    return ListedDataset(
        iri,
        Label(_("Everything"), href=page) if slug == WHOLE else title,
        publication_text(settings["description"], language),  # type: ignore[arg-type]
        datetime.date.fromisoformat(str(settings["modified"])),
        counts.get(iri, 0),
    )


def _service(served: ServedRelease, language: str, name: str) -> ListedService:
    iri = f"{served.links.base}service/{name}"
    title, about = (publication_text(words(key, [language]), language) for key in (name, f"{name}.about"))
    endpoint = SERVICES[name].endpoint
    address = served.links.here(endpoint) + _SHOWN.get(name, "").format(base=served.links.base)
    return ListedService(iri, title, about, served.links.absolute(endpoint), address)
