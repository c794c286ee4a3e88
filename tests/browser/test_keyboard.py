"""Keys alone lead everywhere: what has the focus is seen, no part of a page keeps it."""

import pytest
from browser_support import address
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "editor")]
# What has the focus, within the editor too; and whether one can see so.
FOCUS = """() => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  if (!active || active === document.body) return null;
  const style = getComputedStyle(active);
  const box = active.getBoundingClientRect();
  return {
    html: active.outerHTML.slice(0, 160),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && (active.matches('.cm-content')
        || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0),
  };
}"""
# Elements that a Tab reaches, as the page is made.
REACHED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
MOST = 600


def tab_to(page: Page, wanted: Locator) -> Locator:
    """Press Tab until an element has the focus."""
    handle = wanted.element_handle()
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("element => document.activeElement === element", handle):
            return wanted
    raise AssertionError(f"{MOST} times Tab did not reach {wanted}")


@pytest.mark.parametrize(
    "name", ["home", "claims", "claim", "search-found", "source", "sparql-bars", "downloads"]
)
def test_tab_reaches_everything_shows_where_it_is_and_leaves(page: Page, name: str) -> None:
    page.goto(address(name, "en"))
    everything = [found for found in page.locator(REACHED).all() if found.is_visible()]
    steps = []
    for _ in range(2 * len(everything) + 10):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        steps.append(focus)
    else:
        raise AssertionError(f"the focus never left the page: {steps[-3:]}")
    assert [step["html"] for step in steps if not step["seen"]] == []
    assert len(steps) >= len(everything) > 20


def test_the_first_tab_offers_to_skip_what_all_pages_have(page: Page) -> None:
    page.goto("/en/claims")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_reader_walks_from_the_front_page_to_an_answer(page: Page) -> None:
    page.goto("/en/")
    tab_to(page, page.locator("#site-search"))
    page.keyboard.type("NATO")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search?q=NATO")
    tab_to(page, page.locator("main a[href$='/en/doc/nato']").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/doc/nato")
    tab_to(page, page.locator("nav.languages a[lang=fr]"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/doc/nato")
    tab_to(page, page.locator("main a[href*='/claim/c']").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/doc/source/kazakhstan-security/claim/c*")
    tab_to(page, page.locator("nav.places a[href$='/fr/sparql']"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/sparql")
    expect(page.locator(".cm-content")).to_be_visible()
    tab_to(page, page.locator("sparql-editor"))
    page.keyboard.press("Control+A")
    page.keyboard.type("ASK ")
    page.keyboard.insert_text("{ ?s ?p ?o }")
    page.keyboard.press("Tab")
    expect(page.locator("form.query button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/sparql?query=*")
    expect(page.locator("p.truth")).to_be_visible()
