"""Oxigraph federating to us: SERVICE in a query of another store."""

from pyoxigraph import Literal, NamedNode, Quad, Store

MINE = NamedNode("urn:x-mine")


def test_it_federates_to_us(endpoint: str, rows: list) -> None:
    store = Store()
    store.extend(Quad(NamedNode(iri), MINE, Literal("yes")) for iri, _ in rows[:3])
    query = f"""PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?claim ?text WHERE {{
          ?claim <urn:x-mine> "yes" .
          SERVICE <{endpoint}> {{ ?claim rdfs:label ?text FILTER(LANG(?text) = "kk") }}
        }} ORDER BY ?claim"""
    assert [(row["claim"].value, row["text"].value) for row in store.query(query)] == rows[:3]


def test_it_takes_a_whole_answer_of_ours(endpoint: str, question: str, rows: list) -> None:
    prologue, _, select = question.partition("SELECT")
    query = f"{prologue} SELECT * WHERE {{ SERVICE <{endpoint}> {{ SELECT{select} }} }} ORDER BY ?claim"
    found = list(Store().query(query))
    assert [(row["claim"].value, row["text"].value) for row in found] == rows
    assert {row["text"].language for row in found} == {"kk"}


def test_a_silent_service_goes_on_where_we_refuse(endpoint: str) -> None:
    inner = "SERVICE <http://127.0.0.1:9/> { ?a ?b ?c }"
    found = list(Store().query(f"SELECT * WHERE {{ SERVICE SILENT <{endpoint}> {{ {inner} }} }}"))
    assert len(found) == 1
