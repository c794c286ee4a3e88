"""Signposting: which links lead from a page or a document to its subject, to data, to a licence. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sauran.kg.describe.croissant import CROISSANT
from sauran.kg.model.formats import JSON_LD, RDF_FORMATS, TURTLE, Format
from sauran.kg.publication.distributions import WHOLE, Distribution, dataset_of, distributions_of, page_path
from sauran.server.api.discovery.link_set import LINKSET_FORMATS, Link
from sauran.server.http.links import Links
from sauran.server.http.negotiation import LANGUAGES

__all__ = [
    "API_CATALOG",
    "API_PROFILE",
    "dataset_linkset",
    "find_dataset",
    "of_catalogue",
    "of_dataset",
    "of_dataset_document",
    "of_document",
    "of_file",
    "of_site",
    "of_thing",
    "site_linkset",
]

API_CATALOG = ".well-known/api-catalog"
API_PROFILE = "https://www.rfc-editor.org/info/rfc9727"
_SCHEMA = "https://schema.org/"
_DESCRIBING = (TURTLE, JSON_LD)
_GZIP = "application/gzip"


def find_dataset(manifest: Mapping[str, Any], slug: str) -> Mapping[str, Any] | None:
    """What is said of a dataset, or of all as one; None where there is no such dataset."""
    said = manifest["publication"]
    if slug == WHOLE:
        return {**said, "slug": WHOLE, "iri": f"{said['base']}dataset/{WHOLE}"}
    return next((dataset for dataset in said["datasets"] if dataset["slug"] == slug), None)


def of_catalogue(manifest: Mapping[str, Any], links: Links) -> Iterator[Link]:
    """The links of the catalogue as data: the page that shows it, its licence, where all links are."""
    yield Link("describes", links.absolute(f"{LANGUAGES[0]}/catalogue"), "text/html")
    yield Link("license", manifest["publication"]["licence"])
    yield from _linksets(links, "linkset")


def of_site(manifest: Mapping[str, Any], links: Links) -> Iterator[Link]:
    """The links of the front page and of that of the catalogue."""
    said = manifest["publication"]
    yield Link("api-catalog", links.absolute(API_CATALOG), "application/linkset+json", API_PROFILE)
    for kind in ("AboutPage", "DataCatalog"):
        yield Link("type", _SCHEMA + kind)
    yield from _rights(said, said["licence"])
    yield Link("describedby", links.absolute("catalogue"), TURTLE.media_type)
    yield Link("describedby", links.absolute(".well-known/void"), TURTLE.media_type)
    yield Link("service-desc", links.absolute("sparql"), TURTLE.media_type)
    yield Link("service-desc", f"{links.absolute('oai')}?verb=Identify", "text/xml")
    yield Link("alternate", links.absolute("releases.atom"), "application/atom+xml")
    yield Link("search", links.absolute("opensearch.xml"), "application/opensearchdescription+xml")
    yield from _linksets(links, "linkset")


def of_dataset(manifest: Mapping[str, Any], dataset: Mapping[str, Any], links: Links) -> Iterator[Link]:
    """The links of the page of a dataset: of its files those that are its own dump, not compressed.

    Source: FAIR Signposting Profile, landing page, level 1.
    """
    yield from _landing(manifest, dataset, links, _DESCRIBING)
    yield from _linksets(links, f"linkset/{dataset['slug']}")
    for known in distributions_of(manifest, dataset["slug"]):
        if known.dump == dataset["slug"] and not known.packed:
            yield Link("item", _file(manifest, known, links), known.media_type)


def dataset_linkset(
    manifest: Mapping[str, Any], dataset: Mapping[str, Any], links: Links
) -> list[tuple[str, list[Link]]]:
    """All links of a dataset: of its page in each language, of its descriptions, of each of its files.

    Source: FAIR Signposting Profile, landing page, level 2.
    """
    path, page = f"dataset/{dataset['slug']}", page_path(dataset["slug"])
    files = distributions_of(manifest, dataset["slug"])
    items = [
        Link("item", _file(manifest, known, links), _GZIP if known.packed else known.media_type)
        for known in files
    ]
    pages = [links.absolute(f"{language}/{page}") for language in LANGUAGES]
    contexts = [(page, [*_landing(manifest, dataset, links, RDF_FORMATS), *items]) for page in pages]
    for wanted in RDF_FORMATS:
        contexts.append((links.absolute(f"{path}.{wanted.suffix}"), list(_of_description(dataset, pages[0]))))
    for known in files:
        contexts.append((_file(manifest, known, links), list(_of_content(dataset, pages[0]))))
    return contexts


def of_dataset_document(dataset: Mapping[str, Any], links: Links) -> Iterator[Link]:
    """The links of the description of a dataset: what it describes, its licence, where all links are."""
    yield from _of_description(dataset, _page(dataset, links))
    yield from _linksets(links, f"linkset/{dataset['slug']}")


def _of_description(dataset: Mapping[str, Any], page: str) -> Iterator[Link]:
    yield Link("describes", page, "text/html")
    yield Link("license", dataset["licence"])


def of_thing(manifest: Mapping[str, Any], iri: str, path: str, links: Links) -> Iterator[Link]:
    """The links of the page of a thing; `path` is that of its document."""
    said = manifest["publication"]
    yield Link("cite-as", iri)
    yield Link("type", f"{_SCHEMA}AboutPage")
    yield from _rights(said, said["licence"])
    for wanted in _DESCRIBING:
        yield Link("describedby", links.absolute(f"{path}.{wanted.suffix}"), wanted.media_type)


def of_document(manifest: Mapping[str, Any], iri: str) -> Iterator[Link]:
    """The links of the document of a thing."""
    yield Link("describes", iri)
    yield Link("license", manifest["publication"]["licence"])


def of_file(manifest: Mapping[str, Any], dump: str, links: Links) -> Iterator[Link]:
    """The links of a file of a release: the page of the dataset it is of, and its licence.

    Source: FAIR Signposting Profile, content resource.
    """
    dataset = find_dataset(manifest, dataset_of(manifest, dump))
    if dataset is not None:
        yield from _of_content(dataset, _page(dataset, links))


def site_linkset(manifest: Mapping[str, Any], links: Links) -> list[tuple[str, list[Link]]]:
    """The links of the site: what describes it, its datasets; of each dataset where its own links are."""
    slugs = [WHOLE, *(dataset["slug"] for dataset in manifest["publication"]["datasets"])]
    datasets = [dataset for slug in slugs if (dataset := find_dataset(manifest, slug)) is not None]
    pages = [_page(dataset, links) for dataset in datasets]
    own = [link for link in of_site(manifest, links) if link.rel != "linkset"]
    contexts = [(links.absolute(""), [*own, *(Link("item", page, "text/html") for page in pages)])]
    for dataset, page in zip(datasets, pages, strict=True):
        about = [Link("cite-as", dataset["iri"]), *_linksets(links, f"linkset/{dataset['slug']}")]
        contexts.append((page, about))
    return contexts


def _landing(
    manifest: Mapping[str, Any], dataset: Mapping[str, Any], links: Links, described: Sequence[Format]
) -> Iterator[Link]:
    path = f"dataset/{dataset['slug']}"
    yield Link("cite-as", dataset["iri"])
    for kind in ("AboutPage", "Dataset"):
        yield Link("type", _SCHEMA + kind)
    yield from _rights(manifest["publication"], dataset["licence"])
    for wanted in described:
        yield Link("describedby", links.absolute(f"{path}.{wanted.suffix}"), wanted.media_type)
    if manifest.get("tables") and dataset["slug"] != WHOLE:
        yield Link("describedby", links.absolute(f"{path}/croissant.json"), "application/ld+json", CROISSANT)


def _of_content(dataset: Mapping[str, Any], page: str) -> Iterator[Link]:
    yield Link("collection", page, "text/html")
    yield Link("license", dataset["licence"])


def _page(dataset: Mapping[str, Any], links: Links) -> str:
    return links.absolute(f"{LANGUAGES[0]}/{page_path(dataset['slug'])}")


def _file(manifest: Mapping[str, Any], known: Distribution, links: Links) -> str:
    return links.absolute(f"release/{manifest['version']}/{known.path}")


def _rights(said: Mapping[str, Any], licence: str) -> Iterator[Link]:
    if said["publisher"].get("iri"):
        yield Link("author", said["publisher"]["iri"])
    yield Link("license", licence)


def _linksets(links: Links, path: str) -> Iterator[Link]:
    for wanted in LINKSET_FORMATS:
        yield Link("linkset", links.absolute(f"{path}.{wanted.suffix}"), wanted.media_type)
