"""curl, as harvesters and scripts use it: HEAD, conditions, ranges, codings, redirects."""

import gzip
import json
import re
from pathlib import Path

import pytest
from support import output_of

from sauran.kg.release.release import Release

pytestmark = pytest.mark.needs("curl")

STATUS = "%{http_code}"
DUMP = "release/{version}/dumps/all.nt"


def headers(*arguments: str) -> tuple[str, dict[str, str]]:
    """The status, and the headers by name in lower case; content is thrown away."""
    status, *lines = output_of("curl", "-sS", "-D", "-", "-o", "/dev/null", *arguments).splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return status.split()[1], {name.lower(): value.strip() for name, _, value in pairs}


@pytest.mark.parametrize(
    "path", ["sparql", "sparql?query=ASK%20%7B%7D", "doc/kazakhstan", DUMP, "dumps/all.nt", "health"]
)
def test_head_says_what_get_says(site: str, briefing: Release, path: str) -> None:
    address = site + path.format(version=briefing.version)
    got, asked = headers(address), headers("-I", address)
    for _, found in (got, asked):
        found.pop("date", None)
        # A connection to our worker may be told to close in one of them.
        found.pop("connection", None)
    assert asked == got
    assert got[0] == ("302" if path.startswith("dumps/") else "200")
    assert int(got[1]["content-length"]) > 0


@pytest.mark.parametrize("path", ["dumps/all.nt", "dumps/kazakhstan.ttl.gz", "dumps/all.zip"])
def test_an_unchanged_dump_is_not_sent_again(site: str, tmp_path: Path, path: str) -> None:
    """By the address that leads to the newest: the conditions go along the way."""
    file, etag = tmp_path / "dump", tmp_path / "etag"
    output_of("curl", "-sSfL", "--etag-save", etag, "-o", file, site + path)
    assert re.fullmatch(r'"[^"]+"\n?', etag.read_text())
    before = file.read_bytes()
    again = output_of("curl", "-sSfL", "--etag-compare", etag, "-o", file, "-w", STATUS, site + path)
    assert (again, file.read_bytes()) == ("304", before)
    # -R gives the file the date of the content, which -z sends back.
    output_of("curl", "-sSfL", "-R", "-o", file, site + path)
    kept = output_of("curl", "-sSfL", "-z", file, "-o", tmp_path / "new", "-w", STATUS, site + path)
    assert (kept, (tmp_path / "new").exists()) == ("304", False)


def test_an_unchanged_answer_is_not_sent_again(endpoint: str, question: str, tmp_path: Path) -> None:
    etag = tmp_path / "etag"
    ask = (
        "curl",
        "-sSf",
        "-G",
        "--data-urlencode",
        f"query={question}",
        "-o",
        tmp_path / "rows",
        "-w",
        STATUS,
    )
    assert output_of(*ask, "--etag-save", etag, endpoint) == "200"
    assert output_of(*ask, "--etag-compare", etag, endpoint) == "304"


def test_a_range_of_a_dump_is_that_part_of_it(site: str, briefing: Release, tmp_path: Path) -> None:
    whole, part = (briefing.folder / "dumps/all.nt").read_bytes(), tmp_path / "part"
    address = site + DUMP.format(version=briefing.version)
    for wanted, expected in (("0-99", whole[:100]), ("1000-1999", whole[1000:2000]), ("-50", whole[-50:])):
        told = output_of("curl", "-sSf", "-r", wanted, "-o", part, "-w", STATUS, address)
        assert (told, part.read_bytes()) == ("206", expected)
    status, found = headers("-r", f"{len(whole)}-", address)
    assert (status, found["content-range"]) == ("416", f"bytes */{len(whole)}")


def test_a_compressed_dump_arrives_as_the_file_it_is(site: str, briefing: Release, tmp_path: Path) -> None:
    """--compressed must not unpack it: its checksum is that of the packed file."""
    file, dumps = tmp_path / "all.nt.gz", briefing.folder / "dumps"
    address = f"{site}{DUMP.format(version=briefing.version)}.gz"
    output_of("curl", "-sSf", "--compressed", "-o", file, address)
    assert file.read_bytes() == (dumps / "all.nt.gz").read_bytes()
    assert gzip.decompress(file.read_bytes()) == (dumps / "all.nt").read_bytes()
    assert "content-encoding" not in headers("--compressed", address)[1]


def test_a_compressed_answer_says_the_same(endpoint: str, question: str, rows: list) -> None:
    ask = ("-G", "--data-urlencode", f"query={question}", endpoint)
    assert headers("-H", "Accept-Encoding: gzip", *ask)[1].get("content-encoding") == "gzip"
    found = json.loads(output_of("curl", "-sSf", "--compressed", *ask))["results"]["bindings"]
    assert [(row["claim"]["value"], row["text"]["value"]) for row in found] == rows


def test_an_identifier_is_followed_to_its_document(site: str) -> None:
    told = "%{num_redirects} %{content_type} %{url_effective}"
    for accept, content_type, where in (
        ("text/turtle", "text/turtle; charset=utf-8", "doc/kazakhstan"),
        ("application/rdf+xml", "application/rdf+xml", "doc/kazakhstan"),
        ("text/html", "text/html; charset=utf-8", "en/doc/kazakhstan"),
    ):
        shown = output_of(
            "curl", "-sSfL", "-o", "/dev/null", "-w", told, "-H", f"Accept: {accept}", f"{site}id/kazakhstan"
        )
        steps, _, rest = shown.partition(" ")
        assert (int(steps), rest.startswith(content_type), rest.endswith(where)) == (
            1 + (accept == "text/html"),
            True,
            True,
        ), shown
