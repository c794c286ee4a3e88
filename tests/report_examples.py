"""Findings of every kind, for the tests of reports; holds no test."""

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.findings import Finding, Place, Severity
from sauran.kg.reports import Results

__all__ = ["EX", "HOSTILE", "RESULTS", "finding"]

EX = "http://example.org/"
HOSTILE = 'a\x1b[2Jb\u202ec\r\nd % : , | <b onload="x"> ` & ]]> ::error::'


def finding(name: str = "ann", **more: object) -> Finding:
    """One finding about ex:<name>."""
    given: dict = {
        "rule": "person-age",
        "severity": Severity.VIOLATION,
        "message": "An age is a whole number.",
        "focus": NamedNode(EX + name),
        "path": EX + "age",
        "value": Literal("forty"),
        "place": Place("people.ttl", 3, 10),
        "component": "DatatypeConstraintComponent",
        "source_shape": EX + "person-age",
    }
    return Finding(**{**given, **more})


RESULTS = Results(
    findings=(
        finding(),
        finding(
            "bob",
            rule="person-address",
            severity=Severity.WARNING,
            message="An address has a street.",
            value=BlankNode("f0n1"),
            path=f"<{EX}home>/<{EX}address>",
            place=Place("people.jsonld", 5, 3, exact=False),
            source_shape=None,
            because=(
                finding(
                    rule="MinCountConstraintComponent",
                    message="The street is missing.",
                    focus=BlankNode("f0n1"),
                    path=EX + "street",
                    value=None,
                    place=Place("people.ttl", 9, 1),
                    because=(finding(message="Inner.", focus=None, path=None, value=None, place=None),),
                ),
            ),
        ),
        Finding("hostile", Severity.INFO, HOSTILE),
    ),
    conforms=False,
    focus_nodes={EX + "person-age": 2, EX + "shapes#CityShape": 0},
    files=("people.ttl", "people.jsonld"),
    engines=("shacl 0.3.4",),
    notes=("The pattern is checked by pyshacl.",),
)
