"""Suggestions as one types, in a real browser: by keyboard and pointer, and none without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium")]
BOX = "#site-search"


def suggest(page: Page, typed: str, language: str = "en") -> None:
    page.goto(f"/{language}/about")
    page.locator(BOX).focus()
    page.keyboard.insert_text(typed)
    expect(page.get_by_role("option").first).to_be_visible()


def test_names_are_suggested_in_the_language_of_the_page(page: Page) -> None:
    suggest(page, "kazakh", "ru")
    expect(page.get_by_role("option").first).to_have_text("Казахстан государство")
    expect(page.locator(BOX)).to_have_attribute("aria-expanded", "true")


def test_arrows_choose_enter_goes_there(page: Page) -> None:
    suggest(page, "russ")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_text("Russia state")
    expect(page.locator(BOX)).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/doc/russia")


def test_without_a_choice_enter_searches(page: Page) -> None:
    suggest(page, "russ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search?q=russ")


def test_arrows_go_round_and_escape_closes(page: Page) -> None:
    suggest(page, "energ")
    count = page.get_by_role("option").count()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.locator(BOX)).to_have_attribute("aria-expanded", "false")
    expect(page.locator(BOX)).to_have_value("energ")


def test_a_click_goes_there_and_leaving_the_box_closes(page: Page) -> None:
    suggest(page, "russ")
    page.locator("h1").click()
    expect(page.get_by_role("option")).to_have_count(0)
    suggest(page, "russ")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/en/doc/russia")


def test_what_no_longer_stands_in_the_box_is_not_suggested(page: Page) -> None:
    suggest(page, "russ")
    page.locator(BOX).fill("")
    expect(page.get_by_role("option")).to_have_count(0)


def test_the_box_of_the_search_page_has_its_own(page: Page) -> None:
    page.goto("/fr/search?q=Russie")
    page.locator("#q").fill("énerg")
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option").first).to_be_visible()
    expect(page.locator(BOX)).to_have_attribute("aria-expanded", "false")


def test_without_scripts_the_box_searches(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/kk/about")
    page.locator(BOX).fill("Ресей")
    page.locator(BOX).press("Enter")
    page.wait_for_url("**/kk/search?q=*")
    expect(page.locator("article").first).to_contain_text("Ресей")
