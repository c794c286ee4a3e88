"""The application factory: blueprints, middleware and services put together."""

import math
import os

from flask import Flask, Response, request

from sauran.kg.validate import Limits
from sauran.server.api.catalogue import catalogue
from sauran.server.api.conformance import conformance
from sauran.server.api.discovery.crawlers import crawlers
from sauran.server.api.discovery.signposting import register_signposts
from sauran.server.api.discovery.wellknown import wellknown
from sauran.server.api.downloads import downloads
from sauran.server.api.feed import feed
from sauran.server.api.graph_store import graph_store
from sauran.server.api.health import health
from sauran.server.api.oai.provider import oai
from sauran.server.api.resources import resources
from sauran.server.api.sparql_endpoint import SparqlEndpoint
from sauran.server.http.access_log import open_access_log
from sauran.server.http.assets import read_assets
from sauran.server.http.languages import register_languages
from sauran.server.http.metrics import (
    MetricsCollector,
    MetricsExporter,
    ProcessCounters,
    SharedCounters,
    cache_metrics,
    cells_of,
    pool_metrics,
)
from sauran.server.http.middleware import RequestLimits, RequestMiddleware
from sauran.server.http.problems import register_problems
from sauran.server.http.request_context import context_of
from sauran.server.http.response_cache import ResponseCache, ResponseCacheMiddleware
from sauran.server.http.response_headers import SECURITY_HEADERS, register_response_headers
from sauran.server.http.served_release import CurrentRelease
from sauran.server.http.services import Services, register_services, services
from sauran.server.http.settings import Settings
from sauran.server.http.validation_service import Validator
from sauran.server.profiles.briefing.claims import claims
from sauran.server.profiles.briefing.doubts import doubts
from sauran.server.site.frame import register_frame
from sauran.server.site.pages.about import about
from sauran.server.site.pages.catalogue_page import catalogue_page
from sauran.server.site.pages.home import browse
from sauran.server.site.problem_page import problem_page
from sauran.server.site.resource.things import things
from sauran.server.site.search.search import search
from sauran.server.site.sparql.sparql_page import sparql_page
from sauran.server.site.validation_page import VALIDATE_PATHS, validation
from sauran.server.site.visual.pictures import pictures
from sauran.server.site.vocabulary.vocabulary_pages import vocabulary

__all__ = ["create_app"]

_MOST_BODY_BYTES = 1024 * 1024  # far above any handwritten query
_MOST_RESULTS, _MOST_ANSWER_MB = 10_000, 32  # of one validation


def create_app(settings: Settings, counters: SharedCounters | None = None) -> Flask:
    """Make the application for the current release; it reports its metrics to the counters.

    Raises: ReleaseError when there is no release.
    """
    app = Flask("sauran.server")
    # Werkzeug's own redirects would trust the Host header and leave out the path of the site.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BODY_BYTES
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    for blueprint in (
        resources,
        catalogue,
        catalogue_page,
        browse,
        things,
        vocabulary,
        claims,
        doubts,
        pictures,
        search,
        sparql_page,
        validation,
        graph_store,
        downloads,
        conformance,
        about,
        feed,
        oai,
        wellknown,
        crawlers,
        health,
    ):
        app.register_blueprint(blueprint)
    register_languages(app)
    register_problems(app, problem_page)
    app.before_request(_begin_request)
    app.after_request(_add_security_headers)
    register_signposts(app)
    register_response_headers(app)
    register_frame(app)
    counters = counters or SharedCounters.private()
    process_counters = counters.claim()
    built = _make_services(settings, counters, process_counters)
    register_services(app, built)
    _wrap(app, settings, built, process_counters)
    return app


def _make_services(
    settings: Settings, counters: SharedCounters, process_counters: ProcessCounters
) -> Services:
    """Open the release, and connect the sources of metrics."""
    current, cache = CurrentRelease(settings), ResponseCache(settings.cache_mb * 1024 * 1024)
    exporter = MetricsExporter(
        process_counters, lambda: pool_metrics(current.served_release().pool), lambda: cache_metrics(cache)
    )
    limits = RequestLimits(
        rate_per_minute=settings.rate_per_minute,
        rate_burst=settings.rate_burst,
        rate_loopback=settings.rate_loopback,
        most_body_bytes=_MOST_BODY_BYTES,
        trusted_proxies=settings.trusted_proxies,
        log_queries=settings.log_queries,
        larger_bodies=dict.fromkeys(VALIDATE_PATHS, settings.validate_mb * 1024 * 1024),
    )
    return Services(
        settings,
        current,
        read_assets(),
        limits,
        _make_validator(settings, process_counters),
        cache,
        MetricsCollector(counters, exporter),
    )


def _wrap(app: Flask, settings: Settings, built: Services, process_counters: ProcessCounters) -> None:
    """Wrap the application in the SPARQL endpoint, this in the cache, and this in the request middleware."""
    plain = app.wsgi_app
    endpoint = SparqlEndpoint(plain, settings.service_allow, built.limits.most_body_bytes)
    inner = ResponseCacheMiddleware(endpoint, built.current, built.cache)
    log = open_access_log(settings.access_log)
    app.wsgi_app = RequestMiddleware(inner, plain, built.limits, process_counters, log)  # type: ignore[method-assign]


def _make_validator(settings: Settings, process_counters: ProcessCounters) -> Validator:
    limits = Limits(
        timeout_s=settings.validate_timeout_s,
        cpu_s=math.ceil(settings.validate_timeout_s * (os.cpu_count() or 1)),
        memory_mb=settings.validate_memory_mb,
        file_mb=settings.validate_mb,
        results=_MOST_RESULTS,
        answer_mb=_MOST_ANSWER_MB,
    )
    cells = {name: cell for name, cell in cells_of().items() if name.startswith("sauran_validations_total")}
    return Validator(
        limits,
        settings.validate_processes,
        lambda outcome: process_counters.add((cells[f'sauran_validations_total{{outcome="{outcome}"}}'], 1)),
    )


def _begin_request() -> None:
    """Raise the error that an outer layer has found; limit the body to what the path allows."""
    request.max_content_length = services().limits.most_body(request.path)
    error = context_of(request.environ).error
    if error is not None:
        raise error


def _add_security_headers(response: Response) -> Response:
    response.headers.update(SECURITY_HEADERS)
    return response
