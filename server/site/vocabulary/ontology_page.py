"""The ontology as a page: description, classes, datatypes, properties, concept schemes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, OWL, PREFIXES, RDF, SKOS
from sauran.kg.model.triple_index import TripleIndex
from sauran.server.http.localised_labels import Label
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.visual.drawings.class_diagram import Between, Node, draw_diagram
from sauran.server.site.vocabulary.shape_rules import ShapeRules
from sauran.server.site.vocabulary.term_view import Relation, TermView, TermViews
from sauran.server.site.vocabulary.usage import LinkedCount, Usage, count_uses
from sauran.server.site.vocabulary.vocabulary_graph import CLASSES, DATATYPES, PROPERTIES, VocabularyGraph

__all__ = [
    "ConceptRow",
    "OntologyPage",
    "SchemeView",
    "VocabularyHead",
    "ontology_page",
    "read_vocabulary_head",
]

_NAMESPACE = f"{PREFIXES['vann']}preferredNamespaceUri"
_PREFIX = f"{PREFIXES['vann']}preferredNamespacePrefix"
_FACTS = (
    OWL.versionInfo,
    OWL.versionIRI,
    DCTERMS.issued,
    DCTERMS.modified,
    DCTERMS.license,
    DCTERMS.creator,
    DCTERMS.publisher,
)

# A property, what it is used with, what it leads to.
Ends = tuple[Label, tuple[Label, ...], tuple[Label, ...]]


@dataclass(frozen=True, slots=True)
class VocabularyHead:
    """The description of a vocabulary: title, prefix, namespace, facts."""

    title: Label
    description: Label | None
    iri: str
    prefix: str
    namespace: str
    facts: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class ClassNode:
    """A class in the hierarchy, with those below it."""

    link: Label
    below: tuple["ClassNode", ...]


@dataclass(frozen=True, slots=True)
class ConceptRow:
    """A concept; `depth` is 0 for those with no broader one in their scheme."""

    link: Label
    definition: Label | None
    uses: LinkedCount | None
    depth: int


@dataclass(frozen=True, slots=True)
class SchemeView:
    """A scheme of concepts."""

    anchor: str
    link: Label
    iri: str
    definition: Label | None
    concepts: tuple[ConceptRow, ...]


@dataclass(frozen=True, slots=True)
class OntologyPage:
    """The content of the page; `counted` is false if counting took too long."""

    head: VocabularyHead
    prefixes: tuple[tuple[str, str], ...]
    hierarchy: tuple[ClassNode, ...]
    classes: tuple[TermView, ...]
    datatypes: tuple[TermView, ...]
    properties: tuple[TermView, ...]
    borrowed: tuple[TermView, ...]
    schemes: tuple[SchemeView, ...]
    deprecated: tuple[TermView, ...]
    diagram: Markup
    ends: tuple[Ends, ...]
    counted: bool


def ontology_page(served_release: ServedRelease, language: str, diagram_title: str) -> OntologyPage | None:
    """Collect the content of the page; None if the release has no ontology."""
    graph = VocabularyGraph(served_release, language)
    head = read_vocabulary_head(graph, graph.ontology)
    if head is None:
        return None
    usage = count_uses(served_release, language)
    terms = TermViews(graph, ShapeRules(graph.shapes), usage)
    classes, properties = terms.of_kind(CLASSES), terms.of_kind(PROPERTIES)
    own = [term for term in properties if term.value.startswith(head.namespace)]
    views = {term: terms.view(term) for term in (*classes, *terms.of_kind(DATATYPES), *properties)}
    return OntologyPage(
        head=head,
        prefixes=_prefixes(graph),
        hierarchy=_hierarchy(terms, classes),
        classes=tuple(views[term] for term in classes),
        datatypes=tuple(views[term] for term in terms.of_kind(DATATYPES)),
        properties=tuple(views[term] for term in own),
        borrowed=tuple(views[term] for term in properties if term not in own),
        schemes=_schemes(graph, usage),
        deprecated=tuple(view for view in views.values() if view.deprecated),
        diagram=_diagram(terms, classes, properties, diagram_title),
        ends=tuple(_ends(terms, term) for term in properties),
        counted=usage is not None,
    )


def read_vocabulary_head(graph: VocabularyGraph, index: TripleIndex) -> VocabularyHead | None:
    """Read the description of a vocabulary; None if it has none."""
    for owner in index.subjects(RDF.type.value, OWL.Ontology):
        if not isinstance(owner, NamedNode):
            continue
        title = graph.reader.shown_value(owner, DCTERMS.title) or Label(owner.value)
        facts = (
            Relation(graph.name(word), _facts(graph, word, values, owner))
            for word in _FACTS
            if (values := index.objects(owner, word.value))
        )
        return VocabularyHead(
            title,
            graph.reader.shown_value(owner, DCTERMS.description),
            owner.value,
            _text(index.value(owner, _PREFIX)),
            _text(index.value(owner, _NAMESPACE)) or f"{owner.value}#",
            tuple(facts),
        )
    return None


def _facts(graph: VocabularyGraph, word: NamedNode, values: list[Term], owner: Term) -> tuple[Label, ...]:
    """Values as people read them: a date without its datatype; of an older version there is no page."""
    if word == OWL.versionIRI:
        return tuple(Label(value.value) for value in values if isinstance(value, NamedNode))
    return tuple(replace(shown, datatype=None) for shown in graph.show_best(values, owner))


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""


def _prefixes(graph: VocabularyGraph) -> tuple[tuple[str, str], ...]:
    """The prefixes of the vocabularies that the ontology and its alignments name."""
    terms = {
        term.value
        for index in (graph.ontology, graph.alignments)
        for triple in index
        for term in (triple.subject, triple.predicate, triple.object)
        if isinstance(term, NamedNode)
    }
    known = graph.served_release.prefixes
    used = {prefix for iri in terms for prefix in [graph.short(iri).partition(":")[0]] if prefix in known}
    return tuple((prefix, known[prefix]) for prefix in sorted(used))


def _hierarchy(terms: TermViews, classes: Iterable[NamedNode]) -> tuple[ClassNode, ...]:
    known = list(classes)
    seen: set[Term] = set()

    def node(term: Term) -> ClassNode:
        seen.add(term)
        below = [narrower for narrower in known if narrower in terms.narrower(term) and narrower not in seen]
        return ClassNode(terms.graph.name(term), tuple(node(narrower) for narrower in below))

    tops = [term for term in known if not set(terms.broader(term)[1:]) & set(known)]
    # Classes that are below each other have no top.
    return tuple(node(term) for term in (*tops, *known) if term not in seen)


def _flat(nodes: Iterable[ClassNode], depth: int = 0) -> Iterable[tuple[Label, int]]:
    for node in nodes:
        yield node.link, depth
        yield from _flat(node.below, depth + 1)


def _diagram(terms: TermViews, classes: list[NamedNode], properties: list[NamedNode], title: str) -> Markup:
    """Classes on both sides, with what else properties lead from and to; the properties between."""
    graph = terms.graph
    inside = [Node(_key(link), link, depth) for link, depth in _flat(_hierarchy(terms, classes))]
    ends = {term: terms.ends(term) for term in properties}

    def column(side: int) -> list[Node]:
        known = {node.key for node in inside}
        outside = graph.names({term for both in ends.values() for term in both[side]})
        return inside + [Node(_key(shown), shown) for shown in outside if _key(shown) not in known]

    between = [
        Between(
            Node(term.value, graph.name(term)),
            [_key(graph.name(end)) for end in sources],
            [_key(graph.name(end)) for end in targets],
        )
        for term, (sources, targets) in ends.items()
        if sources or targets
    ]
    return draw_diagram(column(0), between, column(1), title)


def _ends(terms: TermViews, property_: NamedNode) -> Ends:
    domains, ranges = terms.ends(property_)
    return terms.graph.name(property_), terms.graph.names(domains), terms.graph.names(ranges)


def _key(shown: Label) -> str:
    """A key that differs for terms with the same label."""
    return shown.href or shown.text


def _schemes(graph: VocabularyGraph, usage: Usage | None) -> tuple[SchemeView, ...]:
    ontology = graph.ontology
    found = ontology.subjects(RDF.type.value, SKOS.ConceptScheme)
    views = [
        SchemeView(
            anchor=f"scheme-{scheme.value.rstrip('/#').replace('#', '/').rsplit('/', 1)[-1]}",
            link=graph.name(scheme),
            iri=scheme.value,
            definition=graph.reader.shown_value(scheme, SKOS.definition),
            concepts=tuple(_concepts(graph, usage, scheme)),
        )
        for scheme in found
        if isinstance(scheme, NamedNode)
    ]
    return tuple(sorted(views, key=lambda view: view.link.text.casefold()))


def _concepts(graph: VocabularyGraph, usage: Usage | None, scheme: Term) -> Iterable[ConceptRow]:
    """The concepts of a scheme, each before the narrower ones."""
    ontology = graph.ontology
    inside = ontology.subjects(SKOS.inScheme.value, scheme)
    inside.sort(key=lambda concept: graph.name(concept).text.casefold())
    seen: set[Term] = set()

    def rows(concepts: Iterable[Term], depth: int) -> Iterable[ConceptRow]:
        for concept in concepts:
            if concept in seen:
                continue
            seen.add(concept)
            yield ConceptRow(
                graph.name(concept),
                graph.reader.shown_value(concept, SKOS.definition),
                usage.concepts.get(concept) if usage else None,
                depth,
            )
            below = [c for c in inside if concept in ontology.objects(c, SKOS.broader.value)]
            yield from rows(below, depth + 1)

    tops = [c for c in inside if not set(ontology.objects(c, SKOS.broader.value)) & set(inside)]
    yield from rows((*tops, *inside), 0)
