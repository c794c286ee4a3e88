"""What the front page shows: datasets, downloads, some claims with their evidence."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.formats import RDF_FORMATS
from server.documents import find_document
from server.edition import Edition
from server.executor import ask_rows
from server.site.reading import Shown
from server.site.thing_page import ClaimView, thing_page

__all__ = ["DatasetView", "DumpView", "HomePage", "home_page"]


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A dataset and how many triples it holds, written and derived."""

    title: Shown
    description: Shown
    triples: int
    derived: int


@dataclass(frozen=True, slots=True)
class DumpView:
    """One name and its files: format, address, bytes, and address and bytes of the compressed one."""

    name: str
    triples: int
    files: tuple[tuple[str, str, int, str, int], ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """The front page."""

    title: Shown
    description: Shown
    version: str
    triples: int
    datasets: tuple[DatasetView, ...]
    dumps: tuple[DumpView, ...]
    claims: tuple[ClaimView, ...]


def home_page(edition: Edition, language: str) -> HomePage:
    """Gather what is here."""
    said = edition.publication
    return HomePage(
        title=_text(said["title"], language),
        description=_text(said["description"], language),
        version=edition.release.version,
        triples=sum(edition.graphs.values()),
        datasets=tuple(
            DatasetView(
                _text(dataset["title"], language, edition.links.page(dataset["iri"], language)),
                _text(dataset["description"], language),
                edition.graphs.get(dataset["graph"], 0),
                edition.graphs.get(dataset["derived_graph"], 0),
            )
            for dataset in said["datasets"]
        ),
        dumps=_dumps(edition),
        claims=tuple(_first_claims(edition, language)),
    )


def _first_claims(edition: Edition, language: str) -> list[ClaimView]:
    found = []
    for (claim,) in ask_rows(edition, "first-claims").rows:
        document = find_document(edition, claim.value) if isinstance(claim, NamedNode) else None
        if document is not None:
            own = thing_page(document, edition.links, language, edition.prefixes).own_claim
            found += [own] if own else []
    return found


def _dumps(edition: Edition) -> tuple[DumpView, ...]:
    files = edition.release.files
    views = []
    for name in dict.fromkeys(entry["dump"] for entry in files.values() if "dump" in entry):
        rows, triples = [], 0
        for wanted in RDF_FORMATS:
            path = edition.dump_path(name, wanted)
            plain, packed = files.get(path), files.get(f"{path}.gz")
            if plain and packed:
                address, packed_address = edition.links.here(path), edition.links.here(f"{path}.gz")
                rows.append((wanted.label, address, plain["bytes"], packed_address, packed["bytes"]))
                triples = plain["triples"]
        views.append(DumpView(name, triples, tuple(rows)))
    return tuple(views)


def _text(texts: dict[str, str], language: str, href: str | None = None) -> Shown:
    best = next((tag for tag in (language, "en") if tag in texts), next(iter(texts)))
    return Shown(texts[best], best, href)
