"""/about, /downloads and /health: citation of the release, its files, quality of its data."""

import datetime
import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from pyoxigraph import NamedNode

from sauran.kg.model.formats import HTML, Format
from sauran.kg.model.namespaces import RDFS, SEC, SH, SKOS
from sauran.server.http.executor import own_query
from sauran.server.http.localised_labels import Label, LabelReader, publication_text
from sauran.server.http.negotiation import LANGUAGES, PAGE_PREFIX, VARY
from sauran.server.http.responses import redirect_to_page, wanted_format
from sauran.server.http.served_release import ServedRelease
from sauran.server.http.services import served_release
from sauran.server.site.pages.data_quality import read_class_coverage, read_data_quality
from sauran.server.site.pages.dump_list import list_dumps
from sauran.server.site.pages.example_queries import query_address

__all__ = ["Citation", "ReleaseFinding", "about", "as_bibtex", "as_csl_json", "as_sentence"]

# What TeX would not take as it stands.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
about = Blueprint("about", __name__)
_BIBTEX = Format("bibtex", "BibTeX", "application/x-bibtex", "bib", aliases=("text/x-bibtex",))
_CSL = Format(
    "csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "csl.json", aliases=("application/json",)
)
_JSON = Format("json", "JSON", "application/json", "json")
# What a reader should know before trusting a claim; their definitions stand in the ontology.
_TERMS = (
    "Claim",
    "heldBy",
    "modality",
    "polarity",
    "Passage",
    "textDigest",
    "CuratorNote",
    "verdict",
    "derives",
)
_NUMBERS = ("state-of-claims", "label-coverage", "label-coverage-by-class", "unreviewed-texts")
_SEVERITIES = ("violation", "warning", "info")
_MOST_FINDINGS = 200  # the file of the release holds all


@dataclass(frozen=True, slots=True)
class Citation:
    """A release as a work: who published it, under which title, when, and where it is found."""

    publisher: str
    title: str
    issued: datetime.date
    version: str
    address: str
    licence: str

    @property
    def key(self) -> str:
        """A name for it in a list of references."""
        name = re.sub(r"[^a-z0-9]+", "-", self.publisher.casefold()).strip("-") or "data"
        return f"{name}-{self.version}"


def as_sentence(work: Citation) -> str:
    """Name a release in one line, for people."""
    stop = "" if work.publisher.endswith(".") else "."
    return f"{work.publisher}{stop} {work.title}. {work.version}, {work.issued.isoformat()}. {work.address}"


def as_bibtex(work: Citation) -> str:
    r"""Write a release as an entry of BibTeX; an address stands as it is, in \url.

    Shape: @misc, which every style knows; the braces keep capitals as they are.
    """
    fields = {
        "author": f"{{{_tex(work.publisher)}}}",
        "title": f"{{{_tex(work.title)}}}",
        "year": str(work.issued.year),
        "month": str(work.issued.month),
        "note": f"Data set, version {_tex(work.version)}",
        "howpublished": f"\\url{{{work.address}}}",
        "url": work.address,
        "copyright": _tex(work.licence),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{work.key},\n{lines}}}\n"


def as_csl_json(work: Citation) -> str:
    """Write a release as CSL-JSON, a list of one item.

    Source: Citation Style Language 1.0.2, schema of data.
    """
    issued = work.issued
    item = {
        "id": work.key,
        "type": "dataset",
        "title": work.title,
        "author": [{"literal": work.publisher}],
        "publisher": work.publisher,
        "issued": {"date-parts": [[issued.year, issued.month, issued.day]]},
        "version": work.version,
        "URL": work.address,
        "note": work.licence,
    }
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)


_CITATIONS = {_BIBTEX: as_bibtex, _CSL: as_csl_json}


@dataclass(frozen=True, slots=True)
class ReleaseFinding:
    """A finding of the validation of this release; `place` is a file and line of the content, or empty."""

    severity: str
    rule: Label
    message: Label
    place: str


@about.get("/about", defaults={"suffix": ""})
@about.get("/about.<suffix>")
def citation(suffix: str) -> Response:
    """How this release is cited; for people the page."""
    offered = (HTML, *_CITATIONS)
    wanted = wanted_format("about", suffix, offered)
    if wanted is HTML:
        return redirect_to_page("about", keep_query=True)
    response = Response(_CITATIONS[wanted](_citation(served_release())), content_type=wanted.content_type)
    return response if suffix else _vary(response)


@about.get("/downloads", defaults={"suffix": ""})
@about.get("/downloads.<suffix>")
def dumps(suffix: str) -> Response:
    """All dumps as JSON; for people the page."""
    wanted = wanted_format("downloads", suffix, (HTML, _JSON))
    if wanted is HTML:
        return redirect_to_page("downloads", keep_query=True)
    found = [asdict(dump) for dump in list_dumps(served_release())]
    body = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    response = Response(body, content_type=wanted.content_type)
    return response if suffix else _vary(response)


@about.get(f"/{PAGE_PREFIX}/about")
def about_page(language: str) -> str:
    """Description, publisher, citation, central terms and limits of this publication."""
    served = served_release()
    publication, work = served.publication, _citation(served)
    return render_template(
        "about.html",
        language=language,
        title=publication_text(publication["title"], language),
        description=publication_text(publication["description"], language),
        publisher=Label(
            publication["publisher"]["name"],
            href=served.links.page(publication["publisher"].get("iri", ""), language),
        ),
        contact=publication["contact"],
        base=served.links.base,
        sentence=as_sentence(work),
        citations=[
            (wanted, write(work), served.links.here(f"about.{wanted.suffix}"))
            for wanted, write in _CITATIONS.items()
        ],
        terms=_terms(served, language),
    )


@about.get(f"/{PAGE_PREFIX}/downloads")
def downloads_page(language: str) -> str:
    """All dumps with their sizes and checksums, and how to check them."""
    served = served_release()
    dumps = list_dumps(served)
    return render_template(
        "downloads.html",
        language=language,
        dumps=dumps,
        union_triples=served.release.manifest.get("union_triples"),
        titles={dump.name: _title(served, dump.name, language) for dump in dumps},
    )


@about.get(f"/{PAGE_PREFIX}/health")
def health_page(language: str) -> str:
    """The quality of the data: findings, evidence, labels, reviews; with the queries that count them."""
    served = served_release()
    return render_template(
        "health.html",
        language=language,
        state=read_data_quality(served),
        classes=read_class_coverage(served, language),
        content_languages=served.publication["languages"],
        findings=_findings(served, language),
        queries={slug: query_address(served, language, own_query(slug)) for slug in _NUMBERS},
    )


def _title(served: ServedRelease, name: str, language: str) -> Label:
    """The title of a dump."""
    for dataset in served.publication["datasets"]:
        title = publication_text(dataset["title"], language, served.links.page(dataset["iri"], language))
        if name == dataset["slug"]:
            return title
        if name == f"{dataset['slug']}-derived":
            return Label(_("Derived from the claims of: %(title)s", title=title.text))
        if name == f"{dataset['slug']}-claims":
            return Label(_("Table of claims: %(title)s", title=title.text))
        if name == f"{dataset['slug']}-entities":
            return Label(_("Table of entities: %(title)s", title=title.text))
    known = {
        "all": _("Everything"),
        "ontology": _("Ontology"),
        "shapes": _("Shapes"),
        "alignments": _("Relations of the ontology to other vocabularies"),
    }
    return Label(known.get(name, name))


def _vary(response: Response) -> Response:
    response.headers["Vary"] = VARY
    return response


def _citation(served: ServedRelease) -> Citation:
    """The same citation for all readers: with the English title if there is one."""
    publication = served.publication
    return Citation(
        publisher=publication["publisher"]["name"],
        title=publication_text(publication["title"], LANGUAGES[0]).text,
        issued=datetime.date.fromisoformat(publication["issued"]),
        version=served.release.version,
        address=served.links.base,
        licence=publication["licence"],
    )


def _terms(served: ServedRelease, language: str) -> list[tuple[Label, Label | None]]:
    """Central terms of the ontology with their definitions."""
    quads = [quad for name in _TERMS for quad in served.quads.exactly(SEC[name].value)]
    reader = LabelReader(quads, served.links, language, served.prefixes)
    named = [(SEC[name], reader.shown_value(SEC[name], SKOS.definition)) for name in _TERMS]
    return [(reader.name(term), text) for term, text in named if reader.value(term, RDFS.label)]


def _findings(served: ServedRelease, language: str) -> list[ReleaseFinding]:
    """The findings of validation when the release was built, the worst first, with messages of the shapes."""
    found = json.loads((served.release.folder / "validation.json").read_bytes())["findings"]
    found.sort(key=lambda finding: _SEVERITIES.index(finding["severity"]))
    shown = found[:_MOST_FINDINGS]
    shapes = dict.fromkeys(finding.get("shape", "") for finding in shown)
    reader = LabelReader(
        (q for iri in shapes for q in served.quads.exactly(iri)), served.links, language, served.prefixes
    )
    return [_finding(finding, reader, served, language) for finding in shown]


def _finding(
    finding: dict[str, Any], reader: LabelReader, served: ServedRelease, language: str
) -> ReleaseFinding:
    shape = finding.get("shape", "")
    words = reader.shown_value(NamedNode(shape), SH.message) if shape else None
    place = f"{finding['file']}:{finding.get('line', '')}".rstrip(":") if "file" in finding else ""
    return ReleaseFinding(
        severity=finding["severity"],
        rule=Label(finding["rule"], href=served.links.page(shape, language)),
        message=words or Label(finding["message"], LANGUAGES[0]),
        place=place,
    )
