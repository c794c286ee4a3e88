"""Every type of page in every language: within reach of everybody, at peace with its policy, whole on a phone."""

import re

import pytest
from browser_support import BROKEN, EVERY_PAGE, PAGES, address, find_barriers, only
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "editor", "axe-core")]
NARROW = {"width": 320, "height": 640}  # 1280 pixels at 400 %: WCAG 2.2, success criterion 1.4.10


def opened(page: Page, name: str, language: str, faults: list[str]) -> Page:
    """Open a page; the browser's word on a status that is meant is no fault."""
    answer = page.goto(address(name, language))
    assert answer is not None
    assert answer.status == BROKEN.get(name, 200)
    faults[:] = only(faults, answer.status) if name in BROKEN else faults
    return page


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_no_barrier_and_one_heading_in_the_language_of_the_page(
    page: Page, faults: list[str], name: str, language: str
) -> None:
    opened(page, name, language, faults)
    assert find_barriers(page) == []
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    heading = page.locator("h1").inner_text()
    assert heading.strip()
    assert page.title().strip()
    levels = [int(tag[1]) for tag in page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(TAGS)]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in zip(levels, levels[1:], strict=False)), levels


TAGS = "elements => elements.map(element => element.localName)"


@pytest.mark.parametrize("name", PAGES)
def test_colours_of_the_dark_are_told_apart_too(open_context, faults: list[str], name: str) -> None:
    page = open_context(color_scheme="dark").new_page()
    opened(page, name, "en", faults)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", background)[:3])) < 80, background
    assert find_barriers(page, "color-contrast", "link-in-text-block") == []
    assert faults == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_narrow_window(page: Page, faults: list[str], name: str) -> None:
    page.set_viewport_size(NARROW)
    # Russian has the longest words.
    opened(page, name, "ru", faults)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_barrier_is_noticed(page: Page) -> None:
    page.goto("/en/about")
    page.evaluate(
        """() => {
          document.documentElement.removeAttribute('lang');
          document.querySelector('main').append(document.createElement('button'));
          document.querySelector('h1').setAttribute('class', 'canary');
          document.querySelector('#content p').append(Object.assign(document.createElement('input'), {}));
        }"""
    )
    assert {fault.partition(":")[0] for fault in find_barriers(page)} >= {"html-has-lang", "button-name", "label"}
