"""VoID descriptions of datasets, from the counts in the manifest of a release. Pure."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.model.addresses import absolute
from sauran.kg.model.formats import BY_NAME
from sauran.kg.model.namespaces import DCTERMS, PREFIXES, RDF, XSD, Namespace
from sauran.kg.publication.distributions import WHOLE, Distribution, distributions, distributions_of

__all__ = ["VOID_PATH", "dataset_void", "void_quads", "whole_slugs"]

VOID_PATH = ".well-known/void"
_FOAF, _VOID = Namespace("http://xmlns.com/foaf/0.1/"), Namespace(PREFIXES["void"])
_A = RDF["type"]
_LOCAL_NAME = re.compile(r"[\w.-]+", re.ASCII)
_DIGITS = 12
# What is dumped besides the datasets, with its title; what of it is in the dump of everything.
_BESIDES = {"ontology": "Ontology", "shapes": "Shapes", "alignments": "Relations to other vocabularies"}
_INSIDE = ("ontology", "shapes")
_DERIVED = "Triples derived from the claims"
_MOST_WHOLE = 100  # datasets; of more, all but the totals stands at the IRI of each


def void_quads(manifest: Mapping[str, Any], site: str) -> list[Quad]:
    """Describe every dataset in the one document that harvesters look for.

    Source: VoID, sections 6.1 and 6.3.
    """
    document = NamedNode(absolute(site, VOID_PATH))
    said = manifest["publication"]
    described = _Description(manifest, site, distributions(manifest))
    slugs, whole = [dataset["slug"] for dataset in said["datasets"]], set(whole_slugs(manifest))
    quads = [
        Quad(document, _A, _VOID.DatasetDescription),
        Quad(document, DCTERMS.modified, _newest(said)),
        Quad(document, _FOAF.primaryTopic, described.iri(WHOLE)),
        *(Quad(document, DCTERMS.title, _text(text, tag)) for tag, text in said["title"].items()),
        *(Quad(document, _FOAF.topic, described.iri(slug)) for slug in slugs),
    ]
    for slug in (*slugs, WHOLE):
        quads += described.dataset(slug) if slug in whole else described.summary(slug)
    return list(dict.fromkeys(quads))


def whole_slugs(manifest: Mapping[str, Any]) -> list[str]:
    """The datasets of which the one document says everything: of too many only the totals."""
    slugs = [dataset["slug"] for dataset in manifest["publication"]["datasets"]]
    return [*(slugs if len(slugs) <= _MOST_WHOLE else ()), WHOLE]


def dataset_void(manifest: Mapping[str, Any], slug: str, site: str) -> list[Quad]:
    """Describe one dataset and what is dumped beside it, such as its derived triples.

    Shape: nothing is said that the manifest has not counted.
    """
    files = distributions_of(manifest, slug)
    return list(dict.fromkeys(_Description(manifest, site, files).dataset(slug)))


class _Description:
    """What a release says of its datasets on one site."""

    def __init__(self, manifest: Mapping[str, Any], site: str, files: Iterable[Distribution]) -> None:
        self._manifest, self._site = manifest, site
        said = manifest["publication"]
        self._prefixes: Mapping[str, str] = manifest["prefixes"]
        self._datasets = f"{said['base']}dataset/"
        self._said = {WHOLE: said} | {dataset["slug"]: dataset for dataset in said["datasets"]}
        self._files: dict[str, list[Distribution]] = {}
        for known in files:
            self._files.setdefault(known.dump, []).append(known)

    def iri(self, slug: str) -> NamedNode:
        return NamedNode(self._datasets + slug)

    def summary(self, slug: str) -> Iterator[Quad]:
        """What a dataset is called, and how large it is."""
        iri = self.iri(slug)
        yield Quad(iri, _A, _VOID.Dataset)
        yield from (Quad(iri, DCTERMS.title, _text(t, tag)) for tag, t in self._said[slug]["title"].items())
        yield Quad(iri, _FOAF.homepage, self._address("" if slug == WHOLE else f"dataset/{slug}"))
        yield from self._totals(iri, slug)

    def dataset(self, slug: str) -> Iterator[Quad]:
        """Everything about a dataset and what belongs to it."""
        iri, said, own = self.iri(slug), self._manifest["publication"], self._said[slug]
        yield from self.summary(slug)
        texts = own["description"].items()
        yield from (Quad(iri, DCTERMS.description, _text(text, tag)) for tag, text in texts)
        yield Quad(iri, DCTERMS.license, NamedNode(own["licence"]))
        yield Quad(iri, _VOID.sparqlEndpoint, self._address("sparql"))
        yield Quad(iri, _VOID.openSearchDescription, self._address("opensearch.xml"))
        if said["publisher"].get("iri"):
            yield Quad(iri, DCTERMS.publisher, NamedNode(said["publisher"]["iri"]))
        for date in ("issued", "modified"):
            if date in own:
                yield Quad(iri, DCTERMS[date], Literal(own[date], datatype=XSD.date))
        yield from self._details(iri, slug)
        if slug == WHOLE:
            for other in said["datasets"]:
                yield Quad(iri, _VOID.subset, self.iri(other["slug"]))
            for name in _BESIDES:
                yield from self._beside(iri, name, name)
        else:
            yield from self._beside(iri, "derived", f"{slug}-derived")

    def _beside(self, iri: NamedNode, name: str, dump: str) -> Iterator[Quad]:
        """What is dumped apart from a dataset."""
        part = NamedNode(f"{iri.value}#{name}")
        counted = [*self._totals(part, dump), *self._details(part, dump)]
        if counted:
            yield Quad(part, _A, _VOID.Dataset)
            yield Quad(part, DCTERMS.title, Literal(_BESIDES.get(name, _DERIVED), language="en"))
            # Neither derived triples nor alignments are in any other dump's triples.
            yield Quad(iri, _VOID.subset, part) if name in _INSIDE else Quad(part, DCTERMS.source, iri)
            yield from counted

    def _totals(self, iri: NamedNode, dump: str) -> Iterator[Quad]:
        counts = self._counts(dump)
        if counts is None:
            return
        for word, value in (
            ("triples", counts["triples"]),
            ("entities", counts["entities"]),
            ("distinctSubjects", counts["subjects"]),
            ("distinctObjects", counts["objects"]),
            ("properties", len(counts["properties"])),
            ("classes", len(counts["classes"])),
        ):
            yield Quad(iri, _VOID[word], _number(value))

    def _details(self, iri: NamedNode, dump: str) -> Iterator[Quad]:
        """The files that hold just what was counted of one dump, and what they hold."""
        counts = self._counts(dump)
        for known in self._files.get(dump, ()):
            if _holds(known, counts):
                address = f"release/{self._manifest['version']}/{known.path}"
                yield Quad(iri, _VOID.dataDump, self._address(address))
                if feature := BY_NAME[known.format].w3c:
                    yield Quad(iri, _VOID.feature, NamedNode(feature))
        if counts is None:
            return
        yield Quad(iri, _VOID.uriSpace, Literal(counts["space"]))
        yield from (Quad(iri, _VOID.vocabulary, NamedNode(name)) for name in counts["vocabularies"])
        yield from (Quad(iri, _VOID.exampleResource, NamedNode(name)) for name in counts["examples"])
        for target, predicate, triples in counts["links"]:
            yield from self._links(iri, target, predicate, triples)
        yield from self._partitions(iri, counts)

    def _counts(self, dump: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._manifest.get("statistics", {}).get(dump)
        return found

    def _links(self, iri: NamedNode, target: str, predicate: str, triples: int) -> Iterator[Quad]:
        """One set of links for a target and a property; a dataset of others is known by its namespace."""
        inside = target.startswith(self._datasets)
        name = target.removeprefix(self._datasets) if inside else _digest(target)
        other = NamedNode(target) if inside else NamedNode(f"{self._datasets}{WHOLE}#target-{name}")
        links = self._part(iri, f"links-{name}", predicate)
        yield Quad(iri, _VOID.subset, links)
        yield Quad(links, _A, _VOID.Linkset)
        yield Quad(links, _VOID.subjectsTarget, iri)
        yield Quad(links, _VOID.objectsTarget, other)
        yield Quad(links, _VOID.linkPredicate, NamedNode(predicate))
        yield Quad(links, _VOID.triples, _number(triples))
        yield Quad(other, _A, _VOID.Dataset)
        if not inside:
            yield Quad(other, _VOID.uriSpace, Literal(target))

    def _partitions(self, iri: NamedNode, counts: Mapping[str, Any]) -> Iterator[Quad]:
        for name, entities in counts["classes"].items():
            part = self._part(iri, "class", name)
            yield Quad(iri, _VOID.classPartition, part)
            yield Quad(part, _VOID["class"], NamedNode(name))
            yield Quad(part, _VOID.entities, _number(entities))
        for name, (triples, subjects, objects) in counts["properties"].items():
            part = self._part(iri, "property", name)
            yield Quad(iri, _VOID.propertyPartition, part)
            yield Quad(part, _VOID.property, NamedNode(name))
            yield Quad(part, _VOID.triples, _number(triples))
            yield Quad(part, _VOID.distinctSubjects, _number(subjects))
            yield Quad(part, _VOID.distinctObjects, _number(objects))

    def _part(self, iri: NamedNode, kind: str, term: str) -> NamedNode:
        """A name that stays for a part of a dataset: by the short name of a term, else by its digest."""
        cut = max(term.rfind("#"), term.rfind("/")) + 1
        prefix = min((known for known, name in self._prefixes.items() if name == term[:cut]), default="")
        short = f"{prefix}:{term[cut:]}" if prefix and _LOCAL_NAME.fullmatch(term[cut:]) else _digest(term)
        # A fragment has no fragment of its own.
        return NamedNode(f"{iri.value}{'-' if '#' in iri.value else '#'}{kind}-{short}")

    def _address(self, path: str) -> NamedNode:
        return NamedNode(absolute(self._site, path))


def _holds(known: Distribution, counts: Mapping[str, Any] | None) -> bool:
    """Whether a file is RDF and holds what was counted: with graphs it may hold more."""
    is_rdf = (found := BY_NAME.get(known.format)) is not None and found.rdf is not None
    return is_rdf and (counts is None or known.triples == counts["triples"])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _newest(said: Mapping[str, Any]) -> Literal:
    dates = [said["issued"], *(dataset["modified"] for dataset in said["datasets"])]
    return Literal(max(dates), datatype=XSD.date)


def _text(text: str, tag: str) -> Literal:
    return Literal(text, language=tag)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)
