"""/timeline, /map and /neighbourhood: as pictures with tables, and as data."""

from http import HTTPStatus

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode

from sauran.kg.model.formats import CSV, HTML, Format
from sauran.server.http.negotiation import LANGUAGES, PAGE_PREFIX
from sauran.server.http.problems import Problem
from sauran.server.http.responses import (
    PLAIN_JSON,
    data_answer,
    redirect_to_page,
    wanted_format,
    write_csv,
    write_json,
)
from sauran.server.http.services import served_release, services
from sauran.server.site.faceted_list import read_filters
from sauran.server.site.lookup import Lookup
from sauran.server.site.visual.drawings.neighbour_ring import MOST_DRAWN
from sauran.server.site.visual.map_page import (
    PLACE_COLUMNS,
    MappedPlace,
    as_geojson,
    find_places,
    map_picture,
    place_data,
    place_rows,
)
from sauran.server.site.visual.neighbourhood_page import (
    find_links,
    link_data,
    neighbour_picture,
    neighbour_rows,
)
from sauran.server.site.visual.timeline_page import (
    TIME_COLUMNS,
    find_choices,
    find_dated_things,
    find_undated,
    read_period,
    time_data,
    time_rows,
    timeline_picture,
)

__all__ = ["pictures"]

pictures = Blueprint("pictures", __name__)
_GEOJSON = Format("geojson", "GeoJSON", "application/geo+json", "geojson")
_OF_MAP = (_GEOJSON, PLAIN_JSON, CSV, HTML)
_MOST_UNDATED = 50


@pictures.get("/timeline", defaults={"suffix": ""})
@pictures.get("/timeline.<suffix>")
def timeline_data(suffix: str) -> Response:
    """What has a time, as data; for people the page."""
    wanted = wanted_format("timeline", suffix)
    if wanted is HTML:
        return redirect_to_page("timeline", keep_query=True)
    served, period = served_release(), read_period(request.args)
    found = find_dated_things(served, period)
    rows = time_data(Lookup(served, LANGUAGES[0], whole=True), found.entries)
    if wanted is CSV:
        body = write_csv(rows, TIME_COLUMNS, served.publication["languages"])
    else:
        body = write_json({"complete": found.complete, "chosen": dict(period.filters.given), "entries": rows})
    return data_answer(body, wanted, None, negotiated=not suffix)


@pictures.get(f"/{PAGE_PREFIX}/timeline")
def timeline(language: str) -> str:
    """Events and the times of claims along a line of years."""
    served, period = served_release(), read_period(request.args)
    lookup, path = Lookup(served, language), served.links.here(f"{language}/timeline")
    found, offered = find_dated_things(served, period), find_choices(served)
    undated = find_undated(served, _MOST_UNDATED + 1)
    rows = time_rows(lookup, found.entries)
    reader = lookup.reader_of(term.value for term in (*undated, *offered["kind"], *offered["place"]))
    return render_template(
        "timeline.html",
        language=language,
        path=path,
        period=period,
        picture=timeline_picture(rows, period, language),
        events=[row for row in rows if row.entry.is_event],
        times=[row for row in rows if not row.entry.is_event],
        complete=found.complete,
        choices={
            name: sorted(((t.value, reader.name(t)) for t in terms), key=lambda filters: filters[1].text)
            for name, terms in offered.items()
        },
        undated=[reader.name(event) for event in undated[:_MOST_UNDATED]],
        more_undated=len(undated) > _MOST_UNDATED,
        formats=[
            (form, period.filters.address(served.links.here(f"timeline.{form.suffix}")))
            for form in (PLAIN_JSON, CSV)
        ],
    )


@pictures.get("/map", defaults={"suffix": ""})
@pictures.get("/map.<suffix>")
def map_data(suffix: str) -> Response:
    """The places, as data; for people the page."""
    wanted = wanted_format("map", suffix, _OF_MAP)
    if wanted is HTML:
        return redirect_to_page("map", keep_query=True)
    served = served_release()
    lookup = Lookup(served, LANGUAGES[0], whole=True)
    found = find_places(lookup)
    rows = place_data(lookup, found.places)
    if wanted is CSV:
        body = write_csv(rows, PLACE_COLUMNS, served.publication["languages"])
    elif wanted is PLAIN_JSON:
        body = write_json({"complete": found.complete, "places": rows})
    else:
        body = write_json(as_geojson(rows))
    return data_answer(body, wanted, None, negotiated=not suffix)


@pictures.get(f"/{PAGE_PREFIX}/map")
def places_map(language: str) -> str:
    """The places that claims are about, where the data say where they are."""
    served = served_release()
    lookup = Lookup(served, language)
    found = find_places(lookup)
    (chosen,) = read_filters(request.args, ("place",)).terms
    if chosen is not None and not any(place.iri == chosen for place in found.places):
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no place {str(chosen)[:200]} here.")
    path = served.links.here(f"{language}/map")
    rows = place_rows(lookup, found.places, _iri(chosen), f"{path}?place=")
    return render_template(
        "map.html",
        language=language,
        path=path,
        picture=map_picture(rows),
        with_land=services().assets.land is not None,
        rows=rows,
        located=sum(_is_located(place) for place in found.places),
        chosen=next((row for row in rows if row.chosen), None),
        complete=found.complete,
        formats=[(form, served.links.here(f"map.{form.suffix}")) for form in (_GEOJSON, PLAIN_JSON, CSV)],
    )


@pictures.get("/neighbourhood", defaults={"suffix": ""})
@pictures.get("/neighbourhood.<suffix>")
def neighbourhood_data(suffix: str) -> Response:
    """What a thing is connected with, as data; for people the page."""
    wanted = wanted_format("neighbourhood", suffix, (PLAIN_JSON, HTML))
    if wanted is HTML:
        return redirect_to_page("neighbourhood", keep_query=True)
    served, thing = served_release(), _asked()
    links, complete = find_links(served, thing)
    lookup = Lookup(served, LANGUAGES[0], whole=True)
    if not links:
        raise _unconnected(thing)
    rows = link_data(lookup, links)
    body = write_json({"iri": thing.value, "complete": complete, "neighbours": rows})
    return data_answer(body, wanted, None, negotiated=not suffix)


@pictures.get(f"/{PAGE_PREFIX}/neighbourhood")
def neighbourhood(language: str) -> str:
    """A thing in the middle of what it is connected with."""
    served, thing = served_release(), _asked()
    links, complete = find_links(served, thing)
    if not links:
        raise _unconnected(thing)
    terms = [thing, *(term for link in links for term in (link.property, link.other))]
    reader = Lookup(served, language).reader_of(term.value for term in terms)
    return render_template(
        "neighbourhood.html",
        language=language,
        title=reader.name(thing),
        picture=neighbour_picture(reader, thing, links, language),
        rows=neighbour_rows(reader, links),
        drawn=min(len(links), MOST_DRAWN),
        complete=complete,
        around=served.links.here(f"{language}/neighbourhood"),
        data=f"{served.links.here('neighbourhood.json')}?{request.query_string.decode('ascii', 'replace')}",
    )


def _asked() -> NamedNode:
    """The thing that is asked for.

    Raises: Problem 400 when none is named, or not by an IRI.
    """
    (thing,) = read_filters(request.args, ("iri",)).terms
    found = _iri(thing)
    if found is None:
        raise Problem(
            HTTPStatus.BAD_REQUEST, "Name the thing in the middle: neighbourhood?iri=… with its IRI."
        )
    return found


def _iri(term: object) -> NamedNode | None:
    return term if isinstance(term, NamedNode) else None


def _unconnected(thing: NamedNode) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"Nothing is connected with <{thing.value[:200]}> here.")


def _is_located(place: MappedPlace) -> bool:
    return place.point is not None
