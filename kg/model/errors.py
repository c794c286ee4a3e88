"""The error family: each says where, what is wrong and how to fix it.

SauranError                  in sauran.kg.model.errors: what stops the work                          exit 2
├── UsageError               in sauran.kg.model.errors: a wrong option, argument or setting
├── ContentError             in sauran.kg.model.errors: a content file that cannot be read or parsed
│   ├── PublicationError     in sauran.kg.model.errors: a wrong publication.toml or configuration
│   ├── TurtleSyntaxError    in sauran.kg.positions.tokens: what our own parser cannot read, with its place
│   └── _Refused             in sauran.kg.validate.input_files: XML that nests too deep or has a document type
├── PatternError             in sauran.kg.model.xpath_regex: a text that is not a valid regular expression
├── ReleaseError             in sauran.kg.model.errors: a release folder that is absent, broken or refused
├── QueryError               in sauran.kg.model.errors: a query that does not parse or is refused
│   └── RefusedQuery         in sauran.kg.sparql.query_checks: a query that breaks a rule
├── EngineError              in sauran.kg.model.errors: an engine gave no result                      exit 4
│   ├── LimitReached         in sauran.server.query.question: a query took more than it may
│   ├── Busy                 in sauran.kg.model.errors: no process was free in time
│   ├── Lost                 in sauran.server.query.question: the process of a query ended before its answer
│   ├── Broken               in sauran.server.query.question: our own code failed in the process of a query
│   ├── LimitPassed          in sauran.server.query.question: an answer is larger than it may be
│   ├── Closed               in sauran.kg.processes.channel: the other side of a connection is gone
│   └── NotStarted           in sauran.server.query.query_process: a process ended before it got its question
├── Problem                  in sauran.server.http.problems: an answer over HTTP that is an error
└── OaiError                 in sauran.server.api.oai.arguments: an error of OAI-PMH, by its code

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
    """Base class of all errors; the text is "where: what. fix"."""

    where: str
    what: str
    fix: str
    exit_code = 2

    def __init__(self, where: str, what: str, fix: str = "") -> None:
        self.where, self.what, self.fix = where, what, fix
        super().__init__(f"{where}: {what}" + (f" {fix}" if fix else ""))


class UsageError(SauranError):
    """An option, argument or setting is wrong."""


class ContentError(SauranError):
    """A content file cannot be read or parsed."""


class PublicationError(ContentError):
    """A TOML file of settings has an invalid value."""


class ReleaseError(SauranError):
    """A release is absent, broken, or must not be replaced."""


class QueryError(SauranError):
    """A query does not parse, or uses a feature that this store refuses."""


class EngineError(SauranError):
    """An engine gave no result; `limit` is the limit that it exceeded, if any."""

    exit_code = 4

    def __init__(self, where: str, what: str, fix: str = "", *, limit: str = "") -> None:
        self.limit = limit
        super().__init__(where, what, fix)


class Busy(EngineError):
    """No process was free in time; to be tried again after `retry_after_s`."""

    def __init__(self, retry_after_s: int, why: str) -> None:
        self.retry_after_s = retry_after_s
        super().__init__("server", why, f"Try again in {retry_after_s} s.")
