"""Read the checkout's Turtle and query files as terms; helper of the tests in this folder."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "ontology"
ONTOLOGY_IRI = NamedNode("https://w3id.org/sauran/ontology")

LANGUAGES = ("en", "fr", "ru", "kk")
SEC = "https://w3id.org/sauran/ontology#"
SCHEME = "https://w3id.org/sauran/id/scheme/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMA = "https://schema.org/"
SH = "http://www.w3.org/ns/shacl#"

TYPE = NamedNode(RDF + "type")
KINDS = {
    NamedNode(OWL + "Class"),
    NamedNode(OWL + "ObjectProperty"),
    NamedNode(OWL + "DatatypeProperty"),
    NamedNode(RDFS + "Datatype"),
}
_QUERY_LITERALS = {NamedNode(SH + "select"), NamedNode(SH + "ask"), NamedNode(SH + "construct")}
_PREFIX = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(r"(?<![\w:-])([A-Za-z][\w-]*):([A-Za-z][\w-]*)")
_NOT_A_NAME = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>\s]*>|^\s*#.*$|\s#.*$', re.MULTILINE)


def read_triples(path: Path) -> list[Triple]:
    """Parse one Turtle file."""
    return parse_turtle(path.read_text("utf-8"))


def parse_turtle(text: str) -> list[Triple]:
    """Parse Turtle text."""
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]


def values(triples: Iterable[Triple], subject: NamedNode, predicate: str) -> list:
    """Objects of `subject` and `predicate`, in file order."""
    wanted = NamedNode(predicate)
    return [t.object for t in triples if t.subject == subject and t.predicate == wanted]


def subjects_of_kind(triples: Iterable[Triple], kinds: Iterable[NamedNode]) -> list[NamedNode]:
    """Subjects typed with one of `kinds`, each once, sorted by IRI."""
    wanted = set(kinds)
    found = {t.subject for t in triples if t.predicate == TYPE and t.object in wanted}
    return sorted(found, key=lambda node: node.value)


def own_terms(triples: Iterable[Triple]) -> list[NamedNode]:
    """Classes, properties and datatypes of the sec: namespace."""
    return [node for node in subjects_of_kind(triples, KINDS) if node.value.startswith(SEC)]


def language_faults(triples: list[Triple], subject: NamedNode, predicate: str) -> list[str]:
    """Say where `predicate` is not given exactly once in each language."""
    tags = [v.language if isinstance(v, Literal) else None for v in values(triples, subject, predicate)]
    if sorted(map(str, tags)) == sorted(LANGUAGES):
        return []
    return [f"{subject.value}: {predicate} has the languages {tags}"]


def iris_outside_own_block(triples: Iterable[Triple]) -> Iterator[str]:
    """IRIs that a file mentions, save where a subject's own triples mention it."""
    for triple in triples:
        mentioned = [triple.predicate, triple.object]
        if isinstance(triple.object, Literal):
            mentioned = [triple.predicate, triple.object.datatype]
            if triple.predicate in _QUERY_LITERALS:
                yield from _iris_of_names(triple.object.value, {"sec": SEC})
        for node in mentioned:
            if isinstance(node, NamedNode) and node != triple.subject:
                yield node.value


def iris_of_query(text: str) -> set[str]:
    """IRIs that a query mentions, its PREFIX lines not counted."""
    prefixes = dict(_PREFIX.findall(text))
    body = _PREFIX.sub("", text)
    return _iris_of_names(body, prefixes) | set(re.findall(r"<([^>\s]*)>", body))


def _iris_of_names(text: str, prefixes: dict[str, str]) -> set[str]:
    names = _NAME.findall(_NOT_A_NAME.sub(" ", text))
    return {prefixes[prefix] + local for prefix, local in names if prefix in prefixes}


def content_files(root: Path, suffix: str) -> list[Path]:
    """Files of ontology, shapes and kg that may mention our terms."""
    return [
        path for room in ("ontology", "shapes", "kg") for path in sorted((root / room).rglob(f"*{suffix}"))
    ]
