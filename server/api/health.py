"""/health: whether this server answers, and from which release; /metrics: in numbers."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from sauran.kg.model.errors import SauranError
from sauran.kg.model.formats import JSON
from sauran.server.http.clients import is_within
from sauran.server.http.executor import run
from sauran.server.http.problems import Problem
from sauran.server.http.request_context import context_of
from sauran.server.http.response_headers import NO_STORE, send_as_is
from sauran.server.http.services import served_release, services, settings_in_use
from sauran.server.query.question import Question

__all__ = ["health"]

health = Blueprint("health", __name__)
_ANYTHING = Question("ASK { GRAPH ?graph { ?subject ?predicate ?object } }", JSON)
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@health.get("/health")
@health.get("/health/ready")
def ready() -> Response:
    """The state, as JSON; the store is asked, not only the process."""
    now = served_release()
    try:
        run(now, _ANYTHING)
    except SauranError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), {"Retry-After": "1"}) from error
    return jsonify(status="ok", release=now.release.version, triples=now.release.union_triples)


@health.get("/health/live")
def live() -> Response:
    """Whether this process answers at all; no store is asked."""
    return jsonify(status="ok")


@health.get("/metrics")
def metrics() -> Response:
    """The numbers of all web processes together.

    Raises: Problem 403 for who is not in the setting metrics_from.
    """
    address = context_of(request.environ).address
    # A proxy that is not trusted speaks for anybody.
    unknown = "X-Forwarded-For" in request.headers and str(address) == request.remote_addr
    if unknown or not is_within(address, settings_in_use().metrics_from):
        raise Problem(HTTPStatus.FORBIDDEN, "Metrics are only for the networks of SAURAN_METRICS_FROM.")
    return Response(services().metrics.read(served_release().release.version), content_type=_METRICS_TYPE)


@health.after_request
def _not_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = NO_STORE
    return send_as_is(response)
