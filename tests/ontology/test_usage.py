"""What is used is defined, and what is defined is used."""

from pyoxigraph import NamedNode, Triple

from tests.ontology.turtle import (
    ONTOLOGY,
    OWL,
    ROOT,
    SCHEME,
    SEC,
    content_files,
    iris_of_query,
    iris_outside_own_block,
    own_terms,
    parse_turtle,
    read_triples,
)

UNDEFINED_TERM = "@prefix sec: <https://w3id.org/sauran/ontology#> . <urn:a> a sec:Nothing ; sec:name 1 ."
QUERY = """# sec:NotThis is only a remark
PREFIX sec: <https://w3id.org/sauran/ontology#>
PREFIX verdict: <https://w3id.org/sauran/id/scheme/verdict/>
SELECT ?note WHERE { ?note a sec:CuratorNote ; sec:verdict verdict:name . FILTER(?x != "sec:NorThis") }
"""
RULE_WITH_QUERY = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:rule> sh:select "SELECT $this WHERE { $this sec:heldBy ?holder }" .
"""


def mentions(path_of_turtle: list, path_of_queries: list) -> dict[str, str]:
    """Each IRI mentioned outside its own block, with one file that mentions it."""
    found: dict[str, str] = {}
    for path in path_of_turtle:
        found.update(dict.fromkeys(iris_outside_own_block(read_triples(path)), path.name))
    for path in path_of_queries:
        found.update(dict.fromkeys(iris_of_query(path.read_text("utf-8")), path.name))
    return found


def undefined_iris(mentioned: set[str], defined: set[str]) -> set[str]:
    """IRIs of our namespaces that nobody defines."""
    ours = {iri for iri in mentioned if iri.startswith((SEC, SCHEME)) and iri not in (SEC, SCHEME)}
    return ours - defined


def defined_iris(*sources: list[Triple]) -> set[str]:
    """IRIs that the ontology's files describe."""
    return {t.subject.value for triples in sources for t in triples}


def test_every_term_in_use_is_defined(core: list[Triple], schemes: list[Triple]) -> None:
    found = mentions(content_files(ROOT, ".ttl"), content_files(ROOT, ".rq"))
    assert len(found) > 0
    undefined = undefined_iris(set(found), defined_iris(core, schemes))
    assert {iri: found[iri] for iri in undefined} == {}


def test_an_undefined_term_is_reported(core: list[Triple]) -> None:
    mentioned = set(iris_outside_own_block(parse_turtle(UNDEFINED_TERM)))
    assert undefined_iris(mentioned, defined_iris(core)) == {SEC + "Nothing", SEC + "name"}


def test_every_defined_term_is_in_use(core: list[Triple]) -> None:
    turtle = [path for path in content_files(ROOT, ".ttl") if path.parent != ONTOLOGY]
    elsewhere = mentions([*turtle, ONTOLOGY / "schemes.ttl"], content_files(ROOT, ".rq"))
    superclasses = {t.object.value for t in core if t.predicate.value.endswith("#subClassOf")}
    terms = own_terms(core)
    assert len(terms) > 0
    assert [t.value for t in terms if t.value not in elsewhere.keys() | superclasses] == []


def test_a_term_named_only_in_its_own_block_is_not_in_use() -> None:
    own_block = f"<{SEC}A> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <{SEC}A> , <{SEC}B> ."
    assert set(iris_outside_own_block(parse_turtle(own_block))) == {
        SEC + "B",
        "http://www.w3.org/2000/01/rdf-schema#seeAlso",
    }


def test_terms_are_read_from_queries_but_not_from_their_comments_strings_and_prefixes() -> None:
    ours = {iri for iri in iris_of_query(QUERY) if iri.startswith((SEC, SCHEME))}
    assert ours == {SEC + "CuratorNote", SEC + "verdict", SCHEME + "verdict/name"}


def test_terms_are_read_from_queries_inside_shapes() -> None:
    assert SEC + "heldBy" in set(iris_outside_own_block(parse_turtle(RULE_WITH_QUERY)))


def test_alignments_speak_only_of_defined_terms(core: list[Triple], alignments: list[Triple]) -> None:
    nodes = {node.value for t in alignments for node in (t.subject, t.object) if isinstance(node, NamedNode)}
    ours = {iri for iri in nodes if iri.startswith(SEC)}
    assert len(ours) > 0
    assert ours - {term.value for term in own_terms(core)} == set()


def test_qualifiers_of_claims_are_aligned_by_see_also_only(alignments: list[Triple]) -> None:
    qualifiers = {SEC + name for name in ("claimInvolves", "claimPlace", "claimTime")}
    predicates = {t.predicate.value.rsplit("#", 1)[1] for t in alignments if t.subject.value in qualifiers}
    assert predicates == {"seeAlso"}


def test_nothing_is_imported(core: list[Triple], schemes: list[Triple], alignments: list[Triple]) -> None:
    assert [t for t in core + schemes + alignments if t.predicate.value == OWL + "imports"] == []
