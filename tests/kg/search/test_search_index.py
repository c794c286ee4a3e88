"""The search index of a release: made with it, made anew where it is missing, the same for the same quads."""

import sqlite3
from pathlib import Path

import pytest

from sauran.kg.model.errors import ReleaseError
from sauran.kg.release.build import BuildOptions, build
from sauran.kg.search import search_index
from sauran.kg.search.search_index import SEARCH_FILE, has_search_index, write_search_index

QUADS = """
<x:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:Kind> <x:/graph/one> .
<x:a> <http://www.w3.org/2004/02/skos/core#prefLabel> "Old harbour"@en <x:/graph/one> .
<x:a> <http://www.w3.org/2004/02/skos/core#prefLabel> "Vieux port"@fr <x:/graph/two> .
<x:nameless> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:Kind> <x:/graph/one> .
_:b <http://www.w3.org/2004/02/skos/core#prefLabel> "blank"@en <x:/graph/one> .
"""


def folder_of(path: Path, quads: str = QUADS) -> Path:
    (path / "dumps").mkdir(parents=True)
    (path / "dumps/all.nq").write_text(quads, "utf-8")
    write_search_index(path)
    return path


def rows(folder: Path, query: str) -> list[tuple]:
    connection = sqlite3.connect(folder / SEARCH_FILE)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_all_that_has_a_text_is_in_it_once_with_its_facets(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    assert rows(folder, "SELECT iri FROM thing") == [("x:a",)]
    assert rows(folder, "SELECT facet, value FROM value ORDER BY 1, 2") == [
        ("class", "x:Kind"),
        ("dataset", "one"),
        ("dataset", "two"),
    ]
    assert rows(folder, "SELECT folded FROM name ORDER BY 1") == [("old harbour",), ("vieux port",)]


def test_no_phrase_reaches_from_one_text_into_the_next(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    found = "SELECT count(*) FROM words WHERE words MATCH '\"{}\"'"
    assert rows(folder, found.format("old harbour")) == [(1,)]
    assert rows(folder, found.format("harbour vieux")) == [(0,)]


def test_the_same_quads_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = folder_of(tmp_path / "1"), folder_of(tmp_path / "2")
    assert (one / SEARCH_FILE).read_bytes() == (two / SEARCH_FILE).read_bytes()


@pytest.mark.slow
def test_a_release_has_one_beside_what_its_checksums_cover(harbour: Path, tmp_path: Path) -> None:
    release = build(harbour, tmp_path / "releases").release
    assert release is not None
    assert has_search_index(release.folder)
    assert SEARCH_FILE not in release.files
    assert SEARCH_FILE not in (release.folder / "SHA256SUMS").read_text("utf-8")
    assert rows(
        release.folder, "SELECT count(*) FROM name WHERE folded = 'closure of the port of veldon'"
    ) == [(1,)]


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["missing", "half", "of another form"])
def test_a_release_that_lacks_it_gets_it_from_the_next_build(
    harbour: Path, tmp_path: Path, damage: str
) -> None:
    release = build(harbour, tmp_path / "releases", BuildOptions(final=True)).release
    assert release is not None
    file = release.folder / SEARCH_FILE
    whole = file.read_bytes()
    if damage == "of another form":
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
    elif damage == "half":
        file.write_bytes(b"no database")
    else:
        file.unlink()
    assert not has_search_index(release.folder)
    assert build(harbour, tmp_path / "releases", BuildOptions(final=True)).reused
    assert file.read_bytes() == whole


@pytest.mark.slow
def test_a_python_without_full_text_search_is_told_before_anything_is_published(
    harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = search_index._WORDS.replace("USING fts5", "USING fts5_that_is_not_there")
    monkeypatch.setattr(search_index, "_WORDS", lacking)
    with pytest.raises(ReleaseError, match=r"has no full-text search \(FTS5\)\. Use a Python"):
        build(harbour, tmp_path / "releases")
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [".lock"]
