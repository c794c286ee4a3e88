"""Words as they are searched: folded, stemmed, and as they sound in whatever script."""

import pytest

from sauran.kg.search.search_words import fold, is_filler, read_words, sound, stem


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("l'énergie nucléaire", ["l", "energie", "nucleaire"]),
        ("71,12 % – 6 000", ["71", "12", "6", "000"]),
        ("Ёлки Қазақстанның Өзбек Һәм іс", ["елки", "казакстаннын", "озбек", "хам", "ис"]),
        ("e\u0301tat d\x00b a_b", ["etat", "d", "b", "a", "b"]),
        ("Œuvre straße ﬁn", ["oeuvre", "strasse", "fin"]),
        ("\x00 \u202e *\"'() ---", []),
        ("🙂 北京", ["北京"]),
    ],
)
def test_words_are_letters_and_digits_without_case_and_accents(text: str, folded: list[str]) -> None:
    words = list(read_words(text))
    assert [word.folded for word in words] == folded
    assert all(fold(text[word.start : word.end].lower()) == word.folded for word in words)


def test_a_long_word_is_looked_at_in_its_beginning_only() -> None:
    (word,) = read_words("я" * 1_000_000)
    assert (word.end, len(word.folded)) == (1_000_000, 64)


@pytest.mark.parametrize(
    "spellings",
    [
        "Kazakhstan Qazaqstan Kazahstan Казахстан Қазақстан",
        "Nazarbayev Nazarbaïev Nazarbaev Назарбаев",
        "Tokayev Tokaïev Toqaev Токаев Тоқаев",
        "Putin Poutine Путин",
        "Yeltsin Eltsine Ельцин",
        "Zhaparov Japarov Жапаров",
        "Kyrgyzstan Қырғызстан",
        "Uzbekistan Ouzbékistan Узбекистан",
        "Almaty Алматы",
    ],
)
def test_a_name_sounds_alike_in_every_script_and_language(spellings: str) -> None:
    assert len({sound(name.lower()) for name in spellings.split()}) == 1


def test_other_names_and_numbers_do_not_sound_alike() -> None:
    words = "Kazakhstan Kyrgyzstan Uzbekistan Tajikistan Turkmenistan Russia China 1991 1992".lower().split()
    assert len({sound(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "arrest arrests arrested"),
        ("fr", "arrestation arrestations"),
        ("ru", "энергетика энергетики энергетике"),
    ],
)
def test_forms_of_a_word_have_one_stem_marked_with_its_language(language: str, forms: str) -> None:
    (found,) = {stem(form, language) for form in forms.split()}
    assert found.startswith(language)


@pytest.mark.parametrize(("word", "language"), [("қауіпсіздік", "kk"), ("слово", "en"), ("6000", "ru")])
def test_there_is_no_stem_without_a_stemmer_for_such_a_word(word: str, language: str) -> None:
    assert stem(word, language) == ""


def test_words_that_only_join_others_are_known_in_all_languages() -> None:
    assert all(is_filler(word) for word in read_words("the of des où для и және"))
    assert not any(is_filler(word) for word in read_words("security sécurité безопасность қауіпсіздік"))
