"""/catalogue page by page, as harvesters and people follow it."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest
from catalogue_support import read, write_release
from flask.testing import FlaskClient
from page_support import section, words
from rdflib import RDF, Graph, Namespace
from web_support import client_over

from sauran.kg.release.release import Release

BASE = "https://w3id.org/sauran/"
# That of rdflib knows DCAT 2 only.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SITE = "http://127.0.0.1:8000/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, briefing: Release) -> Iterator[FlaskClient]:
    """A client of a release of 23 datasets, ten on a page; only the manifest knows of them."""
    releases = tmp_path_factory.mktemp("many")
    write_release(briefing, releases, 23)
    with client_over(releases, catalogue_page=10) as client:
        yield client


def follow(client: FlaskClient, path: str, **headers: str) -> list[Graph]:
    """Read page after page, as CKAN and uData do: the text of hydra:next at a node of a class they know."""
    pages, address = [], path
    while address:
        pages.append(read(client, address, **headers))
        (view,) = pages[-1].subjects(RDF.type, HYDRA.PartialCollectionView)
        following = pages[-1].value(view, HYDRA.next)
        address = str(following or "").removeprefix("http://127.0.0.1:8000")
        assert len(pages) < 10
    return pages


@pytest.mark.parametrize(
    "path", ["/catalogue", "/catalog", "/catalogue.rdf", "/catalogue.jsonld?profile=udata"]
)
def test_all_pages_together_have_every_dataset_once(many: FlaskClient, path: str) -> None:
    pages = follow(many, path, Accept="*/*")
    datasets = [dataset for page in pages for dataset in page.subjects(RDF.type, DCAT.Dataset)]
    assert len(pages) == 3
    assert len(datasets) == len(set(datasets)) == 24
    for page in pages:
        (total,) = page.objects(None, HYDRA.totalItems)
        assert int(str(total)) == 24
        listed = set(page.objects(None, DCAT.dataset))
        assert listed == set(page.subjects(RDF.type, DCAT.Dataset))
        for relation in ("first", "last"):
            assert len(list(page.objects(None, HYDRA[relation]))) == 1


def test_pages_keep_to_the_format_and_profile_that_the_first_is_in(many: FlaskClient) -> None:
    first = many.get("/catalogue.rdf?profile=udata&modified_since=2020-01-01T10:00:00")
    following = re.findall(r'<([^<>]*)>; rel="next"', ", ".join(first.headers.getlist("Link")))
    assert len(following) == 1
    parts = urlsplit(following[0])
    assert (parts.scheme, parts.netloc, parts.path) == ("http", "127.0.0.1:8000", "/catalogue.rdf")
    query = parse_qs(parts.query)
    of = query.pop("release")
    assert query == {"profile": ["udata"], "modified_since": ["2020-01-01"], "page": ["2"]}
    assert of == [many.get("/health").json["release"]]  # type: ignore[index]
    second = many.get(f"{parts.path}?{parts.query}")
    assert second.content_type == first.content_type == "application/rdf+xml"
    links = ", ".join(second.headers.getlist("Link"))
    assert {'rel="prev"', 'rel="next"', 'rel="first"', 'rel="last"'} <= set(re.findall(r'rel="\w+"', links))


def test_a_profile_chosen_by_header_stays_chosen_on_the_next_page(many: FlaskClient) -> None:
    asked = {"Accept-Profile": "<https://schema.org/>"}
    links = ", ".join(many.get("/catalogue.nt", headers=asked).headers.getlist("Link"))
    (following,) = re.findall(r'<([^<>]*)>; rel="next"', links)
    assert parse_qs(urlsplit(following).query)["profile"] == ["schema.org"]


def test_a_catalogue_of_one_page_speaks_of_no_pages(client: FlaskClient) -> None:
    response = client.get("/catalogue.nt?page=1")
    assert response.status_code == 200
    assert b"hydra" not in response.data
    assert 'rel="next"' not in ", ".join(response.headers.getlist("Link"))


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("page=0", 404, "The catalogue has no page 0."),
        ("page=99", 404, "The catalogue has no page 99."),
        ("page=x", 400, "page takes a number from 1, not 'x'."),
        ("page=-1", 400, "page takes a number from 1, not '-1'."),
        ("page=²", 400, "page takes a number from 1, not '²'."),
        ("page=12345678901", 400, "page takes a number from 1, not '12345678901'."),
        ("page=2&release=0.9", 410, None),
        ("modified_since=yesterday", 400, "modified_since takes a day as 2026-11-22, not 'yesterday'."),
    ],
)
def test_a_page_that_is_none_is_an_error_and_no_shorter_list(
    many: FlaskClient, query: str, status: int, detail: str | None
) -> None:
    """Whoever harvests deletes what is missing: an empty page must not look like a good one."""
    response = many.get(f"/catalogue?{query}")
    assert response.status_code == status
    assert response.json is not None
    if status == HTTPStatus.GONE:
        now = many.get("/health").json["release"]  # type: ignore[index]
        detail = f"This is a page of release '0.9'; now it is {now}. Begin again with the first page."
    assert response.json["detail"] == detail


def test_people_turn_pages_too(many: FlaskClient) -> None:
    first, last = many.get("/en/catalogue").text, many.get("/en/catalogue?page=3").text
    assert 'rel="next" href="/en/catalogue?page=2"' in first
    assert "24 datasets · page 1 of 3" in words(first)
    assert 'rel="prev" href="/en/catalogue?page=2"' in last
    assert 'rel="next"' not in last


def test_one_page_has_no_pager(client: FlaskClient, many: FlaskClient) -> None:
    assert 'class="pager"' in many.get("/en/catalogue").text
    assert 'class="pager"' not in client.get("/en/catalogue").text


@pytest.mark.parametrize(("language", "everything"), [("en", "Everything"), ("kk", "Барлығы")])
def test_the_page_leads_to_services_and_to_what_is_new(
    client: FlaskClient, language: str, everything: str
) -> None:
    text = client.get(f"/{language}/catalogue").text
    for name in ("services", "new"):
        addresses = re.findall(r'href="([^"]+)"', section(text, name))
        assert len(addresses) == (5 if name == "services" else 3)
        for address in addresses:
            assert client.get(address, follow_redirects=True).status_code == 200
    assert "/catalogue.ttl?modified_since=2026-11-22" in section(text, "new")
    for page in ("catalogue", "downloads"):
        assert f">{everything}<" in client.get(f"/{language}/{page}").text
