"""What is sent to be validated: media types, charsets, forms."""

import pytest

from sauran.kg.model.formats import RDF_FORMATS
from sauran.server.http.problems import Problem
from sauran.server.http.validation_service import ACCEPTED, Submission, read_submission

TYPES = (
    "text/turtle, application/n-triples, application/ld+json, application/rdf+xml, application/trig, "
    "application/n-quads, multipart/form-data"
)
FORM = "multipart/form-data; boundary=cut"


def form(*parts: tuple[str, str, str]) -> bytes:
    """The body of a form: name, what follows it in the header, and content of each field."""
    text = "".join(
        f'--cut\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{content}\r\n'
        for name, more, content in parts
    )
    return f"{text}--cut--\r\n".encode()


def problem_of(content_type: str, body: bytes = b"", encoding: str = "") -> Problem:
    with pytest.raises(Problem) as caught:
        read_submission(content_type, encoding, body)
    return caught.value


@pytest.mark.parametrize("known", RDF_FORMATS, ids=lambda known: known.name)
def test_each_format_of_rdf_is_known_by_its_media_type(known) -> None:  # type: ignore[no-untyped-def]
    for kind in (known.media_type, *known.aliases):
        for said in (kind, kind.upper(), f"{kind}; charset=UTF-8", f'{kind};profile="http://e/"'):
            assert read_submission(said, "", b"x") == Submission(b"x", known)


@pytest.mark.parametrize(
    ("content_type", "detail"),
    [
        ("", f"The Content-Type is missing. Send one of: {TYPES}."),
        ("text/plain", f"Content-Type text/plain is not supported. Send one of: {TYPES}."),
        ("application/json", f"Content-Type application/json is not supported. Send one of: {TYPES}."),
        (
            "application/x-www-form-urlencoded",
            f"Content-Type application/x-www-form-urlencoded is not supported. Send one of: {TYPES}.",
        ),
        ("text/turtle; charset=latin-1", "The charset latin-1 is not supported. Send UTF-8."),
    ],
)
def test_what_is_no_rdf_is_refused_with_a_list_of_what_is(content_type: str, detail: str) -> None:
    problem = problem_of(content_type)
    assert (problem.status, problem.detail) == (415, detail)
    assert problem.headers["Accept-Post"] == ACCEPTED == TYPES


def test_packed_bodies_are_refused() -> None:
    problem = problem_of("text/turtle", b"x", "gzip")
    assert problem.detail == "Content-Encoding gzip is not supported. Send the data without it."
    assert (problem.status, problem.headers["Accept-Encoding"]) == (415, "identity")
    assert read_submission("text/turtle", "identity", b"x").data == b"x"


@pytest.mark.parametrize(
    ("parts", "name", "wanted", "data"),
    [
        ([("text", "", "a\r\nb")], "input", "turtle", b"a\nb"),
        ([("text", "", "a"), ("format", "", "trig")], "input", "trig", b"a"),
        ([("file", '; filename="a.nt"', "x\r\ny")], "a.nt", "ntriples", b"x\r\ny"),
        ([("file", '; filename="C:\\\\data\\\\b.owl"', "x")], "b.owl", "rdfxml", b"x"),
        ([("file", '; filename="/etc/c.ttl"', "x"), ("text", "", " ")], "c.ttl", "turtle", b"x"),
        ([("file", '; filename="d.txt"', "x"), ("format", "", "nquads")], "d.txt", "nquads", b"x"),
        (
            [("file", '; filename="e.bin"\r\nContent-Type: application/ld+json', "{}")],
            *("e.bin", "jsonld", b"{}"),
        ),
        ([("file", '; filename="\x1b[2J\u202e.ttl"', "x")], "_[2J_.ttl", "turtle", b"x"),
        ([("file", '; filename=""', ""), ("text", "", "t")], "input", "turtle", b"t"),
    ],
)
def test_forms_hold_a_file_or_a_text(
    parts: list[tuple[str, str, str]], name: str, wanted: str, data: bytes
) -> None:
    sent = read_submission(FORM, "", form(*parts))
    assert (sent.name, sent.format.name, sent.data) == (name, wanted, data)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (
            form(("text", "", " ")),
            "The form has neither a file nor a text. Send one in the field file or text.",
        ),
        (form(), "The form has neither a file nor a text. Send one in the field file or text."),
        (
            form(("text", "", "t"), ("file", '; filename="a.ttl"', "f")),
            "The form has both a file and a text. Send one of them.",
        ),
        (
            form(("file", '; filename="a.txt"', "f")),
            "The suffix of the file name is not a known RDF format. "
            "Known: .ttl, .nt, .jsonld, .rdf, .trig, .nq; or choose one.",
        ),
        (
            form(("text", "", "t"), ("format", "", "n3")),
            "'n3' is not an RDF format. Known: turtle, ntriples, jsonld, rdfxml, trig, nquads.",
        ),
        (b"--cut\r\nnothing", "The form is invalid: its content does not match its Content-Type."),
        (b"", "The form is invalid: its content does not match its Content-Type."),
        (
            form(*[("text", "", "t")] * 30),
            "The form is invalid: its content does not match its Content-Type.",
        ),
    ],
)
def test_forms_that_cannot_be_understood_are_refused(body: bytes, detail: str) -> None:
    problem = problem_of(FORM, body)
    assert (problem.status, problem.detail) == (400, detail)


def test_a_form_may_be_as_large_as_a_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.SpooledTemporaryFile", None)  # not even a large one goes to disk
    text = "x" * 3_000_000
    assert len(read_submission(FORM, "", form(("text", "", text))).data) == 3_000_000
    assert len(read_submission(FORM, "", form(("file", '; filename="a.nt"', text))).data) == 3_000_000
    assert problem_of("multipart/form-data", form(("text", "", "t"))).status == 400
