"""A thing with thousands of claims and links: its page reads and shows no more than that of another."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from page_support import answer, section
from web_support import client_over

from benchmarks.crowd import BASE, LARGE, SMALL, make_crowd
from sauran.kg.model.namespaces import RDF, SEC
from sauran.server.http import executor
from sauran.server.http import quads_by_subject as quad_file
from sauran.server.http.problems import Problem
from sauran.server.profiles.briefing.connections import paging

CLAIMS = 5000
OBJECT, AFFECTS = quote(RDF.object.value, safe=""), quote(SEC.affects.value, safe="")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A site on which one place has 5,000 claims, and another fifty."""
    releases = tmp_path_factory.mktemp("crowd")
    make_crowd(releases, CLAIMS)
    with client_over(releases) as client:
        yield client


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many quads were parsed and how many rows came from queries."""
    counts = {"quads": 0, "rows": 0}
    parse, read_rows = quad_file.parse, executor.read_rows

    def counting_parse(*arguments: object, **options: object) -> Iterator[object]:
        for quad in parse(*arguments, **options):  # type: ignore[arg-type]
            counts["quads"] += 1
            yield quad

    def counting_rows(data: bytes) -> object:
        found = read_rows(data)
        counts["rows"] += len(found.rows) if not isinstance(found, bool) else 1
        return found

    monkeypatch.setattr(quad_file, "parse", counting_parse)
    monkeypatch.setattr(executor, "read_rows", counting_rows)
    return counts


def cost(client: FlaskClient, reads: dict[str, int], path: str) -> tuple[int, int]:
    """What a page reads: quads and rows, once names are known."""
    assert client.get(f"{path}{'&' if '?' in path else '?'}first=1").status_code == 200
    reads.update(quads=0, rows=0)
    assert client.get(path).status_code == 200
    return reads["quads"], reads["rows"]


@pytest.mark.parametrize("path", ["en/doc/{}", f"kk/doc/{{}}?in={OBJECT}", f"ru/doc/{{}}?out={AFFECTS}"])
def test_a_page_reads_no_more_for_a_thing_with_a_hundred_times_as_many_claims(
    crowd: FlaskClient, reads: dict[str, int], path: str
) -> None:
    small = cost(crowd, reads, f"/{path.format(SMALL)}")
    large = cost(crowd, reads, f"/{path.format(LARGE)}")
    assert small[0] < 1500
    assert 0 < small[1] < 200
    assert large[0] <= small[0] * 1.2 + 20
    assert large[1] <= small[1] * 1.2 + 20


def test_the_page_of_the_large_thing_is_as_small_as_that_of_the_small_one(crowd: FlaskClient) -> None:
    large, small = (crowd.get(f"/en/doc/{name}").text for name in (LARGE, SMALL))
    assert len(large) < len(small) * 1.1
    assert large.count('<article class="claim">') == small.count('<article class="claim">') == 10


def test_counts_are_those_of_queries(crowd: FlaskClient) -> None:
    text = crowd.get(f"/en/doc/{LARGE}").text
    for property_, direction in ((RDF.object, "in"), (SEC.involves, "in"), (SEC.affects, "out")):
        pattern = "?s <{p}> <{t}>" if direction == "in" else "<{t}> <{p}> ?s"
        pattern = pattern.format(p=property_.value, t=f"{BASE}id/{LARGE}")
        (row,) = answer(crowd, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {pattern} }}")
        assert int(row["n"]) == CLAIMS
    assert f"<small>({CLAIMS:,})</small>" in section(text, "claims-object")
    assert f'<td class="num">{CLAIMS:,}</td>' in section(text, "links")
    assert f"{CLAIMS - 50:,} more" in section(text, "derived")


def test_all_that_leads_to_a_thing_can_be_paged_through(crowd: FlaskClient) -> None:
    first = crowd.get(f"/en/doc/{LARGE}?in={OBJECT}").text
    assert "1–50 of 5,000" in first
    assert first.count('<article class="claim">') == 50
    assert f"/en/doc/{LARGE}?in={OBJECT}&amp;page=2" in first
    shown: list[str] = []
    for page in (1, 2, 50, 99, 100):
        text = crowd.get(f"/en/doc/{LARGE}?in={OBJECT}&page={page}").text
        found = re.findall(r'<h3><a href="[^"]*/claim/(c\d+)"', text)
        assert found == [f"c{n:06}" for n in range((page - 1) * 50, page * 50)]
        shown += found
    assert len(shown) == len(set(shown)) == 250
    last = crowd.get(f"/en/doc/{LARGE}?in={OBJECT}&page=100").text
    assert 'rel="next"' not in last
    assert 'rel="prev"' in last


def test_claims_in_a_list_have_their_notes(crowd: FlaskClient) -> None:
    text = crowd.get(f"/en/doc/{LARGE}?in={OBJECT}&page=3").text
    start = text.index('/claim/c000100"')
    assert '/note/n000100"' in text[start : text.index("</article>", start)]
    assert text.count('<aside class="note"') == 1


def test_what_is_no_claim_is_listed_by_name(crowd: FlaskClient) -> None:
    text = section(crowd.get(f"/en/doc/{LARGE}?in={quote(SEC.involves.value, safe='')}&page=2").text, "list")
    assert '<ol start="51">' in text
    assert text.count("<li>") == 50
    assert "call of ship 50" in text


def test_claims_of_many_are_paged_and_counted(crowd: FlaskClient) -> None:
    text = crowd.get("/en/claims?page=101").text
    assert '<h2 id="found">5,050 claims</h2>' in text
    assert "5,001–5,050 of 5,050" in text
    data = crowd.get("/claims.json?page=6").json
    assert data is not None
    assert (data["first"], data["last"], len(data["claims"]), data["next"]) == (5001, 5050, 50, None)
    response = crowd.get("/claims.csv?page=2")
    assert response.headers["Link"] == '<http://127.0.0.1:8000/claims.csv?page=3>; rel="next"'
    assert response.text.count("\r\n") == 1001


def test_a_document_with_many_passages_is_not_drawn_but_counted(crowd: FlaskClient) -> None:
    text = crowd.get("/en/doc/source/log").text
    assert "<svg" not in text
    assert '<td class="num">1,010</td>' in section(text, "coverage")
    assert len(text) < 100_000


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (f"in={OBJECT}&page=101", 404),
        (f"in={OBJECT}&page=0", 400),
        (f"in={OBJECT}&page=-1", 400),
        (f"in={OBJECT}&page=1e3", 400),
        ("in=nothing", 404),
        ("out=", 404),
        (f"in={'x' * 5000}", 404),
    ],
)
def test_pages_that_are_not_there_are_problems(crowd: FlaskClient, asked: str, status: int) -> None:
    response = crowd.get(f"/en/doc/{LARGE}?{asked}", headers={"Accept": "text/html"})
    assert response.status_code == status
    assert len(response.text) < 40_000  # what was asked for stands in links to the other languages


def test_a_list_of_nothing_has_one_empty_page() -> None:
    part = paging(0, "1", "/x?page=")
    assert (part.first, part.last, part.total, part.earlier, part.later) == (0, 0, 0, None, None)
    with pytest.raises(Problem):
        paging(0, "2", "/x?page=")
