"""Claims and entities as tables: a row each, what stands in its cells, what a reader of CSVW makes of it."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from csvw import CSVW
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from support import change

from sauran.kg.describe.tables.columns import columns_of
from sauran.kg.describe.tables.rows import claim_rows, entity_rows
from sauran.kg.model.errors import ContentError
from sauran.kg.model.namespaces import PREFIXES, RDF, SEC, SKOS, XSD
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.release.build import build
from sauran.kg.release.release import Release

NAMES = ("kazakhstan-claims", "kazakhstan-entities", "reference-entities")
LANGUAGES = ("en", "fr", "ru", "kk")
ID = "https://w3id.org/sauran/id/"
NAMED = "GRAPH ?h { ?s skos:prefLabel|rdfs:label ?v } FILTER(LANG(?v) = '%s')"


def rows_of(release: Release, name: str) -> list[dict[str, str]]:
    with (release.folder / f"dumps/{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def metadata_of(release: Release, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((release.folder / f"dumps/{name}.csv-metadata.json").read_bytes())
    return found


@pytest.fixture(scope="module")
def data(briefing: Release) -> Store:
    """The whole release, as another reader sees it."""
    store = Store()
    store.load(path=str(briefing.folder / "dumps/all.nq"), format=RdfFormat.N_QUADS)
    return store


def ask(data: Store, query: str) -> dict[str, set[str]]:
    """The second column of an answer, by the first."""
    found: dict[str, set[str]] = {}
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    for first, second in data.query(prefixes + query):  # type: ignore[union-attr]
        found.setdefault(first.value, set()).add(second.value)  # type: ignore[union-attr]
    return found


def test_the_manifest_says_what_each_table_holds(briefing: Release) -> None:
    tables = {table["dump"]: table for table in briefing.manifest["tables"]}
    assert tuple(sorted(tables)) == NAMES  # the reference dataset makes no claims
    for name, table in tables.items():
        rows = rows_of(briefing, name)
        assert table["rows"] == len(rows) > 0
        assert [column["name"] for column in table["columns"]] == list(rows[0])
        assert table["key"] == next(iter(rows[0]))
        assert len({row[table["key"]] for row in rows}) == len(rows)
        for path in (table["path"], f"{table['path']}.gz", table["metadata"]):
            assert path in briefing.files
        assert briefing.files[table["path"]]["dump"] == name


def test_every_column_is_described_in_every_language(briefing: Release) -> None:
    described = 0
    for table in briefing.manifest["tables"]:
        for column in table["columns"]:
            assert set(column["texts"]) == set(LANGUAGES), (table["dump"], column["name"])
            described += 1
    assert described > 60


@pytest.mark.parametrize(
    ("column", "query"),
    [
        ("subject", "SELECT ?c ?v { GRAPH ?g { ?c a sec:Claim ; rdf:subject ?v } }"),
        ("object", "SELECT ?c ?v { GRAPH ?g { ?c a sec:Claim ; rdf:object ?v } FILTER(isIRI(?v)) }"),
        ("held_by", "SELECT ?c ?v { GRAPH ?g { ?c a sec:Claim ; sec:heldBy ?v } }"),
        ("places", "SELECT ?c ?v { GRAPH ?g { ?c a sec:Claim ; sec:claimPlace ?v } }"),
        ("involves", "SELECT ?c ?v { GRAPH ?g { ?c a sec:Claim ; sec:claimInvolves ?v } }"),
        ("passages", "SELECT ?c ?v { GRAPH ?g { ?c a sec:Claim ; sec:statedIn ?v } }"),
        ("time_edtf", "SELECT ?c ?v { GRAPH ?g { ?c sec:claimTime ?t } GRAPH ?h { ?t skos:notation ?v } }"),
        ("notes", "SELECT ?c ?v { GRAPH ?g { ?v oa:hasTarget ?c . ?c a sec:Claim } }"),
        ("verdicts", "SELECT ?c ?v { GRAPH ?g { ?n oa:hasTarget ?c ; sec:verdict ?v } }"),
        ("subject_label_ru", f"SELECT ?c ?v {{ GRAPH ?g {{ ?c rdf:subject ?s }} {NAMED % 'ru'} }}"),
        ("predicate_label_fr", f"SELECT ?c ?v {{ GRAPH ?g {{ ?c rdf:predicate ?s }} {NAMED % 'fr'} }}"),
        ("label_kk", "SELECT ?c ?v { GRAPH ?g { ?c a sec:Claim ; rdfs:label ?v } FILTER(LANG(?v) = 'kk') }"),
        ("doubtful_languages", "SELECT ?c ?v { GRAPH ?g { ?c a sec:Claim ; sec:doubtfulLanguage ?v } }"),
    ],
)  # fmt: skip
def test_a_cell_of_a_claim_holds_what_the_data_say(
    briefing: Release, data: Store, column: str, query: str
) -> None:
    listed = "lang" not in column[-8:] and not re.search(r"label_|edtf", column)
    found = {
        row["claim"]: set(row[column].split(" ") if listed else [row[column]])
        for row in rows_of(briefing, "kazakhstan-claims")
        if row[column]
    }
    expected = ask(data, query)
    assert len(expected) > 10
    assert found == expected


def test_there_is_a_row_for_each_claim_and_it_says_whether_it_derives(briefing: Release, data: Store) -> None:
    rows = {row["claim"]: row for row in rows_of(briefing, "kazakhstan-claims")}
    assert set(rows) == set(ask(data, "SELECT ?c ?v { GRAPH ?g { ?c a sec:Claim ; sec:polarity ?v } }"))
    derives = ask(data, "SELECT ?c ?v { GRAPH ?g { ?c sec:derives ?v } }")
    assert {claim for claim, row in rows.items() if row["derives"] == "true"} == set(derives)
    assert {row["derives"] for row in rows.values()} == {"true", "false"}


def test_there_is_a_row_for_each_named_thing_but_sections(briefing: Release, data: Store) -> None:
    for dataset in ("kazakhstan", "reference"):
        named = ask(
            data,
            f"SELECT ?e ?v {{ GRAPH <https://w3id.org/sauran/graph/{dataset}> {{ ?e skos:prefLabel ?v "
            "FILTER(LANG(?v) = 'en') FILTER NOT EXISTS { ?e a sec:Section } } }",
        )
        assert len(named) > 10
        rows = {row["entity"]: row for row in rows_of(briefing, f"{dataset}-entities")}
        assert {iri: {row["label_en"]} for iri, row in rows.items()} == named


def test_an_entity_is_found_by_its_codes_and_knows_its_claims(briefing: Release, data: Store) -> None:
    states = {row["entity"]: row for row in rows_of(briefing, "reference-entities")}
    kazakhstan = states[f"{ID}kazakhstan"]
    assert (kazakhstan["iso3166_alpha2"], kazakhstan["iso3166_alpha3"], kazakhstan["un_m49"]) == (
        "KZ",
        "KAZ",
        "398",
    )
    assert re.fullmatch(r"POINT \(\S+ \S+\)", kazakhstan["wkt"])
    assert "http://www.wikidata.org/entity/Q232" in kazakhstan["same_as"].split(" ")
    counted = {
        row["entity"]: int(row["claims"]) for row in rows_of(briefing, "kazakhstan-entities") if row["claims"]
    }
    claims = ask(data, "SELECT ?e ?c { GRAPH ?g { ?c a sec:Claim ; rdf:subject|rdf:object ?e } }")
    assert counted == {entity: len(claims.get(entity, ())) for entity in counted}
    assert max(counted.values()) > 3


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_of_csvw_finds_each_table_valid(briefing: Release, name: str) -> None:
    file = briefing.folder / f"dumps/{name}.csv"
    read = CSVW(str(file), md_url=f"{file}-metadata.json", validate=True)
    assert (read.is_valid, read.warnings) == (True, [])
    rows = read.to_json()["tables"][0]["row"]
    key = next(iter(rows_of(briefing, name)[0]))
    assert [row["describes"][0]["@id"] for row in rows] == [row[key] for row in rows_of(briefing, name)]


@pytest.mark.filterwarnings("always:Invalid column value:UserWarning")
def test_the_reader_of_csvw_sees_faults(briefing: Release, tmp_path: Path) -> None:
    name = "kazakhstan-claims.csv"
    for file in (name, f"{name}-metadata.json"):
        (tmp_path / file).write_bytes((briefing.folder / "dumps" / file).read_bytes())
    text = (tmp_path / name).read_text("utf-8")
    (tmp_path / name).write_text(text.replace(",true,", ",perhaps,", 1), "utf-8")
    read = CSVW(str(tmp_path / name), md_url=str(tmp_path / f"{name}-metadata.json"), validate=True)
    assert not read.is_valid


def csv2rdf(rows: list[dict[str, str]], schema: Mapping[str, Any]) -> Iterator[Triple]:
    """The triples of a table (Generating RDF from Tabular Data, minimal mode), as far as our metadata go."""
    for row in rows:

        def fill(template: str, row: Mapping[str, str] = row) -> str:
            return re.sub(r"\{\+(\w+)\}", lambda found: row[found[1]], template)

        about = NamedNode(fill(schema["aboutUrl"]))
        for column in schema["columns"]:
            if column.get("suppressOutput") or not (column.get("virtual") or row[column["name"]]):
                continue
            property_ = NamedNode(column["propertyUrl"])
            if "valueUrl" in column:
                yield Triple(about, property_, NamedNode(fill(column["valueUrl"])))
                continue
            cell = row[column["name"]]
            for value in cell.split(column["separator"]) if "separator" in column else [cell]:
                datatype = column["datatype"]
                if "lang" in column:
                    yield Triple(about, property_, Literal(value, language=column["lang"]))
                elif isinstance(datatype, dict):
                    yield Triple(about, property_, Literal(value, datatype=NamedNode(datatype["@id"])))
                else:
                    assert datatype == "string"
                    yield Triple(about, property_, Literal(value))


@pytest.mark.parametrize("name", NAMES)
def test_the_triples_of_a_table_are_triples_of_its_dataset(briefing: Release, name: str) -> None:
    schema = metadata_of(briefing, name)["tableSchema"]
    triples = set(csv2rdf(rows_of(briefing, name), schema))
    dump = (briefing.folder / f"dumps/{name.partition('-')[0]}.nt").read_bytes()
    written = {quad.triple for quad in parse(dump, format=RdfFormat.N_TRIPLES)}
    assert len(triples) > 5 * len(rows_of(briefing, name))
    assert triples <= written


def test_the_metadata_stand_where_readers_look_and_name_their_table(briefing: Release) -> None:
    """Model for Tabular Data and Metadata on the Web, section 5.3: {+url}-metadata.json."""
    for name in NAMES:
        said = metadata_of(briefing, name)
        assert said["url"] == f"{name}.csv"
        assert said["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
        dataset = next(
            dataset
            for dataset in briefing.manifest["publication"]["datasets"]
            if dataset["slug"] == name.partition("-")[0]
        )
        assert said["dc:license"] == {"@id": dataset["licence"]}
        assert {text["@language"]: text["@value"] for text in said["dc:title"]} == dataset["title"]


def test_lines_and_quotes_are_those_of_the_standard(briefing: Release) -> None:
    """RFC 4180."""
    data = (briefing.folder / "dumps/kazakhstan-claims.csv").read_bytes()
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == data.count(b"\n")
    assert not data.startswith(b"\xef\xbb\xbf")


@pytest.mark.slow
def test_a_value_a_quote_and_a_line_break_come_through(harbour: Path, tmp_path: Path) -> None:
    claims = harbour.parent / "datasets/harbour/claims.ttl"
    change(claims, '"Patrols might be seen there again."@en', '"Patrols, \\"perhaps\\",\\nagain."@en')
    release = build(harbour, tmp_path / "releases").release
    assert release is not None
    rows = rows_of(release, "harbour-claims")
    assert rows[1]["label_en"] == 'Patrols, "perhaps",\nagain.'


def test_an_object_that_is_a_value_has_a_column_of_its_own() -> None:
    claim, value = NamedNode("http://a.example/claim"), Literal("12", datatype=XSD.integer)
    own = TripleIndex([Quad(claim, RDF["type"], SEC.Claim), Quad(claim, RDF.object, value)])
    columns = columns_of("claims", LANGUAGES)
    (row,) = claim_rows(columns, own, own, TripleIndex([]))
    cells = dict(zip((column.name for column in columns), row, strict=True))
    assert {name: cell for name, cell in cells.items() if cell} == {
        "claim": "http://a.example/claim",
        "object_value": "12",
        "derives": "false",
    }


def test_what_a_cell_cannot_hold_stops_the_build() -> None:
    """Without the shapes a thing could have two names in one language."""
    thing = NamedNode("http://a.example/thing")
    quads = [Quad(thing, SKOS.prefLabel, Literal(name, language="en")) for name in ("one", "two")]
    with pytest.raises(ContentError) as raised:
        list(entity_rows(columns_of("entities", LANGUAGES), TripleIndex(quads)))
    assert str(raised.value) == (
        "<http://a.example/thing>: has 2 values for the column label_en, which holds one. Keep one of them."
    )
