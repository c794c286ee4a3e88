"""Link headers on pages, documents and files, so that a program need not read them to go on."""

from collections.abc import Callable, Iterable
from http import HTTPStatus

from flask import Flask, Response, request
from pyoxigraph import NamedNode

from sauran.kg.model.namespaces import PREFIXES, RDF
from sauran.kg.publication.distributions import WHOLE
from sauran.server.api.discovery.link_set import Link, link_header
from sauran.server.api.discovery.signposts import (
    find_dataset,
    of_catalogue,
    of_dataset,
    of_dataset_document,
    of_document,
    of_file,
    of_site,
    of_thing,
)
from sauran.server.http.negotiation import split_suffix
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release

__all__ = ["register_signposts"]


def register_signposts(app: Flask) -> None:
    """Let every answer that is a page, a document or a file say what it belongs to."""
    app.after_request(_add_links)


def _add_links(response: Response) -> Response:
    links = _LINKS_OF.get(request.endpoint or "")
    # The front page is found through a redirect: it shows the way too.
    there = response.status_code in _ANSWERS or links is _site
    if links is not None and there and response.status_code < HTTPStatus.BAD_REQUEST:
        header = link_header(links(served_release(), response, **(request.view_args or {})))
        if header:
            response.headers.add("Link", header)
    return response


def _site(now: ServedRelease, _response: Response, **_: str) -> Iterable[Link]:
    return of_site(now.release.manifest, now.links)


def _catalogue(now: ServedRelease, response: Response, **_: str) -> Iterable[Link]:
    """People are sent on to the page, which has links of its own."""
    return of_catalogue(now.release.manifest, now.links) if response.mimetype != "text/html" else ()


def _downloads_page(now: ServedRelease, response: Response, **_: str) -> Iterable[Link]:
    return _dataset_page(now, response, WHOLE)


def _dataset_page(now: ServedRelease, _response: Response, slug: str, **_: str) -> Iterable[Link]:
    dataset = find_dataset(now.release.manifest, slug)
    return of_dataset(now.release.manifest, dataset, now.links) if dataset else ()


def _dataset_document(now: ServedRelease, response: Response, slug: str) -> Iterable[Link]:
    dataset = find_dataset(now.release.manifest, _stem(slug, response))
    return of_dataset_document(dataset, now.links) if dataset else ()


def _thing_page(now: ServedRelease, _response: Response, slug: str, **_: str) -> Iterable[Link]:
    path = f"doc/{slug}"
    iri = now.links.iri(path)
    return (*of_thing(now.release.manifest, iri, path, now.links), *_datasets(now, iri)) if iri else ()


def _document(now: ServedRelease, response: Response, slug: str) -> Iterable[Link]:
    iri = now.links.iri(f"doc/{_stem(slug, response)}")
    return (*of_document(now.release.manifest, iri), *_datasets(now, iri)) if iri else ()


def _datasets(now: ServedRelease, iri: str) -> Iterable[Link]:
    """The datasets that say something of a thing."""
    # A thing has a kind where it is described, and of kinds not many.
    graphs = {quad.graph_name for quad in now.quads.values(iri, RDF["type"].value, _MOST_KINDS)}
    datasets = now.publication["datasets"]
    return [Link(_IN_DATASET, d["iri"]) for d in datasets if NamedNode(d["graph"]) in graphs]


def _file(now: ServedRelease, _response: Response, version: str, path: str) -> Iterable[Link]:
    """Of older releases nothing is said: their manifests are not at hand."""
    entry = now.release.files.get(path, {}) if version == now.release.version else {}
    return of_file(now.release.manifest, entry["dump"], now.links) if "dump" in entry else ()


def _stem(path: str, response: Response) -> str:
    """The name in a path without the suffix of the format that is answered."""
    name, suffix = split_suffix(path)
    return name if suffix and suffix.media_type == response.mimetype else path


_MOST_KINDS = 10
_IN_DATASET = f"{PREFIXES['void']}inDataset"
_ANSWERS = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)
_LINKS_OF: dict[str, Callable[..., Iterable[Link]]] = {
    "about.downloads_page": _downloads_page,
    "browse.front": _site,
    "browse.home": _site,
    "catalogue.data": _catalogue,
    "catalogue_page.page": _site,
    "downloads.release_file": _file,
    "resources.dataset": _dataset_document,
    "resources.document": _document,
    "things.dataset": _dataset_page,
    "things.thing": _thing_page,
}
