"""What this site is, what it offers for download, and the state of its data."""

import hashlib
import html
import json
import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from page_support import section, table
from web_support import client_over

from sauran.kg.release.build import build
from sauran.kg.release.release import Release, make_current
from sauran.server.http.executor import own_query

LANGUAGES = ("en", "fr", "ru", "kk")


def words(text: str) -> str:
    """The page as somebody reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def answer(client: FlaskClient, query: str) -> list[dict[str, str]]:
    """The rows that the public endpoint gives."""
    response = client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"})
    assert response.json is not None
    rows = response.json["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in rows]


def test_about_names_who_answers_and_under_which_licence(client: FlaskClient, briefing: Release) -> None:
    text = client.get("/en/about").text
    shown = words(text)
    assert 'href="mailto:contact@sauran.example"' in text
    assert '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>' in text
    assert "Licence of the software Apache-2.0" in shown
    assert "Identifiers begin with https://w3id.org/sauran/" in shown
    assert f"Release {briefing.version}, 22 November 2026" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_defines_its_words_as_the_ontology_does(client: FlaskClient, language: str) -> None:
    text = client.get(f"/{language}/about").text
    (part,) = re.findall(r'<section aria-labelledby="evidence">.*?</section>', text, re.DOTALL)
    query = (
        "SELECT ?text { VALUES ?term { sec:Claim sec:Passage sec:CuratorNote sec:modality sec:derives } "
        f'GRAPH ?g {{ ?term skos:definition ?text FILTER(LANG(?text) = "{language}") }} }}'
    )
    prefixes = (
        "PREFIX sec: <https://w3id.org/sauran/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    )
    rows = answer(client, prefixes + query)
    assert len(rows) == 5
    assert all(row["text"] in html.unescape(part) for row in rows)


@pytest.mark.parametrize(
    ("address", "accept", "content_type"),
    [
        ("/about.bib", "*/*", "application/x-bibtex"),
        ("/about.csl.json", "text/html", "application/vnd.citationstyles.csl+json"),
        ("/about", "application/x-bibtex", "application/x-bibtex"),
        ("/about", "application/json", "application/vnd.citationstyles.csl+json"),
        ("/downloads.json", "*/*", "application/json"),
        ("/downloads", "application/json", "application/json"),
    ],
)
def test_data_comes_by_suffix_or_by_accept(
    client: FlaskClient, address: str, accept: str, content_type: str
) -> None:
    response = client.get(address, headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (200, content_type)
    assert ("Accept-Language" in response.headers["Vary"]) is ("." not in address)


def test_the_page_shows_the_citations_that_it_offers(client: FlaskClient, briefing: Release) -> None:
    text = html.unescape(client.get("/kk/about").text)
    for address in ("/about.bib", "/about.csl.json"):
        data = client.get(address).text
        assert briefing.version in data
        assert data in text
        assert f'<a href="{address}"' in text


@pytest.mark.parametrize("address", ["/about.pdf", "/downloads.csv", "/downloads.html"])
def test_other_suffixes_are_unknown(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/about", "/downloads"])
def test_what_is_not_there_is_not_acceptable(client: FlaskClient, address: str) -> None:
    assert client.get(address, headers={"Accept": "image/png"}).status_code == 406


def test_every_download_is_what_the_page_says(client: FlaskClient, briefing: Release) -> None:
    text = client.get("/en/downloads").text
    listed = client.get("/downloads.json").json
    assert listed is not None
    files = [file for dump in listed for file in dump["files"]]
    assert len(files) == len([f for f in briefing.files.values() if "dump" in f and "compression" not in f])
    assert [dump["name"] for dump in listed][:2] == ["all", "reference"]
    for file in files:
        for address, size, digest in (
            (file["address"], file["size"], file["sha256"]),
            (file["packed_address"], file["packed_size"], file["packed_sha256"]),
        ):
            if address is None:
                assert file["format"] == "ZIP"
                continue
            assert address.startswith(f"/release/{briefing.version}/dumps/")
            data = client.get(address, headers={"Accept-Encoding": "identity"}).data
            assert (len(data), hashlib.sha256(data).hexdigest()) == (size, digest)
            assert f'href="{address}"' in text
            assert f"<code>{digest}</code>" in text


def test_each_number_of_triples_is_that_of_its_file(client: FlaskClient, briefing: Release) -> None:
    listed = client.get("/downloads.json").json
    assert listed is not None
    for file in (file for dump in listed for file in dump["files"]):
        path = file["address"].removeprefix(f"/release/{briefing.version}/")
        assert file["triples"] == briefing.files[path].get("triples")
    text = client.get("/en/downloads").text
    (everything,) = (dump for dump in listed if dump["name"] == "all")
    cells = {row[0]: row[1] for row in table(text, "dump-all")[1:]}
    assert cells == {
        file["format"]: "" if file["triples"] is None else f"{file['triples']:,}"
        for file in everything["files"]
    }
    lines = client.get(f"/release/{briefing.version}/dumps/all.nt").text.splitlines()
    assert cells["N-Triples"] == f"{len(lines):,}"
    assert cells["N-Quads"] != cells["N-Triples"]
    assert everything["triples"] is None
    assert f"Each triple counted once, that makes {briefing.union_triples:,}." in words(text)


def test_all_places_agree_on_how_many_triples_there_are(client: FlaskClient, briefing: Release) -> None:
    (row,) = answer(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    health = client.get("/health").json
    assert health is not None
    assert health["triples"] == briefing.union_triples == int(row["n"])
    assert f" · {briefing.union_triples:,} triples · " in words(client.get("/en/").text)


def test_a_draft_says_that_it_is_one(client: FlaskClient, briefing: Release) -> None:
    assert briefing.manifest["draft"] is True
    shown = words(client.get("/en/downloads").text)
    assert "This is a draft: its files go when newer drafts come." in shown
    assert f"Release {briefing.version} draft · " in shown
    assert f"Version {briefing.version} draft" in words(client.get("/en/dataset/kazakhstan").text)


def test_a_finished_release_is_called_no_draft(briefing: Release, tmp_path: Path) -> None:
    shutil.copytree(briefing.folder, tmp_path / "1.0.0")
    manifest = json.dumps({**briefing.manifest, "version": "1.0.0", "draft": False})
    (tmp_path / "1.0.0/manifest.json").write_text(manifest, "utf-8")
    make_current(tmp_path, "1.0.0")
    with client_over(tmp_path) as client:
        for path in ("downloads", "dataset/kazakhstan"):
            assert "draft" not in words(client.get(f"/en/{path}").text)


@pytest.mark.parametrize("path", ["", "downloads"])
def test_what_leads_harvesters_is_linked(client: FlaskClient, path: str) -> None:
    text = section(client.get(f"/en/{path}").text, "more" if path else "datasets")
    for address in ("/en/catalogue", "/oai?verb=Identify", "/releases.atom?lang=en"):
        assert f'href="{address}"' in text
        assert client.get(address).status_code == 200


def test_tables_have_rows_and_a_description_of_their_columns(client: FlaskClient, briefing: Release) -> None:
    listed = client.get("/downloads.json").json
    assert listed is not None
    tables = {dump["name"]: dump for dump in listed if dump["rows"] is not None}
    assert {name: dump["rows"] for name, dump in tables.items()} == {
        table["dump"]: table["rows"] for table in briefing.manifest["tables"]
    }
    text = client.get("/en/downloads").text
    for dump in tables.values():
        assert (dump["triples"], [file["format"] for file in dump["files"]]) == (None, ["CSV"])
        assert client.get(dump["description"]).mimetype == "application/csvm+json"
        assert f'href="{dump["description"]}"' in text
    assert "Table of claims: Security in Kazakhstan" in words(text)
    assert "148 rows" in words(text)


@pytest.mark.parametrize(
    ("language", "size", "derived"),
    [
        ("en", "kB", "Derived from the claims of: Security in Kazakhstan: claims, evidence and doubts"),
        (
            "fr",
            "ko",
            "Dérivé des affirmations de : La sécurité au Kazakhstan : affirmations, preuves et doutes",
        ),
        ("ru", "кБ", "Выведено из утверждений набора: Безопасность в Казахстане"),
        ("kk", "кБ", "Мына жинақтың тұжырымдарынан шығарылған: Қазақстандағы қауіпсіздік"),
    ],
)
def test_sizes_and_titles_are_in_the_language(
    client: FlaskClient, language: str, size: str, derived: str
) -> None:
    shown = words(client.get(f"/{language}/downloads").text)
    assert re.search(rf"\d {size} ", shown)
    assert derived in shown


def test_the_numbers_of_the_data_are_those_of_their_queries(client: FlaskClient, briefing: Release) -> None:
    text = client.get("/en/health").text
    (row,) = answer(client, own_query("state-of-claims"))
    figures = re.findall(r"<dd>(\d+)</dd>", text)
    names = ("claims", "stated", "doubted", "passages", "provable", "notes")
    assert figures == [*map(str, briefing.manifest["findings"].values()), *(row[name] for name in names)]
    coverage = answer(client, own_query("label-coverage"))
    meters = re.findall(r'max="(\d+)" value="(\d+)"', text)
    assert sorted(meters) == sorted((line["things"], line["labelled"]) for line in coverage)
    (unreviewed,) = answer(client, own_query("unreviewed-texts"))
    assert int(unreviewed["unreviewed"]) == briefing.manifest["unreviewed"]["kk"]
    (part,) = re.findall(r'<section aria-labelledby="reviews">.*?</section>', text, re.DOTALL)
    assert re.findall(r'<td class="num">(\d+)</td>', part) == [
        unreviewed["unreviewed"],
        unreviewed["doubtful"],
    ]


def test_labels_are_counted_by_class_and_language(client: FlaskClient) -> None:
    text = client.get("/en/health").text
    found: dict[str, dict[str, str]] = {}
    for row in answer(client, own_query("label-coverage-by-class")):
        found.setdefault(row["class"], {"things": row["things"]})[row["language"]] = row["labelled"]
    (table,) = re.findall(
        r'<div class="wide" role="region" aria-labelledby="classes".*?</table>', text, re.DOTALL
    )
    rows = [
        re.findall(r"<td[^>]*>([^<]*)</td>", line)
        for line in re.findall(r"<tr><th scope=\"row\">.*?</tr>", table)
    ]
    assert rows == [
        [counts[name] for name in ("things", "en", "fr", "ru", "kk")] for counts in found.values()
    ]
    assert "https://w3id.org/sauran/ontology#Claim" in found
    assert len(rows) > 20


def test_the_queries_beside_the_numbers_give_them(client: FlaskClient) -> None:
    text = client.get("/en/health").text
    links = [html.unescape(link) for link in re.findall(r'href="(/en/sparql\?query=[^"]*)"', text)]
    assert len(links) == 4
    assert all(client.get(link).status_code == 200 for link in links)


def test_findings_are_listed_in_the_words_of_the_shapes(harbour: Path, tmp_path: Path) -> None:
    entities = harbour.parent / "datasets/harbour/entities.ttl"
    text = entities.read_text("utf-8").replace('"crews of the patrol boats"@en', f'"{"crews " * 40}boats"@en')
    entities.write_text(text, "utf-8")
    release = build(harbour, tmp_path / "releases").release
    assert release is not None
    assert release.manifest["findings"] == {"violation": 0, "warning": 1, "info": 0}
    with client_over(tmp_path / "releases") as client:
        page = client.get("/fr/health").text
    assert re.findall(r"<dd>(\d+)</dd>", page)[:3] == ["0", "1", "0"]
    (table,) = re.findall(
        r'<div class="wide" role="region" aria-labelledby="findings".*?</table>', page, re.DOTALL
    )
    shown = words(table)
    assert "avertissement label-length Le libellé dépasse 200 caractères et déborde des listes." in shown
    assert re.search(r"datasets/harbour/entities\.ttl:\d+", shown)
