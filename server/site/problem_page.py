"""Errors as pages: what happened and what the reader can do, in the language of the page."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from sauran.server.api.documents import is_described
from sauran.server.http.languages import page_language
from sauran.server.http.localised_labels import Label
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.services import served_release

__all__ = ["ProblemPage", "problem_page"]

_NAMES = ("doc/", "id/", "dataset/")
_Words = tuple[LazyString, LazyString, tuple[LazyString, ...]]
_SMALLER = (
    _("Send less at once."),
    _("Use the command sauran validate on your own machine: its limits are yours."),
)
# Texts by status and by the start of the kind of error; the first row that fits is used.
_TEXTS: tuple[tuple[HTTPStatus, str, _Words], ...] = (
    (
        HTTPStatus.BAD_REQUEST,
        "query",
        (
            _("The query cannot be answered"),
            _("The server does not understand the query, or refuses it."),
            (_("Mend the query at the place that is shown, and send it again."),),
        ),
    ),
    (
        HTTPStatus.BAD_REQUEST,
        "validation-input",
        (
            _("The data cannot be read"),
            _("What was sent is not correct in its format."),
            (_("Mend it at the place that is shown, or choose another format if it is in another."),),
        ),
    ),
    (
        HTTPStatus.BAD_REQUEST,
        "",
        (
            _("The request cannot be understood"),
            _("A part of the address or of the form is missing or wrong."),
            (_("Go back, change it, and try again."),),
        ),
    ),
    (
        HTTPStatus.NOT_FOUND,
        "",
        (
            _("There is nothing here"),
            _("This address is unknown to this release."),
            (
                _("Check the address: capitals, spelling, the end of it."),
                _("Search for what you want to read about."),
            ),
        ),
    ),
    (
        HTTPStatus.METHOD_NOT_ALLOWED,
        "",
        (
            _("That cannot be done here"),
            _("This site is for reading: nothing can be changed through it."),
            (_("Use GET, or POST for a query."),),
        ),
    ),
    (
        HTTPStatus.NOT_ACCEPTABLE,
        "",
        (
            _("Not in this format"),
            _("What you ask for is here, but in none of the formats that your program accepts."),
            (_("Ask for one of the formats that are named below."),),
        ),
    ),
    (
        HTTPStatus.GONE,
        "",
        (
            _("This is no longer here"),
            _("It was published in an earlier release and has been withdrawn."),
            (_("Search for what has taken its place."),),
        ),
    ),
    (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "",
        (
            _("That is too much at once"),
            _("What was sent is larger than this server takes."),
            (_("Send less: a shorter query, or the data in several parts."),),
        ),
    ),
    (
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "validation",
        (
            _("Data of this type are not read here"),
            _("RDF is read in the formats that the form names, in UTF-8 and not packed."),
            (_("Use the form, or send the data with one of the types that are named here."),),
        ),
    ),
    (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "validation",
        (
            _("Nothing was checked"),
            _("No shape met any node of the data, so they are neither right nor wrong."),
            (_("Use the classes and properties of our ontology: the shapes look at nothing else."),),
        ),
    ),
    (
        HTTPStatus.TOO_MANY_REQUESTS,
        "",
        (
            _("Too many requests"),
            _("Your address has asked more than its share within a short time."),
            (
                _("Wait a little, then go on more slowly."),
                _("Whoever needs everything fetches a dump."),
            ),
        ),
    ),
    (
        HTTPStatus.GATEWAY_TIMEOUT,
        "validation",
        (
            _("The validation took too long"),
            _("It was stopped at the limit of time that every validation has."),
            _SMALLER,
        ),
    ),
    (
        HTTPStatus.GATEWAY_TIMEOUT,
        "",
        (
            _("The answer took too long"),
            _("The query was stopped at the limit of time that every query has."),
            (
                _("Ask for less: name graphs, bind more, add LIMIT."),
                _("Take what there is at the limit, with partial=true."),
                _("Whoever needs everything fetches a dump."),
            ),
        ),
    ),
    (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "limit",
        (
            _("The answer is too large"),
            _("The query was stopped at a limit that every query has."),
            (
                _("Ask for less: fewer columns, fewer groups, LIMIT and OFFSET."),
                _("Whoever needs everything fetches a dump."),
            ),
        ),
    ),
    (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "validation",
        (
            _("The validation was stopped"),
            _("It passed a limit that every validation has, or broke off."),
            _SMALLER,
        ),
    ),
    (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "",
        (
            _("Busy at the moment"),
            _("The server has more to do than it can, or is starting."),
            (_("Try again in a few seconds."),),
        ),
    ),
)
_OURS: _Words = (
    _("Something went wrong on our side"),
    _("The fault is not in your request."),
    (_("Try again; if it stays so, tell the contact that is named on the page about this site."),),
)
_OTHER: _Words = (
    _("The request was refused"),
    _("This server does not answer this request."),
    (),
)


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """A title, what happened, what to do; `nearby` are existing pages above the requested address."""

    title: LazyString
    happened: LazyString
    advice: tuple[LazyString, ...]
    nearby: tuple[Label, ...]
    search: str


def problem_page(status: HTTPStatus, kind: str) -> ProblemPage:
    """Describe an error for a reader; `kind` is the name of the error in the problem document."""
    title, happened, advice = _words(status, kind)
    path = _path() if status == HTTPStatus.NOT_FOUND else ""
    return ProblemPage(title, happened, advice, _nearby(path), _search_words(path))


def _words(status: HTTPStatus, kind: str) -> _Words:
    """A title, what happened, what to do."""
    for known, start, words in _TEXTS:
        if known == status and kind.startswith(start):
            return words
    return _OURS if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _OTHER


def _path() -> str:
    """The requested path, without the language."""
    first, _slash, rest = request.path.strip("/").partition("/")
    return rest if first in LANGUAGES else request.path.strip("/")


def _search_words(path: str) -> str:
    """The last name in an address, as words to search for."""
    return path.rpartition("/")[2].partition(".")[0].replace("-", " ").replace("_", " ")[:100]


def _nearby(path: str) -> tuple[Label, ...]:
    """The documents above the requested one, the nearest first."""
    served, language = served_release(), page_language()
    found = []
    while path.startswith(_NAMES) and "/" in path:
        path = path.rpartition("/")[0]
        iri = served.links.iri(path)
        if iri is not None and is_described(served, iri):
            found.append(Label(path, href=served.links.page(iri, language)))
    return tuple(found)
