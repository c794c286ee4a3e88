"""Tokenise texts for search: case folding, stemming and transliteration. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from anyascii import anyascii

__all__ = ["STEMMED", "Word", "fold", "is_cyrillic", "is_filler", "read_words", "sound", "stem"]

# There is no stemmer for Kazakh: its words are found by how they begin.
STEMMED = {"en": "english", "fr": "french", "ru": "russian"}
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_LONGEST = 64  # characters of a word that are looked at
# How the same sound is written in English, French and from Cyrillic; in this order.
_SOUNDS = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"[^a-z0-9]", ""),
        (r"shch|sch", "sh"),
        (r"tch", "ch"),
        (r"dzh|dj|zh", "j"),
        (r"ph", "f"),
        (r"kh|ck|q", "k"),
        (r"gh", "g"),
        (r"ng", "n"),
        (r"x", "ks"),
        (r"ou", "u"),
        (r"w", "v"),
        (r"tz|ts", "c"),
        (r"y", "i"),
        (r"(?<![sc])h", "k"),
        (r"(?<=[aeiou])[ij](?=[aeiou])|^i(?=e)", ""),
        (r"(.)\1+", r"\1"),
        (r"(?<=....)e$", ""),
    )
)
# Stop words, which are ignored in a query that has other words.
_FILLERS = frozenset(
    word
    for line in (
        # English
        "a an and are as at be by did do does for from has have how in is it its of on or that the this",
        "to was were what when where which who why will with",
        # French
        "au aux ce ces cette comment dans de des du elle en est et il la le les leur ont ou où par pour",
        "quand que quel quelle quels quelles qui sa ses son sont sur un une",
        # Russian
        "без был была были было в во где для до его её за и из или их к как какая какие какой кто ли на",
        "не о об от по при с со у что это",
        # Kazakh
        "бен да де және мен не неге осы пен үшін қай қандай қашан қайда",
    )
    for word in line.split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands, and as it is written there without case and accents."""

    start: int
    end: int
    written: str
    folded: str


def read_words(text: str) -> Iterator[Word]:
    """The words of a text in order, split at everything except letters and digits."""
    for match in _WORD.finditer(text):
        written = match[0][:_LONGEST].lower()
        folded = fold(written)
        if folded:
            yield Word(match.start(), match.end(), written, folded)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """A word without case and accents: ё as е, қ as к, œ as oe."""
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_WITHOUT_STROKES)
    return "".join(letter for letter in plain if letter.isalnum())


@lru_cache(maxsize=20_000)
def stem(written: str, language: str) -> str:
    """The stem of a word, marked with its language; empty where there is no stemmer for such a word."""
    algorithm = STEMMED.get(language)
    if algorithm is None or not written.isalpha() or is_cyrillic(written) != (language == "ru"):
        return ""
    stemmer = snowballstemmer.stemmer(algorithm)  # a new one: they keep state while they work
    return language + fold(stemmer.stemWord(written.replace("ё", "е")))


@lru_cache(maxsize=20_000)
def sound(written: str) -> str:
    """Phonetic key in Latin letters, the same for Назарбаев, Nazarbayev and Nazarbaïev."""
    if written.isdecimal():
        return written
    heard = fold(anyascii(written))
    for pattern, letters in _SOUNDS:
        heard = pattern.sub(letters, heard)
    return heard or fold(written)


def is_filler(word: Word) -> bool:
    """Whether a word is a stop word in one of our languages."""
    return word.written in _FILLERS


def is_cyrillic(written: str) -> bool:
    """Whether a word is in Cyrillic letters, by its first."""
    return "\u0400" <= written[0] <= "\u052f"


# Letters that Unicode does not take apart.
_WITHOUT_STROKES = str.maketrans(
    {
        "қ": "к",
        "ғ": "г",
        "ң": "н",
        "ө": "о",
        "ұ": "у",
        "ү": "у",
        "һ": "х",
        "і": "и",
        "ә": "а",
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ı": "i",
    }
)
