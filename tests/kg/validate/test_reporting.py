"""Reports that are written inside the sandbox: for servers, which hold what they were sent in memory."""

import json
from dataclasses import replace

import pytest
from pyoxigraph import RdfFormat, parse
from validation_support import PREFIXES, Folder

from sauran.kg.model.errors import EngineError
from sauran.kg.reports import FORMATS
from sauran.kg.validate import Limits, run
from sauran.kg.validate.job import STDIN, Job
from sauran.kg.validate.job_messages import error_of, plain_error

SHAPES = """
ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:iri .
ex:iri sh:path ex:p ; sh:nodeKind sh:IRI .
"""
DATA = PREFIXES.encode() + b"ex:a ex:p 1 .\nex:b ex:p _:c .\n"


@pytest.fixture
def job(folder: Folder) -> Job:
    """What was sent as `input`, against shapes in a file."""
    return Job(
        (STDIN,),
        (folder.write("s.ttl", SHAPES),),
        input_format="turtle",
        base="http://e/",
        report="json",
        stdin_name="input",
    )


def test_the_report_has_places_under_the_name_that_was_given(job: Job) -> None:
    verdict = run(job, stdin=DATA)
    assert (verdict.findings, verdict.lint, verdict.nothing_checked) == ((), (), False)
    assert verdict.report is not None
    assert (verdict.report.conforms, verdict.report.findings) == (False, ())
    findings = json.loads(verdict.text)["findings"]
    assert [(f["file"], f["line"], f["column"], f["rule"]) for f in findings] == [
        ("input", 6, 11, "iri"),
        ("input", 7, 11, "iri"),
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_is_written_there(job: Job, form: str) -> None:
    text = run(replace(job, report=form), stdin=DATA).text
    assert "iri" in text
    if form == "text":
        assert text.startswith("input:6:11: violation iri: ")
        assert text.endswith("2 violations\nchecked: 1 of 1 shapes met 2 nodes\n")


def test_a_cap_holds_and_is_said(job: Job) -> None:
    data = DATA + b"ex:d ex:p 2 .\n"
    said = json.loads(run(replace(job, max_results=1), stdin=data).text)
    assert (len(said["findings"]), said["hidden"], said["counts"]["violation"]) == (1, 2, 3)


def test_json_ld_says_what_turtle_says(job: Job) -> None:
    turtle, json_ld = (run(replace(job, report=form), stdin=DATA).text for form in ("turtle", "jsonld"))
    graphs = [
        {(str(t.predicate), str(t.object)) for t in parse(text, format=known) if "_:" not in str(t.object)}
        for text, known in ((turtle, RdfFormat.TURTLE), (json_ld, RdfFormat.JSON_LD))
    ]
    assert graphs[0] == graphs[1]
    assert len(graphs[0]) > 8


def test_faults_come_without_a_report(job: Job) -> None:
    verdict = run(job, stdin=DATA + b"ex:e")
    assert (verdict.report, verdict.text, len(verdict.faults)) == (None, "", 1)


def test_the_format_is_that_of_the_data_alone(job: Job, folder: Folder) -> None:
    """Shapes and ontology are read by their suffix, also beside JSON-LD."""
    ontology = folder.write("o.ttl", "ex:C rdfs:subClassOf ex:D .")
    data = b'{"@id": "http://e/a", "http://example.org/p": 1}'
    verdict = run(replace(job, input_format="jsonld", ontology=(ontology,)), stdin=data)
    assert verdict.faults == ()
    assert len(json.loads(verdict.text)["findings"]) == 1
    shapes = replace(job, data=(folder.write("d.ttl", "ex:a ex:p 1 ."),), shapes=(STDIN,))
    assert run(shapes, stdin=(PREFIXES + SHAPES).encode()).faults == ()


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Limits(timeout_s=0.05), "time"),
        (Limits(results=1), "results"),
        (Limits(answer_mb=0), "size"),
    ],
    ids=["time", "results", "size"],
)
def test_a_limit_that_was_passed_is_named(job: Job, limits: Limits, limit: str) -> None:
    with pytest.raises(EngineError) as caught:
        run(replace(job, limits=limits), stdin=DATA + b"ex:d ex:p 2 .\n")
    assert caught.value.limit == limit


def test_a_limit_crosses_the_pipe() -> None:
    error = error_of(plain_error(EngineError("validation", "what.", "fix.", limit="memory")))
    assert isinstance(error, EngineError)
    assert (str(error), error.limit) == ("validation: what. fix.", "memory")
