"""One table of settings: name, default, unit, help; each is also an environment variable SAURAN_…."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sauran.kg.model.errors import UsageError
from sauran.kg.sparql.query_checks import QueryRules
from sauran.server.http.clients import Network, parse_networks
from sauran.server.http.setting_values import read_endpoints, read_flag, read_number, read_seconds, read_site
from sauran.server.query.limits import Limits
from sauran.server.query.pool import PoolSize

__all__ = ["PREFIX", "SETTINGS", "Setting", "Settings", "as_environment", "read_settings", "refuse_unknown"]

PREFIX = "SAURAN_"
_MIB = 1024 * 1024
_KEPT_FOR_LIGHT = 2  # processes that clients with heavy queries never hold all at once
_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: `used_by` is server, build or tests; only the server's are fields of `Settings`."""

    name: str
    default: str
    unit: str
    help: str
    used_by: str = "server"

    @property
    def variable(self) -> str:
        """The environment variable."""
        return PREFIX + self.name.upper()


SETTINGS = (
    Setting("releases", "releases", "folder", "The folder of releases."),
    Setting("host", "127.0.0.1", "address", "The address to listen on."),
    Setting("port", "8000", "TCP port", "The port to listen on."),
    Setting(
        "site", "", "URL", "The address that people use; needed behind a proxy.  [default: the bound address]"
    ),
    Setting("workers", "1", "processes", "How many web processes answer; each has its own query processes."),
    Setting("query_timeout_s", "10", "seconds", "How long a query may take; a client may ask for less."),
    Setting("query_memory_mb", "1024", "MiB", "How much memory a query may take beyond the release itself."),
    Setting("query_max_rows", "1000000", "rows", "How many rows or triples an answer may have."),
    Setting("query_max_mb", "256", "MiB", "How large an answer may be."),
    Setting("query_processes", "6", "processes", "How many queries a web process lets run at a time."),
    Setting(
        "query_wait_s", "2", "seconds", "How long a query waits for a free process before it gets a 503."
    ),
    Setting("query_waiting", "256", "queries", "How many may wait; the next gets a 503 at once."),
    Setting("buffer_mb", "4", "MiB", "Up to this size an answer is whole before its first byte is sent."),
    Setting("query_kb", "256", "KiB", "How long a query may be."),
    Setting("query_nesting", "64", "brackets", "How deep the brackets of a query may be nested."),
    Setting("query_operators", "500", "operators", "How long an expression or a property path may be."),
    Setting("query_parts", "200", "parts", "How many OPTIONAL, UNION, FILTER and the like a query may have."),
    Setting("query_terms", "1000", "terms", "How many terms the triples of a query may have."),
    Setting("query_iri", "4096", "characters", "How long an IRI in a query may be."),
    Setting("catalogue_page", "50", "datasets", "How many datasets a page of the catalogue has."),
    Setting(
        "service_allow",
        "",
        "IRIs",
        "The endpoints that SERVICE may name, with commas between; none by default.",
    ),
    Setting("validate_mb", "5", "MiB", "How much RDF may be sent to be validated at once."),
    Setting("validate_timeout_s", "30", "seconds", "How long a validation may take."),
    Setting("validate_memory_mb", "1024", "MiB", "How much memory a validation may take."),
    Setting("validate_processes", "2", "processes", "How many validations a web process lets run at a time."),
    Setting("cache_mb", "64", "MiB", "How much of its answers each process keeps; 0 keeps none."),
    Setting(
        "header_timeout_s", "10", "seconds", "How long a client may be silent before and between requests."
    ),
    Setting("stop_timeout_s", "15", "seconds", "How long requests may go on after SIGTERM."),
    Setting(
        "rate_per_minute", "600", "requests", "How much one client may ask in the long run; 0 is no limit."
    ),
    Setting("rate_burst", "200", "requests", "How much one client may ask at once."),
    Setting("rate_loopback", "0", "0 or 1", "1 limits clients on this machine too."),
    Setting("trusted_proxies", "", "networks", "The proxies whose X-Forwarded-For is believed."),
    Setting("metrics_from", "127.0.0.0/8, ::1", "networks", "Who may read /metrics."),
    Setting("access_log", "off", "off, stderr or a file", "Where a line for each request is written."),
    Setting("log_queries", "0", "0 or 1", "1 adds the text of queries to the access log."),
    Setting(
        "publication",
        "",
        "file",
        "The publication.toml to build from.  [default: ./publication.toml, else the packaged one]",
    ),
    Setting(
        "memory_quads", "1000000", "quads", "Above so many, a release gets a store folder.", used_by="build"
    ),
    Setting(
        "cross_check_triples",
        "100000",
        "triples",
        "Up to so many, pySHACL must agree before a dataset is published.",
        used_by="build",
    ),
    Setting("assets", "auto", "auto, require, skip", "Whether set-up builds the editor.", used_by="build"),
    Setting("shared", "", "folder", "Where the shared open data is.", used_by="tests"),
    Setting(
        "test_complete",
        "",
        "0 or 1",
        "1 forbids that a test is skipped, and makes generated examples the same on every run.",
        used_by="tests",
    ),
)


@dataclass(frozen=True)
class Settings:
    """What the server was told, checked."""

    releases: Path
    host: str
    port: int
    site: str
    workers: int
    query_timeout_s: float
    query_memory_mb: int
    query_max_rows: int
    query_max_mb: int
    query_processes: int
    query_wait_s: float
    query_waiting: int
    buffer_mb: int
    query_kb: int
    query_nesting: int
    query_operators: int
    query_parts: int
    query_terms: int
    query_iri: int
    catalogue_page: int
    service_allow: tuple[str, ...]
    validate_mb: int
    validate_timeout_s: float
    validate_memory_mb: int
    validate_processes: int
    cache_mb: int
    header_timeout_s: float
    stop_timeout_s: float
    rate_per_minute: int
    rate_burst: int
    rate_loopback: bool
    trusted_proxies: tuple[Network, ...]
    metrics_from: tuple[Network, ...]
    access_log: str
    log_queries: bool
    publication: Path | None

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return Limits(
            self.query_timeout_s,
            self.query_memory_mb,
            self.query_max_rows,
            self.query_max_mb * _MIB,
            ways_out=bool(self.service_allow),
        )

    @property
    def pool_size(self) -> PoolSize:
        """How many query processes a web process has, and how long it lets queries wait."""
        return PoolSize(
            processes=self.query_processes,
            kept_for_light=min(_KEPT_FOR_LIGHT, self.query_processes - 1),
            most_waiting=self.query_waiting,
            wait_s=self.query_wait_s,
            buffer_bytes=self.buffer_mb * _MIB,
        )

    @property
    def query_rules(self) -> QueryRules:
        """What a query may be."""
        return QueryRules(
            max_bytes=self.query_kb * 1024,
            max_nesting=self.query_nesting,
            max_operators=self.query_operators,
            max_parts=self.query_parts,
            max_terms=self.query_terms,
            max_iri=self.query_iri,
            service_allow=frozenset(self.service_allow),
        )

    @property
    def address(self) -> str:
        """The URL of this site, with its final slash: `site`, else what the server is bound to."""
        if self.site:
            return self.site.rstrip("/") + "/"
        host = "localhost" if self.host in _ANY_ADDRESS else self.host
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"


def read_settings(environment: Mapping[str, str], **given: object) -> Settings:
    """Take what is given, else the environment, else the default; None counts as not given.

    Raises: UsageError for a value that cannot be used, and for an unknown SAURAN_… variable.
    """
    refuse_unknown(environment)
    values: dict[str, str] = {}
    for setting in SETTINGS:
        said = given.get(setting.name)
        values[setting.name] = (
            environment.get(setting.variable, setting.default) if said is None else str(said)
        )
    return Settings(
        releases=Path(values["releases"]),
        host=values["host"],
        port=read_number("port", values["port"], least=1, most=65535),
        site=read_site(values["site"]),
        workers=read_number("workers", values["workers"], least=1, most=256),
        query_timeout_s=read_seconds("query_timeout_s", values["query_timeout_s"]),
        query_memory_mb=read_number("query_memory_mb", values["query_memory_mb"], least=64, most=1_048_576),
        query_max_rows=read_number("query_max_rows", values["query_max_rows"], least=1, most=10**9),
        query_max_mb=read_number("query_max_mb", values["query_max_mb"], least=1, most=65_536),
        query_processes=read_number("query_processes", values["query_processes"], least=1, most=256),
        query_wait_s=read_seconds("query_wait_s", values["query_wait_s"]),
        query_waiting=read_number("query_waiting", values["query_waiting"], least=0, most=100_000),
        buffer_mb=read_number("buffer_mb", values["buffer_mb"], least=1, most=1024),
        query_kb=read_number("query_kb", values["query_kb"], least=1, most=1024),
        query_nesting=read_number("query_nesting", values["query_nesting"], least=1, most=128),
        query_operators=read_number("query_operators", values["query_operators"], least=1, most=1000),
        query_parts=read_number("query_parts", values["query_parts"], least=1, most=500),
        query_terms=read_number("query_terms", values["query_terms"], least=1, most=2000),
        query_iri=read_number("query_iri", values["query_iri"], least=1, most=65_536),
        catalogue_page=read_number("catalogue_page", values["catalogue_page"], least=1, most=500),
        service_allow=read_endpoints(values["service_allow"]),
        validate_mb=read_number("validate_mb", values["validate_mb"], least=1, most=64),
        validate_timeout_s=read_seconds("validate_timeout_s", values["validate_timeout_s"]),
        validate_memory_mb=read_number(
            "validate_memory_mb", values["validate_memory_mb"], least=256, most=1_048_576
        ),
        validate_processes=read_number("validate_processes", values["validate_processes"], least=1, most=64),
        cache_mb=read_number("cache_mb", values["cache_mb"], least=0, most=65_536),
        header_timeout_s=read_seconds("header_timeout_s", values["header_timeout_s"]),
        stop_timeout_s=read_seconds("stop_timeout_s", values["stop_timeout_s"]),
        rate_per_minute=read_number("rate_per_minute", values["rate_per_minute"], least=0, most=10**6),
        rate_burst=read_number("rate_burst", values["rate_burst"], least=1, most=10**6),
        rate_loopback=read_flag("rate_loopback", values["rate_loopback"]),
        trusted_proxies=parse_networks("trusted_proxies", values["trusted_proxies"]),
        metrics_from=parse_networks("metrics_from", values["metrics_from"]),
        access_log=values["access_log"] or "off",
        log_queries=read_flag("log_queries", values["log_queries"]),
        publication=Path(values["publication"]) if values["publication"] else None,
    )


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment variables that make the same settings in another process."""
    return {
        setting.variable: _as_text(getattr(settings, setting.name))
        for setting in SETTINGS
        if setting.used_by == "server"
    }


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise UsageError for a SAURAN_… variable that is no setting, with the nearest that is."""
    known = {setting.variable.removeprefix(PREFIX): setting.variable for setting in SETTINGS}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known.values():
            near = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1)
            fix = f"Did you mean {known[near[0]]}?" if near else f"Known: {', '.join(known.values())}."
            raise UsageError(name, "is no setting.", fix)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
