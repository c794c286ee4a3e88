"""The shapes files: layout, names, messages, and queries that every engine can run."""

import re

import pyoxigraph as ox
import pytest
from shape_examples import BASE, PARAMETERS, SHAPES, name_of, shapes

from sauran.kg.model.namespaces import PREFIXES, RDF, SH

FILES = sorted(path.name for path in SHAPES.glob("*.ttl"))
LANGUAGES = ["en", "fr", "ru", "kk"]
HEADER = "<https://w3id.org/sauran/shapes>"
SPEAKING = sorted(s.value for s in shapes().by_subject if shapes().values(s, SH.message))  # type: ignore[union-attr]
QUERIES = sorted(t.subject.value for t in shapes().triples if t.predicate == SH.select)  # type: ignore[union-attr]

_OTHER_TERMS = """
    IRI IRIOrLiteral NodeShape PrefixDeclaration PropertyShape SPARQLConstraint Violation Warning
    alternativePath declare inversePath message namespace path prefix prefixes qualifiedValueShape select
    severity targetClass targetNode targetSubjectsOf
"""


def _literals(iri: str, predicate: ox.NamedNode) -> list[ox.Literal]:
    values = shapes().values(ox.NamedNode(iri), predicate)
    return [value for value in values if isinstance(value, ox.Literal)]


def test_every_shape_has_an_iri_below_the_shapes() -> None:
    named = [s for s in shapes().by_subject if isinstance(s, ox.NamedNode)]
    assert {s.value for s in named if not s.value.startswith(BASE)} == {HEADER.strip("<>")}
    blank = [s for s in shapes().by_subject if isinstance(s, ox.BlankNode)]
    allowed = {RDF.first, RDF.rest, SH.inversePath, SH.alternativePath}
    assert {t.predicate for s in blank for t in shapes().by_subject[s]} <= allowed
    assert len(named) > 100


def test_every_property_shape_and_query_owner_speaks() -> None:
    owners = {s for s in shapes().by_subject if shapes().values(s, SH.path) or shapes().values(s, SH.sparql)}
    owners |= set(shapes().rules.values())
    assert {name_of(s) for s in owners} == {name_of(iri) for iri in SPEAKING}


@pytest.mark.parametrize("iri", SPEAKING, ids=name_of)
def test_a_rule_has_a_severity_and_a_message_in_four_languages_that_says_how_to_mend(iri: str) -> None:
    severities = shapes().values(ox.NamedNode(iri), SH.severity)
    assert severities in ([SH.Violation], [SH.Warning])
    messages = {message.language: message.value for message in _literals(iri, SH.message)}
    assert list(messages) == LANGUAGES
    for language, text in messages.items():
        assert re.fullmatch(r"\S.+[.!?…] .+\.", text), f"{language}: a fault, then its repair: {text}"
        cyrillic = bool(re.search("[а-яёәіңғүұқөһ]", text))
        assert cyrillic == (language in ("ru", "kk"))


def test_a_slug_is_readable() -> None:
    odd = [s for s in shapes().rules if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", s)]
    assert odd == []
    assert len(shapes().rules) > 60


@pytest.mark.parametrize("iri", QUERIES, ids=name_of)
def test_a_query_means_the_same_on_every_engine(iri: str) -> None:
    (select,) = _literals(iri, SH.select)
    assert not re.search(r"\b(VALUES|MINUS|SERVICE|FROM|LOAD|NOW|YEAR|MONTH|DAY)\b", select.value)
    assert shapes().values(ox.NamedNode(iri), SH.prefixes) == [ox.NamedNode(HEADER.strip("<>"))]
    used = set(re.findall(r"(?<![<\w:])([a-z]+):[A-Za-z]", re.sub(r'"[^"]*"|<[^>]*>', "", select.value)))
    assert used <= set(_declared())
    ox.Store().query(select.value, prefixes=_declared())


def _declared() -> dict[str, str]:
    nodes = shapes().values(ox.NamedNode(HEADER.strip("<>")), SH.declare)
    declared = {}
    for node in nodes:
        (prefix,), (namespace,) = shapes().values(node, SH.prefix), shapes().values(node, SH.namespace)
        declared[str(prefix.value)] = str(namespace.value)  # type: ignore[union-attr]
    return declared


def test_declared_prefixes_are_those_of_the_vocabulary() -> None:
    assert {prefix: PREFIXES[prefix] for prefix in _declared()} == _declared()


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_the_layout_of_the_house(name: str) -> None:
    text = (SHAPES / name).read_text(encoding="utf-8")
    lines = text.split("\n")
    prefixes = [line for line in lines if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    assert all(re.match(r"# --- \S", line) for line in lines if line.startswith("#"))
    outside = re.sub(r'"""[\s\S]*?"""', '""', text)
    assert re.search(r"^[^@#\s].*\s", outside, re.MULTILINE)
    for block in re.split(r"\n\n", outside)[1:]:
        first, *rest = block.rstrip("\n").split("\n")
        if not first.startswith("#"):
            assert re.fullmatch(r"\S+", first)
            assert rest[-1] == "  ."
            assert all(re.match(r"  (  )?\S", line) for line in rest)


def test_no_term_of_shacl_is_misspelt() -> None:
    known = PARAMETERS | {SH[name] for name in _OTHER_TERMS.split()}
    used = {
        term
        for triple in shapes().triples
        for term in (triple.predicate, triple.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(PREFIXES["sh"])
    }
    assert used - known == set()
