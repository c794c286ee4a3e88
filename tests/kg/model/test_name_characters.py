"""The characters of names are those of the grammars, however they are written for a regular expression."""

import re

import pytest

from sauran.kg.model import name_characters

BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
MORE = r"_0-9\u00B7\u0300-\u036F\u203F-\u2040"
ALL = "".join(map(chr, range(0x110000)))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("FIRST", f"[{BASE}]"),
        ("FIRST_OR_DIGIT", f"[{BASE}_0-9]"),
        ("IN_VARIABLE", f"[{BASE}{MORE}]"),
        ("LATER", rf"[{BASE}{MORE}\-]"),
        ("LATER_OR_COLON", rf"[{BASE}{MORE}\-:]"),
        ("LOCAL_FIRST", f"[{BASE}_:0-9]"),
    ],
)
def test_each_class_holds_the_characters_of_the_grammar(name: str, written: str) -> None:
    found = re.findall(getattr(name_characters, name), ALL)
    assert found == re.findall(written, ALL)
    assert 800_000 < len(found) < len(ALL)


def test_ranges_may_touch_and_single_characters_count() -> None:
    assert re.findall(name_characters.one_of("c", "a-b", "0"), "0abcd1") == ["0", "a", "b", "c"]
