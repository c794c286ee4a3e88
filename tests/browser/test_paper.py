"""Pages on paper: all of their words, without what is only for screens."""

import re
import subprocess
from pathlib import Path

import pytest
from browser_support import address
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "editor", "pdftotext")]


@pytest.mark.parametrize("language", ["en", "kk"])
@pytest.mark.parametrize(
    "name", ["home", "state", "claim", "claims", "notes", "source", "sparql-bars", "about"]
)
def test_a_page_is_printed_with_its_words(page: Page, tmp_path: Path, name: str, language: str) -> None:
    page.goto(address(name, language))
    file = tmp_path / "page.pdf"
    page.pdf(path=file, format="A4")
    printed = subprocess.run(
        ["pdftotext", "-raw", file, "-"], capture_output=True, encoding="utf-8", check=True, timeout=60
    ).stdout
    page.emulate_media(media="print")
    texts = [
        text.inner_text() for text in page.locator("h1, main h2, main p, main li").all() if text.is_visible()
    ]
    assert len(texts) > 5
    assert [text for text in texts if words(text) - words(printed)] == []
    assert not page.locator("nav.places").is_visible()
    assert not page.locator("header form").is_visible()


def words(text: str) -> set[str]:
    """The words of a text; columns and page ends may have changed their order."""
    return set(re.findall(r"[^\W_]+", text))
