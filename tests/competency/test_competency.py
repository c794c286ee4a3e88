"""What users of the Kazakhstan dataset ask: each query of the dataset gives exactly the answer on file."""

import csv
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from sauran.kg.loading.named_queries import read_query
from sauran.kg.release.release import Release

HERE = Path(__file__).parent
QUERIES = HERE.parents[1] / "kg" / "datasets" / "kazakhstan" / "queries"
NOT_STATED = ("q33-referendum-question",)

with (HERE / "questions.tsv").open(encoding="utf-8", newline="") as table:
    QUESTIONS = {row["query"]: row["question"] for row in csv.DictReader(table, delimiter="\t")}


@pytest.fixture(scope="module")
def store(briefing: Release) -> Store:
    """Hold the released graphs."""
    store = Store()
    store.bulk_load(path=str(briefing.folder / "dumps" / "all.nq"), format=RdfFormat.N_QUADS)
    return store


def answer(store: Store, query: str) -> QuerySolutions:
    """Run a query of the dataset."""
    solutions = store.query(read_query(QUERIES / f"{query}.rq").text)
    assert isinstance(solutions, QuerySolutions)
    return solutions


def expected_text(query: str) -> str:
    """Read the answer on file."""
    return (HERE / f"{query}.csv").read_text("utf-8")


def header_columns(query: str) -> list[str]:
    """Read the columns that the header of a query promises."""
    for line in (QUERIES / f"{query}.rq").read_text("utf-8").splitlines():
        if line.startswith("# Columns: "):
            return [column.lstrip("?") for column in line.removeprefix("# Columns: ").split(", ")]
    return []


def test_thirty_questions_have_a_query_and_an_answer_each() -> None:
    assert len(QUESTIONS) == 30
    assert sorted(file.stem for file in QUERIES.glob("*.rq")) == sorted(QUESTIONS)
    assert sorted(file.stem for file in HERE.glob("*.csv")) == sorted(QUESTIONS)


@pytest.mark.parametrize("query", QUESTIONS)
def test_header_asks_the_question(query: str) -> None:
    assert read_query(QUERIES / f"{query}.rq").question == QUESTIONS[query]


@pytest.mark.parametrize("query", QUESTIONS)
def test_header_asks_in_four_languages_about_something_that_has_a_name(store: Store, query: str) -> None:
    known = read_query(QUERIES / f"{query}.rq")
    assert sorted(known.questions) == ["en", "fr", "kk", "ru"]
    assert all(known.questions.values())
    assert len(set(known.questions.values())) == 4
    names = [quad.object for quad in store.quads_for_pattern(NamedNode(known.topic), None, None, None)]
    tagged = {name.language for name in names if isinstance(name, Literal)}
    assert {"en", "fr", "kk", "ru"} <= tagged


@pytest.mark.parametrize("query", QUESTIONS)
def test_header_names_the_real_columns(store: Store, query: str) -> None:
    columns = [variable.value for variable in answer(store, query).variables]
    assert header_columns(query) == columns
    assert expected_text(query).splitlines()[0].split(",") == columns


@pytest.mark.parametrize("query", QUESTIONS)
def test_rows_are_those_on_file(store: Store, query: str) -> None:
    given = answer(store, query).serialize(format=QueryResultsFormat.CSV)
    assert given is not None
    # SPARQL results end lines with CRLF; the files, like all others here, with LF.
    assert given.decode("utf-8").replace("\r\n", "\n") == expected_text(query)


@pytest.mark.parametrize("query", QUESTIONS)
def test_only_what_the_article_does_not_state_has_no_rows(query: str) -> None:
    assert (len(expected_text(query).splitlines()) == 1) == (query in NOT_STATED)


def test_question_of_the_referendum_would_be_found_if_it_were_claimed(store: Store) -> None:
    """Show that the empty answer comes from the data and not from a query that can never match."""
    rdf, sec = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "https://w3id.org/sauran/ontology#"
    claim = NamedNode("https://example.org/claim")
    properties: dict[str, NamedNode | Literal] = {
        f"{rdf}subject": NamedNode("https://w3id.org/sauran/id/energy-referendum"),
        f"{rdf}predicate": NamedNode("http://purl.org/dc/terms/subject"),
        f"{rdf}object": Literal("a question"),
        f"{sec}modality": NamedNode("https://example.org/modality"),
        f"{sec}heldBy": NamedNode("https://example.org/holder"),
        f"{sec}statedIn": NamedNode("https://example.org/passage"),
    }
    graph = NamedNode("https://w3id.org/sauran/graph/kazakhstan")
    copy = Store()
    copy.extend(store)
    copy.extend(Quad(claim, NamedNode(name), value, graph) for name, value in properties.items())
    assert len(list(answer(copy, "q33-referendum-question"))) == 1
