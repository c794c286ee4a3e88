"""publication.toml and dataset.toml: what is wrong is refused with file, line and repair."""

import datetime
from pathlib import Path

import pytest
from support import change

from sauran.kg.model.errors import PublicationError
from sauran.kg.publication.package_paths import packaged_publication
from sauran.kg.publication.publication import find_publication, load_publication


def test_the_packaged_publication_has_reference_before_kazakhstan() -> None:
    publication = load_publication(packaged_publication())
    assert [dataset.slug for dataset in publication.datasets] == ["reference", "kazakhstan"]
    assert publication.languages == ("en", "fr", "ru", "kk")
    assert publication.dataset("kazakhstan").graph.value == "https://w3id.org/sauran/graph/kazakhstan"
    assert publication.dataset("kazakhstan").iri.value == "https://w3id.org/sauran/dataset/kazakhstan"


def test_dates_come_from_the_file(harbour: Path) -> None:
    assert load_publication(harbour).issued == datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("version = ", "versoin = ", "unknown key 'versoin'. Did you mean version?"),
        ('version = "0.1"', "", "the key 'version' is missing. Write version = \"…\"."),
        (
            'version = "0.1"',
            'version = "1/2"',
            "'1/2' is not a valid version. Use letters, digits and dots, as 1.0.0.",
        ),
        (
            "issued = 2026-11-22",
            'issued = "soon"',
            "issued is not a date. Write issued = 2026-11-22, without quotes.",
        ),
        ('base = "http://127.0.0.1:7777/"', 'base = "harbour"', "'harbour' is not a valid base IRI."),
        ('datasets = ["harbour"]', 'datasets = ["port"]', "there is no "),
        ('datasets = ["harbour"]', "datasets = [1]", "datasets has an item that is not a string."),
        ("[title]\n", "[title]\nde = 3\n", "title.de is not a string. Quote it."),
    ],
    ids=["unknown", "missing", "version", "date", "base", "no dataset", "no string", "text"],
)
def test_a_wrong_key_is_refused_with_its_line(harbour: Path, old: str, new: str, what: str) -> None:
    line = change(harbour, old, new)
    with pytest.raises(PublicationError) as caught:
        load_publication(harbour)
    message = str(caught.value)
    assert what in message
    expected = {"missing": 1, "de = 3": line + 1}.get(
        "missing" if "missing" in what else new.split("\n")[-2:][0]
    )
    assert message.startswith(f"{harbour}:{expected or line}:")


def test_a_key_that_may_be_there_is_never_taken_for_one_that_is_missing(harbour: Path) -> None:
    licence = 'licence = "https://creativecommons.org/licenses/by/4.0/"'
    change(harbour, licence, licence.replace("licence =", "code_licence ="))
    with pytest.raises(PublicationError) as caught:
        load_publication(harbour)
    assert str(caught.value) == (
        f"{harbour}:1: the key 'licence' is missing. "
        'Write licence = "CC_BY_4_0", or with CC_BYSA_4_0, CC0 or an IRI in its place.'
    )
    change(harbour, "code_licence =", "license =")
    with pytest.raises(PublicationError, match=r"unknown key 'license'\. Did you mean licence\?"):
        load_publication(harbour)


def test_broken_toml_is_refused_with_line_and_column(harbour: Path) -> None:
    line = change(harbour, 'base = "', 'base = = "')
    with pytest.raises(PublicationError, match="is not TOML") as caught:
        load_publication(harbour)
    assert str(caught.value).startswith(f"{harbour}:{line}:8: is not TOML")


def test_a_turtle_file_that_is_not_listed_is_refused(harbour: Path) -> None:
    extra = harbour.parent / "datasets/harbour/more.ttl"
    extra.write_text("")
    with pytest.raises(PublicationError, match=r'more\.ttl is not in the list\. Add "more\.ttl" to files'):
        load_publication(harbour)


def test_a_listed_file_that_is_missing_is_refused(harbour: Path) -> None:
    (harbour.parent / "datasets/harbour/claims.ttl").unlink()
    with pytest.raises(PublicationError, match=r"dataset\.toml:6: there is no .*claims\.ttl"):
        load_publication(harbour)


def test_a_dataset_must_stand_after_what_it_requires(harbour: Path) -> None:
    dataset = harbour.parent / "datasets/harbour/dataset.toml"
    change(dataset, 'slug = "harbour"', 'slug = "harbour"\nrequires = ["reference"]')
    with pytest.raises(PublicationError, match="harbour requires reference, which is not listed before it"):
        load_publication(harbour)


def test_the_publication_named_is_used_and_must_exist(harbour: Path, tmp_path: Path) -> None:
    assert find_publication(harbour) == harbour
    with pytest.raises(PublicationError, match="there is no such file"):
        find_publication(tmp_path / "nowhere.toml")


def test_the_publication_of_the_working_folder_comes_before_the_packaged_one(
    harbour: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(harbour.parent)
    assert find_publication() == Path("publication.toml")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert find_publication() == packaged_publication()
