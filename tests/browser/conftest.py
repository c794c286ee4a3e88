"""What tests in a browser share: the briefing on a real port, Debian's Chromium, and what it complains of.

Every host but this machine is unresolvable: a page that needs the internet fails.
"""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from support import free_port
from web_support import running_server

from sauran.kg.release.release import Release

OPTIONS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# Reports of the policy come as events too: the console alone would miss those that say nothing there.
REPORT = """addEventListener('securitypolicyviolation', event => console.error(
  `CSP: ${event.violatedDirective} blocked ${event.blockedURI} at ${event.sourceFile}`))"""


@pytest.fixture(scope="session")
def site(briefing: Release) -> Iterator[str]:
    """The address of a server over the release of the briefing, with its last slash."""
    with running_server(briefing.folder.parent, free_port()) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each test has its own context."""
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=shutil.which("chromium"), args=OPTIONS)
        yield found
        found.close()


@pytest.fixture
def faults() -> list[str]:
    """What pages complained of in this test: errors of scripts, of the console, of the policy."""
    return []


@pytest.fixture
def open_context(browser: Browser, site: str, faults: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Make contexts with options such as java_script_enabled or color_scheme; all their pages are watched."""
    contexts = []

    def make(**options: object) -> BrowserContext:
        # Colours on their way to others are not what a reader sees.
        context = browser.new_context(base_url=site, reduced_motion="reduce", **options)  # type: ignore[arg-type]
        context.add_init_script(REPORT)
        context.on("console", lambda message: _note(message, faults))
        context.on("weberror", lambda error: faults.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], faults: list[str]) -> Iterator[Page]:
    """A page that must not complain; a test that expects complaints clears `faults`."""
    yield open_context().new_page()
    assert faults == []


def _note(message: ConsoleMessage, faults: list[str]) -> None:
    if message.type in ("error", "warning"):
        faults.append(f"{message.text} ({message.location.get('url', '')})")
