"""Pages without scripts say the same, and every form works."""

from collections.abc import Callable

import pytest
from browser_support import EDITOR_PAGES, PAGES, address
from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "editor")]


@pytest.fixture
def plain(open_context: Callable[..., BrowserContext]) -> Page:
    """A page of a browser that runs no scripts."""
    return open_context(java_script_enabled=False).new_page()


@pytest.mark.parametrize("name", [name for name in PAGES if name not in EDITOR_PAGES])
def test_a_page_says_the_same_without_scripts(page: Page, plain: Page, faults: list[str], name: str) -> None:
    said = []
    for kind in (page, plain):
        kind.goto(address(name, "fr"))
        said.append(kind.locator("body").inner_text())
    assert len(said[0]) > 200
    assert said[0] == said[1]
    if name == "lost":
        faults.clear()


def test_the_search_is_a_form(plain: Page) -> None:
    plain.goto("/ru/about")
    plain.locator("header input[type=search]").fill("нато")
    plain.locator("header form[role=search] button").click()
    assert plain.url.endswith("/ru/search?q=%D0%BD%D0%B0%D1%82%D0%BE")
    assert plain.locator("main a[href$='/ru/doc/nato']").count() > 0


def test_choices_are_links_and_forms(plain: Page) -> None:
    plain.goto("/en/claims")
    everything = plain.locator("main").inner_text()
    plain.locator("main a[href*='/en/claims?type=']").first.click()
    assert "type=" in plain.url
    assert plain.locator("main").inner_text() != everything


def test_examples_of_queries_are_run(plain: Page) -> None:
    plain.goto("/en/sparql")
    plain.locator("main details[open] a[href*='/en/sparql?query=']").first.click()
    assert plain.locator("#result").count() == 1
    assert plain.locator("#result ~ .wide tbody tr").count() > 0
