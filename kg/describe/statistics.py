"""VoID statistics of a dump, counted triple by triple: subjects, objects, partitions, links. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeGuard

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from sauran.kg.loading.content import Content
from sauran.kg.loading.dumps import Dump
from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import OWL, RDF, SKOS

__all__ = ["count_dump", "count_dumps"]

_TYPE = RDF["type"]
# Properties that say that a thing of ours and one of others are the same, or belong together.
_MAPPINGS = frozenset(
    {
        OWL.sameAs,
        SKOS.exactMatch,
        SKOS.closeMatch,
        SKOS.broadMatch,
        SKOS.narrowMatch,
        SKOS.relatedMatch,
    }
)
# Where the ontology of a vocabulary is not called as its namespace is.
_ONTOLOGIES = {
    "http://www.opengis.net/ont/geosparql#": "http://www.opengis.net/ont/geosparql",
    "http://www.w3.org/2002/07/owl#": "http://www.w3.org/2002/07/owl",
    "http://www.w3.org/2004/02/skos/core#": "http://www.w3.org/2004/02/skos/core",
    "http://www.w3.org/2006/time#": "http://www.w3.org/2006/time",
}
_EXAMPLES = 5
_NONE: frozenset[str] = frozenset()
_NOWHERE: Mapping[str, frozenset[str]] = MappingProxyType({})


class _Property:
    """How often a property is used; `last` is the subject that was counted last."""

    __slots__ = ("again", "last", "objects", "subjects", "triples")

    def __init__(self) -> None:
        self.triples = self.subjects = 0
        self.objects: set[int] = set()
        self.last: Term | None = None
        self.again: set[Term] = set()


def count_dumps(content: Content) -> dict[str, dict[str, Any]]:
    """Compute the statistics of each dump of a release, by its name; plain data for the manifest.

    Shape: links are told of each dataset: those to other datasets of the publication, and mappings to others.
    """
    publication = content.publication
    homes = _homes(content)
    things = f"{publication.base}id/"
    counted = {}
    for dump in content.dumps():
        slug = dump.name.removesuffix("-derived")
        own = slug if slug in content.datasets else None
        space = things if own else publication.base
        counted[dump.name] = count_dump(dump, space, publication.base, homes if dump.name == own else {})
    return counted


def count_dump(
    dump: Dump, space: str, base: str, homes: Mapping[str, frozenset[str]] = _NOWHERE
) -> dict[str, Any]:
    """Count the triples of one dump as the formats without graphs hold them.

    Shape: entities are subjects whose IRIs begin with `space`; `homes` has the datasets that describe things.
    Of properties: triples, distinct subjects and objects; of classes: entities; of links: target, property,
    triples.
    Source: VoID, sections 4 and 5.
    """
    counter = _Counter(base, dump.name, homes)
    counter.count(dump.quads)
    return {
        "space": space,
        "triples": counter.triples,
        "entities": sum(1 for subject in counter.subjects if _is_in(subject, space)),
        "subjects": len(counter.subjects),
        "objects": len(counter.objects),
        "properties": {
            iri: [known.triples, known.subjects, len(known.objects)]
            for iri, known in sorted(counter.properties.items())
        },
        "classes": {iri: len(things) for iri, things in sorted(counter.classes.items())},
        "links": [[*link, number] for link, number in sorted(counter.links.items())],
        "vocabularies": _vocabularies([*counter.properties, *counter.classes], base),
        "examples": _examples(counter.classes, space),
    }


class _Counter:
    """Counts quads whose graphs are sorted by subject, each term kept once however often it stands there."""

    def __init__(self, base: str, own: str, homes: Mapping[str, frozenset[str]]) -> None:
        self._base, self._own, self._homes = base, own, homes
        self.triples = 0
        self.subjects: dict[Term, Term] = {}
        # Each object by a number, with where it leads out of the dataset.
        self.objects: dict[Term, tuple[int, tuple[str, ...]]] = {}
        self.properties: dict[str, _Property] = {}
        self.classes: dict[str, set[Term]] = {}
        self.links: Counter[tuple[str, str]] = Counter()
        self._again: set[Term] = set()
        self._seen: set[Triple] = set()

    def count(self, quads: Iterable[Quad]) -> None:
        quads = list(quads)
        self._again = self._find_again(quads)
        last: Term | None = None
        for quad in quads:
            subject = quad.subject
            if last is None or subject != last:
                last = self.subjects.setdefault(subject, subject)
            if last in self._again:
                # Only such a subject can have the same triple twice.
                if quad.triple in self._seen:
                    continue
                self._seen.add(quad.triple)
            self._count(last, quad)

    def _find_again(self, quads: Iterable[Quad]) -> set[Term]:
        """The subjects whose quads do not all stand together in one graph."""
        last: Term | None = None
        graph: Term | DefaultGraph | None = None
        again: set[Term] = set()
        for quad in quads:
            subject = quad.subject
            if last is None or subject != last or quad.graph_name != graph:
                if subject in self.subjects:
                    again.add(subject)
                last, graph = self.subjects.setdefault(subject, subject), quad.graph_name
        return again

    def _count(self, subject: Term, quad: Quad) -> None:
        predicate, value = quad.predicate, quad.object
        iri = predicate.value
        known = self.properties.get(iri)
        if known is None:
            known = self.properties[iri] = _Property()
        found = self.objects.get(value)
        if found is None:
            found = self.objects[value] = (len(self.objects), self._targets(value))
        number, targets = found
        self.triples += 1
        known.triples += 1
        known.objects.add(number)
        if subject in self._again:
            known.subjects += subject not in known.again
            known.again.add(subject)
        elif subject is not known.last:
            known.last = subject
            known.subjects += 1
        if predicate == _TYPE and isinstance(value, NamedNode):
            self.classes.setdefault(value.value, set()).add(subject)
        if targets and isinstance(subject, NamedNode):
            self._count_links(subject, predicate, targets)

    def _count_links(self, subject: NamedNode, predicate: NamedNode, targets: tuple[str, ...]) -> None:
        for target in targets:
            # Whatever leads to another dataset of ours; to others only what says that things are the same.
            if target.startswith(self._base) or (
                predicate in _MAPPINGS and subject.value.startswith(self._base)
            ):
                self.links[target, predicate.value] += 1

    def _targets(self, value: Term) -> tuple[str, ...]:
        """Which other datasets describe a thing; of one of others, the namespace."""
        if not isinstance(value, NamedNode):
            return ()
        iri = value.value
        if not iri.startswith(self._base):
            return (_namespace(iri.rstrip("/")),)
        described = self._homes.get(iri, _NONE)
        if self._own in described:
            return ()
        return tuple(f"{self._base}dataset/{slug}" for slug in sorted(described))


def _homes(content: Content) -> dict[str, frozenset[str]]:
    """Which datasets describe a thing; alone its own where only one does."""
    alone = {slug: frozenset({slug}) for slug in content.datasets}
    homes: dict[str, frozenset[str]] = {}
    for slug, quads in content.datasets.items():
        for iri in _subjects(quads):
            homes[iri] = homes[iri] | alone[slug] if iri in homes else alone[slug]
    return homes


def _subjects(quads: Sequence[Quad]) -> Iterable[str]:
    return dict.fromkeys(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))


def _vocabularies(terms: Iterable[str], base: str) -> list[str]:
    """The ontologies that terms are from, by IRI; ours by that of the ontology."""
    ours = {f"{base}ontology#": f"{base}ontology"}
    return sorted({(_ONTOLOGIES | ours).get(name, name) for name in map(_namespace, terms)})


def _namespace(iri: str) -> str:
    """An IRI without its last part; of urn:x:y what stands before the last colon."""
    end = max(iri.rfind("#"), iri.rfind("/"))
    return iri[: (end if end >= 0 else iri.rfind(":")) + 1]


def _examples(classes: Mapping[str, set[Term]], space: str) -> list[str]:
    """The first thing of each of the largest classes; parts of documents only where there is nothing else."""
    largest = sorted(classes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    first = [min((t.value for t in things if _is_in(t, space)), default="") for _, things in largest]
    whole = [iri for iri in first if "#" not in iri]
    return list(dict.fromkeys(iri for iri in (whole if any(whole) else first) if iri))[:_EXAMPLES]


def _is_in(term: Term, space: str) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode) and term.value.startswith(space)
