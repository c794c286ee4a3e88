"""What a portal must be told stops the build where it is missing, with file, line and what to write."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from support import change

from sauran.kg.model.errors import PublicationError
from sauran.kg.model.findings import Severity
from sauran.kg.publication.catalogue_metadata import doubt_contact
from sauran.kg.publication.eu_vocabularies import SPOKEN, tables
from sauran.kg.publication.publication import as_plain, load_publication


def refusal(publication: Path) -> str:
    with pytest.raises(PublicationError) as caught:
        load_publication(publication)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "line_of", "what"),
    [
        (
            'data_themes = ["TRAN"]',
            "",
            "",
            """the key 'data_themes' is missing. Write data_themes = ["JUST"]; the codes are AGRI, ECON, """,
        ),
        (
            'data_themes = ["TRAN"]',
            'data_themes = ["TRANS"]',
            "data_themes",
            "'TRANS' is not a valid code of data_themes. Known: AGRI, ",
        ),
        (
            'licence = "https://creativecommons.org/licenses/by/4.0/"',
            "",
            "",
            "the key 'licence' is missing. Write licence = \"CC_BY_4_0\", or with CC_BYSA_4_0, CC0 or an IRI",
        ),
        (
            'licence = "https://creativecommons.org/licenses/by/4.0/"',
            'licence = "free"',
            "licence",
            "'free' is not a known licence. Write its IRI, or one of CC_BY_4_0, CC_BYSA_4_0, CC0.",
        ),
        ('languages = ["en", "fr", "ru", "kk"]', "languages = []", "languages", "languages is empty."),
        (
            'languages = ["en", "fr", "ru", "kk"]',
            'languages = ["en", "qq"]',
            "languages",
            "'qq' is not a supported language. Known: de, en, ",
        ),
        ('[publisher]\nname = "Sauran"', "[publisher]", "[publisher]", "publisher has no name. Write name ="),
        (
            'iri = "https://w3id.org/sauran/id/sauran"',
            'iri = "sauran"',
            "iri",
            "'sauran' is not a valid IRI.",
        ),
        ('[contact]\nname = "Sauran"', "[contact]", "[contact]", "contact has no name. Write name ="),
        (
            'email = "contact@sauran.example"',
            "",
            "[contact]",
            'contact has no e-mail address. Write email = "name@example.org" below [contact].',
        ),
        (
            'email = "contact@sauran.example"',
            'email = "sauran.example"',
            "email",
            "'sauran.example' is not a valid e-mail address.",
        ),
        (
            'kk = "Айлақ күзеті"\n',
            "",
            "[title]",
            "title has no text in 'kk', one of the languages of the publication. "
            'Write kk = "…" below [title].',
        ),
        (
            'ru = "Портовая вахта"\n',
            'ru = " "\n',
            'ru = " "',
            "title has no text in 'ru'",
        ),
    ],
)
def test_a_publication_without_it_is_refused_at_its_line(
    harbour: Path, old: str, new: str, line_of: str, what: str
) -> None:
    change(harbour, old, new)
    lines = harbour.read_text("utf-8").split("\n")
    line = next((n for n, text in enumerate(lines, 1) if line_of and text.startswith(line_of)), 1)
    message = refusal(harbour)
    assert message.startswith(f"{harbour}:{line}: "), message
    assert what in message


@pytest.mark.parametrize("table", ["publisher", "contact", "title", "description"])
def test_a_table_that_is_missing_is_named(harbour: Path, table: str) -> None:
    text = harbour.read_text("utf-8")
    head, _, rest = text.partition(f"[{table}]\n")
    harbour.write_text(head + rest[rest.index("\n\n") :] if "\n\n" in rest else head, "utf-8")
    fields = {
        "publisher": 'name = "…"\niri = "https://…"',
        "contact": 'name = "…"\nemail = "…@…"',
    }
    texts = 'en = "…"\nfr = "…"\nru = "…"\nkk = "…"'
    assert refusal(harbour) == (
        f"{harbour}:1: the key {table!r} is missing. Write at the end of the file:\n\n"
        f"[{table}]\n{fields.get(table, texts)}"
    )


@pytest.mark.parametrize(("name", "code"), [("frequency", '"OFTEN"'), ("countries", '["ATL"]')])
def test_of_a_code_that_is_not_here_one_is_told_where_to_add_it(harbour: Path, name: str, code: str) -> None:
    change(harbour, 'data_themes = ["TRAN"]', f'data_themes = ["TRAN"]\n{name} = {code}')
    assert refusal(harbour).endswith(
        ". Add another one of the EU's table to kg/publication/eu_vocabularies.csv."
    )


def test_who_wants_nothing_said_of_access_says_so(harbour: Path) -> None:
    change(harbour, 'data_themes = ["TRAN"]', 'data_themes = ["TRAN"]\naccess_right = ""')
    plain = as_plain(load_publication(harbour))
    assert (plain["access_right"], plain["datasets"][0]["access_right"]) == ("", "")


@pytest.mark.parametrize(
    ("email", "doubted"),
    [
        ("contact@sauran.example", True),
        ("contact@example.org", True),
        ("contact@EXAMPLE", True),
        ("contact@myexample.org", False),
        ("contact@sauran.kz", False),
    ],
)
def test_an_address_that_is_for_examples_only_is_doubted_at_its_line(
    harbour: Path, email: str, doubted: bool
) -> None:
    line = change(harbour, 'email = "contact@sauran.example"', f'email = "{email}"')
    found = [
        (finding.rule, finding.severity, str(finding.place), email in finding.message)
        for finding in doubt_contact(harbour)
    ]
    expected = ("contact-address", Severity.WARNING, f"{harbour}:{line}", True)
    assert found == ([expected] if doubted else [])


@pytest.mark.parametrize(
    ("old", "new", "line_of", "what"),
    [
        ('kk = "Велдон айлағы"\n', "", "[title]", "title has no text in 'kk'"),
        (
            "issued = 2026-11-22",
            'issued = 2026-11-22\ncountries = ["ATL"]',
            "countries",
            "'ATL' is not a valid code",
        ),
        (
            "issued = 2026-11-22",
            'issued = 2026-11-22\nfrequency = "OFTEN"',
            "frequency",
            "'OFTEN' is not a valid code of frequency. Known: ANNUAL, ",
        ),
        (
            "issued = 2026-11-22",
            'issued = 2026-11-22\nspatial = ["Veldon"]',
            "spatial",
            "'Veldon' is not a valid IRI. It begins with http:// or https://.",
        ),
        (
            "issued = 2026-11-22",
            "issued = 2026-11-22\ntemporal = {start = 2026-01-02, end = 2026-01-01}",
            "temporal",
            "2026-01-01 is before 2026-01-02.",
        ),
        (
            "issued = 2026-11-22",
            "issued = 2026-11-22\ntemporal = {}",
            "temporal",
            "temporal has neither start nor end.",
        ),
        (
            "issued = 2026-11-22",
            "issued = 2026-11-22\ntemporal = {stat = 2026-01-02, end = 2026-02-01}",
            "temporal",
            "unknown key 'stat'. Did you mean start?",
        ),
        (
            "issued = 2026-11-22",
            'issued = 2026-11-22\nportals = {udata = {identifier = "x"}}',
            "portals",
            "'udata' is a built-in profile, not a portal.",
        ),
        ("issued = 2026-11-22", 'issued = 2026-11-22\ndata_theme = ["JUST"]', "data_theme", "unknown key"),
        (
            "issued = 2026-11-22",
            'issued = 2026-11-22\nthemes = ["5693"]',
            "themes",
            "'5693' is not a valid IRI.",
        ),
    ],
)
def test_a_dataset_with_wrong_settings_is_refused_at_its_line(
    harbour: Path, old: str, new: str, line_of: str, what: str
) -> None:
    dataset = harbour.parent / "datasets/harbour/dataset.toml"
    change(dataset, old, new)
    lines = dataset.read_text("utf-8").split("\n")
    line = next(n for n, text in enumerate(lines, 1) if text.startswith(line_of))
    message = refusal(harbour)
    assert message.startswith(f"{dataset}:{line}: "), message
    assert what in message


@pytest.mark.parametrize("slug", ["all", "ontology", "shapes", "alignments", "harbour-derived"])
def test_a_dataset_is_not_called_what_is_dumped_besides(harbour: Path, slug: str) -> None:
    change(harbour, 'datasets = ["harbour"]', f'datasets = ["harbour", "{slug}"]')
    folder = harbour.parent / "datasets" / slug
    text = (harbour.parent / "datasets/harbour/dataset.toml").read_text("utf-8")
    folder.mkdir()
    settings = f'# first\nslug = "{slug}"\n' + text.partition("\n")[2].replace(
        'files = ["source.ttl", "entities.ttl", "claims.ttl"]', "files = []"
    )
    (folder / "dataset.toml").write_text(settings, "utf-8")
    expected = f"{folder / 'dataset.toml'}:2: {slug!r} is reserved for another file in dumps."
    assert refusal(harbour).startswith(expected)


def test_a_dataset_takes_from_the_publication_what_it_does_not_say(harbour: Path) -> None:
    change(harbour, 'data_themes = ["TRAN"]', 'data_themes = ["TRAN"]\ncountries = ["KAZ"]')
    change(harbour, 'licence = "https://creativecommons.org/licenses/by/4.0/"', 'licence = "CC0"')
    dataset = harbour.parent / "datasets/harbour/dataset.toml"
    change(
        dataset,
        "issued = 2026-11-22",
        'issued = 2026-11-22\ncountries = ["FRA"]\ntemporal = {start = 1991-12-16}\n'
        'identifiers = ["doi:10.5555/1"]\nportals = {swiss = {identifier = "harbour@sauran"}}',
    )
    plain = as_plain(load_publication(harbour))
    assert plain["licence"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert (plain["countries"], plain["access_right"]) == (["KAZ"], "PUBLIC")
    (own,) = plain["datasets"]
    assert (own["data_themes"], own["countries"]) == (["TRAN"], ["FRA"])
    assert (own["temporal"], own["identifiers"]) == ({"start": "1991-12-16"}, ["doi:10.5555/1"])
    assert own["portals"] == {"swiss": {"identifier": "harbour@sauran", "themes": {}}}


def test_every_code_has_its_labels_in_four_languages() -> None:
    codes = [concept for table in tables().values() for concept in table.concepts.values()]
    assert len(codes) > 70
    for concept in codes:
        assert list(concept.labels) == ["en", "fr", "ru", "kk"], concept
        assert all(label == label.strip() != "" for label in concept.labels.values()), concept
    assert set(SPOKEN.values()) == set(tables()["language"].concepts)


@pytest.mark.needs("shared")
def test_codes_are_those_of_the_authority_tables(shared: Path) -> None:
    """Codes that the hand-made excerpt of the tables has too: the same IRI, the same English label."""
    excerpt = shared / "data/dcat-ap/background/eu-authority-excerpt.ttl"
    known = {
        quad.subject.value: quad.object.value
        for quad in parse(path=str(excerpt), format=RdfFormat.TURTLE)
        if quad.predicate.value.endswith("#prefLabel")
    }
    ours = {
        concept.iri: concept.labels["en"]
        for table in tables().values()
        for concept in table.concepts.values()
    }
    both = ours.keys() & known.keys()
    assert len(both) > 50
    # One label says more here: Turtle is RDF Turtle.
    assert {iri: ours[iri] for iri in both if ours[iri] != known[iri]} == {
        "http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE": "RDF Turtle"
    }


@pytest.mark.parametrize("word", ["d'eau", "a, b", "a/b", "k", "k" * 101])
def test_a_keyword_that_portals_refuse_is_refused_at_its_line(harbour: Path, word: str) -> None:
    text = harbour.read_text("utf-8")
    harbour.write_text(f'{text}\n[keywords]\nen = ["port of call"]\nfr = ["{word}"]\n', "utf-8")
    line = text.count("\n") + 4
    assert refusal(harbour) == (
        f"{harbour}:{line}: portals refuse a dataset with the keyword {word!r}. "
        "Write 2 to 100 letters, digits, spaces, hyphens, underscores and dots."
    )


def test_keywords_are_of_any_script(harbour: Path) -> None:
    with harbour.open("a", encoding="utf-8") as file:
        file.write('\n[keywords]\nkk = ["2022 жылғы Қаңтар оқиғасы", "су-қойма"]\n')
    assert load_publication(harbour).keywords == {"kk": ("2022 жылғы Қаңтар оқиғасы", "су-қойма")}
