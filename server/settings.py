"""One table of settings: name, default, unit, help; each is also an environment variable SAURAN_…."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kg.errors import UsageError
from server.engine.limits import Limits
from server.engine.pool import PoolSize

__all__ = ["PREFIX", "SETTINGS", "Setting", "Settings", "as_environment", "read_settings", "refuse_unknown"]

PREFIX = "SAURAN_"
_MIB = 1024 * 1024
_MOST_SECONDS = 3600
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
    Setting(
        "publication",
        "",
        "file",
        "The publication.toml to build from.  [default: ./publication.toml, else the packaged one]",
    ),
    Setting(
        "memory_quads", "1000000", "quads", "Above so many, a release gets a store folder.", used_by="build"
    ),
    Setting("shared", "", "folder", "Where the shared open data is.", used_by="tests"),
    Setting("test_complete", "", "0 or 1", "1 forbids that a test is skipped.", used_by="tests"),
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
    publication: Path | None

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return Limits(
            self.query_timeout_s, self.query_memory_mb, self.query_max_rows, self.query_max_mb * _MIB
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
        port=_number("port", values["port"], least=1, most=65535),
        site=_site(values["site"]),
        workers=_number("workers", values["workers"], least=1, most=256),
        query_timeout_s=_seconds("query_timeout_s", values["query_timeout_s"]),
        query_memory_mb=_number("query_memory_mb", values["query_memory_mb"], least=64, most=1_048_576),
        query_max_rows=_number("query_max_rows", values["query_max_rows"], least=1, most=10**9),
        query_max_mb=_number("query_max_mb", values["query_max_mb"], least=1, most=65_536),
        query_processes=_number("query_processes", values["query_processes"], least=1, most=256),
        query_wait_s=_seconds("query_wait_s", values["query_wait_s"]),
        query_waiting=_number("query_waiting", values["query_waiting"], least=0, most=100_000),
        buffer_mb=_number("buffer_mb", values["buffer_mb"], least=1, most=1024),
        publication=Path(values["publication"]) if values["publication"] else None,
    )


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment variables that make the same settings in another process."""
    return {
        setting.variable: str(getattr(settings, setting.name) or "")
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


def _number(name: str, text: str, *, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise UsageError(name, f"{text!r} is not usable.", f"Give a whole number from {least} to {most}.")
    return int(text)


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.01 <= seconds <= _MOST_SECONDS:
        raise UsageError(name, f"{text!r} is not usable.", f"Give seconds from 0.01 to {_MOST_SECONDS}.")
    return seconds


def _site(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = (
            parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment
        )
    except ValueError:
        usable = False
    if text and not usable:
        raise UsageError("site", f"{text!r} is no address of a site.", "Write it as https://example.org/")
    return text
