"""/catalogue?modified_since=: what a portal that comes back has not seen yet."""

from pathlib import Path

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import DCAT, DCTERMS, FOAF
from web_support import client_over

from sauran.server.api.catalogue import read_day

BASE = "http://127.0.0.1:7777/"


def listed(client: FlaskClient, since: str) -> tuple[set[str], rdflib.Graph]:
    response = client.get("/catalogue.nt", query_string={"modified_since": since})
    assert response.status_code == 200
    graph = rdflib.Graph().parse(data=response.data, format="nt")
    catalogue = rdflib.URIRef(f"{BASE}catalogue")
    assert (catalogue, rdflib.RDF.type, DCAT.Catalog) in graph
    return {str(dataset) for dataset in graph.objects(catalogue, DCAT.dataset)}, graph


# The newest release is of 24 December; what it says of its datasets changed last on 22 November.
@pytest.mark.parametrize(
    ("since", "there"),
    [
        ("2026-11-22", True),
        ("2026-11-30", True),
        ("2026-12-24", True),
        ("2026-12-24T18:00:00Z", True),
        ("2026-12-25T02:00:00+05:00", True),
        ("2026-12-25", False),
    ],
)
def test_what_was_released_since_is_listed_whenever_it_was_written(
    history: Path, since: str, *, there: bool
) -> None:
    with client_over(history) as client:
        datasets, graph = listed(client, since)
    assert datasets == ({f"{BASE}dataset/all", f"{BASE}dataset/harbour"} if there else set())
    records = {
        str(graph.value(record, FOAF.primaryTopic)): record for record in graph.objects(None, DCAT.record)
    }
    assert set(records) == datasets
    for record in records.values():
        assert str(graph.value(record, DCTERMS.modified)) == "2026-12-24"


def test_what_is_no_day_is_refused(history: Path) -> None:
    with client_over(history) as client:
        response = client.get("/catalogue.ttl?modified_since=yesterday")
        assert response.status_code == 400
        assert response.json is not None
        assert response.json["detail"] == "modified_since takes a day as 2026-11-22, not 'yesterday'."
        assert client.get("/catalogue.ttl?modified_since=0001-01-01T00:00:00%2B14:00").status_code == 400


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-22", "2026-11-22"),
        ("2026-11-22T23:59:59", "2026-11-22"),
        ("2026-11-22T23:59:59Z", "2026-11-22"),
        ("2026-11-22T23:00:00-05:00", "2026-11-23"),
        ("2026-11-23T02:00:00+05:00", "2026-11-22"),
        ("2026-11-22 10:00:00.123456+00:00", "2026-11-22"),
    ],
)
def test_a_day_is_read_in_utc_whatever_offset_it_is_written_with(said: str, day: str) -> None:
    assert read_day(said) == day


@pytest.mark.parametrize("said", ["", "yesterday", "2026-02-30", "22/11/2026", "0001-01-01T00:00:00+14:00"])
def test_anything_else_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        read_day(said)
