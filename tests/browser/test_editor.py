"""The query editor in a real browser: it writes, completes, marks, runs, and lets go of the keyboard."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "editor")]
PREFIX = "PREFIX sec: <https://w3id.org/sauran/ontology#>\n"
CLAIMS = f"{PREFIX}SELECT (COUNT(*) AS ?n) {{ ?c a sec:Claim }}"


def editor(page: Page, query: str = "ASK {}", language: str = "en") -> Page:
    """Open the page, and put a query into the editor; its cursor stands at the end."""
    page.goto(f"/{language}/sparql?query=ASK%20%7B%7D")
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)
    return page


def written(page: Page) -> str:
    """What the form would send."""
    return str(page.evaluate("document.querySelector('textarea[name=query]').value"))


def options(page: Page) -> list[str]:
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_be_visible()
    return page.locator(".cm-tooltip-autocomplete li").all_inner_texts()


def test_what_is_typed_is_what_the_form_sends(page: Page) -> None:
    editor(page, "")
    page.keyboard.type("ASK {}")
    page.keyboard.insert_text("\t# é қ\n")
    assert page.locator("textarea").is_hidden()
    assert written(page) == "ASK {}\t# é қ\n"


def test_typing_over_a_selection_replaces_it_or_puts_brackets_around_it(page: Page) -> None:
    editor(page, "SELECT * { ?s ?p 'text' }")
    page.keyboard.press("Control+A")
    page.keyboard.type("(")
    assert written(page) == "(SELECT * { ?s ?p 'text' })"
    page.keyboard.press("Control+A")
    page.keyboard.type("ASK")
    assert written(page) == "ASK"
    page.keyboard.press("Control+Z")
    assert written(page) == "(SELECT * { ?s ?p 'text' })"


def test_ctrl_enter_runs_the_query(page: Page) -> None:
    editor(page, CLAIMS)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/en/sparql?query=*")
    assert page.locator("#result ~ .wide td").inner_text() == "148"


@pytest.mark.parametrize(
    ("language", "typed", "label"),
    [("en", "statedI", "stated in"), ("ru", "фрагме", "фрагмент"), ("kk", "үзінд", "үзінді")],
)
def test_words_of_the_graph_are_completed_in_the_language_of_the_page(
    page: Page, language: str, typed: str, label: str
) -> None:
    editor(page, "SELECT * { ?s ", language)
    page.keyboard.type(typed)
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text(label)


def test_a_label_becomes_its_name_with_the_prefix_declared_once(page: Page) -> None:
    editor(page, "SELECT * {\n  ?s a ", "ru")
    for _ in range(2):
        page.keyboard.type("sec:Passag")
        page.locator(".cm-tooltip-autocomplete li[aria-selected]", has_text="sec:Passage").wait_for()
        page.wait_for_timeout(200)  # the list takes no key so soon, lest one be meant for the text
        page.keyboard.press("Enter")
        page.keyboard.type(" ")
    assert written(page) == f"{PREFIX}SELECT * {{\n  ?s a sec:Passage sec:Passage "


def test_variables_of_the_query_are_completed(page: Page) -> None:
    editor(page, "SELECT ?organisation { ")
    page.keyboard.type("?or")
    assert options(page) == ["?organisation"]


@pytest.mark.parametrize("query", ["# a comment ", 'SELECT ("text ', "SELECT * FROM <https://e/"])
def test_nothing_is_completed_in_comments_strings_and_iris(page: Page, query: str) -> None:
    editor(page, query)
    page.keyboard.type("sel")
    page.keyboard.press("Control+Space")
    page.wait_for_timeout(600)
    assert page.locator(".cm-tooltip-autocomplete").count() == 0
    # The same keys complete where code is.
    page.keyboard.press("Control+A")
    page.keyboard.type("sel")
    assert any("SELECT" in option for option in options(page))


def test_tab_leaves_the_editor_both_ways_and_the_page_says_so(page: Page) -> None:
    editor(page)
    described = page.locator(".cm-content").get_attribute("aria-describedby")
    assert "Tab leaves the editor" in page.locator(f"sparql-editor #{described}").inner_text()
    page.keyboard.press("Tab")
    expect(page.locator("form.query button[type=submit]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".cm-content")).not_to_be_focused()
    assert written(page) == "ASK {}"


def test_tab_leaves_while_a_list_is_open(page: Page) -> None:
    editor(page, "")
    page.keyboard.type("sel")
    options(page)
    page.keyboard.press("Tab")
    expect(page.locator("form.query button[type=submit]")).to_be_focused()


def test_the_label_names_the_editor_and_leads_into_it(page: Page) -> None:
    page.goto("/fr/sparql")
    label = page.locator("label[for=text]")
    name = page.locator(".cm-content").get_attribute("aria-label")
    assert name == label.inner_text()
    label.click()
    expect(page.locator(".cm-content")).to_be_focused()


def test_a_fault_is_marked_where_it_is(page: Page, faults: list[str]) -> None:
    page.goto(f"/en/sparql?query={quote('SELECT * {  # 🐎 é' + chr(10) + '  ?s foaf:name ?o }')}")
    assert page.locator(".cm-lintRange-error").inner_text() == "foaf:name"
    assert page.locator(".cm-content").get_attribute("aria-invalid") == "true"
    page.locator(".cm-lintRange-error").hover()
    expect(page.locator(".cm-tooltip-hover")).to_contain_text("the prefix foaf: is not declared")
    expected = [fault for fault in faults if "400 (Bad Request)" in fault]
    assert faults == expected
    faults.clear()


def test_a_fault_behind_letters_of_two_units_is_marked_where_it_is(page: Page, faults: list[str]) -> None:
    page.goto(
        f"/en/sparql?query={quote('SELECT * { ?s ?p ' + chr(34) + '🐎🐎' + chr(34) + ' . ?s foaf:name ?o }')}"
    )
    assert page.locator(".cm-lintRange-error").inner_text() == "foaf:name"
    assert len(faults) == 1
    faults.clear()


def test_a_long_query_is_posted(page: Page) -> None:
    editor(page, CLAIMS)
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text(f"# {'ұ' * 7000}\n")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#result")).to_be_visible()
    assert page.url.endswith("/en/sparql")
    assert page.locator("#result ~ .wide td").inner_text() == "148"


def test_what_was_written_is_there_after_a_way_back(page: Page) -> None:
    editor(page)
    page.keyboard.type(" # mine")
    page.locator("nav.places a").first.click()
    page.wait_for_load_state()
    page.go_back()
    expect(page.locator(".cm-content")).to_have_text("ASK {} # mine")
    assert written(page) == "ASK {} # mine"


def test_without_scripts_the_form_asks(
    open_context: Callable[..., BrowserContext], faults: list[str]
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/kk/sparql")
    page.locator("textarea").fill(CLAIMS)
    page.locator("form.query button[type=submit]").click()
    assert page.locator("#result ~ .wide td").inner_text() == "148"
    assert faults == []


def test_downloads_are_saved_as_files(page: Page, tmp_path: Path) -> None:
    page.goto(f"/en/sparql?query={quote(CLAIMS)}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    waiting.value.save_as(tmp_path / "answer")
    assert waiting.value.suggested_filename == "answer.csv"
    assert (tmp_path / "answer").read_bytes() == b"n\r\n148\r\n"


def test_a_violation_of_the_policy_is_noticed(page: Page, faults: list[str]) -> None:
    page.goto("/en/sparql")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'data:image/gif;base64,R0lGODdh'}))")
    page.wait_for_timeout(200)
    assert any("CSP: img-src blocked data" in fault for fault in faults)
    faults.clear()


def test_other_hosts_cannot_be_reached(page: Page) -> None:
    said = page.request.get("/health").status
    assert said == 200
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
