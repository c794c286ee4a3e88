"""What an application is put together from, and lives as long as it does; reached by services()."""

from dataclasses import dataclass

from flask import Flask, current_app

from sauran.server.http.assets import Assets
from sauran.server.http.current_edition import Current
from sauran.server.http.metrics import Meter
from sauran.server.http.middleware import Rules
from sauran.server.http.response_cache import Cache
from sauran.server.http.settings import Settings
from sauran.server.http.validator import Validator

__all__ = ["Services", "register_services", "services"]

_KEY = "sauran"  # in app.extensions


@dataclass(slots=True)
class Services:
    """Settings, the release in use, assets, rules for clients, the validator, cache and metrics."""

    settings: Settings
    current: Current
    assets: Assets
    rules: Rules
    validator: Validator
    cache: Cache
    meter: Meter


def register_services(app: Flask, made: Services) -> None:
    """Let an application have its services."""
    app.extensions[_KEY] = made


def services(app: Flask | None = None) -> Services:
    """The services of an application; without one those of the application that answers this request."""
    found: Services = (app or current_app).extensions[_KEY]
    return found
