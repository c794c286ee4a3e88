"""A page of each IRI, fit for what it is, in every language."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from page_support import answer, section, words

from sauran.kg.release.release import Release

SOURCE = "source/kazakhstan-security"
BASE = "https://w3id.org/sauran/"
LANGUAGES = ("en", "fr", "ru", "kk")
# What a reader of each language must find on a page of each kind.
SHOWN = [
    ("en", "kazakhstan", ["Kazakhstan", "Wikidata Q232", "ISO 3166-1 alpha-2 code", "Central Asia"]),
    ("ru", "kazakhstan", ["Казахстан", "Wikidata Q232", "GeoNames 1522867", "EuroVoc 5693"]),
    ("en", f"{SOURCE}/claim/c047", ["modality asserted", "polarity affirmed", "number of arrests"]),
    ("fr", f"{SOURCE}/claim/c047", ["modalité affirmé", "Énoncée dans", "Menaces venues de l'intérieur"]),
    ("en", f"{SOURCE}/passage/p21", ["Characters 2,284–2,436 of 8,324", "152 characters long"]),
    ("kk", f"{SOURCE}/passage/p21", ["Алдыңғы үзінді: passage/p20", "Келесі үзінді: passage/p22"]),
    ("en", f"{SOURCE}/note/n05", ["contradicted in the source", "presents itself as a stable nation"]),
    ("ru", f"{SOURCE}/note/n05", ["опровергается в самом источнике", "представляет себя стабильной страной"]),
    ("en", SOURCE, ["8,256 of 8,324 characters stand in a passage (99%)", "17 notes"]),
    (
        "fr",
        SOURCE,
        ["Les sections et leurs affirmations par type", "Menaces venues de l'intérieur", "17 notes"],
    ),
    ("en", f"{SOURCE}/section/context", ["Claims stated here (17)", "All 17 claims"]),
    ("ru", f"{SOURCE}/section/context", ["История и геополитическое положение", "Все 17 утверждений"]),
    ("en", "scheme/issue-kind", ["by origin", "external", "Used 6 times."]),
    ("kk", "scheme/verdict", ["екіұшты сөз қолданысы", "1 рет қолданылған."]),
    ("en", "scheme/modality/possible", ["Claims with this modality (7)", "in scheme"]),
    ("fr", "scheme/modality/possible", ["Affirmations de cette modalité", "dans le schéma"]),
    ("en", "time/2022-01", ["beginning 1 January 2022", "end 31 January 2022"]),
    ("ru", "time/from-kazakhstan-security-writing", ["начало 7 октября 2024 г.", "конец открыто"]),
    ("en", "kazakhstan-security-author", ["Claims held by this actor (140)", "All 140 claims"]),
    ("kk", "kazakhstan-security-author", ["Барлығы 140 тұжырым"]),
]


@pytest.mark.parametrize(("language", "slug", "texts"), SHOWN, ids=lambda value: str(value)[:40])
def test_a_page_of_each_kind_says_what_its_reader_looks_for(
    client: FlaskClient, language: str, slug: str, texts: list[str]
) -> None:
    response = client.get(f"/{language}/doc/{slug}")
    assert response.status_code == 200
    # Languages part the digits of numbers with spaces of several kinds.
    shown = re.sub(r"\s", " ", words(response.text))
    assert [text for text in texts if text not in shown] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "doc/kazakhstan",
        f"doc/{SOURCE}",
        f"doc/{SOURCE}/claim/c116",
        f"doc/{SOURCE}/passage/p21",
        f"doc/{SOURCE}/note/n05",
        f"doc/{SOURCE}/section/threats",
        "doc/scheme/verdict",
        "doc/time/1991",
        "dataset/kazakhstan",
    ],
)
def test_every_page_has_one_h1_its_own_ids_and_headings_for_its_sections(
    client: FlaskClient, language: str, path: str
) -> None:
    text = client.get(f"/{language}/{path}").text
    assert text.count("<h1") == 1
    assert f'<html lang="{language}"' in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    named = re.findall(r'aria-labelledby="([^"]+)"', text)
    assert len(named) > 1
    assert set(named) <= set(ids)


def test_names_of_a_thing_are_shown_in_every_language_that_has_one(client: FlaskClient) -> None:
    text = section(client.get("/ru/doc/nato").text, "names")
    for language, name in {
        "en": "North Atlantic Treaty Organization",
        "fr": "Organisation du traité de l'Atlantique nord",
        "ru": "Организация Североатлантического договора",
        "kk": "Солтүстік Атлантикалық келісім ұйымы",
    }.items():
        assert f'<bdi lang="{language}">{name.replace(chr(39), "&#39;")}</bdi>' in text


def test_numbers_of_links_are_those_of_a_query(client: FlaskClient) -> None:
    rows = answer(
        client,
        f"SELECT ?p (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s ?p <{BASE}id/kazakhstan> }} GROUP BY ?p",
    )
    text = section(client.get("/en/doc/kazakhstan").text, "links")
    shown = {
        (row["p"], row["n"])
        for row in rows
        if f"?in={quote(row['p'], safe='')}" in text or f'<td class="num">{row["n"]}</td>' in text
    }
    assert len(rows) > 4
    assert shown == {(row["p"], row["n"]) for row in rows}


def test_what_several_graphs_say_counts_once(client: FlaskClient) -> None:
    """That it is part of the article is said of a claim in one graph, that it derives in another."""
    per_graph = answer(
        client,
        f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ <{BASE}id/kazakhstan> ?p ?o }} }}",
    )
    assert int(per_graph[0]["n"]) > 20
    text = client.get("/en/doc/kazakhstan").text
    faces = answer(client, f"SELECT ?o {{ <{BASE}id/kazakhstan> <{BASE}ontology#facesIssue> ?o }}")
    derived = section(text, "derived")
    assert all(row["o"].removeprefix(f"{BASE}id/") in derived for row in faces)


def test_a_claim_is_shown_with_its_words_its_evidence_and_its_note(client: FlaskClient) -> None:
    text = client.get(f"/en/doc/{SOURCE}/claim/c047").text
    shown = words(text)
    assert "The number of arrests after the January 2022 riots in Kazakhstan was close to 6,000." in shown
    assert "January 2022 arrests has figure number of arrests (nearly 6,000)" in shown
    assert "held by anonymous author of the article on security in Kazakhstan" in shown
    assert "characters 2,284–2,436" in shown
    assert re.search(r"SHA-256 [0-9a-f]{64}", shown)
    assert "note/n03 : snapshot figure The text speaks of nearly 6,000 arrests" in shown
    assert f'rel="alternate" type="application/ld+json" href="/doc/{SOURCE}/claim/c047.jsonld"' in text


def test_a_claim_says_what_is_derived_from_it_or_why_nothing_is(client: FlaskClient) -> None:
    derived = words(section(client.get(f"/en/doc/{SOURCE}/claim/c027").text, "follows"))
    assert "Kazakhstan characterised as largest country of Central Asia" in derived
    for claim in answer(
        client,
        "PREFIX sec: <https://w3id.org/sauran/ontology#> SELECT ?c "
        "{ ?c a sec:Claim FILTER NOT EXISTS { ?c sec:derives true } }",
    ):
        path = claim["c"].removeprefix(f"{BASE}id/")
        text = words(section(client.get(f"/en/doc/{path}").text, "follows"))
        assert re.search(r"Nothing is derived from this claim\. (It|A note) ", text), path


def test_a_symmetric_claim_gives_both_directions(client: FlaskClient) -> None:
    rows = answer(
        client,
        "PREFIX sec: <https://w3id.org/sauran/ontology#> "
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
        "SELECT ?c { ?c rdf:predicate sec:cooperatesWith ; sec:derives true }",
    )
    assert rows
    path = rows[0]["c"].removeprefix(f"{BASE}id/")
    text = section(client.get(f"/en/doc/{path}").text, "follows")
    assert text.count('class="statement"') == 2


@pytest.mark.parametrize(
    "slug",
    [
        "arrests-january-2022",
        "figure-arrests-2022",
        f"{SOURCE}/passage/p21",
        f"{SOURCE}/section/threats-internal",
    ],
)
def test_no_page_shows_a_claim_without_its_notes(client: FlaskClient, slug: str) -> None:
    """Claim c047 carries note n03, wherever it is shown."""
    text = client.get(f"/en/doc/{slug}").text
    for claim in re.finditer(rf'<h3><a href="/en/doc/{SOURCE}/claim/c047"', text):
        card = text[claim.start() : text.index("</article>", claim.start())]
        assert f'<a href="/en/doc/{SOURCE}/note/n03"' in card
    assert '/claim/c047"' in text or slug.endswith("threats-internal")


def test_a_note_stands_above_its_claims_and_only_others_stay_beside_them(client: FlaskClient) -> None:
    text = client.get(f"/en/doc/{SOURCE}/note/n05").text
    judged, against = section(text, "judged"), section(text, "against")
    assert judged.count('<article class="claim">') == 4
    assert against.count('<article class="claim">') == 4
    assert "/note/n05" not in judged + against
    assert "/note/n09" in against


def test_unreviewed_kazakh_says_so(client: FlaskClient) -> None:
    text = client.get(f"/kk/doc/{SOURCE}/claim/c116").text
    heading = re.findall(r"<h1>.*?</h1>", text, re.DOTALL)[0]
    assert "тексерілмеген" in heading
    notes = section(text, "notes")
    assert "тексерілмеген" in notes
    russian = client.get(f"/ru/doc/{SOURCE}/claim/c116").text
    assert "не проверено" not in re.findall(r"<h1>.*?</h1>", russian, re.DOTALL)[0]


def test_a_text_in_another_language_says_which(client: FlaskClient) -> None:
    text = client.get(f"/ru/doc/{SOURCE}/claim/c116").text
    assert re.search(r'<bdi lang="en">always</bdi> <abbr class="tag" title="английский">en</abbr>', text)


def test_fragments_are_shown_in_the_page_of_their_document(client: FlaskClient) -> None:
    text = client.get("/en/doc/time/1991").text
    assert 'href="/en/doc/time/1991#beginning"' in text
    assert '<section id="beginning"' in text
    assert "1991-01-01" in text


def test_a_passage_shows_where_it_lies(client: FlaskClient) -> None:
    text = client.get(f"/en/doc/{SOURCE}/passage/p21").text
    (bar,) = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert 'x="274" width="18"' in bar  # of 1000: 2284 to 2436 of 8324
    assert 'aria-label="Characters 2,284–2,436 of 8,324"' in bar
    assert "style=" not in bar


def test_the_bar_of_a_document_draws_every_passage(client: FlaskClient) -> None:
    text = client.get(f"/en/doc/{SOURCE}").text
    (bar,) = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert bar.count("<rect") == 1 + 67
    assert len(set(re.findall(rf'href="/en/doc/{SOURCE}/passage/(p\d+)"', text))) == 67


def test_claims_of_a_document_by_section_and_type_are_those_of_queries(client: FlaskClient) -> None:
    table = section(client.get(f"/en/doc/{SOURCE}").text, "sections")
    cells = re.findall(r'href="([^"]*/claims\?[^"]*)">([\d,]+)</a>', table)
    assert len(cells) > 50
    for address, count in cells[::7]:
        found = client.get(address.replace("&amp;", "&"))
        assert found.status_code == 200
        assert f'<h2 id="found">{count} claim' in found.text


def test_a_query_and_a_neighbourhood_are_linked_and_the_query_gives_the_description(
    client: FlaskClient,
) -> None:
    text = section(client.get("/en/doc/kazakhstan").text, "formats")
    assert f"/en/neighbourhood?iri={quote(BASE + 'id/kazakhstan', safe='')}" in text
    (link,) = re.findall(r'href="(/en/sparql\?query=[^"]+)"', text)
    page = client.get(link.replace("&amp;", "&"))
    assert page.status_code == 200
    assert "Wikidata" in page.text or "wikidata" in page.text


def test_a_dataset_says_what_it_is_how_large_and_where_its_files_are(client: FlaskClient) -> None:
    text = client.get("/en/dataset/kazakhstan").text
    shown = words(text)
    assert "Security in Kazakhstan: claims, evidence and doubts" in shown
    assert "What one anonymous and undated article in French says" in shown
    assert 'rel="license" href="https://creativecommons.org/licenses/by/4.0/"' in text
    graph = f"{BASE}graph/kazakhstan"
    for iri in (graph, f"{graph}/derived"):
        rows = answer(client, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
        assert f'<td class="num">{int(rows[0]["n"]):,}</td>' in section(text, "graphs")
    claims = answer(
        client, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?c a <{BASE}ontology#Claim> }} }}"
    )
    assert f'<td class="num">{claims[0]["n"]}</td>' in section(text, "classes")
    for name in ("kazakhstan.ttl.gz", "kazakhstan-derived.nt", "kazakhstan-claims.csv"):
        assert re.search(rf'href="/release/[^/"]+/dumps/{re.escape(name)}"', section(text, "downloads"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Publisher Sauran", "How often it changes irregular", "International issues", "Kazakhstan"]),
        ("fr", ["Éditeur Sauran", "Fréquence de mise à jour irrégulière", "Questions internationales"]),
    ],
)
def test_a_dataset_says_who_publishes_it_and_where_portals_put_it(
    client: FlaskClient, briefing: Release, language: str, said: list[str]
) -> None:
    text = client.get(f"/{language}/dataset/kazakhstan").text
    shown = words(text)
    assert [part for part in said if part not in shown] == []
    assert f"Version {briefing.version}" in shown
    assert 'href="mailto:contact@sauran.example"' in text
    authority = "http://publications.europa.eu/resource/authority"
    for code in ("data-theme/INTR", "country/KAZ", "frequency/IRREG"):
        assert f'href="{authority}/{code}"' in text


def test_a_dataset_gives_its_files_before_its_classes_and_tables_first(client: FlaskClient) -> None:
    text = client.get("/en/dataset/kazakhstan").text
    assert text.index('id="downloads"') < text.index('id="classes"')
    files = section(text, "downloads")
    assert files.index("kazakhstan-entities.csv") < files.index("kazakhstan.ttl")


@pytest.mark.parametrize("path", ["doc/nothing", "dataset/nothing", "doc/a%22b"])
def test_an_unknown_thing_is_404(client: FlaskClient, path: str) -> None:
    response = client.get(f"/en/{path}", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "Nothing is known of" in response.text
