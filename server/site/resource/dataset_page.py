"""The page of a dataset as plain data: description, classes, graphs, files and example queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.publication.distributions import PARTS
from sauran.kg.publication.eu_vocabularies import tables
from sauran.server.http.executor import ask_filled
from sauran.server.http.localised_labels import Label, LabelReader, publication_text
from sauran.server.site.lookup import Lookup
from sauran.server.site.pages.dump_list import DumpView, list_dumps
from sauran.server.site.pages.example_queries import example_queries, query_address

__all__ = ["DatasetPage", "GraphView", "dataset_page"]

_MOST_CLASSES = 100
_QUESTIONS = 5


@dataclass(frozen=True, slots=True)
class GraphView:
    """A named graph: its address, how many triples it holds, and a query that shows some."""

    iri: str
    address: str
    triples: int
    derived: bool
    query: str


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """A dataset; `classes` are those of its things, with how many there are."""

    iri: str
    title: Label
    description: Label
    issued: datetime.date
    modified: datetime.date
    licence: str
    version: str
    publisher: Label
    contact: dict[str, str]
    themes: tuple[Label, ...]
    countries: tuple[Label, ...]
    frequency: tuple[Label, ...]
    keywords: tuple[str, ...]
    requires: tuple[Label, ...]
    sources: tuple[Label, ...]
    graphs: tuple[GraphView, ...]
    classes: tuple[tuple[Label, int], ...]
    dumps: tuple[DumpView, ...]
    questions: tuple[Label, ...]


def dataset_page(lookup: Lookup, iri: str) -> DatasetPage | None:
    """Read a dataset of the publication; None where the IRI names none."""
    served = lookup.served_release
    settings = next((dataset for dataset in served.publication["datasets"] if dataset["iri"] == iri), None)
    if settings is None:
        return None
    rows = ask_filled(served, "classes-of-graph", (NamedNode(settings["graph"]),), limit=_MOST_CLASSES).rows
    requires = [f"{served.links.base}dataset/{slug}" for slug in settings["requires"]]
    reader = lookup.reader_of(
        [*settings["sources"], *(class_.value for class_, _ in rows if isinstance(class_, NamedNode))]
    )
    publisher = served.publication["publisher"]
    titles = {dataset["iri"]: dataset["title"] for dataset in served.publication["datasets"]}
    return DatasetPage(
        iri=iri,
        title=publication_text(settings["title"], lookup.language),
        description=publication_text(settings["description"], lookup.language),
        issued=datetime.date.fromisoformat(settings["issued"]),
        modified=datetime.date.fromisoformat(settings["modified"]),
        licence=settings["licence"],
        version=served.release.version,
        publisher=Label(publisher["name"], href=served.links.page(publisher.get("iri", ""), lookup.language)),
        contact=served.publication["contact"],
        themes=_concepts("data_themes", settings.get("data_themes", ()), lookup.language),
        countries=_concepts("countries", settings.get("countries", ()), lookup.language),
        frequency=_concepts("frequency", filter(None, [settings.get("frequency")]), lookup.language),
        keywords=tuple(settings["keywords"].get(lookup.language, settings["keywords"].get("en", ()))),
        requires=tuple(
            publication_text(titles[other], lookup.language, served.links.page(other, lookup.language))
            for other in requires
        ),
        sources=tuple(reader.name(NamedNode(source)) for source in settings["sources"]),
        graphs=_graphs(lookup, settings["graph"], settings["derived_graph"]),
        classes=_classes(reader, rows),
        dumps=_dumps(lookup, settings["slug"]),
        questions=_questions(lookup, settings["slug"]),
    )


def _concepts(table: str, codes: Iterable[str], language: str) -> tuple[Label, ...]:
    """The labels of codes of EU vocabularies; a code that its table no longer has is shown as it is."""
    known = tables()[table].concepts
    found = [(code, known.get(code)) for code in codes]
    return tuple(
        publication_text(concept.labels, language, concept.iri) if concept else Label(code)
        for code, concept in found
    )


def _dumps(lookup: Lookup, slug: str) -> tuple[DumpView, ...]:
    """The files of a dataset, its tables first: most people can open them."""
    names = (slug, *(f"{slug}-{part}" for part in PARTS))
    found = [dump for dump in list_dumps(lookup.served_release) if dump.name in names]
    return tuple(sorted(found, key=lambda dump: dump.rows is None))


def _graphs(lookup: Lookup, written: str, derived: str) -> tuple[GraphView, ...]:
    served = lookup.served_release
    return tuple(
        GraphView(
            iri,
            served.links.address(iri) or iri,
            served.graphs[iri],
            iri == derived,
            query_address(served, lookup.language, _SAMPLE.format(graph=iri)),
        )
        for iri in (written, derived)
        if served.graphs.get(iri)
    )


def _classes(reader: LabelReader, rows: tuple[tuple[object, ...], ...]) -> tuple[tuple[Label, int], ...]:
    return tuple(
        (reader.name(class_), int(count.value))
        for class_, count in rows
        if isinstance(class_, NamedNode) and isinstance(count, Literal)
    )


def _questions(lookup: Lookup, slug: str) -> tuple[Label, ...]:
    known = [query for query in example_queries(lookup.served_release) if query.dataset == slug][:_QUESTIONS]
    shown = [(query.shown(lookup.language), query.as_text(lookup.language)) for query in known]
    return tuple(
        Label(question.text, question.language, query_address(lookup.served_release, lookup.language, text))
        for question, text in shown
    )


_SAMPLE = """SELECT ?subject ?property ?value
WHERE {{ GRAPH <{graph}> {{ ?subject ?property ?value }} }}
ORDER BY ?subject ?property ?value
LIMIT 20
"""
