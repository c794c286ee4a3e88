"""What `sauran validate` says and how it ends, where engines are known to go wrong."""

from pathlib import Path

import pytest
from support import sauran

PREFIXES = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PRICE = "ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:property ex:part . ex:part sh:path ex:price ; {} ."
ONE = 'ex:a a ex:P ; ex:price "a"@en .'


def validate(folder: Path, data: str, shapes: str, *arguments: str) -> tuple[int, str, str]:
    (folder / "d.ttl").write_text(PREFIXES + data, "utf-8")
    (folder / "s.ttl").write_text(PREFIXES + shapes, "utf-8")
    result = sauran("validate", "d.ttl", "--shapes", "s.ttl", *arguments, cwd=folder)
    return result.returncode, result.stdout, result.stderr


def test_a_finding_fails_the_run_though_its_node_is_not_in_the_data(tmp_path: Path) -> None:
    shapes = "ex:S a sh:NodeShape ; sh:targetNode ex:zz ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
    code, _, talk = validate(tmp_path, ONE, shapes)
    assert code == 1
    assert "nothing was checked" not in talk


def test_a_finding_fails_the_run_though_its_node_is_typed_in_the_ontology(tmp_path: Path) -> None:
    (tmp_path / "o.ttl").write_text(PREFIXES + "ex:o a ex:P .", "utf-8")
    shapes = PRICE.format("sh:datatype xsd:decimal")
    for price, code in (('"b"', 1), ("1.5", 0)):
        ended, _, talk = validate(tmp_path, f"ex:o ex:price {price} .", shapes, "--ontology", "o.ttl")
        assert (ended, "checked: 1 of 1 shapes met 1 node" in talk) == (code, True)


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        ("sh:minCount 1 ; sh:deactivated true", "warning no-constraint: "),
        ("sh:proprety 1", "warning no-constraint: "),
        ("sh:node ex:Nowhere", "warning undefined-shape: "),
    ],
)
def test_a_shape_that_asks_nothing_checks_nothing(tmp_path: Path, constraint: str, said: str) -> None:
    code, text, talk = validate(tmp_path, ONE, PRICE.format(constraint))
    assert (code, talk.splitlines()[-1]) == (3, "nothing was checked: no shape met any node")
    assert said in text


@pytest.mark.parametrize("form", ["turtle", "json", "text"])
def test_every_form_has_all_results(tmp_path: Path, form: str) -> None:
    shapes = PRICE.format("sh:class ex:A , ex:B ; sh:not [ sh:nodeKind sh:IRI ] , [ sh:class ex:C ]")
    data = "ex:a a ex:P ; ex:price ex:x . ex:x a ex:C ."
    code, text, talk = validate(tmp_path, data, shapes, "--format", form)
    assert (code, talk.splitlines()[0]) == (1, "4 violations")
    counted = {"turtle": text.count("a sh:ValidationResult"), "json": text.count('"fingerprint"')}
    assert counted.get(form, 4) == 4
    assert form != "text" or "2 equal results" in text


def test_ill_formed_shapes_are_unusable_input_with_their_place(tmp_path: Path) -> None:
    code, text, _ = validate(tmp_path, ONE, PRICE.format('sh:minCount "5"'))
    assert code == 2
    assert text.startswith("s.ttl:4:")
    assert "ill-formed-value: A value of sh:minCount is not a whole number without sign" in text


def test_what_only_an_engine_refuses_names_the_file(tmp_path: Path) -> None:
    code, _, talk = validate(tmp_path, ONE, PRICE.format(r'sh:pattern "a\\h"'))
    assert (code, talk.startswith("error: s.ttl: invalid sh:pattern: ")) == (2, True)


def test_a_pattern_that_never_ends_is_no_verdict_long_before_the_time_is_up(tmp_path: Path) -> None:
    data = f'ex:a a ex:P ; ex:price "{"x" * 5000}" .'
    shapes = PRICE.format(r'sh:pattern "^(?:(x+x+)+y\\1|(x+x+)+(?!z)q)$"')
    code, _, talk = validate(tmp_path, data, shapes, "--timeout", "3600")
    assert code == 4
    assert "takes more than 5 s on one value" in talk
