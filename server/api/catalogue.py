"""/catalogue, also called /catalog: DCAT-AP of everything, in every format and profile, page by page."""

import datetime
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from pyoxigraph import Quad

from sauran.kg.describe.catalogue import CATALOGUE_PREFIXES, catalogue_slugs, page_quads, released_quads
from sauran.kg.describe.catalogue.paging import Page, page_address, paging_quads
from sauran.kg.describe.catalogue.profiles import DEFAULT_PROFILE, Profile, in_profile, profiles
from sauran.kg.describe.catalogue.source import Source
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.errors import ReleaseError
from sauran.kg.model.formats import HTML, JSON_LD, RDF_FORMATS, Format
from sauran.kg.release.release import Release
from sauran.server.http.conditional_requests import last_modified_of
from sauran.server.http.negotiation import VARY, choose_format, choose_profile
from sauran.server.http.problems import Problem, agree_on_format
from sauran.server.http.responses import redirect_to_page, wanted_format
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release, settings_in_use

__all__ = ["CatalogueRequest", "catalogue", "read_day", "read_page", "read_request"]

catalogue = Blueprint("catalogue", __name__)
# The first is the answer to `*/*`: harvesters ask so, and take whatever comes for RDF.
_OFFERED = (*RDF_FORMATS, HTML)
# Programs that know nothing of RDF ask the catalogue for JSON; of things JSON means other answers.
_OF_CATALOGUE = tuple(
    replace(known, aliases=(*known.aliases, "application/json")) if known is JSON_LD else known
    for known in _OFFERED
)
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class CatalogueRequest:
    """What a request wants of the catalogue; `since` is a day or empty."""

    profile: Profile
    since: str
    named: bool

    def query(self) -> dict[str, str]:
        """What pages of the same list have in their address."""
        chosen = self.named or self.profile.name != DEFAULT_PROFILE
        found = {"profile": self.profile.name if chosen else "", "modified_since": self.since}
        return {name: value for name, value in found.items() if value}


@catalogue.get("/catalogue")
@catalogue.get("/catalogue.<suffix>")
@catalogue.get("/catalog")
@catalogue.get("/catalog.<suffix>")
def data(suffix: str = "") -> Response:
    """The catalogue; for people the page."""
    if suffix == HTML.suffix or (not suffix and _wants_html()):
        return redirect_to_page("catalogue", keep_query=True)
    wanted = wanted_format("catalogue", suffix, _OF_CATALOGUE)
    now = served_release()
    asked = read_request(now)
    page = read_page(now, asked)
    quads = page_quads(
        now.release.manifest, now.links.site, page.items, now.versions_before, portal=asked.profile.portal
    )
    quads = in_profile(quads, asked.profile)
    path = now.links.absolute(f"catalogue.{suffix}" if suffix else "catalogue")
    collection = path + (f"?{urlencode(asked.query())}" if asked.query() else "")
    if page.last > 1:
        quads += paging_quads(
            Source(now.release.manifest, now.links.site).say, page, collection, now.release.version
        )
    response = _answer(now, quads, wanted)
    _say_profile(now, response, asked, path)
    for relation, number in page.numbers().items() if page.last > 1 else ():
        name = "prev" if relation == "previous" else relation
        response.headers.add(
            "Link", f'<{page_address(collection, number, now.release.version)}>; rel="{name}"'
        )
    if newest := last_modified_of(_newest(now)):
        response.last_modified = newest
    vary = ["Accept-Profile"] if not asked.named else []
    response.vary.update(vary if suffix else [*VARY.split(", "), *vary])
    return response


@catalogue.get("/release/<version>")
def release(version: str) -> Response:
    """A kept release as versions of datasets; for people the catalogue."""
    wanted = agree_on_format(_OFFERED)
    now = served_release()
    found = now.release if version == now.release.version else _kept(now, version)
    if wanted is HTML:
        return redirect_to_page("catalogue", keep_query=True)
    response = _answer(now, released_quads(found.manifest, now.links.site), wanted)
    response.vary.update(VARY.split(", "))
    return response


def _wants_html() -> bool:
    return choose_format(request.headers.get("Accept", ""), _OF_CATALOGUE) is HTML


def _kept(now: ServedRelease, version: str) -> Release:
    """Open a finished release that is kept.

    Raises: Problem 404.
    """
    known = [kept.version for kept in now.kept]
    if version in known:
        try:
            return Release.open(now.release.folder.parent / version)
        except ReleaseError:
            pass
    there_are = ", ".join(dict.fromkeys([*known, now.release.version]))
    raise Problem(HTTPStatus.NOT_FOUND, f"There is no release {version}. There are: {there_are}.")


def read_request(now: ServedRelease) -> CatalogueRequest:
    """Read what is wanted.

    Raises: Problem 406 for a profile that is none, 400 for a day that is none.
    """
    known = profiles(now.release.manifest)
    name, since = request.args.get("profile"), request.args.get("modified_since", "")
    if name is None:
        by_iri = {profile.iri: profile for profile in known.values()}
        iri = choose_profile(request.headers.get("Accept-Profile", ""), by_iri)
        profile = by_iri.get(iri or "")
    else:
        profile = known.get(name)
    if profile is None:
        there_are = ", ".join(f"{one.name} <{one.iri}>" for one in known.values())
        raise Problem(
            HTTPStatus.NOT_ACCEPTABLE,
            f"The catalogue has no such profile. There are: {there_are}.",
            {"Vary": "Accept, Accept-Profile"},
        )
    if since:
        try:
            since = read_day(since)
        except ValueError as error:
            raise Problem(
                HTTPStatus.BAD_REQUEST, f"modified_since takes a day as 2026-11-22, not {since[:50]!r}."
            ) from error
    return CatalogueRequest(profile, since, name is not None)


def read_page(now: ServedRelease, asked: CatalogueRequest) -> Page:
    """Read which page is wanted.

    Raises: Problem 400 for what is not a number, 404 for a page that the catalogue has not, 410 for one of
    another release: portals delete what they do not find.
    """
    of, is_now = request.args.get("release"), now.release.version
    if of not in (None, is_now):
        detail = (
            f"This is a page of release {of[:50]!r}; now it is {is_now}. Begin again with the first page."
        )
        raise Problem(HTTPStatus.GONE, detail)
    said = request.args.get("page", "1")
    if not (said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS):
        raise Problem(HTTPStatus.BAD_REQUEST, f"page takes a number from 1, not {said[:50]!r}.")
    slugs = catalogue_slugs(now.release.manifest, asked.since)
    found = Page.of(slugs, settings_in_use().catalogue_page, int(said))
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"The catalogue has no page {said}.")
    return found


def _answer(now: ServedRelease, quads: list[Quad], wanted: Format) -> Response:
    """The triples of a description, in the default graph: clients look there."""
    triples = dict.fromkeys(quad.triple for quad in quads)
    prefixes = {**CATALOGUE_PREFIXES, **now.prefixes}
    context = {**CATALOGUE_PREFIXES, **now.context}
    body = write_rdf(sort_quads(Quad(*triple) for triple in triples), wanted, prefixes, context)
    return Response(body, content_type=wanted.content_type)


def _say_profile(now: ServedRelease, response: Response, asked: CatalogueRequest, path: str) -> None:
    """Name the profile of the answer, and where the others are."""
    response.headers["Content-Profile"] = f"<{asked.profile.iri}>"
    response.headers.add("Link", f'<{asked.profile.iri}>; rel="profile"')
    for other in profiles(now.release.manifest).values():
        if other != asked.profile:
            address = f"{path}?{urlencode({'profile': other.name})}"
            response.headers.add("Link", f'<{address}>; rel="alternate"; profile="{other.iri}"')


def _newest(now: ServedRelease) -> datetime.date:
    """The newest day that the content tells of; no clock."""
    said = now.publication
    return datetime.date.fromisoformat(
        max([said["issued"], *(dataset["modified"] for dataset in said["datasets"])])
    )


def read_day(text: str) -> str:
    """The day in UTC of a day or a moment, as 2026-11-22; a moment without an offset is one of UTC.

    Raises: ValueError for anything else.
    """
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(datetime.UTC)
        except OverflowError as error:
            raise ValueError(text) from error
    return moment.date().isoformat()
