"""Every type of page in every language: no barrier, no word against its policy, whole on a phone."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from browser_support import BROKEN, EVERY_PAGE, address, find_barriers, only
from playwright.sync_api import Page

from sauran.server.http.negotiation import LANGUAGES

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "editor", "axe-core")]
# 1280 pixels at 400 %: WCAG 2.2, success criterion 1.4.10.
NARROW = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 740}
COLOURS = ("color-contrast", "link-in-text-block")
TAGS = "elements => elements.map(element => element.localName)"
# What stands out of a window that is narrow, without what lies in something that scrolls by itself.
TOO_WIDE = "document.documentElement.scrollWidth"
HIDDEN_WIDTH = "element => element.scrollWidth - element.clientWidth"
# Colours have changed for the screen only when it is drawn anew, and changes that take time have ended.
SETTLED = """() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  .then(() => Promise.all(document.getAnimations().map(change => change.finished)))"""
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def pages_to_judge() -> Iterator[Any]:
    """Every page in English and one other language in turn; in all languages in a long run.

    Pages of all languages come from the same templates: what differs is the length of words.
    """
    others = itertools.cycle(LANGUAGES[1:])
    for name, languages in itertools.groupby(EVERY_PAGE, key=lambda case: case[0]):
        chosen = {LANGUAGES[0], next(others)}
        for _, language in languages:
            marks = () if language in chosen else (pytest.mark.long,)
            yield pytest.param(name, language, marks=marks)


@pytest.mark.parametrize(("name", "language"), list(pages_to_judge()))
def test_a_page_has_no_barrier(page: Page, faults: list[str], name: str, language: str) -> None:
    answer = page.goto(address(name, language))
    assert answer is not None
    assert answer.status == BROKEN.get(name, 200)
    if name in BROKEN:
        faults[:] = only(faults, answer.status)
    # Colours are the same in every language, and slow to judge.
    assert find_barriers(page, without=() if language == "en" else COLOURS) == []
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("main").count() == 1
    levels = [int(tag[1]) for tag in page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(TAGS)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert max(below - above for above, below in zip(levels, [*levels[1:], 1], strict=True)) <= 1, levels
    assert page.locator("h1").inner_text().strip()
    assert page.title().strip()
    if language == "en":
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLED)
        assert max(map(int, re.findall(r"\d+", page.evaluate(BACKGROUND))[:3])) < 80
        assert find_barriers(page, only=COLOURS) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) <= NARROW["width"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["downloads", "dataset"])
def test_a_phone_shows_tables_of_files_whole(page: Page, name: str, language: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(address(name, language))
    tables = page.locator(".wide:has(> .files)")
    assert tables.count() > 0
    for table in tables.all():
        assert table.evaluate(HIDDEN_WIDTH) <= 0
    for fold in page.locator("main details").all():
        fold.locator("summary").click()
    assert page.evaluate(TOO_WIDE) <= PHONE["width"]


def test_barriers_are_noticed(page: Page) -> None:
    page.goto("/en/about")
    page.evaluate(
        """() => {
          document.documentElement.removeAttribute('lang');
          const words = document.querySelector('main p');
          words.append(document.createElement('button'), document.createElement('input'));
          const faint = new CSSStyleSheet();
          faint.replaceSync('h1 { color: #bbb; background: #fff } main { min-width: 900px }');
          document.adoptedStyleSheets.push(faint);
        }"""
    )
    found = {fault.partition(":")[0] for fault in find_barriers(page)}
    assert found == {"button-name", "color-contrast", "html-has-lang", "label"}
    assert {fault.partition(":")[0] for fault in find_barriers(page, only=COLOURS)} == {"color-contrast"}
    page.set_viewport_size(NARROW)
    assert page.evaluate(TOO_WIDE) > NARROW["width"]
