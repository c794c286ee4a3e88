"""/releases.atom: the finished releases as a feed, each with what changed since the one before."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request
from flask_babel import force_locale, format_decimal, ngettext
from flask_babel import gettext as _

from sauran.kg.release.release_history import Enclosure, KeptRelease
from sauran.server.api.xml_text import clean_xml
from sauran.server.http.localised_labels import Label, publication_text
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release

__all__ = ["feed"]

feed = Blueprint("feed", __name__)
_CONTENT_TYPE = "application/atom+xml"
_FEED = "releases.atom"


@dataclass(frozen=True, slots=True)
class _File:
    address: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class _Entry:
    iri: str
    name: Label
    version: str
    day: str
    summary: str
    manifest: str
    files: tuple[_File, ...]


@feed.get(f"/{_FEED}")
def releases() -> Response:
    """The releases that are kept, the newest first; ?lang= chooses the language, English without it.

    Shape: a release is of the day that its publication names, at midnight UTC; drafts are none.
    Source: RFC 4287.
    """
    now, said = served_release(), request.args.get("lang", "")
    language = said if said in LANGUAGES else LANGUAGES[0]
    with force_locale(language):
        entries = [_entry(now, kept, before, language) for kept, before in _pairs(now.kept)]
    publication = now.publication
    text = current_app.jinja_env.get_template("releases.xml").render(
        language=language,
        title=publication_text(publication["title"], language),
        subtitle=publication_text(publication["description"], language),
        iri=f"{now.links.base}{_FEED}",
        address=now.links.absolute(_FEED),
        languages=LANGUAGES,
        page=now.links.absolute(f"{language}/downloads"),
        publication=publication,
        updated=entries[0].day if entries else publication["issued"],
        entries=entries,
    )
    return Response(clean_xml(text), content_type=_CONTENT_TYPE)


def _pairs(kept: tuple[KeptRelease, ...]) -> list[tuple[KeptRelease, KeptRelease | None]]:
    """Each release with the one before it, the newest first."""
    return list(zip(kept, (None, *kept), strict=False))[::-1]


def _entry(now: ServedRelease, kept: KeptRelease, before: KeptRelease | None, language: str) -> _Entry:
    path = f"release/{kept.version}"
    counts = [ngettext("%(num)d dataset", "%(num)d datasets", len(kept.contents))]
    if kept.triples is not None:
        number = format_decimal(kept.triples)
        counts.append(ngettext("%(triples)s triple", "%(triples)s triples", kept.triples, triples=number))
    return _Entry(
        iri=now.links.base + path,
        name=publication_text(kept.title, language),
        version=kept.version,
        day=kept.issued,
        summary=" ".join([f"{', '.join(counts)}.", *_changes(kept, before, language)]),
        manifest=now.links.absolute(f"{path}/manifest.json"),
        files=tuple(_file(now, path, enclosure) for enclosure in kept.enclosures),
    )


def _changes(kept: KeptRelease, before: KeptRelease | None, language: str) -> list[str]:
    """What became of the datasets since the release before; nothing of the first that is kept."""
    if before is None:
        return []
    new = [slug for slug in kept.contents if slug not in before.contents]
    gone = [slug for slug in before.contents if slug not in kept.contents]
    other = [slug for slug, digest in before.contents.items() if kept.contents.get(slug, digest) != digest]
    said = []
    if new:
        said.append(_("New: %(datasets)s.", datasets=_names(kept, new, language)))
    if other:
        said.append(_("Changed: %(datasets)s.", datasets=_names(kept, other, language)))
    if gone:
        said.append(_("Gone: %(datasets)s.", datasets=_names(before, gone, language)))
    return said or [_("The same datasets as in %(version)s.", version=before.version)]


def _names(kept: KeptRelease, slugs: list[str], language: str) -> str:
    return "; ".join(publication_text(kept.names[slug], language).text for slug in slugs)


def _file(now: ServedRelease, path: str, enclosure: Enclosure) -> _File:
    return _File(
        now.links.absolute(f"{path}/{enclosure.path}"),
        enclosure.media_type,
        enclosure.size,
    )
