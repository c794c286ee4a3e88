"""Search queries: read the typed text, write a valid FTS5 query, highlight what it finds in a text. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sauran.kg.search.search_words import STEMMED, Word, is_cyrillic, is_filler, read_words, sound, stem
from sauran.kg.search.searcher import Matching

__all__ = [
    "How",
    "Part",
    "Piece",
    "Seen",
    "Wanted",
    "as_matching",
    "by_beginning",
    "cut_out",
    "read_query",
    "see",
    "sound_of",
    "stems_of",
]

_MOST_CHARACTERS, _MOST_PARTS = 300, 12
_CHUNK = re.compile(
    r'(?P<without>(?<!\S)[-−–])?(?:["“”«»„](?P<phrase>[^"“”«»„]*)["“”«»„]?|(?P<plain>[^\s"“”«»„]+))'
)
_HEARD = 4  # letters: shorter words would sound like too many others
_BEGINNING = 4
# Columns of the index: words as written, their stems, their sounds.
_ANYWHERE = ("{name text}", "{name_stem text_stem}", "{name_sound text_sound}")
_NAMED = ("name", "name_stem", "name_sound")
_LONGEST_TEXT = 100_000  # characters, as in the index
_BEFORE, _WIDTH = 80, 280  # characters of an excerpt


class How(Enum):
    """How things match: exactly, all words, word prefixes, or some of the words."""

    EXACT = "exact"
    ALL = "all"
    BEGINNINGS = "beginnings"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class Part:
    """One word, or several that stand in this order: a phrase in quotes, or a number such as 6,000."""

    words: tuple[Word, ...]

    @property
    def is_phrase(self) -> bool:
        """Whether it is more than one word."""
        return len(self.words) > 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """The parts to find, the parts to exclude, all typed words, and whether there were too many."""

    parts: tuple[Part, ...]
    without: tuple[Part, ...]
    typed: tuple[Word, ...]
    shortened: bool


def read_query(text: str) -> Wanted:
    """Parse the typed text: words, phrases in quotes, and exclusions with a leading -."""
    phrases, without, loose, typed = list[Part](), list[Part](), list[Word](), list[Word]()
    for chunk in _CHUNK.finditer(text[:_MOST_CHARACTERS]):
        phrase = chunk["phrase"]
        words = tuple(read_words(phrase if phrase is not None else chunk["plain"]))
        if not words:
            continue
        if chunk["without"]:
            without.append(Part(words))
            continue
        typed += words
        if phrase is not None or all(word.folded.isdecimal() for word in words):
            phrases.append(Part(words))
        else:
            # The single letters of d'un, l'énergie and Kazakhstan's are not words.
            loose += [word for word in words if len(words) == 1 or len(word.folded) > 1]
    meant = [word for word in loose if not is_filler(word)]
    single = [Part((word,)) for word in meant or (loose if not phrases else [])]
    parts = list({tuple(w.folded for w in part.words): part for part in (*single, *phrases)}.values())
    shortened = len(text) > _MOST_CHARACTERS or len(parts) > _MOST_PARTS or len(without) > _MOST_PARTS
    return Wanted(tuple(parts[:_MOST_PARTS]), tuple(without[:_MOST_PARTS]), tuple(typed), shortened)


def as_matching(wanted: Wanted, how: How) -> Matching:
    """Write an FTS5 query with every term in quotes, so that none is an operator."""
    joint = " OR " if how is How.SOME else " AND "
    anywhere, named = (
        joint.join(_of_part(part, how, columns) for part in wanted.parts) for columns in (_ANYWHERE, _NAMED)
    )
    if wanted.without:
        refused = " OR ".join(_of_part(part, How.EXACT, _ANYWHERE) for part in wanted.without)
        anywhere = f"({anywhere}) NOT ({refused})"
    return Matching(
        anywhere,
        named,
        " ".join(word.folded for word in wanted.typed),
        " ".join(sound(word.written) for word in wanted.typed),
    )


def stems_of(word: Word) -> tuple[str, ...]:
    """The possible stems of a word, since its language is unknown."""
    return tuple(found for language in STEMMED if (found := stem(word.written, language)))


def sound_of(word: Word) -> str:
    """The phonetic key of a word; empty for numbers and for short words, which match too much."""
    heard = sound(word.written)
    return heard if len(heard) >= _HEARD and not heard.isdecimal() else ""


def by_beginning(word: Word, how: How) -> bool:
    """Whether to search by prefix: for words that may be Kazakh, which has no stemmer."""
    if how is How.BEGINNINGS:
        return len(word.folded) > 1
    return how is not How.EXACT and is_cyrillic(word.written) and len(word.folded) >= _BEGINNING


def _of_part(part: Part, how: How, columns: tuple[str, str, str]) -> str:
    written, stems, sounds = columns
    if part.is_phrase:
        folded = " ".join(word.folded for word in part.words)
        heard = " ".join(sound(word.written) for word in part.words)
        return f'({written} : "{folded}" OR {sounds} : "{heard}")'
    (word,) = part.words
    star = " *" if by_beginning(word, how) else ""
    ways = [f'{written} : "{word.folded}"{star}']
    ways += [f'{stems} : "{found}"' for found in stems_of(word)]
    if how is not How.EXACT and (heard := sound_of(word)):
        ways.append(f'{sounds} : "{heard}"{star}')
    return f"({' OR '.join(ways)})"


@dataclass(frozen=True, slots=True)
class Seen:
    """A text with the positions of the matches; `parts` has the numbers of the parts found."""

    text: str
    places: tuple[tuple[int, int], ...]
    parts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, highlighted or not."""

    text: str
    marked: bool


def see(text: str, language: str | None, wanted: Wanted, how: How) -> Seen:
    """Find the searched words in a text, as the index does."""
    words = list(read_words(text[:_LONGEST_TEXT]))
    spoken = (language or "").partition("-")[0]
    places, parts = set[tuple[int, int]](), set[int]()
    for number, part in enumerate(wanted.parts):
        for at in range(len(words) - len(part.words) + 1):
            if _is_there(part, words[at : at + len(part.words)], spoken, how):
                places.add((words[at].start, words[at + len(part.words) - 1].end))
                parts.add(number)
    return Seen(text, _apart(sorted(places)), frozenset(parts))


def cut_out(seen: Seen, width: int = _WIDTH) -> tuple[Piece, ...]:
    """Split a text into highlighted and other pieces; a long text is cut around the first match."""
    start, end, text = 0, len(seen.text), seen.text
    if end > width:
        first = seen.places[0][0] if seen.places else 0
        before = min(_BEFORE, width // 3)
        start = 0 if first <= before else text.rfind(" ", 0, first - before) + 1
        end = text.rfind(" ", start, start + width) if start + width < end else end
        end = end if end > first else min(start + width, len(text))
    pieces, at = [Piece("… ", marked=False)] if start else list[Piece](), start
    for left, right in seen.places:
        if left >= start and right <= end:
            pieces += [Piece(text[at:left], marked=False), Piece(text[left:right], marked=True)]
            at = right
    pieces.append(Piece(text[at:end] + (" …" if end < len(text) else ""), marked=False))
    return tuple(piece for piece in pieces if piece.text)


def _is_there(part: Part, words: Sequence[Word], language: str, how: How) -> bool:
    if part.is_phrase:
        pairs = list(zip(part.words, words, strict=True))
        return all(asked.folded == word.folded for asked, word in pairs) or all(
            sound(asked.written) == sound(word.written) for asked, word in pairs
        )
    (asked,), (word,) = part.words, words
    heard = sound_of(asked)
    if by_beginning(asked, how) and (
        word.folded.startswith(asked.folded) or (heard and sound(word.written).startswith(heard))
    ):
        return True
    return (
        word.folded == asked.folded
        or (bool(heard) and sound(word.written) == heard)
        or stem(word.written, language) in stems_of(asked)
    )


def _apart(places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Places in order, of those that overlap one."""
    found: list[tuple[int, int]] = []
    for start, end in places:
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)
