"""XPath regular expressions in Python, with a time limit for each search."""

import contextlib
import functools
import re
from typing import Any

import regex

from sauran.kg.model.errors import EngineError, SauranError
from sauran.kg.model.name_characters import XML_FIRST, XML_LATER

__all__ = ["PatternError", "compile_pattern", "matches", "only_backtracking", "replaced"]

_LONGEST_S = 5.0
_FLAGS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL}
_KNOWN_FLAGS = frozenset("imsxq")
# Lookaround, atomic groups, conditionals, comments, and ignored whitespace.
_COUNT = re.compile(r"([0-9]{1,9})?(?:,([0-9]{1,9})?)?\}")
_LONGEST = 100_000
_OPENING = re.compile(r"\?(?:[=!>(#]|<[=!]|[a-zA-Z-]*x)")


class PatternError(SauranError):
    """A text is not a valid regular expression; `what` says why."""

    def __init__(self, what: str) -> None:
        super().__init__("pattern", what)


def only_backtracking(pattern: str, flags: str = "") -> bool:
    """Whether engines with linear-time regular expressions reject or misread a pattern."""
    if "q" in flags:
        return False
    reader = _Reader(pattern, flags)
    with contextlib.suppress(PatternError):
        reader.read()
    return reader.hard


@functools.lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str = "") -> Any:
    r"""Compile a pattern with the flags of SPARQL's REGEX.

    What programming languages have beyond XPath is allowed, such as looking around, and `\w` is theirs.
    Raises: PatternError.
    Source: XPath functions 3.1, section 5.6; XML Schema 1.1, part 2, appendix G.
    """
    unknown = sorted(set(flags) - _KNOWN_FLAGS)
    if unknown:
        raise PatternError(f"SPARQL's REGEX has no flag {', '.join(unknown)}. It has i, m, s, x and q")
    text = regex.escape(pattern, special_only=True) if "q" in flags else _Reader(pattern, flags).read()
    try:
        return regex.compile(
            text, functools.reduce(int.__or__, (_FLAGS.get(f, 0) for f in flags), regex.VERSION0)
        )
    except (regex.error, RecursionError, OverflowError) as error:
        raise PatternError(str(error)) from error


def matches(pattern: str, flags: str, text: str) -> bool:
    """Whether a pattern is found in a text.

    Raises: PatternError; EngineError where that takes too long.
    """
    try:
        return compile_pattern(pattern, flags).search(text, timeout=_LONGEST_S) is not None
    except TimeoutError as error:
        raise _slow(pattern) from error


def replaced(pattern: str, flags: str, text: str, by: str) -> str:
    """Replace what a pattern finds; `$1` stands for a group.

    Raises: as `matches`; PatternError too where the pattern fits nothing at all, or `by` is ill-formed.
    """
    compiled = compile_pattern(pattern, flags)
    if compiled.search("") is not None:
        raise PatternError("a pattern to replace must not match the empty text")
    parts = [by] if "q" in flags else _parts_of(by)

    def put(match: Any) -> str:
        return "".join(part if isinstance(part, str) else _group(match, part) for part in parts)

    try:
        return str(compiled.sub(put, text, timeout=_LONGEST_S))
    except TimeoutError as error:
        raise _slow(pattern) from error


def _slow(pattern: str) -> EngineError:
    what = f"the pattern {pattern[:80]!r} takes more than {_LONGEST_S:g} s on one value."
    return EngineError("pattern", what, "Write it without nested repetitions.", limit="time")


def _parts_of(by: str) -> list[str | int]:
    parts: list[str | int] = []
    for match in re.finditer(r"\\([\\$])|\$([0-9]+)|([^\\$]+)|(.)", by, re.DOTALL):
        escaped, group, plain, wrong = match.groups()
        if wrong:
            raise PatternError(f"a replacement has {wrong}, which refers to no group")
        parts.append(int(group) if group else escaped or plain)
    return parts


def _group(match: Any, number: int) -> str:
    """A group of a match; digits that name none are text behind a shorter number."""
    rest = ""
    while number > match.re.groups:
        number, digit = divmod(number, 10)
        rest = f"{digit}{rest}"
    return (match[number] or "") + rest


class _Reader:
    """One pass over a pattern that writes what Python reads in the same way."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._text, self._at = pattern, 0
        self._spaced, self._lines = "x" in flags, "m" in flags
        self.hard = self._spaced
        # By open group: how long all of it is when written without counts, and its last part alone.
        self._sizes = [[0, 0]]

    def read(self) -> str:
        """The pattern for Python; then `hard` says whether linear engines lack it, or read it otherwise."""
        parts: list[str] = []
        while self._at < len(self._text):
            sign = self._next()
            self._measure(sign)
            if sign == "\\":
                parts.append(self._escape(inside=False))
            elif sign == "[":
                parts.append(self._class(0))
            elif sign == "$":
                parts.append("$" if self._lines else r"\Z")
            elif not (self._spaced and sign in " \t\n\r"):
                self.hard |= sign == "(" and _OPENING.match(self._text, self._at) is not None
                self.hard |= sign in "*+?}" and self._text.startswith("+", self._at)
                parts.append(sign)
        return "".join(parts)

    def _measure(self, sign: str) -> None:
        """Refuse what is short to write and too large to compile: counted repetitions of repetitions."""
        size = self._sizes[-1]
        count = _COUNT.match(self._text, self._at) if sign == "{" else None
        if sign == "(":
            self._sizes.append([0, 0])
        elif sign == ")" and len(self._sizes) > 1:
            inner = self._sizes.pop()[0]
            self._sizes[-1][0] += inner
            self._sizes[-1][1] = inner
        elif count:
            times = max(int(digits or 0) for digits in count.groups())
            size[0] += size[1] * max(times - 1, 0)
            size[1] *= max(times, 1)
        else:
            size[0] += 1
            size[1] = 1
        if self._sizes[-1][0] > _LONGEST:
            raise PatternError(f"its counts make it longer than {_LONGEST} characters")

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise PatternError("it ends too early")
        self._at += 1
        return self._text[self._at - 1]

    def _escape(self, *, inside: bool) -> str:
        sign = self._next()
        self.hard |= sign in "123456789iIcCZ<>"
        if sign in "iIcC":
            ranges = XML_FIRST if sign in "iI" else XML_LATER
            text = "".join(_complement(ranges) if sign in "IC" else map(_written, ranges))
            return text if inside else f"[{text}]"
        if sign in "pP" and self._text.startswith("{Is", self._at):
            self._at += 3
            self.hard = True
            return rf"\{sign}{{In"
        return f"\\{sign}"

    def _class(self, depth: int) -> str:
        """What follows an opening bracket, to its end; a class that is taken away stands before it."""
        if depth > 100:
            raise PatternError("its classes nest too deep")
        negated = "^" if self._text.startswith("^", self._at) else ""
        self._at += len(negated)
        parts: list[str] = []
        without = ""
        while (sign := self._next()) != "]" or not parts:
            if sign == "[":
                raise PatternError(r"a [ within a class is written \[")
            if sign == "-" and parts and self._text.startswith("[", self._at):
                self._at += 1
                self.hard = True
                without = f"(?!{self._class(depth + 1)})"
                if self._next() != "]":
                    raise PatternError("a subtracted class must be at the end of the class")
                break
            parts.append(self._escape(inside=True) if sign == "\\" else self._single(sign, bool(parts)))
        body = f"[{negated}{''.join(parts)}]"
        return f"(?:{without}{body})" if without else body

    def _single(self, sign: str, follows: bool) -> str:
        """A sign in a class; a hyphen makes a range only between two."""
        again = self._text.startswith(sign, self._at)
        if sign == "-":
            if again:
                raise PatternError(r"two hyphens within a class are written \-\-")
            return "-" if follows and not self._text.startswith("]", self._at) else r"\-"
        self.hard |= again and sign in "&~"
        return rf"\{sign}" if sign in "[]&|~^" else sign


def _written(part: str) -> str:
    return rf"\{part}" if part in "-." else part


def _complement(ranges: tuple[str, ...]) -> list[str]:
    """The ranges between some ranges."""
    bounds = sorted((ord(part[0]), ord(part[-1])) for part in ranges)
    found, start = [], 0
    for first, last in bounds:
        if first > start:
            found.append(f"\\U{start:08x}-\\U{first - 1:08x}")
        start = last + 1
    return [*found, f"\\U{start:08x}-\\U0010ffff"]
