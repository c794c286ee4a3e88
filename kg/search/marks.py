"""Snippets: find the searched words in a text and cut out the part that shows them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from sauran.kg.search.search_query import How, Part, Wanted, by_beginning, sound_of, stems_of
from sauran.kg.search.search_words import Word, read_words, sound, stem

__all__ = ["Piece", "Seen", "cut_out", "see"]

_LONGEST_TEXT = 100_000  # characters, as in the index
_BEFORE, _WIDTH = 80, 280  # characters of an excerpt


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
