"""IRI <-> address: identifiers below base, addresses below site."""

import pytest

from sauran.server.http.links import Links

BASE = "https://w3id.org/sauran/"
LINKS = Links(BASE, "http://127.0.0.1:8000/")
BEHIND = Links(BASE, "https://example.org/kg/")


@pytest.mark.parametrize(
    ("iri", "address", "page"),
    [
        ("id/kazakhstan", "/id/kazakhstan", "/en/doc/kazakhstan"),
        (
            "id/source/kazakhstan-security/claim/c047",
            "/id/source/kazakhstan-security/claim/c047",
            "/en/doc/source/kazakhstan-security/claim/c047",
        ),
        ("id/time/2022#end", "/id/time/2022#end", "/en/doc/time/2022#end"),
        ("ontology", "/ontology", "/en/ontology"),
        ("ontology#Claim", "/ontology#Claim", "/en/ontology#Claim"),
        ("shapes#ClaimShape", "/shapes#ClaimShape", "/en/shapes#ClaimShape"),
        ("ontology/alignments", "/ontology/alignments", "/ontology/alignments"),
        ("dataset/kazakhstan", "/dataset/kazakhstan", "/en/dataset/kazakhstan"),
        ("graph/kazakhstan/derived", "/graph/kazakhstan/derived", "/graph/kazakhstan/derived"),
        ("id/a b", "/id/a%20b", "/en/doc/a%20b"),
        ("id/é", "/id/%C3%A9", "/en/doc/%C3%A9"),
    ],
)
def test_our_iris_have_addresses_on_this_site(iri: str, address: str, page: str) -> None:
    assert (LINKS.address(BASE + iri), LINKS.page(BASE + iri, "en")) == (address, page)
    assert (BEHIND.address(BASE + iri), BEHIND.page(BASE + iri, "en")) == (f"/kg{address}", f"/kg{page}")


@pytest.mark.parametrize(
    ("iri", "page"),
    [
        ("http://www.wikidata.org/entity/Q232", "http://www.wikidata.org/entity/Q232"),
        ("https://w3id.org/sauranx", "https://w3id.org/sauranx"),
        ("javascript:alert(1)", None),
        ("urn:x:y", None),
        ("mailto:a@b", None),
    ],
)
def test_iris_of_others_lead_to_the_web_or_nowhere(iri: str, page: str | None) -> None:
    assert (LINKS.address(iri), LINKS.document(iri), LINKS.page(iri, "en")) == (None, None, page)


@pytest.mark.parametrize(
    ("path", "iri"),
    [
        ("doc/kazakhstan", BASE + "id/kazakhstan"),
        ("id/kazakhstan", BASE + "id/kazakhstan"),
        ("dataset/kazakhstan", BASE + "dataset/kazakhstan"),
        ("doc/a b", None),
        ("doc/a>b", None),
        ("doc/a\nb", None),
    ],
)
def test_a_path_names_the_iri_it_describes(path: str, iri: str | None) -> None:
    assert LINKS.iri(path) == iri


def test_absolute_addresses_use_the_site_not_the_base() -> None:
    assert BEHIND.absolute("dumps/all.nq") == "https://example.org/kg/dumps/all.nq"
