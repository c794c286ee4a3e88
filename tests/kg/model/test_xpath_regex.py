"""Regular expressions as XPath has them."""

import pytest

from sauran.kg.model.errors import EngineError
from sauran.kg.model.xpath_regex import PatternError, compile_pattern, matches, only_backtracking, replaced


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("^[a-z-[aeiou]]+$", "", "xyz", True),
        ("^[a-z-[aeiou]]+$", "", "abc", False),
        ("^[^a-z-[A-Z]]+$", "", "12", True),
        ("^[^a-z-[A-Z]]+$", "", "A", False),
        (r"^\i\c*$", "", "ab", True),
        (r"^\i\c*$", "", "1b", False),
        (r"^[\i-[:]][\c-[:]]*$", "", "a-b.c1", True),
        (r"^[\i-[:]][\c-[:]]*$", "", "a:b", False),
        (r"^\I\C$", "", "1 ", True),
        (r"^[\I]$", "", "a", False),
        (r"^\p{Lu}\p{IsBasicLatin}+$", "", "Äb", True),
        (r"^\p{IsGreek}+$", "", "αβ", True),
        (r"^\P{IsGreek}+$", "", "αβ", False),
        (r"^[a&&b]+$", "", "a&b", True),
        ("^[a-]+$", "", "a-", True),
        (r"^[\]-]+$", "", "]-", True),
        ("^abc$", "", "abc\n", False),
        ("^abc$", "m", "x\nabc\ny", True),
        ("^a.c$", "", "a\nc", False),
        ("^a.C$", "is", "A\nc", True),
        ("^a b[ ]$", "x", "ab ", True),
        ("a.c", "q", "xa.cx", True),
        ("a.c", "q", "abc", False),
        (r"^(a|b)\1$", "", "aa", True),
        ("^a(?=b)", "", "ac", False),
    ],
)
def test_a_pattern_means_what_xpath_says(pattern: str, flags: str, text: str, found: bool) -> None:
    assert matches(pattern, flags, text) is found


@pytest.mark.parametrize(
    ("pattern", "flags", "said"),
    [
        ("[[:alpha:]]", "", r"a \[ within a class is written \\\["),
        ("[a--b]", "", "two hyphens"),
        ("[a-z-[b]c]", "", "must be at the end of the class"),
        ("([", "", "ends too early"),
        ("a", "ig", "has no flag g"),
        (r"\p{Nothing}", "", "unknown property"),
        ("((a{1000}){1000}){1000}", "", "longer than 100000 characters"),
        ("(((((((a{9}){9}){9}){9}){9}){9}){9})", "", "longer than 100000 characters"),
        ("[a-" * 200, "", "nest too deep"),
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str, flags: str, said: str) -> None:
    with pytest.raises(PatternError, match=said):
        compile_pattern(pattern, flags)


@pytest.mark.parametrize(
    ("pattern", "flags", "hard"),
    [
        ("^[A-Z]{2}-[0-9]+$", "i", False),
        (r"^a\(\?=b\\1[(?=]+$", "", False),
        ("(?=a)", "", True),
        (r"(a)\1", "", True),
        ("(?>a)", "", True),
        ("a++", "", True),
        (r"\<a", "", True),
        ("[a-z-[b]]", "", True),
        (r"[\]&&a]", "", True),
        ("a b", "x", True),
        ("(?ix)a b", "", True),
        ("(?=a)", "q", False),
    ],
)
def test_what_linear_engines_read_otherwise_is_known(pattern: str, flags: str, hard: bool) -> None:
    assert only_backtracking(pattern, flags) is hard


def test_a_search_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sauran.kg.model.xpath_regex._LONGEST_S", 0.2)
    slow, text = r"^(?:(x+x+)+y\1|(x+x+)+(?!z)q)$", "x" * 5000
    with pytest.raises(EngineError, match=r"takes more than 0\.2 s on one value") as caught:
        matches(slow, "", text)
    assert caught.value.limit == "time"
    with pytest.raises(EngineError):
        replaced(slow, "", text, "")


@pytest.mark.parametrize(
    ("pattern", "by", "result"),
    [("a(.)", "$1!", "b!c!"), ("(a)", "$10", "a0ba0c"), ("[bc]", r"\$", "a$a$")],
)
def test_a_replacement_names_groups(pattern: str, by: str, result: str) -> None:
    assert replaced(pattern, "", "abac", by) == result


@pytest.mark.parametrize(("pattern", "by"), [("a*", ""), ("a", "$"), ("a", "\\x")])
def test_an_ill_formed_replacement_is_refused(pattern: str, by: str) -> None:
    with pytest.raises(PatternError):
        replaced(pattern, "", "abac", by)


def test_a_literal_replacement_has_no_groups() -> None:
    assert replaced("a.", "q", "a.a", "$1") == "$1a"
