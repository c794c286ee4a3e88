"""Reports for CI services: annotations, Code Quality, SARIF, JUnit, as their consumers read them."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from pyoxigraph import Literal
from report_examples import EX, RESULTS, finding

from sauran.kg.model.findings import Finding, Place, Severity
from sauran.kg.reports import FORMATS, Results


def test_github_gets_a_workflow_command_for_each_finding() -> None:
    assert FORMATS["github"].write(replace(RESULTS, known=1)).splitlines() == [
        "::error file=people.ttl,line=3,col=10,title=person-age::An age is a whole number.%0Aat "
        '<http://example.org/ann>, path <http://example.org/age>, value "forty"',
        "::warning file=people.jsonld,line=5,col=3,title=person-address::An address has a street.%0Aat "
        "<http://example.org/bob>, path <http://example.org/home>/<http://example.org/address>, "
        "value a blank node%0Athe place is that of the subject%0Abecause people.ttl:9:1: The street is "
        "missing. (at a blank node, path <http://example.org/street>)%0A  because Inner.",
        '::notice title=hostile::a\\x1b[2Jb\\u202ec  d %25 : , | <b onload="x"> ` & ]]> ::error::',
        "::warning title=not checked::These shapes met no node: CityShape",
        "::notice title=sauran validate::1 finding in the baseline not shown",
    ]


def test_properties_of_github_are_escaped_more_than_messages() -> None:
    odd = finding(rule="a:b,c%", place=Place("dir/a,b:c%\n.ttl", 1))
    assert (
        FORMATS["github"]
        .write(Results((odd,)))
        .startswith("::error file=dir/a%2Cb%3Ac%25%0A.ttl,line=1,col=1,title=a%3Ab%2Cc%25::An age")
    )


def test_files_are_named_from_the_root_of_the_repository() -> None:
    inside = finding(place=Place("/repo/data/a.ttl", 2, 1))
    outside = finding(place=Place("/else/a.ttl", 2, 1))
    results = Results((inside, outside), root=Path("/repo"))
    assert [issue["location"]["path"] for issue in json.loads(FORMATS["gitlab"].write(results))] == [
        "data/a.ttl",
        "/else/a.ttl",
    ]


def test_gitlab_gets_all_that_code_quality_demands() -> None:
    issues = json.loads(FORMATS["gitlab"].write(RESULTS))
    assert [(i["check_name"], i["severity"], i["location"]) for i in issues] == [
        ("person-age", "major", {"path": "people.ttl", "lines": {"begin": 3}}),
        ("person-address", "minor", {"path": "people.jsonld", "lines": {"begin": 5}}),
        ("hostile", "info", {"path": "people.ttl", "lines": {"begin": 1}}),
    ]
    assert len({i["fingerprint"] for i in issues}) == 3
    assert all(i["description"] for i in issues)
    assert "because people.ttl:9:1: The street is missing" in issues[1]["description"]


@pytest.fixture(scope="module")
def sarif_schema(shared: Path) -> jsonschema.Draft7Validator:
    schema = json.loads((shared / "data/sarif/sarif-schema-2.1.0.json").read_text("utf-8"))
    return jsonschema.Draft7Validator(schema)


@pytest.mark.needs("shared")
@pytest.mark.parametrize(
    "results",
    [RESULTS, replace(RESULTS, max_results=0), Results(()), replace(RESULTS, conforms=None, focus_nodes={})],
    ids=["findings", "capped", "nothing", "unusable"],
)
def test_sarif_is_valid(results: Results, sarif_schema: jsonschema.Draft7Validator) -> None:
    document = json.loads(FORMATS["sarif"].write(results))
    assert [error.message for error in sarif_schema.iter_errors(document)] == []
    assert document["version"] == "2.1.0"


@pytest.mark.needs("shared")
def test_the_schema_sees_what_is_wrong(sarif_schema: jsonschema.Draft7Validator) -> None:
    document = json.loads(FORMATS["sarif"].write(RESULTS))
    document["runs"][0]["results"][0]["level"] = "violation"
    assert list(sarif_schema.iter_errors(document))


def test_sarif_says_where_how_bad_and_why() -> None:
    (run,) = json.loads(FORMATS["sarif"].write(RESULTS))["runs"]
    first, second, third = run["results"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "people.ttl"},
                "region": {"startLine": 3, "startColumn": 10},
            }
        }
    ]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "person-age"
    assert second["relatedLocations"][0]["message"] == {"text": "because The street is missing."}
    assert set(third["partialFingerprints"]) == {"sauranFinding/v1", "primaryLocationLineHash"}
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert notes[0]["message"]["text"] == f"The shape <{EX}shapes#CityShape> met no node."
    moved = replace(RESULTS, findings=tuple(f.at(Place("people.ttl", 99, 9)) for f in RESULTS.findings))
    (later,) = json.loads(FORMATS["sarif"].write(moved))["runs"]
    assert [r["partialFingerprints"] for r in run["results"][:2]] == [
        r["partialFingerprints"] for r in later["results"][:2]
    ]


def test_names_of_files_in_sarif_are_uris() -> None:
    odd = finding(place=Place("a b/ü%.ttl", 1, 1))
    (run,) = json.loads(FORMATS["sarif"].write(Results((odd,))))["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "a%20b/%C3%BC%25.ttl"}


def test_a_name_that_is_not_utf_8_is_the_same_bytes_in_sarif() -> None:
    odd = finding(place=Place(os.fsdecode(b"lat\xe9.ttl"), 1, 1))
    (run,) = json.loads(FORMATS["sarif"].write(Results((odd,))))["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "lat%E9.ttl"}


def test_no_line_of_text_is_a_command_for_a_ci_service() -> None:
    for name in ("::stop-commands::x.ttl", " ::error::x.ttl", "\n::error::x.ttl"):
        text = FORMATS["text"].write(Results((finding(place=Place(name, 1, 1)),)))
        assert text.startswith("./")
        assert f"/{name.strip()}:1:1: violation" in text.replace("/ ", "/")
    hostile = finding(message="##[add-mask]a ##vso[task.complete]b ###[c", value=Literal("##[d]"))
    for form in FORMATS.values():
        if form.media_type == "text/plain":
            assert re.search(r"##[a-z]*\[", form.write(Results((hostile,)))) is None


def test_unusable_input_is_an_error_and_no_violation() -> None:
    fault = Finding("input", Severity.VIOLATION, "cannot be read.", place=Place("a.ttl"))
    results = Results((fault,), conforms=None)
    said = {name: form.write(results) for name, form in FORMATS.items()}
    assert said["text"].startswith("a.ttl: error input: cannot be read.\n")
    document = json.loads(said["json"])
    assert (document["counts"], document["findings"][0]["severity"]) == ({"error": 1}, "error")
    (suite,) = ElementTree.fromstring(said["junit"])  # noqa: S314 (our own output)
    assert (suite.get("errors"), suite.get("failures")) == ("1", "0")
    assert "## 1 error\n\nThe input is unusable.\n" in said["markdown"]
    assert "<p>The input is unusable.</p>" in said["html"]
    assert [name for name, text in said.items() if "violation" in text.split("</style>")[-1]] == []


def test_junit_has_a_test_for_each_finding_and_each_shape() -> None:
    suites = ElementTree.fromstring(FORMATS["junit"].write(RESULTS))  # noqa: S314 (our own output)
    (suite,) = suites
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    cases = [(case.get("classname"), [part.tag for part in case]) for case in suite.iter("testcase")]
    assert cases == [
        ("person-age", ["failure"]),
        ("person-address", ["system-out"]),
        ("hostile", ["system-out"]),
        ("CityShape", ["skipped"]),
    ]
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "An age is a whole number."
    assert (failure.text or "").startswith("people.ttl:3:10: violation person-age: ")


def test_what_counts_as_a_failure_of_junit_is_what_fails() -> None:
    text = FORMATS["junit"].write(replace(RESULTS, fail_on=Severity.INFO))
    assert ElementTree.fromstring(text)[0].get("failures") == "3"  # noqa: S314 (our own output)
