"""/.well-known/void, /.well-known/api-catalog, /linkset, Croissant: descriptions that programs look for."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app

from sauran.kg.describe.catalogue.terms import CATALOGUE_PREFIXES
from sauran.kg.describe.croissant import croissant_json
from sauran.kg.describe.quality import DQV_IRI, dataset_quality
from sauran.kg.describe.void import void_quads, whole_slugs
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import RDF_FORMATS, TURTLE
from sauran.server.api.discovery.link_set import LINKSET_FORMATS, Link, link_header, write_linkset
from sauran.server.api.discovery.signposts import (
    API_CATALOG,
    API_PROFILE,
    dataset_linkset,
    find_dataset,
    site_linkset,
)
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.problems import Problem, agree_on_format
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release

__all__ = ["wellknown"]

wellknown = Blueprint("wellknown", __name__)
_PREFIXES = {**CATALOGUE_PREFIXES, "dqv": DQV_IRI}
# Names of interfaces in the catalogue, by their paths.
_SERVICES = {
    "sparql": "sparql",
    "graphs": "graph-store",
    "search.json": "search",
    "oai": "oai-pmh",
    "validate": "validation",
}
_CROISSANT_TYPE = "application/ld+json"


@wellknown.get("/.well-known/void")
def void() -> Response:
    """Every dataset as a set of triples, with what was measured of it; in the RDF format that is wanted."""
    now = served_release()
    wanted = agree_on_format(RDF_FORMATS)
    manifest = now.release.manifest
    quads = void_quads(manifest, now.links.site)
    for slug in whole_slugs(manifest):
        quads += dataset_quality(manifest, slug)
    context = {**now.context, **_PREFIXES}
    body = write_rdf(sort_quads(dict.fromkeys(quads)), wanted, {**now.prefixes, **_PREFIXES}, context)
    response = Response(body, content_type=wanted.content_type)
    response.headers["Vary"] = "Accept"
    return response


@wellknown.get(f"/{API_CATALOG}")
def api_catalog() -> Response:
    """The interfaces for programs: where each is described, explained, and said to be well.

    Source: RFC 9727, sections 2 to 4.
    """
    now = served_release()
    here = now.links.absolute(API_CATALOG)
    apis = _apis(now)
    items = [Link("item", address) for address, _ in apis]
    body = write_linkset([(here, items), *apis], LINKSET_FORMATS[0])
    kind = LINKSET_FORMATS[0].media_type
    response = Response(body, content_type=f'{kind}; profile="{API_PROFILE}"')
    response.headers["Link"] = link_header([Link("api-catalog", here, kind, API_PROFILE), *items])
    return response


@wellknown.get("/linkset", defaults={"suffix": ""})
@wellknown.get("/linkset.<suffix>")
def linkset(suffix: str) -> Response:
    """What the site as a whole links to."""
    now = served_release()
    return _send_linkset(site_linkset(now.release.manifest, now.links), suffix)


@wellknown.get("/linkset/<path:slug>")
def linkset_of_dataset(slug: str) -> Response:
    """All links of one dataset."""
    now = served_release()
    stem, _, ending = slug.rpartition(".")
    # A whole slug before one with a suffix: it may have a dot in it.
    for name, suffix in ((slug, ""), (stem, ending)):
        dataset = find_dataset(now.release.manifest, name)
        if dataset is not None:
            return _send_linkset(dataset_linkset(now.release.manifest, dataset, now.links), suffix)
    raise Problem(HTTPStatus.NOT_FOUND, f"There is no dataset {slug}.")


@wellknown.get("/dataset/<slug>/croissant.json")
def croissant(slug: str) -> Response:
    """The tables of a dataset for programs that learn from them."""
    now = served_release()
    found: dict[str, Any] | None = None
    if any(dataset["slug"] == slug for dataset in now.publication["datasets"]):
        found = croissant_json(now.release.manifest, slug, now.links.site)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"Release {now.release.version} has no tables of {slug}.")
    return Response(json.dumps(found, ensure_ascii=False, indent=1) + "\n", content_type=_CROISSANT_TYPE)


def _apis(now: ServedRelease) -> list[tuple[str, Sequence[Link]]]:
    """Each interface by its address, with its links."""
    address = now.links.absolute
    turtle, html = TURTLE.media_type, "text/html"
    search_desc = Link("service-desc", address("opensearch.xml"), "application/opensearchdescription+xml")
    found = {
        "sparql": [
            Link("service-desc", address("sparql"), turtle),
            Link("service-doc", address(f"{LANGUAGES[0]}/sparql"), html),
        ],
        "graphs": [],
        "search.json": [search_desc, Link("service-doc", address(f"{LANGUAGES[0]}/search"), html)],
        "oai": [Link("service-desc", f"{address('oai')}?verb=Identify", "text/xml")],
        "releases.atom": [Link("service-doc", address(f"{LANGUAGES[0]}/downloads"), html)],
    }
    if "validation" in current_app.blueprints:
        found["validate"] = [Link("service-doc", address(f"{LANGUAGES[0]}/validate"), html)]
    status = Link("status", address("health"), "application/json")
    return [(address(path), [*links, *_metadata(now, path), status]) for path, links in found.items()]


def _metadata(now: ServedRelease, path: str) -> list[Link]:
    """Where the catalogue describes an interface."""
    name = _SERVICES.get(path)
    return [Link("service-meta", now.links.absolute(f"service/{name}"), TURTLE.media_type)] if name else []


def _send_linkset(contexts: Sequence[tuple[str, Sequence[Link]]], suffix: str) -> Response:
    wanted = next((known for known in LINKSET_FORMATS if known.suffix == suffix), None)
    if suffix and wanted is None:
        raise Problem(HTTPStatus.NOT_FOUND, "Sets of links are there as .json and as .txt.")
    wanted = wanted or agree_on_format(LINKSET_FORMATS)
    response = Response(write_linkset(contexts, wanted), content_type=wanted.media_type)
    if not suffix:
        response.headers["Vary"] = "Accept"
    return response
