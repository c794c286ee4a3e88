"""The search index asked by threads: few connections, bounded in time, broken ones told."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from web_support import client_over

from sauran.kg.model.errors import Busy, ReleaseError
from sauran.kg.release.release import Release
from sauran.kg.search import searcher
from sauran.kg.search.search_query import How, as_matching, read_query
from sauran.kg.search.searcher import Found, Searcher


def find(asked: Searcher, typed: str, **chosen: str) -> Found:
    return asked.find(as_matching(read_query(typed), How.ALL), chosen, 20, 0)


def open_files(name: str) -> int:
    links = Path("/proc/self/fd").iterdir()
    return sum(link.is_symlink() and str(link.resolve()).endswith(name) for link in links)


@pytest.fixture
def asked(briefing: Release) -> Searcher:
    """A searcher over the briefing, not yet asked."""
    return Searcher(briefing.folder)


def test_many_threads_get_their_own_answers_over_few_connections(asked: Searcher, briefing: Release) -> None:
    before = open_files("search.sqlite")
    todo = ["Kazakhstan", "Russia", "energy", "arrests", "Қазақстан", "nothingofthiskind"]
    alone = {typed: find(asked, typed) for typed in todo}
    with ThreadPoolExecutor(16) as threads:
        together = list(threads.map(lambda typed: (typed, find(asked, typed)), todo * 40))
    assert all(found == alone[typed] for typed, found in together)
    assert len({found.total for found in alone.values()}) > 4
    assert before < open_files("search.sqlite") <= before + 4


def test_nothing_is_opened_before_the_first_question(asked: Searcher) -> None:
    before = open_files("search.sqlite")
    assert Searcher(asked._folder)
    assert open_files("search.sqlite") == before


def test_a_question_that_takes_too_long_is_stopped_and_the_next_is_answered(
    asked: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(searcher, "_STEPS", 1)
        hurried.setattr(searcher, "_MOST_S", 1e-9)
        with pytest.raises(Busy, match="The search takes longer than"):
            find(asked, "Kazakhstan")
    assert find(asked, "Kazakhstan").total > 100


def test_who_finds_all_connections_in_use_is_told_to_come_again(
    asked: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searcher, "_MOST_S", 0.01)
    for _ in range(4):
        assert asked._places.acquire()
    with pytest.raises(Busy, match="Too many searches at the same time"):
        find(asked, "Kazakhstan")


@pytest.fixture
def hurried(briefing: Release, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A client of a site that has no time to search."""
    with client_over(briefing.folder.parent) as client:
        monkeypatch.setattr(searcher, "_MOST_S", 1e-9)
        monkeypatch.setattr(searcher, "_STEPS", 1)
        yield client


def test_a_search_that_is_stopped_is_a_503_that_says_when_to_come_again(hurried: FlaskClient) -> None:
    response = hurried.get("/search.json?q=Kazakhstan")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


def test_a_folder_without_an_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="has no readable search index"):
        find(Searcher(tmp_path), "Kazakhstan")


@pytest.mark.parametrize(
    ("heard", "likeliest"),
    [("kazkstan", "kazakhstan"), ("energi", ()), ("referendm", "referendum"), ("zzzzzz", ())],
)
def test_likely_spellings_are_of_words_that_are_there(
    asked: Searcher, heard: str, likeliest: str | tuple[()]
) -> None:
    found = asked.spellings(heard, heard, 3)
    assert found[:1] == ((likeliest,) if likeliest else ())
    assert len(found) <= 3
