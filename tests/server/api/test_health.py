"""/health and /metrics: what a load balancer and Prometheus ask."""

import pytest
from flask.testing import FlaskClient
from web_support import client_over

from sauran.kg.model.errors import Busy
from sauran.kg.release.release import Release
from sauran.server.api import health as module


def test_health_names_the_release(client: FlaskClient, briefing: Release) -> None:
    triples = briefing.union_triples
    for path in ("/health", "/health/ready"):
        response = client.get(path)
        assert response.json == {"status": "ok", "release": briefing.version, "triples": triples}
        assert response.headers["Cache-Control"] == "no-store"


def test_live_asks_no_store_and_ready_says_when_it_does_not_answer(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> bytes:
        raise Busy(1, "all are busy.")

    monkeypatch.setattr(module, "run", busy)
    assert client.get("/health/live").json == {"status": "ok"}
    response = client.get("/health/ready")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert "all are busy." in response.text


def test_metrics_tell_of_requests_queries_cache_and_release(briefing: Release) -> None:
    with client_over(briefing.folder.parent) as client:
        for _ in range(3):
            client.get("/sparql?query=ASK%7B%7D")
        client.get("/nothing")
        response = client.get("/metrics")
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    lines = response.text.splitlines()
    for line in (
        'sauran_requests_total{family="sparql",method="GET",status="2xx"} 3',
        'sauran_requests_total{family="other",method="GET",status="4xx"} 1',
        'sauran_request_seconds_count{family="sparql"} 3',
        "sauran_requests_in_flight 1",
        "sauran_queries_answered_total 1",
        "sauran_query_processes 3",
        "sauran_cache_hits_total 2",
        f'sauran_release_info{{version="{briefing.version}"}} 1',
    ):
        assert line in lines, line


@pytest.mark.parametrize(
    ("remote", "forwarded", "status"),
    [
        ("127.0.0.1", "", 200),
        ("::1", "", 200),
        ("203.0.113.1", "", 403),
        ("10.0.0.1", "", 200),
        ("127.0.0.9", "203.0.113.1", 403),
        ("127.0.0.1", "203.0.113.1", 403),
        ("127.0.0.9", "10.0.0.1", 200),
    ],
)
def test_metrics_are_for_some_networks(briefing: Release, remote: str, forwarded: str, status: int) -> None:
    networks = {"metrics_from": "127.0.0.0/8, ::1, 10.0.0.0/8", "trusted_proxies": "127.0.0.9"}
    with client_over(briefing.folder.parent, **networks) as client:
        response = client.get(
            "/metrics",
            headers={"X-Forwarded-For": forwarded} if forwarded else {},
            environ_base={"REMOTE_ADDR": remote},
        )
    assert response.status_code == status
