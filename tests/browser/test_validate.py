"""Validating in a browser: an example by its link, the report of its form, and no barrier in it."""

import pytest
from browser_support import find_barriers
from playwright.sync_api import Page, expect

from sauran.server.http.negotiation import LANGUAGES

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "axe-core")]
NARROW = {"width": 320, "height": 640}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_is_loaded_sent_and_reported_on(page: Page, language: str) -> None:
    page.goto(f"/{language}/validate")
    page.locator("a[href$='?example=faulty#data']").click()
    page.locator("main form[enctype] button").click()
    expect(page.locator("#result")).to_be_visible()
    assert page.locator("#findings + ol > li").count() == 4
    assert page.locator(".because").count() == 1
    assert page.locator("mark").all_inner_texts()[1] == "ex:natural-disaster"
    assert find_barriers(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_fault_is_shown_at_its_place_without_a_barrier(page: Page, faults: list[str]) -> None:
    page.goto("/kk/validate")
    page.locator("#text").fill("<http://e/a> <http://e/b> <http://e/c> .\n<http://e/a> foaf:x 1 .")
    page.locator("main form[enctype] button").click()
    expect(page.locator("#error mark")).to_have_text("foaf:x")
    assert find_barriers(page) == []
    assert [fault for fault in faults if "a status of 400 " not in fault] == []
    faults.clear()
