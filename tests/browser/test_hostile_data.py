"""A publication and addresses that mean harm, in a browser: no script gets in, no text leaves its element."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from browser_support import only
from playwright.sync_api import BrowserContext, Page
from support import change, free_port
from web_support import running_server

from sauran.kg.release.build import build

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium", "editor")]
SCRIPT = "</title></textarea></script><script>alert('x')</script><img src=x onerror=alert(1)>\"'&amp;"
BIDI = "a\u202egnp.exe\u2066"
LONG = "я" * 1_000_000
VELDON = "http://127.0.0.1:7777/id/veldon"
QUERY = (
    """SELECT ?s ("<img src=x onerror=alert(2)>" AS ?html) (IRI("javascript:alert(3)") AS ?iri) (3 AS ?n)
  ("POINT(1 2)"^^<http://www.opengis.net/ont/geosparql#wktLiteral> AS ?where)
{ ?s a ?type FILTER(STRENDS(STR(?s), "veldon")) } #"""
    + SCRIPT
)
PAGES = [
    "",
    "doc/veldon",
    "doc/closure-of-veldon",
    "doc/source/harbour-log/claim/c1",
    "doc/source/harbour-log",
    "dataset/harbour",
    "claims",
    "notes",
    "about",
    "catalogue",
    "downloads",
    "health",
    "sparql",
    f"search?q={quote(SCRIPT)}",
    "search?q=port",
    "timeline",
    "map",
    f"neighbourhood?iri={quote(VELDON, safe='')}",
    f"sparql?query={quote(QUERY)}",
    f"sparql?query={quote(QUERY)}&chart=n",
    f"sparql?query={quote('DESCRIBE <' + VELDON + '>')}",
]
# Addresses with harm in them that answer with an error.
BROKEN = [
    f"claims?type={quote(SCRIPT)}",
    f"doc/{quote(SCRIPT, safe='')}",
    f"sparql?query={quote(SCRIPT)}",
    "sparql?query=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
]
# What search engines read is data, which no browser runs: whole JSON, or it is strange too.
STRANGE = """() => [...document.querySelectorAll('*')].filter(element =>
  element.matches('img, iframe, object, embed, base, meta[http-equiv], style')
  || element.matches('script:not([src])')
    && (element.type !== 'application/ld+json' || !JSON.parse(element.textContent)['@id'])
  || element.matches('script[src]') && new URL(element.src).origin !== location.origin
  || element.getAttributeNames().some(name => name.startsWith('on') || name === 'srcdoc')
  || /^\\s*(javascript|data|vbscript):/i.test(element.getAttribute('href') ?? '')
).map(element => element.outerHTML.slice(0, 200))"""
# Texts with marks that turn the direction: what isolates each of them must hold nothing else.
LEAKS = """marked => {
  const leaks = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.includes('\\u202e') || node.parentElement.closest('pre, textarea, option')) continue;
    seen += 1;
    let around = node.parentElement;
    while (!/isolate|plaintext/.test(getComputedStyle(around).unicodeBidi)
      && !(around instanceof SVGTextContentElement)) around = around.parentElement;
    if (around.textContent.replaceAll(marked, '').trim()) leaks.push(around.outerHTML.slice(0, 300));
  }
  return {seen, leaks};
}"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose publication, built as any other, means harm."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(Path(__file__).parents[1] / "publications/harbour", folder / "harbour")
    publication, data = folder / "harbour/publication.toml", folder / "harbour/datasets/harbour"
    change(publication, 'en = "Harbour watch"', f'en = """{SCRIPT.replace(chr(34), "")}"""')
    change(publication, 'fr = "Veille portuaire"', f'fr = "{BIDI}"')
    change(data / "dataset.toml", 'en = "The port of Veldon"', f'en = """{SCRIPT.replace(chr(34), "")}"""')
    for old, new in (('"Veldon"@en', SCRIPT), ('"Veldon"@fr', BIDI), ('"Велдон"@ru', LONG)):
        change(data / "entities.ttl", old, f'"{new.replace(chr(34), chr(92) + chr(34))}"{old[-3:]}')
    change(
        data / "entities.ttl",
        "a sec:Region ;",
        "a sec:Region ; <http://www.w3.org/2000/01/rdf-schema#seeAlso> <javascript:alert(1)> ; "
        "<javascript:property> <data:text/html,%3Cscript%3E> ;",
    )
    change(data / "claims.ttl", '"The port of Veldon was shut in May 2024."', f"'''{SCRIPT} '''")
    (data / "queries").mkdir()
    (data / "queries/harm.rq").write_text(
        f"# {SCRIPT}\n# Inputs: none\n# Columns: ?s\nSELECT ?s {{ ?s ?p ?o }}\n", "utf-8"
    )
    result = build(publication, folder / "releases")
    assert result.release is not None
    # The publisher is told of what breaks lists.
    assert "label-length" in {finding.rule for finding in result.findings}
    with running_server(folder / "releases", free_port()) as address:
        yield address


@pytest.fixture
def lawless(open_context: Callable[..., BrowserContext], faults: list[str]) -> Page:
    """A page without our policy: a script that got in would run."""
    page = open_context(bypass_csp=True).new_page()
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    return page


@pytest.mark.parametrize("path", [*PAGES, *BROKEN])
def test_no_script_gets_in(page: Page, lawless: Page, hostile: str, faults: list[str], path: str) -> None:
    for kind in (page, lawless):
        answer = kind.goto(f"{hostile}en/{path}", wait_until="networkidle")
        assert answer is not None
        assert (answer.status >= 400) == (path in BROKEN)
        assert kind.evaluate(STRANGE) == []
        if path in BROKEN:
            faults[:] = only(faults, answer.status)
    assert faults == []


@pytest.mark.parametrize("path", [path for path in PAGES if "query=SELECT" not in path])
def test_writing_direction_stays_within_its_element(page: Page, hostile: str, path: str) -> None:
    page.goto(f"{hostile}fr/{path}")
    found = page.evaluate(LEAKS, BIDI)
    assert found["seen"] > 0
    assert found["leaks"] == []


@pytest.mark.parametrize(
    "path", ["", "doc/veldon", "claims", "map", "search?q=port", "doc/source/harbour-log/claim/c1"]
)
def test_a_million_letters_do_not_burst_a_page(page: Page, hostile: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    answer = page.goto(f"{hostile}ru/{path}")
    assert answer is not None
    assert len(answer.text()) < 120_000
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_script_that_got_in_would_be_noticed(lawless: Page, hostile: str, faults: list[str]) -> None:
    lawless.goto(f"{hostile}en/about")
    with lawless.expect_event("dialog"):
        lawless.evaluate(
            "text => document.querySelector('main').insertAdjacentHTML('beforeend', text)", SCRIPT
        )
    assert "dialog: 1" in faults
    assert len(lawless.evaluate(STRANGE)) == 2
    lawless.evaluate("text => document.querySelector('main p').append(text)", BIDI)
    assert len(lawless.evaluate(LEAKS, BIDI)["leaks"]) == 1
