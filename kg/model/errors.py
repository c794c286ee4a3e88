"""The error family: where, what, how to mend.

SauranError
├── UsageError        wrong option, argument or setting                       exit 2
├── ContentError      content files that cannot be read or parsed             exit 2
│   ├── PublicationError   publication.toml, dataset.toml or a configuration
│   └── TurtleSyntaxError  in sauran.kg.positions.tokens: what our own parser cannot read, with its place
├── Busy              no process or connection was free in time               exit 4
├── ReleaseError      a release folder that is absent, broken or refused      exit 2
├── QueryError        a query that does not parse, or that this store refuses exit 2
└── EngineError       an engine gave no verdict: it crashed or timed out      exit 4

Faults in *data* are findings (`sauran.kg.model.findings`), collected all at once; exceptions stop the work.
"""

__all__ = [
    "Busy",
    "ContentError",
    "EngineError",
    "PublicationError",
    "QueryError",
    "ReleaseError",
    "SauranError",
    "UsageError",
]


class SauranError(Exception):
    """What stops the work; its text is "where: what. fix"."""

    exit_code = 2

    def __init__(self, where: str, what: str, fix: str = "") -> None:
        self.where, self.what, self.fix = where, what, fix
        super().__init__(f"{where}: {what}" + (f" {fix}" if fix else ""))


class UsageError(SauranError):
    """An option, argument or setting is wrong."""


class ContentError(SauranError):
    """A content file cannot be read or parsed."""


class PublicationError(ContentError):
    """A TOML file of settings says something we cannot use."""


class ReleaseError(SauranError):
    """A release is absent, broken, or must not be replaced."""


class QueryError(SauranError):
    """A query does not parse, or asks for what this store refuses."""


class EngineError(SauranError):
    """An engine gave no verdict; `limit` is time, memory, results or size where it passed that one."""

    exit_code = 4

    def __init__(self, where: str, what: str, fix: str = "", *, limit: str = "") -> None:
        self.limit = limit
        super().__init__(where, what, fix)


class Busy(SauranError):
    """No process was free in time; to be tried again after `retry_after_s`."""

    exit_code = 4

    def __init__(self, retry_after_s: int, why: str) -> None:
        self.retry_after_s = retry_after_s
        super().__init__("server", why, f"Try again in {retry_after_s} s.")
