"""pandas: answers as data frames, straight from the address of a query."""

from urllib.parse import urlencode

import pandas
import pytest


def address(endpoint: str, query: str) -> str:
    return f"{endpoint}?{urlencode({'query': query})}"


@pytest.mark.parametrize(("accept", "separator"), [("text/csv", ","), ("text/tab-separated-values", "\t")])
def test_an_answer_is_a_frame(endpoint: str, question: str, rows: list, accept: str, separator: str) -> None:
    frame = pandas.read_csv(address(endpoint, question), sep=separator, storage_options={"Accept": accept})
    assert len(frame) == 148
    if accept == "text/csv":
        assert list(frame.columns) == ["claim", "text"]
        assert list(frame.itertuples(index=False, name=None)) == rows


def test_numbers_dates_and_gaps_have_their_types(endpoint: str) -> None:
    query = (
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT * WHERE { VALUES (?n ?x ?day ?gap) "
        "{ (1 1.5 '2024-05-01'^^xsd:date UNDEF) (2 2.5 '2024-05-02'^^xsd:date 'a, \"b\"') } } ORDER BY ?n"
    )
    frame = pandas.read_csv(
        address(endpoint, query), storage_options={"Accept": "text/csv"}, parse_dates=["day"]
    )
    assert [kind.kind for kind in (frame.dtypes["n"], frame.dtypes["x"], frame.dtypes["day"])] == [
        "i",
        "f",
        "M",
    ]
    assert frame["gap"].isna().tolist() == [True, False]
    assert frame["gap"][1] == 'a, "b"'


def test_what_is_counted_there_is_what_is_counted_here(endpoint: str) -> None:
    where = "{ ?claim a sec:Claim ; sec:claimType ?kind }"
    prefix = "PREFIX sec: <https://w3id.org/sauran/ontology#>"
    queries = (
        f"{prefix} SELECT ?claim ?kind WHERE {where}",
        f"{prefix} SELECT ?kind (COUNT(?claim) AS ?n) WHERE {where} GROUP BY ?kind",
    )
    claims, counted = (
        pandas.read_csv(address(endpoint, query), storage_options={"Accept": "text/csv"}) for query in queries
    )
    here = claims.groupby("kind")["claim"].count().to_dict()
    assert len(here) > 2
    assert dict(zip(counted["kind"], counted["n"], strict=True)) == here
