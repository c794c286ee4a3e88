"""All settings, each declared once: variable, parsing, help and documentation follow from its declaration."""
# ruff: noqa: RUF009 (setting() makes a field, which ruff knows of dataclasses.field only)

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sauran.kg.model.errors import UsageError
from sauran.server.http.clients import Network, parse_networks
from sauran.server.http.setting_types import (
    PREFIX,
    Setting,
    WholeNumber,
    declared,
    read_declared,
    read_endpoints,
    read_flag,
    read_folder,
    read_log,
    read_optional_file,
    read_seconds,
    read_site,
    read_text,
    setting,
)

__all__ = [
    "SETTINGS",
    "BuildSettings",
    "Settings",
    "ToolSettings",
    "as_environment",
    "read_build_settings",
    "read_settings",
    "refuse_unknown",
]

_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)


@dataclass(frozen=True)
class Settings:
    """The settings of the server, checked."""

    releases: Path = setting(
        "releases",
        "folder",
        read_folder,
        "The folder of releases.",
        commands=("build", "query", "serve"),
    )
    host: str = setting("127.0.0.1", "address", read_text, "The address to listen on.", commands=("serve",))
    port: int = setting(
        "8000", "TCP port", WholeNumber(1, 65535), "The port to listen on.", commands=("serve",)
    )
    site: str = setting(
        "",
        "URL",
        read_site,
        "The public address of the site. Required behind a proxy.",
        described_default="the bound address",
        commands=("serve",),
    )
    workers: int = setting(
        "1",
        "processes",
        WholeNumber(1, 256),
        "The number of web processes. Each has its own query processes.",
        commands=("serve",),
    )
    query_timeout_s: float = setting(
        "10", "seconds", read_seconds, "The longest time a query may run. A client may ask for less."
    )
    query_memory_mb: int = setting(
        "1024",
        "MiB",
        WholeNumber(64, 1_048_576),
        "The most memory a query may use in addition to the release itself.",
    )
    query_max_rows: int = setting(
        "1000000", "rows", WholeNumber(1, 10**9), "The most rows or triples an answer may have."
    )
    query_max_mb: int = setting("256", "MiB", WholeNumber(1, 65_536), "The largest size of an answer.")
    query_processes: int = setting(
        "6",
        "processes",
        WholeNumber(1, 256),
        "The number of queries that a web process runs at the same time.",
    )
    query_wait_s: float = setting(
        "2",
        "seconds",
        read_seconds,
        "How long a query waits for a free process before the client gets a 503.",
    )
    query_waiting: int = setting(
        "256",
        "queries",
        WholeNumber(0, 100_000),
        "The number of queries that may wait. Further ones get a 503 at once.",
    )
    buffer_mb: int = setting(
        "4",
        "MiB",
        WholeNumber(1, 1024),
        "Answers up to this size are completed before their first byte is sent.",
    )
    catalogue_page: int = setting(
        "50", "datasets", WholeNumber(1, 500), "The number of datasets on a page of the catalogue."
    )
    service_allow: tuple[str, ...] = setting(
        "",
        "IRIs",
        read_endpoints,
        "The endpoints that SERVICE may name, separated by commas. None by default.",
    )
    validate_mb: int = setting(
        "5", "MiB", WholeNumber(1, 64), "The most RDF that one validation request may send."
    )
    validate_timeout_s: float = setting(
        "30", "seconds", read_seconds, "The longest time a validation may run."
    )
    validate_memory_mb: int = setting(
        "1024", "MiB", WholeNumber(256, 1_048_576), "The most memory a validation may use."
    )
    validate_processes: int = setting(
        "2",
        "processes",
        WholeNumber(1, 64),
        "The number of validations that a web process runs at the same time.",
    )
    cache_mb: int = setting(
        "64", "MiB", WholeNumber(0, 65_536), "The size of each process's cache of answers. 0 turns it off."
    )
    header_timeout_s: float = setting(
        "10",
        "seconds",
        read_seconds,
        "How long a client may send nothing before a request and between requests.",
    )
    stop_timeout_s: float = setting(
        "15", "seconds", read_seconds, "How long running requests may take to finish after SIGTERM."
    )
    rate_per_minute: int = setting(
        "600",
        "requests",
        WholeNumber(0, 10**6),
        "The number of requests per minute that one client may send over time. 0 means no limit.",
    )
    rate_burst: int = setting(
        "200", "requests", WholeNumber(1, 10**6), "The number of requests that one client may send at once."
    )
    rate_loopback: bool = setting("0", "0 or 1", read_flag, "1 also limits clients on this machine.")
    trusted_proxies: tuple[Network, ...] = setting(
        "", "networks", parse_networks, "The proxies whose X-Forwarded-For header is trusted."
    )
    metrics_from: tuple[Network, ...] = setting(
        "127.0.0.0/8, ::1", "networks", parse_networks, "The networks that may read /metrics."
    )
    access_log: str = setting(
        "off", "off, stderr or a file", read_log, "Where to write one line for each request."
    )
    log_queries: bool = setting("0", "0 or 1", read_flag, "1 adds the text of queries to the access log.")
    publication: Path | None = setting(
        "",
        "file",
        read_optional_file,
        "The publication.toml to use.",
        described_default="./publication.toml, else the packaged one",
        commands=("build", "evidence", "query", "serve", "validate"),
    )

    @property
    def address(self) -> str:
        """The URL of this site, with a final slash: `site`, else the bound address."""
        if self.site:
            return self.site.rstrip("/") + "/"
        host = "localhost" if self.host in _ANY_ADDRESS else self.host
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"


@dataclass(frozen=True)
class BuildSettings:
    """The settings of a build, checked."""

    memory_quads: int = setting(
        "1000000",
        "quads",
        WholeNumber(0, 10**12),
        "Releases with more quads than this are served from disk instead of memory.",
        commands=("build",),
    )
    cross_check_triples: int = setting(
        "100000",
        "triples",
        WholeNumber(0, 10**12),
        "Datasets up to this size must also pass pySHACL before a release is built.",
        commands=("build",),
    )


@dataclass(frozen=True)
class ToolSettings:
    """Settings that set-up and the tests read by themselves; declared so that commands accept them."""

    assets: str = setting(
        "auto", "auto, require, skip", read_text, "Whether to build the query editor during set-up."
    )
    shared: str = setting("", "folder", read_text, "The folder of the shared open data.")
    test_complete: str = setting(
        "", "0 or 1", read_text, "1 fails skipped tests and makes generated examples the same on every run."
    )


SETTINGS = (*declared(Settings), *declared(BuildSettings), *declared(ToolSettings))


def read_settings(environment: Mapping[str, str], **given: object) -> Settings:
    """Read each setting: the given value, else the environment, else the default; None is not given.

    Raises: UsageError for a value that cannot be used, and for an unknown SAURAN_… variable.
    """
    refuse_unknown(environment)
    return read_declared(Settings, environment, given)


def read_build_settings(environment: Mapping[str, str], **given: object) -> BuildSettings:
    """Read the settings of a build, as `read_settings` does.

    Raises: UsageError for a value that cannot be used.
    """
    return read_declared(BuildSettings, environment, given)


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment variables that give another process the same settings."""
    return {one.variable: _as_text(getattr(settings, one.name)) for one in declared(settings)}


def refuse_unknown(environment: Mapping[str, str], settings: Iterable[Setting] = SETTINGS) -> None:
    """Raise UsageError for a SAURAN_… variable that is not a setting, with the nearest name."""
    known = {one.variable.removeprefix(PREFIX): one.variable for one in settings}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known.values():
            near = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1)
            fix = f"Did you mean {known[near[0]]}?" if near else f"Known: {', '.join(known.values())}."
            raise UsageError(name, "is not a known setting.", fix)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
