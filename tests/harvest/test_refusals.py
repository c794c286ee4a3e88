"""What portals refuse, shown with catalogues that are wrong in one thing: why ours is as it is."""

from collections.abc import Callable
from typing import Any

import pytest

PREFIXES = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TEA, MILK = "http://127.0.0.1:9999/dataset/tea", "http://127.0.0.1:9999/dataset/milk"
FILE = "http://127.0.0.1:9999/tea.ttl"


def dataset(iri: str, more: str = "") -> str:
    texts = f'dct:title "T"@en ; dct:description "D"@en ; dct:identifier "{iri}"'
    return f"<{iri}> a dcat:Dataset ; {texts} {more} .\n"


BOTH = PREFIXES + dataset(TEA) + dataset(MILK)


@pytest.fixture
def ckan(read: Callable[..., Any]) -> Callable[..., list[dict[str, Any]]]:
    return lambda *addresses: read("ckan", *addresses)


@pytest.fixture
def udata(read: Callable[..., Any]) -> Callable[..., list[dict[str, Any]]]:
    return lambda *addresses: read("udata", *addresses)


@pytest.mark.slow
@pytest.mark.needs("ckan")
def test_ckan_deletes_what_a_catalogue_no_longer_names(elsewhere: Any, ckan: Callable[..., Any]) -> None:
    """Why a catalogue that cannot be whole must fail, and never be shorter."""
    whole = elsewhere.answer("whole", BOTH)
    shorter = elsewhere.answer("shorter", PREFIXES + dataset(TEA))
    broken = elsewhere.answer("broken", "sorry", "text/plain", 503)
    first, failed, second = ckan(whole, broken, shorter)
    assert (set(first["datasets"]), first["deleted"], first["errors"]) == ({TEA, MILK}, [], [])
    assert (failed["datasets"], failed["deleted"]) == ({}, [])
    assert "503" in failed["errors"][0]
    assert (set(second["datasets"]), second["deleted"]) == ({TEA}, [MILK])


@pytest.mark.slow
@pytest.mark.needs("ckan")
def test_ckan_takes_nothing_where_html_is_answered(elsewhere: Any, ckan: Callable[..., Any]) -> None:
    (found,) = ckan(elsewhere.answer("page", "<!doctype html><title>T</title>", "text/html"))
    assert found["datasets"] == {}
    assert "text/html" in found["errors"][0]


@pytest.mark.slow
@pytest.mark.needs("ckan")
def test_ckan_takes_nothing_where_one_dataset_has_no_title(elsewhere: Any, ckan: Callable[..., Any]) -> None:
    """Why an older version in the catalogue is not a dataset without a description."""
    (found,) = ckan(elsewhere.answer("c", f"{BOTH}<{TEA}/1> a dcat:Dataset ."))
    assert "title" in found["errors"][0]


@pytest.mark.slow
@pytest.mark.needs("ckan")
@pytest.mark.parametrize("keyword", ["l'eau", "eau: lac", "a/b", "k"])
def test_ckan_refuses_a_dataset_with_such_a_keyword(
    elsewhere: Any, ckan: Callable[..., Any], keyword: str
) -> None:
    good, bad = (dataset(TEA, f'; dcat:keyword "{word}"@fr') for word in ("thé noir", keyword))
    right, wrong = ckan(elsewhere.answer("good", PREFIXES + good), elsewhere.answer("bad", PREFIXES + bad))
    assert right["faults"] == {}
    assert [*wrong["faults"][TEA]] == ["tags"]


@pytest.mark.slow
@pytest.mark.needs("udata")
def test_udata_refuses_checksums_as_dcat_ap_wants_them(elsewhere: Any, udata: Callable[..., Any]) -> None:
    """Why there is a profile without them."""
    file = f'<{FILE}#it> a dcat:Distribution ; dcat:downloadURL <{FILE}> ; dct:title "F" '
    sum_ = (
        f'<{FILE}#sum> spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue "ab"^^xsd:hexBinary'
    )
    plain = PREFIXES + dataset(TEA, f"; dcat:distribution <{FILE}#it>") + file
    without, with_ = udata(
        elsewhere.answer("without", f"{plain} ."),
        elsewhere.answer("with", f"{plain} ; spdx:checksum <{FILE}#sum> . {sum_} ."),
    )
    assert [item["status"] for item in without["items"]] == ["done"]
    assert [item["status"] for item in with_["items"]] == ["failed"]
    assert "checksum.value" in with_["items"][0]["errors"][0]


@pytest.mark.slow
@pytest.mark.needs("udata")
def test_udata_follows_no_redirect(elsewhere: Any, udata: Callable[..., Any]) -> None:
    whole = elsewhere.answer("whole", BOTH)
    moved, found = udata(elsewhere.answer("moved", whole, status=302), whole)
    assert (moved["status"], moved["items"]) == ("failed", [])
    assert (found["status"], set(found["datasets"])) == ("done", {TEA, MILK})


@pytest.mark.slow
@pytest.mark.needs("udata")
def test_udata_takes_what_a_dataset_has_as_parts_for_files_of_it(
    elsewhere: Any, udata: Callable[..., Any]
) -> None:
    """Why that profile says only of each part what it is part of."""
    (found,) = udata(
        elsewhere.answer("c", PREFIXES + dataset(TEA, f"; dct:hasPart <{MILK}>") + dataset(MILK))
    )
    assert [file["url"] for file in found["datasets"][TEA]["resources"]] == [MILK]
    assert found["datasets"][MILK]["resources"] == []


@pytest.mark.slow
@pytest.mark.needs("udata")
def test_udata_reads_a_period_only_where_it_has_no_address(elsewhere: Any, udata: Callable[..., Any]) -> None:
    """It would fetch the address, and look for the dates there."""
    dates = 'dcat:startDate "1991-01-01"^^xsd:date ; dcat:endDate "2025-12-31"^^xsd:date'
    blank = dataset(TEA, f"; dct:temporal [ a dct:PeriodOfTime ; {dates} ]")
    named = dataset(TEA, f"; dct:temporal <{TEA}#period>") + f"<{TEA}#period> a dct:PeriodOfTime ; {dates} ."
    (anonymous,) = udata(elsewhere.answer("blank", PREFIXES + blank))
    (addressed,) = udata(elsewhere.answer("named", PREFIXES + named))
    assert anonymous["datasets"][TEA]["temporal"] == {"start": "1991-01-01", "end": "2025-12-31"}
    assert addressed["datasets"][TEA]["temporal"] is None


@pytest.mark.slow
@pytest.mark.needs("udata")
def test_udata_reads_turtle_as_latin_1_unless_it_is_told(elsewhere: Any, udata: Callable[..., Any]) -> None:
    """Why each answer names its charset."""
    tea = PREFIXES + dataset(TEA, '; dcat:keyword "thé"@fr')
    told, untold = udata(
        elsewhere.answer("told", tea, "text/turtle; charset=utf-8"), elsewhere.answer("untold", tea)
    )
    assert told["datasets"][TEA]["tags"] == ["the"]
    assert untold["datasets"][TEA]["tags"] != ["the"]
