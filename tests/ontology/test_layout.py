"""The ontology's Turtle has one layout, so that one change is one line of a diff."""

from pathlib import Path

import pytest

from tests.ontology.layout import layout_faults
from tests.ontology.turtle import ONTOLOGY

GOOD = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sec: <https://w3id.org/sauran/ontology#> .

# --- classes

sec:Actor
  a owl:Class ;
  rdfs:label
    "actor"@en ,
    "acteur"@fr ,
    "актор"@ru ,
    "актор"@kk ;
  rdfs:subClassOf owl:Thing , sec:Whole ;
  .

sec:State
  a owl:Class ;
  .
"""


def test_the_folder_holds_the_three_files_and_a_readme() -> None:
    names = sorted(path.name for path in ONTOLOGY.iterdir())
    assert names == ["README.md", "alignments.ttl", "sauran.ttl", "schemes.ttl"]


@pytest.mark.parametrize("name", ["alignments.ttl", "sauran.ttl", "schemes.ttl"])
def test_each_file_has_the_layout(name: str) -> None:
    text = Path(ONTOLOGY / name).read_bytes().decode("utf-8")
    assert text.count("\n  .\n") > 0
    assert layout_faults(text) == []


def test_the_good_example_has_no_fault() -> None:
    assert layout_faults(GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        pytest.param(
            "sec:Actor\n  a owl:Class ;",
            "sec:Actor a owl:Class ;",
            "7: a subject alone on its line, or a '# --- heading'",
            id="subject beside its first predicate",
        ),
        pytest.param(
            "sec:State\n  a owl:Class ;\n  .\n",
            "sec:State\n  a owl:Class .\n",
            "18: one predicate, indented by two, then one literal or some IRIs, then ';'",
            id="full stop at the end of a predicate",
        ),
        pytest.param(
            '"actor"@en ,\n    "acteur"@fr ,',
            '"actor"@en , "acteur"@fr ,',
            "10: one object, indented by four, then ',' or ';'",
            id="two literals on one line",
        ),
        pytest.param(
            "a owl:Class ;\n  rdfs:label",
            "a owl:Class ; rdfs:label",
            "8: one predicate, indented by two, then one literal or some IRIs, then ';'",
            id="two predicates on one line",
        ),
        pytest.param(
            '"actor"@en ,\n    "acteur"@fr ,',
            '"acteur"@fr ,\n    "actor"@en ,',
            "13: the languages in the order en fr ru kk",
            id="languages in another order",
        ),
        pytest.param(
            "  .\n\nsec:State",
            "  .\n\n\nsec:State",
            "16: one blank line between blocks",
            id="two blank lines",
        ),
        pytest.param("sec:State", "sec:Aaa", "17: sec:Aaa before sec:Actor", id="subjects out of order"),
        pytest.param(
            "# --- classes",
            "# a remark",
            "5: a subject alone on its line, or a '# --- heading'",
            id="comment that is no heading",
        ),
        pytest.param(
            "sec:Whole ;\n  .\n\n",
            "sec:Whole ;\n\n",
            "15: a block ends with '  .' before this line",
            id="block without its full stop",
        ),
        pytest.param(
            "# --- classes", "# --- classes ", "5: no space at the end of a line", id="trailing space"
        ),
        pytest.param(
            "@prefix sec:",
            "@prefix org: <http://www.w3.org/ns/org#> .\n@prefix sec:",
            "1: no prefix that is not used: org",
            id="unused prefix",
        ),
    ],
)
def test_a_departure_from_the_layout_is_reported(right: str, wrong: str, fault: str) -> None:
    assert right in GOOD
    assert fault in layout_faults(GOOD.replace(right, wrong, 1))


def test_a_missing_newline_at_the_end_is_reported() -> None:
    assert layout_faults(GOOD.rstrip("\n")) == ["19: one newline at the end of the file"]
