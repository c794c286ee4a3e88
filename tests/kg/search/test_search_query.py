"""What is typed, read as words, phrases and what must not be there; and where that is in a text."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sauran.kg.search.search_query import How, as_matching, cut_out, read_query, see

COLUMNS = "name, name_stem, name_sound, text, text_stem, text_sound"


def shown(text: str, language: str, typed: str, how: How = How.ALL, width: int = 280) -> str:
    pieces = cut_out(see(text, language, read_query(typed), how), width)
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("typed", "parts", "without"),
    [
        ("energy sovereignty", ["energy", "sovereignty"], []),
        ("the energy of the energy", ["energy"], []),
        ("the of", ["the", "of"], []),
        ('"power plant" vote', ["vote", "power plant"], []),
        ("«Орталық Азия»", ["орталык азия"], []),
        ('"never closed', ["never closed"], []),
        ("l'énergie d'un Kazakhstan's", ["energie", "kazakhstan"], []),
        ("well-known 6,000 71.12", ["well", "known", "6 000", "71 12"], []),
        ('votes -power -"two words" −x', ["votes"], ["power", "two words", "x"]),
        ("x - y", ["x", "y"], []),
        ("x", ["x"], []),
        ("-", [], []),
        ("", [], []),
    ],
)
def test_words_phrases_and_refusals_are_told_apart(typed: str, parts: list[str], without: list[str]) -> None:
    wanted = read_query(typed)
    assert [" ".join(word.folded for word in part.words) for part in wanted.parts] == parts
    assert [" ".join(word.folded for word in part.words) for part in wanted.without] == without
    assert not wanted.shortened


def test_no_more_is_searched_than_a_person_types() -> None:
    many = read_query(" ".join(f"w{n}" for n in range(50)))
    assert (len(many.parts), many.shortened) == (12, True)
    assert read_query("x" * 100_000).shortened


@given(st.text(max_size=80))
def test_nothing_that_is_typed_is_a_wrong_full_text_query(typed: str) -> None:
    wanted = read_query(typed)
    if not wanted.parts:
        return
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5({COLUMNS}, tokenize = 'ascii')")
        for how in How:
            matching = as_matching(wanted, how)
            for text in (matching.anywhere, matching.named):
                found = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", [text])
                assert found.fetchone() == (0,)


@given(st.text(max_size=200), st.text(max_size=40), st.integers(10, 60))
def test_marks_never_change_a_text(text: str, typed: str, width: int) -> None:
    seen = see(text, "en", read_query(typed), How.ALL)
    assert "".join(piece.text for piece in cut_out(seen, len(text))) == text
    piece = "".join(piece.text for piece in cut_out(seen, width)).removeprefix("… ").removesuffix(" …")
    assert piece in text


@pytest.mark.parametrize(
    ("text", "language", "typed", "marked"),
    [
        ("Nearly 6,000 arrests.", "en", "arrest 6,000", "Nearly [6,000] [arrests]."),
        ("De l'énergie.", "fr", "energie", "De l'[énergie]."),
        ("Нұрсұлтан Назарбаев", "kk", "Nazarbayev", "Нұрсұлтан [Назарбаев]"),
        ("Қазақстанның шекарасы", "kk", "Қазақстан", "[Қазақстанның] шекарасы"),
        ("в энергетике страны", "ru", "энергетика", "в [энергетике] страны"),
        ("power of a power plant", "en", '"power plant"', "power of a [power plant]"),
        ("nothing of it", "en", "Kazakhstan", "nothing of it"),
        ("<b>bold</b>", "en", "bold", "<b>[bold]</b>"),
    ],
)
def test_what_matches_is_marked(text: str, language: str, typed: str, marked: str) -> None:
    assert shown(text, language, typed) == marked


def test_words_that_begin_so_are_marked_where_that_is_how_they_were_found() -> None:
    assert shown("Kazakhstan", "en", "kazakh", How.BEGINNINGS) == "[Kazakhstan]"
    assert shown("Kazakhstan", "en", "kazakh", How.ALL) == "Kazakhstan"


def test_of_a_long_text_the_piece_around_the_first_mark_is_shown() -> None:
    text = "before " * 50 + "here it is " + "after " * 50
    piece = shown(text, "en", "here", width=100)
    assert piece.startswith("… before")
    assert "[here] it is" in piece
    assert piece.endswith("after …")
    assert len(piece) < 120
