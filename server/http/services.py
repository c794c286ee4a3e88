"""The services of an application, and the release that a request is answered from."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app, request

from sauran.server.http.assets import Assets
from sauran.server.http.metrics import MetricsCollector
from sauran.server.http.middleware import RequestLimits
from sauran.server.http.request_context import context_of
from sauran.server.http.response_cache import ResponseCache
from sauran.server.http.served_release import CurrentRelease, ServedRelease
from sauran.server.http.settings import Settings
from sauran.server.http.validation_service import Validator

__all__ = [
    "Services",
    "register_services",
    "releases_folder",
    "served_release",
    "services",
    "settings_in_use",
]

_KEY = "sauran"  # in app.extensions


@dataclass(slots=True)
class Services:
    """Settings, current release, assets, limits for clients, validator, response cache and metrics."""

    settings: Settings
    current: CurrentRelease
    assets: Assets
    limits: RequestLimits
    validator: Validator
    cache: ResponseCache
    metrics: MetricsCollector


def register_services(app: Flask, made: Services) -> None:
    """Attach its services to an application."""
    app.extensions[_KEY] = made


def services(app: Flask | None = None) -> Services:
    """The services of an application, by default of the one that answers this request."""
    found: Services = (app or current_app).extensions[_KEY]
    return found


def served_release() -> ServedRelease:
    """The release of this request, the same from its beginning to its end."""
    context = context_of(request.environ)
    if context.served_release is None:
        context.served_release = services().current.served_release()
    return context.served_release


def releases_folder() -> Path:
    """The folder of all releases."""
    return services().current.releases


def settings_in_use() -> Settings:
    """The settings of the application that answers this request."""
    return services().settings
