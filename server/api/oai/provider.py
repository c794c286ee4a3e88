"""/oai: the six verbs of OAI-PMH 2.0."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask_babel import force_locale
from flask_babel import gettext as _

from sauran.server.api.oai.arguments import OaiError, OaiRequest, read_request
from sauran.server.api.oai.dublin_core import Element
from sauran.server.api.oai.metadata import FORMATS, Form, RecordWriter
from sauran.server.api.oai.repository import CLAIM, DATASET, Item, RecordPage, RecordSource, set_spec
from sauran.server.api.oai.resumption_tokens import START, ListPosition, read_token, write_token
from sauran.server.api.xml_text import clean_xml
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.response_headers import NO_STORE
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release

__all__ = ["oai"]

oai = Blueprint("oai", __name__)
_MOST_IDENTIFIERS, _MOST_SETS = 1000, 200  # of one page
_CONTENT_TYPE = "text/xml; charset=utf-8"
Facts = dict[str, Any]


@oai.route("/oai", methods=["GET", "POST"])
def provide() -> Response:
    """Answer one request; what is wrong with it is said as the protocol has it, with status 200.

    Source: OAI-PMH 2.0, sections 3 and 4.
    """
    now, asked, error = served_release(), None, None
    facts: Facts = {}
    try:
        asked = read_request([*request.args.items(multi=True), *request.form.items(multi=True)])
        facts = _ANSWERS[asked.verb](now, asked)
    except OaiError as raised:
        error = raised
    text = current_app.jinja_env.get_template("oai.xml").render(
        # The protocol wants to know when it answered: the one place where a clock is asked.
        response_date=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        address=now.links.absolute("oai"),
        asked=None if error and error.of_arguments else asked,
        error=error,
        **facts,
    )
    response = Response(clean_xml(text), content_type=_CONTENT_TYPE)
    # It is another text each second: a tag would help nobody.
    response.headers["Cache-Control"] = NO_STORE
    return response


def _identify(now: ServedRelease, asked: OaiRequest) -> Facts:
    publication = now.publication
    titles = publication["title"]
    return {
        "name": titles.get("en") or next(iter(titles.values())),
        "email": publication["contact"].get("email", ""),
        "earliest": RecordSource(now).earliest_day,
        "about": _elements(("title", titles), ("description", publication["description"])),
    }


def _list_formats(now: ServedRelease, asked: OaiRequest) -> Facts:
    identifier = asked.arguments.get("identifier")
    item = _find(now, identifier) if identifier is not None else None
    return {"formats": [form for form in FORMATS.values() if item is None or _has(item, form)]}


def _list_sets(now: ServedRelease, asked: OaiRequest) -> Facts:
    first, place = _beginning(now, asked)
    sets: list[Facts] = [
        {"spec": DATASET, "name": "Datasets", "about": _in_all_languages(lambda: _("Datasets"))},
        {"spec": CLAIM, "name": "Claims", "about": _in_all_languages(lambda: _("Claims"))},
    ]
    for dataset in RecordSource(now).datasets_with_claims():
        titles = dataset["title"]
        sets.append(
            {
                "spec": set_spec(dataset["slug"]),
                "name": f"Claims: {titles.get('en') or next(iter(titles.values()))}",
                "about": _elements(("title", titles), ("description", dataset["description"])),
            }
        )
    end = place.cursor + _MOST_SETS
    shown = sets[place.cursor : end]
    if not shown:
        raise _no_such_place()
    following = ListPosition(0, "", end) if end < len(sets) else None
    return {"sets": shown, "going_on": _going_on(now, first, place, RecordPage((), following, len(sets)))}


def _get_record(now: ServedRelease, asked: OaiRequest) -> Facts:
    item, form = _find(now, asked.arguments["identifier"]), _form(asked)
    if not _has(item, form):
        raise OaiError("cannotDisseminateFormat", f"This record is not there as {form.prefix}.")
    return {"records": _written(now, [item], form)}


def _list_identifiers(now: ServedRelease, asked: OaiRequest) -> Facts:
    page, _form_asked, going_on = _page(now, asked)
    return {"records": [(item, "") for item in page.items], "going_on": going_on}


def _list_records(now: ServedRelease, asked: OaiRequest) -> Facts:
    page, form, going_on = _page(now, asked)
    return {"records": _written(now, page.items, form), "going_on": going_on}


_ANSWERS: Mapping[str, Callable[[ServedRelease, OaiRequest], Facts]] = MappingProxyType(
    {
        "GetRecord": _get_record,
        "Identify": _identify,
        "ListIdentifiers": _list_identifiers,
        "ListMetadataFormats": _list_formats,
        "ListRecords": _list_records,
        "ListSets": _list_sets,
    }
)


def _page(now: ServedRelease, asked: OaiRequest) -> tuple[RecordPage, Form, Facts | None]:
    """Some items of a list, their format, and what is said of the rest of the list."""
    first, place = _beginning(now, asked)
    form = _form(first)
    most = form.page if asked.verb == "ListRecords" else _MOST_IDENTIFIERS
    page = RecordSource(now).page(first, place, most, claims=form.of_claims)
    if not page.items:
        if place != START:
            raise _no_such_place()
        raise OaiError("noRecordsMatch", "No record is of this set, in this format, of these days.")
    return page, form, _going_on(now, first, place, page)


def _beginning(now: ServedRelease, asked: OaiRequest) -> tuple[OaiRequest, ListPosition]:
    return (asked, START) if asked.token is None else read_token(now.release.version, asked)


def _going_on(now: ServedRelease, first: OaiRequest, place: ListPosition, page: RecordPage) -> Facts | None:
    """The resumption token: none for a list that is whole at once, an empty one at the end of others."""
    if page.following is None and place == START:
        return None
    token = "" if page.following is None else write_token(now.release.version, first, page.following)
    return {"token": token, "cursor": place.cursor, "total": page.total}


def _written(now: ServedRelease, items: Sequence[Item], form: Form) -> list[tuple[Item, str]]:
    writer = RecordWriter(now, current_app.jinja_env, items)
    return [(item, writer.write(item, form)) for item in items]


def _find(now: ServedRelease, identifier: str) -> Item:
    item = RecordSource(now).find(identifier)
    if item is None:
        raise OaiError("idDoesNotExist", "There is no record with this identifier.")
    return item


def _form(asked: OaiRequest) -> Form:
    form = FORMATS.get(asked.prefix)
    if form is None:
        raise OaiError("cannotDisseminateFormat", f"There are: {', '.join(FORMATS)}.")
    return form


def _has(item: Item, form: Form) -> bool:
    return form.of_claims or not item.is_claim


def _elements(*texts: tuple[str, Mapping[str, str]]) -> list[Element]:
    return [
        Element(name, text, language) for name, by_language in texts for language, text in by_language.items()
    ]


def _in_all_languages(title: Callable[[], str]) -> list[Element]:
    titles = {}
    for language in LANGUAGES:
        with force_locale(language):
            titles[language] = title()
    return _elements(("title", titles))


def _no_such_place() -> OaiError:
    return OaiError("badResumptionToken", "This list does not go on there.")
