"""Views of classes, datatypes and properties."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.kg.model.namespaces import DCTERMS, OWL, RDF, RDFS, REVIEW_PROPERTIES, SCHEMA, SH, SKOS
from sauran.server.http.localised_labels import Label
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.site.vocabulary.shape_rules import ShapeRules
from sauran.server.site.vocabulary.usage import LinkedCount, Usage
from sauran.server.site.vocabulary.vocabulary_graph import ONTOLOGY, PROPERTIES, TERM_KINDS, VocabularyGraph

__all__ = ["Relation", "RuleOfTerm", "TermView", "TermViews"]

_SUBCLASS, _SUBPROPERTY = RDFS.subClassOf.value, RDFS.subPropertyOf.value
_DOMAINS, _RANGES = (SCHEMA.domainIncludes, RDFS.domain), (SCHEMA.rangeIncludes, RDFS.range)
# Shown in places of their own, or by the marks of each text.
_APART = {
    RDF.type.value,
    RDFS.label.value,
    RDFS.isDefinedBy.value,
    SKOS.definition.value,
    SKOS.scopeNote.value,
    SKOS.example.value,
    OWL.deprecated.value,
    DCTERMS.isReplacedBy.value,
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A property with its values."""

    label: Label
    values: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class RuleOfTerm:
    """A rule that applies to a term, and its message."""

    link: Label
    message: Label | None


@dataclass(frozen=True, slots=True)
class TermView:
    """The view of a term; `others` are its labels in other languages.

    `things` and `below` are of classes, `triples` and `claims` of properties; None where nothing was counted.
    """

    anchor: str
    iri: str
    short: str
    label: Label
    others: tuple[Label, ...]
    kinds: tuple[Label, ...]
    definition: Label | None
    notes: tuple[Label, ...]
    examples: tuple[Label, ...]
    relations: tuple[Relation, ...]
    rules: tuple[RuleOfTerm, ...]
    deprecated: bool
    successors: tuple[Label, ...]
    things: LinkedCount | None
    below: LinkedCount | None
    triples: LinkedCount | None
    claims: LinkedCount | None


class TermViews:
    """Makes views of terms."""

    graph: VocabularyGraph

    def __init__(self, graph: VocabularyGraph, rules: ShapeRules, usage: Usage | None) -> None:
        self.graph, self._rules, self._usage = graph, rules, usage or Usage()

    def of_kind(self, kinds: Iterable[NamedNode]) -> list[NamedNode]:
        """The terms of some kinds by their labels, in the order of the alphabet."""
        ontology = self.graph.ontology
        found = {
            term
            for kind in kinds
            for term in ontology.subjects(RDF.type.value, kind)
            if isinstance(term, NamedNode)
        }
        return sorted(found, key=lambda term: (self.graph.name(term).text.casefold(), term.value))

    def view(self, term: NamedNode) -> TermView:
        """Collect the view of a term."""
        graph, usage, ontology = self.graph, self._usage, self.graph.ontology
        labels = [text for text in ontology.objects(term, RDFS.label.value) if isinstance(text, Literal)]
        label = graph.name(term)
        kinds = [
            kind
            for kind in ontology.objects(term, RDF.type.value)
            if kind not in TERM_KINDS - {OWL.SymmetricProperty}
        ]
        deprecated = ontology.value(term, OWL.deprecated.value)
        return TermView(
            anchor=graph.anchor(ONTOLOGY, term) or "",
            iri=term.value,
            short=graph.short(term.value),
            label=label,
            others=tuple(graph.reader.show(text, term) for text in _others(labels, label)),
            kinds=graph.names(kinds),
            definition=graph.reader.shown_value(term, SKOS.definition),
            notes=self._texts(term, SKOS.scopeNote),
            examples=self._texts(term, SKOS.example),
            relations=tuple(self._relations(term)),
            rules=tuple(sorted(map(self._rule, self._rules_of(term)), key=lambda rule: rule.link.text)),
            deprecated=isinstance(deprecated, Literal) and deprecated.value in ("true", "1"),
            successors=graph.names(ontology.objects(term, DCTERMS.isReplacedBy.value)),
            things=usage.things.get(term),
            below=usage.below.get(term) if self.narrower(term) else None,
            triples=usage.triples.get(term),
            claims=usage.claims.get(term),
        )

    def narrower(self, term: Term) -> list[Term]:
        """The direct subclasses or subproperties."""
        ontology = self.graph.ontology
        return [*ontology.subjects(_SUBCLASS, term), *ontology.subjects(_SUBPROPERTY, term)]

    def broader(self, term: Term) -> list[Term]:
        """A class and all above it."""
        found, todo = dict[Term, None](), [term]
        while todo:
            current = todo.pop()
            if current not in found:
                found[current] = None
                todo += self.graph.ontology.objects(current, _SUBCLASS)
        return list(found)

    def ends(self, property_: Term) -> tuple[list[Term], list[Term]]:
        """The classes that a property leads from, and those that it leads to."""
        ontology = self.graph.ontology
        domains, ranges = (
            [term for word in words for term in ontology.objects(property_, word.value)]
            for words in (_DOMAINS, _RANGES)
        )
        return domains, ranges

    def _relations(self, term: NamedNode) -> Iterable[Relation]:
        graph, ontology = self.graph, self.graph.ontology
        own = ontology.properties(term)
        for predicate, values in own.items():
            name = NamedNode(predicate)
            if predicate not in _APART and name not in REVIEW_PROPERTIES:
                yield Relation(graph.name(name), graph.show_best(values, term))
        if set(ontology.objects(term, RDF.type.value)) & PROPERTIES:
            yield from _related(Label(_("Narrower properties")), graph.names(self.narrower(term)))
        else:
            yield from self._relations_of_class(term)
        for predicate, values in graph.alignments.properties(term).items():
            label = graph.name(NamedNode(predicate))
            yield Relation(
                Label(_("In other vocabularies, %(relation)s", relation=label.text), label.language),
                graph.show_best(values, term),
            )

    def _relations_of_class(self, term: NamedNode) -> Iterable[Relation]:
        graph, ontology = self.graph, self.graph.ontology
        yield from _related(Label(_("Narrower classes")), graph.names(self.narrower(term)))
        for words, here, inherited in (
            (_DOMAINS, _("Properties used with it"), _("Properties used with a broader class")),
            (_RANGES, _("Properties that lead to it"), _("Properties that lead to a broader class")),
        ):
            for classes, label in ((self.broader(term)[:1], here), (self.broader(term)[1:], inherited)):
                users = {p for c in classes for word in words for p in ontology.subjects(word.value, c)}
                yield from _related(Label(label), graph.names(users))

    def _rules_of(self, term: NamedNode) -> list[Term]:
        if set(self.graph.ontology.objects(term, RDF.type.value)) & PROPERTIES:
            return self._rules.rules_about(term)
        shapes = self._rules.shapes_for(self.broader(term))
        return list(dict.fromkeys(rule for shape in shapes for rule in self._rules.rules_of(shape)))

    def _rule(self, rule: Term) -> RuleOfTerm:
        return RuleOfTerm(self.graph.name(rule), self.graph.reader.shown_value(rule, SH.message))

    def _texts(self, term: NamedNode, property_: NamedNode) -> tuple[Label, ...]:
        return self.graph.show_best(self.graph.ontology.objects(term, property_.value), term)


def _related(label: Label, values: tuple[Label, ...]) -> Iterable[Relation]:
    if values:
        yield Relation(label, values)


def _others(labels: Sequence[Literal], shown: Label) -> list[Literal]:
    """The labels in other languages, in the order of the languages of this site."""
    order = {language: place for place, language in enumerate(LANGUAGES)}
    found = [text for text in labels if text.language and text.language != shown.language]
    return sorted(found, key=lambda text: (order.get(text.language or "", len(order)), text.language or ""))
