"""/ and /<language>/: the front page, for people and for programs."""

from flask import Blueprint, Response, render_template

from sauran.kg.describe.catalogue import CATALOGUE_PREFIXES
from sauran.kg.describe.schema_org import catalog_json
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import HTML, RDF_FORMATS
from sauran.server.api.catalogue_descriptions import describe_front
from sauran.server.api.service_description import describe_service
from sauran.server.http.negotiation import LANGUAGES, VARY
from sauran.server.http.problems import agree_on_format
from sauran.server.http.response_headers import NO_STORE
from sauran.server.http.responses import redirect_to_page
from sauran.server.http.services import served_release, settings_in_use
from sauran.server.site.pages.home_page import home_page
from sauran.server.site.structured import as_script

__all__ = ["browse"]

browse = Blueprint("browse", __name__)
_PAGES = f"<any({', '.join(LANGUAGES)}):language>"
_OFFERED = (HTML, *RDF_FORMATS)


@browse.get("/")
def front() -> Response:
    """What is here: for people the front page, for programs a description."""
    wanted = agree_on_format(_OFFERED)
    if wanted is HTML:
        return redirect_to_page("")
    now = served_release()
    quads = describe_service(now, federated=bool(settings_in_use().service_allow))
    quads += describe_front(now, settings_in_use().catalogue_page)
    prefixes = {**CATALOGUE_PREFIXES, **now.prefixes}
    body = write_rdf(sort_quads(quads), wanted, prefixes, {**CATALOGUE_PREFIXES, **now.context})
    response = Response(body, content_type=wanted.content_type)
    response.headers["Vary"] = VARY
    return response


@browse.get(f"/{_PAGES}/")
def home(language: str) -> Response:
    """The front page."""
    now = served_release()
    shown = home_page(now, language)
    structured = as_script(catalog_json(now.release.manifest, now.links.site, language))
    page = render_template("home.html", language=language, home=shown, structured=structured)
    response = Response(page, content_type=HTML.content_type)
    if shown.state is None:
        response.headers["Cache-Control"] = NO_STORE
    return response
