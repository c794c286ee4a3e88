"""/oai over the briefing: every verb, every error, whole lists in pages, and what the records say."""

import gzip
import xml.etree.ElementTree as ET

import pytest
import rdflib
from flask.testing import FlaskClient
from oai_support import DC, OAI, RDF, ask, broken_rules, error_of, harvest, read_xml, records_of
from rdflib.namespace import DCAT
from web_support import client_over

from sauran.kg.describe.catalogue import dataset_quads
from sauran.kg.loading.serialisation import write_rdf
from sauran.kg.model.formats import RDF_FORMATS
from sauran.kg.release.release import Release
from sauran.server.http.served_release import ServedRelease

BASE = "https://w3id.org/sauran/"
DATASETS = {f"{BASE}dataset/{slug}" for slug in ("all", "reference", "kazakhstan")}
CLAIM = f"{BASE}id/source/kazakhstan-security/claim/c031"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def claims(client: FlaskClient) -> set[str]:
    """The claims that the graph of the briefing holds."""
    graph = rdflib.Graph().parse(
        data=client.get("/dumps/kazakhstan.nt", follow_redirects=True).data, format="nt"
    )
    found = {str(s) for s in graph.subjects(rdflib.RDF.type, rdflib.URIRef(f"{BASE}ontology#Claim"))}
    assert len(found) > 100
    return found


def texts(record: ET.Element, name: str) -> list[tuple[str | None, str | None]]:
    return [(element.get(XML_LANG), element.text) for element in record.iter(DC + name)]


def graph_of(record: ET.Element) -> rdflib.Graph:
    (whole,) = record.iter(f"{RDF}RDF")
    assert whole.attrib == {}
    return rdflib.Graph().parse(data=ET.tostring(whole), format="xml")


def test_the_rules_see_what_is_wrong(client: FlaskClient) -> None:
    text = client.get("/oai?verb=Identify").text
    assert broken_rules(read_xml(text)) == []
    for old, new, wrong in (
        ("<deletedRecord>no</deletedRecord>\n", "", "Identify holds"),
        ("2026-11-22</earliest", "today</earliest", "earliestDatestamp says 'today'"),
        ('verb="Identify"', 'verb="Identity"', "request has verb='Identity'"),
        ("<dc:title", "<dc:title id='a'", "is no element of simple Dublin Core"),
    ):
        assert wrong in " ".join(broken_rules(read_xml(text.replace(old, new))))


def test_the_repository_says_what_it_is(client: FlaskClient, briefing: Release) -> None:
    answer = ask(client, verb="Identify")
    said = {e.tag.removeprefix(OAI): e.text for e in answer.find(f"{OAI}Identify") or ()}
    publication = briefing.manifest["publication"]
    assert said["repositoryName"] == publication["title"]["en"]
    assert said["baseURL"] == answer.findtext(f"{OAI}request") == "http://127.0.0.1:8000/oai"
    assert said["adminEmail"] == publication["contact"]["email"]
    assert said["earliestDatestamp"] == publication["issued"]
    assert said["deletedRecord"] == "no"
    assert texts(answer, "description") == list(publication["description"].items())


def test_formats_are_told_of_all_and_of_one(client: FlaskClient) -> None:
    def prefixes(**asked: str) -> list[str | None]:
        answer = ask(client, verb="ListMetadataFormats", **asked)
        return [element.text for element in answer.iter(f"{OAI}metadataPrefix")]

    assert prefixes() == prefixes(identifier=f"{BASE}dataset/all") == ["oai_dc", "dcat", "rdf"]
    assert prefixes(identifier=CLAIM) == ["oai_dc", "rdf"]


def test_sets_part_the_records(client: FlaskClient, claims: set[str]) -> None:
    (page,) = harvest(client, "ListSets")
    specs = [element.text or "" for element in page.iter(f"{OAI}setSpec")]
    assert specs == ["dataset", "claim", "claim:kazakhstan"]
    assert texts(page, "title")[4:8] == [
        ("en", "Claims"),
        ("fr", "Affirmations"),
        ("ru", "Утверждения"),
        ("kk", "Тұжырымдар"),
    ]
    found = {
        spec: set(records_of(harvest(client, "ListIdentifiers", metadataPrefix="oai_dc", set=spec)))
        for spec in specs
    }
    assert found == {"dataset": DATASETS, "claim": claims, "claim:kazakhstan": claims}


@pytest.mark.parametrize(("prefix", "pages"), [("oai_dc", 2), ("rdf", 4)])
def test_a_list_comes_whole_in_pages(client: FlaskClient, claims: set[str], prefix: str, pages: int) -> None:
    answers = harvest(client, "ListRecords", metadataPrefix=prefix)
    records = records_of(answers)
    assert len(answers) == pages
    assert list(records)[:3] == [f"{BASE}dataset/{slug}" for slug in ("all", "reference", "kazakhstan")]
    assert set(records) == claims | DATASETS
    assert set(records_of(harvest(client, "ListIdentifiers", metadataPrefix=prefix))) == set(records)
    tokens = [next(answer.iter(f"{OAI}resumptionToken")) for answer in answers]
    size = len(records)
    assert [int(token.get("completeListSize", 0)) for token in tokens] == [size] * pages
    counts = [len(list(answer.iter(f"{OAI}record"))) for answer in answers]
    assert [int(token.get("cursor", -1)) for token in tokens] == [sum(counts[:n]) for n in range(pages)]
    assert [bool(token.text) for token in tokens] == [True] * (pages - 1) + [False]


def test_a_page_can_be_asked_for_again(client: FlaskClient) -> None:
    first = ask(client, verb="ListRecords", metadataPrefix="oai_dc")
    token = first.findtext(f"{OAI}ListRecords/{OAI}resumptionToken") or ""
    once, again = (ask(client, verb="ListRecords", resumptionToken=token) for _ in range(2))
    assert list(records_of([once])) == list(records_of([again]))


def test_a_list_that_is_whole_at_once_has_no_token(client: FlaskClient) -> None:
    (answer,) = harvest(client, "ListRecords", metadataPrefix="dcat")
    assert list(answer.iter(f"{OAI}resumptionToken")) == []


def test_dcat_records_are_the_catalogue_s_and_of_datasets_only(
    client: FlaskClient, briefing: Release
) -> None:
    records = records_of(harvest(client, "ListRecords", metadataPrefix="dcat"))
    assert set(records) == DATASETS
    for identifier, record in records.items():
        quads = dataset_quads(briefing.manifest, identifier.rpartition("/")[2], "http://127.0.0.1:8000/", {})
        wanted = rdflib.Graph().parse(data=write_rdf(quads, RDF_FORMATS[1], {}), format="nt")
        found = graph_of(record)
        assert set(found) == set(wanted)
        assert list(found.subjects(rdflib.RDF.type, DCAT.Dataset)) == [rdflib.URIRef(identifier)]


def test_a_claim_s_record_holds_all_that_is_said_of_it(
    client: FlaskClient, served_release: ServedRelease
) -> None:
    record = ask(client, verb="GetRecord", identifier=CLAIM, metadataPrefix="rdf")
    found = set(graph_of(record))
    own = served_release.quads.about(CLAIM)
    wanted = rdflib.Graph().parse(data=write_rdf(own, RDF_FORMATS[1], {}), format="nt")
    assert len(wanted) > 12
    assert set(wanted) <= found
    note = rdflib.URIRef(f"{BASE}id/source/kazakhstan-security/note/n02")
    assert (note, rdflib.RDF.type, rdflib.URIRef(f"{BASE}ontology#CuratorNote")) in found
    digests = {o for s, p, o in found if p == rdflib.URIRef(f"{BASE}ontology#textDigest")}
    assert len(digests) == 1  # of the passage


def test_a_claim_in_dublin_core_speaks_four_languages_and_shows_its_notes(client: FlaskClient) -> None:
    record = ask(client, verb="GetRecord", identifier=CLAIM, metadataPrefix="oai_dc")
    assert [language for language, _ in texts(record, "title")] == ["en", "fr", "ru", "kk"]
    assert texts(record, "title")[0] == (
        "en",
        "The list of powers at Kazakhstan's crossroads also names Central Asia, the region Kazakhstan "
        "itself belongs to.",
    )
    assert ("ru", "анонимный автор статьи о безопасности в Казахстане") in texts(record, "creator")
    assert {("en", "Central Asia"), ("fr", "Asie centrale")} <= set(texts(record, "subject"))
    assert {("en", "fact"), ("en", "asserted"), (None, "http://purl.org/dc/dcmitype/Text")} <= set(
        texts(record, "type")
    )
    notes = dict(texts(record, "description"))
    assert set(notes) == {"en", "fr", "ru", "kk"}
    assert (notes["en"] or "").startswith("[inconsistent] The text places Kazakhstan, ")
    assert (notes["fr"] or "").startswith("[incohérent] Le texte situe le Kazakhstan, ")
    assert texts(record, "identifier") == [
        (None, CLAIM),
        (None, f"http://127.0.0.1:8000/{CLAIM.removeprefix(BASE).replace('id/', 'doc/', 1)}"),
    ]
    assert texts(record, "relation") == [(None, f"{BASE}dataset/kazakhstan")]
    assert texts(record, "rights") == [(None, "https://creativecommons.org/licenses/by/4.0/")]


def test_two_things_of_one_name_both_stand_in_the_record_of_a_claim(client: FlaskClient) -> None:
    """What is affirmed and what is asserted have one word in French and in Russian."""
    types = texts(ask(client, verb="GetRecord", identifier=CLAIM, metadataPrefix="oai_dc"), "type")
    languages = [language for language, _ in types if language]
    assert sorted(languages) == sorted(["en", "fr", "ru", "kk"] * 3)
    assert [text for language, text in types if language == "en"] == ["fact", "asserted", "affirmed"]
    for language in ("fr", "ru"):
        _, modality, polarity = (text for tag, text in types if tag == language)
        assert modality == polarity


def test_a_dataset_in_dublin_core_is_described_as_its_settings_say(
    client: FlaskClient, briefing: Release
) -> None:
    record = ask(client, verb="GetRecord", identifier=f"{BASE}dataset/kazakhstan", metadataPrefix="oai_dc")
    dataset = briefing.manifest["publication"]["datasets"][1]
    assert texts(record, "title") == list(dataset["title"].items())
    assert texts(record, "description") == list(dataset["description"].items())
    words = [(language, word) for language, words in dataset["keywords"].items() for word in words]
    assert texts(record, "subject") == [*words, *((None, theme) for theme in dataset["themes"])]
    assert texts(record, "relation") == [(None, f"{BASE}dataset/reference")]
    formats = [(None, known.media_type) for known in RDF_FORMATS]
    assert sorted(texts(record, "format")) == sorted([*formats, (None, "text/csv")])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Everything"}, "badVerb"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "Identify", "page": "2"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "GetRecord", "identifier": CLAIM, "metadataPrefix": "dcat"}, "cannotDisseminateFormat"),
        ({"verb": "GetRecord", "identifier": CLAIM, "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        (
            {"verb": "GetRecord", "identifier": f"{BASE}id/kazakhstan", "metadataPrefix": "rdf"},
            "idDoesNotExist",
        ),
        ({"verb": "GetRecord", "identifier": '"> <', "metadataPrefix": "rdf"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": f"{CLAIM}0"}, "idDoesNotExist"),
        ({"verb": "ListRecords", "metadataPrefix": "rdf", "set": "claim:nothing"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "rdf", "set": "claim:reference"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "dcat", "set": "claim"}, "noRecordsMatch"),
        ({"verb": "ListIdentifiers", "metadataPrefix": "rdf", "until": "1999-12-31"}, "noRecordsMatch"),
        ({"verb": "ListIdentifiers", "metadataPrefix": "rdf", "from_": "2999-12-31"}, "noRecordsMatch"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "\x01<&"}, "badResumptionToken"),
    ],
)
def test_each_error_has_its_code(client: FlaskClient, asked: dict[str, str], code: str) -> None:
    answer = ask(client, **asked)
    assert error_of(answer) == code
    request = answer.find(f"{OAI}request")
    assert request is not None
    echoed = set() if code in ("badVerb", "badArgument") else {name.rstrip("_") for name in asked}
    assert set(request.attrib) == echoed


def test_both_methods_say_the_same(client: FlaskClient) -> None:
    asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": "dataset"}
    by_get, by_post = client.get("/oai", query_string=asked), client.post("/oai", data=asked)
    assert list(records_of([read_xml(by_post.data)])) == list(records_of([read_xml(by_get.data)]))
    assert error_of(read_xml(client.post("/oai?verb=Identify", data={"verb": "Identify"}).data)) == "badVerb"
    assert client.put("/oai").status_code == 405
    head = client.head("/oai", query_string=asked)
    assert (head.status_code, head.data) == (200, b"")


def test_an_answer_is_packed_and_not_kept(client: FlaskClient) -> None:
    response = client.get("/oai?verb=Identify", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert broken_rules(read_xml(gzip.decompress(response.data))) == []
    assert (response.headers["Cache-Control"], response.headers.get("ETag")) == ("no-store", None)


def test_addresses_are_of_the_site_and_identifiers_are_not(briefing: Release) -> None:
    with client_over(briefing.folder.parent, site="https://data.example/kg") as client:
        record = ask(client, verb="GetRecord", identifier=CLAIM, metadataPrefix="oai_dc")
        assert record.findtext(f"{OAI}request") == "https://data.example/kg/oai"
        identifier, address = (text or "" for _, text in texts(record, "identifier"))
        assert identifier == CLAIM
        assert address.startswith("https://data.example/kg/doc/source/")
