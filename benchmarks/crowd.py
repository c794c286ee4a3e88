"""A release in which one place has thousands of claims and links, and another fifty; otherwise alike."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from sauran.kg.loading.dumps import write_file
from sauran.kg.loading.serialisation import make_context, sort_quads
from sauran.kg.model.namespaces import DCTERMS, OA, PREFIXES, RDF, RDFS, SEC, SKOS, XSD
from sauran.kg.publication.package_paths import ontology_folder
from sauran.kg.release.release import Release, lock_releases, publish, seal, workplace

__all__ = ["BASE", "LARGE", "SMALL", "make_crowd", "publish_quads"]

BASE = "https://crowd.example/"
LARGE, SMALL = "harbour", "jetty"
_SLUG = "crowd"
_GRAPH, _DERIVED = NamedNode(f"{BASE}graph/{_SLUG}"), NamedNode(f"{BASE}graph/{_SLUG}/derived")
_SCHEME = PREFIXES["sec"].removesuffix("ontology#") + "id/scheme/"
_SOURCE = NamedNode(f"{BASE}id/source/log")
_TEXT_EACH = 40  # characters of a passage
_CLAIMS_EACH = 5  # of a passage
_NOTED = 100  # every so many claims carry a note
_LANGUAGES = {"en": "Claim", "fr": "Affirmation", "ru": "Утверждение", "kk": "Тұжырым"}


def make_crowd(releases: Path, large: int, small: int = 50) -> Release:
    """Publish the release; so many claims have the one place as their object, and so many the other."""
    quads = [*_frame(large + small), *_place(LARGE, 0, large), *_place(SMALL, large, small)]
    return publish_quads(releases, quads)


def publish_quads(releases: Path, quads: list[Quad]) -> Release:
    """Publish quads of one dataset, beside the ontology, without validating them."""
    ontology = [
        Quad(*quad.triple, NamedNode(f"{BASE}graph/ontology"))
        for file in sorted(ontology_folder().glob("*.ttl"))
        for quad in parse(path=file, format=RdfFormat.TURTLE)
    ]
    ordered = sort_quads(dict.fromkeys((*quads, *ontology)))
    counts: dict[str, int] = {}
    for quad in ordered:
        counts[quad.graph_name.value] = counts.get(quad.graph_name.value, 0) + 1
    with lock_releases(releases), workplace(releases) as folder:
        context = json.dumps({"@context": make_context((), PREFIXES)}).encode()
        nquads = serialize(ordered, format=RdfFormat.N_QUADS) or b""
        files = [
            write_file(folder, "dumps/context.jsonld", context, "application/ld+json"),
            write_file(
                folder,
                "dumps/all.nq",
                nquads,
                "application/n-quads",
                dump="all",
                format="nquads",
                triples=len(ordered),
            ),
        ]
        seal(folder, _manifest(counts), files)
        return publish(folder, releases, "1.0.0")


def _frame(claims: int) -> Iterator[Quad]:
    """The document with its passages, five claims in each."""
    passages = -(-claims // _CLAIMS_EACH)
    section = NamedNode(f"{_SOURCE.value}/section/only")
    yield from _thing(_SOURCE, SEC.SourceDocument, "log", RDFS.label)
    yield Quad(_SOURCE, SEC.textLength, _number(passages * _TEXT_EACH), _GRAPH)
    yield Quad(_SOURCE, DCTERMS.creator, NamedNode(f"{BASE}id/keeper"), _GRAPH)
    yield from _thing(section, SEC.Section, "only section", SKOS.prefLabel)
    yield Quad(section, DCTERMS.isPartOf, _SOURCE, _GRAPH)
    yield Quad(section, SEC.position, _number(1), _GRAPH)
    yield from _thing(NamedNode(f"{BASE}id/keeper"), SEC.UnnamedSource, "keeper of the log", SKOS.prefLabel)
    for n in range(passages):
        passage = _passage(n)
        selector = NamedNode(f"{passage.value}#selector")
        yield Quad(passage, RDF["type"], SEC.Passage, _GRAPH)
        yield Quad(passage, DCTERMS.isPartOf, _SOURCE, _GRAPH)
        yield Quad(passage, SEC.inSection, section, _GRAPH)
        yield Quad(passage, OA.hasSelector, selector, _GRAPH)
        yield Quad(selector, OA.start, _number(n * _TEXT_EACH), _GRAPH)
        yield Quad(selector, OA.end, _number((n + 1) * _TEXT_EACH - 1), _GRAPH)


def _place(name: str, first: int, claims: int) -> Iterator[Quad]:
    """A place, the claims about it, and what is derived from them: ships that affect it, and it them."""
    place = NamedNode(f"{BASE}id/{name}")
    yield from _thing(place, SEC.Region, name, SKOS.prefLabel)
    for n in range(first, first + claims):
        ship, claim = NamedNode(f"{BASE}id/ship-{n:06}"), NamedNode(f"{_SOURCE.value}/claim/c{n:06}")
        yield from _thing(ship, SEC.Event, f"call of ship {n}", SKOS.prefLabel)
        yield Quad(claim, RDF["type"], SEC.Claim, _GRAPH)
        for language, word in _LANGUAGES.items():
            yield Quad(claim, RDFS.label, Literal(f"{word} {n}.", language=language), _GRAPH)
        said = {
            RDF.subject: ship,
            RDF.predicate: SEC.involves,
            RDF.object: place,
            SEC.claimType: NamedNode(f"{_SCHEME}claim-type/event"),
            SEC.modality: NamedNode(f"{_SCHEME}modality/asserted"),
            SEC.polarity: NamedNode(f"{_SCHEME}polarity/affirmed"),
            SEC.heldBy: NamedNode(f"{BASE}id/keeper"),
            SEC.statedIn: _passage(n // _CLAIMS_EACH),
            DCTERMS.isPartOf: _SOURCE,
        }
        yield from (Quad(claim, word, value, _GRAPH) for word, value in said.items())
        yield Quad(ship, SEC.involves, place, _DERIVED)
        yield Quad(place, SEC.affects, ship, _DERIVED)
        yield Quad(claim, SEC.derives, Literal("true", datatype=XSD.boolean), _DERIVED)
        if n % _NOTED == 0:
            note = NamedNode(f"{_SOURCE.value}/note/n{n:06}")
            yield Quad(note, RDF["type"], SEC.CuratorNote, _GRAPH)
            yield Quad(note, OA.hasTarget, claim, _GRAPH)
            yield Quad(note, SEC.verdict, NamedNode(f"{_SCHEME}verdict/garbled"), _GRAPH)
            yield Quad(note, SEC.noteText, Literal(f"Note {n}.", language="en"), _GRAPH)


def _thing(thing: NamedNode, kind: NamedNode, label: str, word: NamedNode) -> Iterator[Quad]:
    yield Quad(thing, RDF["type"], kind, _GRAPH)
    yield Quad(thing, word, Literal(label, language="en"), _GRAPH)


def _passage(n: int) -> NamedNode:
    return NamedNode(f"{_SOURCE.value}/passage/p{n:06}")


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.nonNegativeInteger)


def _manifest(counts: dict[str, int]) -> dict[str, Any]:
    title = {"en": "A crowded harbour"}
    dataset = {
        "slug": _SLUG,
        "iri": f"{BASE}dataset/{_SLUG}",
        "graph": _GRAPH.value,
        "derived_graph": _DERIVED.value,
        "title": title,
        "description": title,
        "issued": "2026-01-01",
        "modified": "2026-01-01",
        "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
        "requires": [],
        "sources": [_SOURCE.value],
        "themes": [],
        "keywords": {},
    }
    publication = {
        "base": BASE,
        "issued": "2026-01-01",
        "languages": list(_LANGUAGES),
        "licence": dataset["licence"],
        "code_licence": "",
        "title": title,
        "description": title,
        "publisher": {"name": "Crowd", "iri": f"{BASE}id/keeper"},
        "contact": {"name": "Crowd", "email": "crowd@crowd.example"},
        "themes": [],
        "datasets": [dataset],
    }
    return {
        "version": "1.0.0",
        "draft": False,
        "made_by": "benchmarks.crowd",
        "input": "",
        "publication": publication,
        "prefixes": PREFIXES,
        "graphs": [{"iri": iri, "triples": triples} for iri, triples in sorted(counts.items())],
        "findings": {"violation": 0, "warning": 0, "info": 0},
        "unreviewed": {},
    }
