"""What tests need, what only a long run holds, and that under SAURAN_TEST_COMPLETE=1 nothing is skipped."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from support import made_once

from sauran.kg.publication.package_paths import packaged_publication
from sauran.kg.release.build import build
from sauran.kg.release.release import Release, current_release
from sauran.kg.reports import as_text

CHECKOUT = Path(__file__).resolve().parent.parent
COMPLETE = "SAURAN_TEST_COMPLETE"
_JUDGES = CHECKOUT / "tests/browser/node_modules"
_HARVESTERS = ("ckan", "extruct", "mlcroissant", "sickle", "signposting", "udata")
# Clients and judges that are a file, not a command on PATH: where it is, and what brings it there.
_INSTALLED = {
    "editor": (CHECKOUT / "server/static/dist/manifest.json", "SAURAN_ASSETS=require at set-up"),
    "axe-core": (_JUDGES / "axe-core/axe.min.js", "npm ci in tests/browser"),
    "nu-checker": (_JUDGES / "vnu-jar/build/dist/vnu.jar", "npm ci in tests/browser"),
    "comunica": (CHECKOUT / "tests/clients/node_modules/.bin/comunica-sparql", "npm ci in tests/clients"),
    "librdf-query-client-perl": (Path("/usr/share/perl5/RDF/Query/Client.pm"), ".ci/run installs it"),
    "r-cran-sparql": (Path("/usr/lib/R/site-library/SPARQL"), ".ci/run installs it"),
} | {
    name: (CHECKOUT / f"tests/harvest/.environments/{name}/made-from.lock", f"tests/harvest/install {name}")
    for name in _HARVESTERS
}

# Hypothesis fixes the examples where CI is set; how long one takes depends on what else the machine does.
_UNHURRIED = settings(derandomize=False, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("gate", _UNHURRIED, max_examples=25)
# A complete run judges a commit: the same examples each time. Elsewhere each run looks for new ones.
settings.register_profile("complete", settings.get_profile("gate"), derandomize=True)
settings.register_profile("long", _UNHURRIED, max_examples=500)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="run what the gate leaves out: tests marked long, and many examples of each generated test",
    )


def pytest_configure(config: pytest.Config) -> None:
    short = "complete" if os.environ.get(COMPLETE) == "1" else "gate"
    settings.load_profile("long" if config.getoption("long") else short)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what belongs to the other kind of run; a complete run may not skip it."""
    if config.getoption("long"):
        chosen = [item for item in items if item.get_closest_marker("long") or _is_generated(item)]
    else:
        chosen = [item for item in items if not item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def _is_generated(item: pytest.Item) -> bool:
    """Whether Hypothesis makes the test's examples."""
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


def shared_folder() -> Path:
    """The folder of shared open data: SAURAN_SHARED, else ../shared beside the checkout."""
    return Path(os.environ.get("SAURAN_SHARED") or CHECKOUT.parent / "shared")


def _missing(thing: str) -> str | None:
    """Say why a thing that a test needs is not there, or None."""
    if thing == "shared":
        folder = shared_folder()
        return None if folder.is_dir() else f"no shared data at {folder}: set SAURAN_SHARED"
    if thing in _INSTALLED:
        file, remedy = _INSTALLED[thing]
        return None if file.exists() else f"no {thing}: {remedy}"
    return None if shutil.which(thing) else f"no {thing} on PATH: .ci/run installs it"


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        for thing in marker.args:
            reason = _missing(thing)
            if reason and os.environ.get(COMPLETE) == "1":
                pytest.fail(f"{reason} ({COMPLETE}=1 forbids skipping)", pytrace=False)
            if reason:
                pytest.skip(reason)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a complete run that skipped anything, whatever way it was skipped.

    The process that starts workers is told of all their tests, and is the only one with a reporter.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get(COMPLETE) == "1" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The checkout's top folder."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared open data; the test says needs("shared")."""
    return shared_folder()


@pytest.fixture(autouse=True)
def _clean_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No SAURAN_… variable of the person who runs the tests changes their outcome."""
    for name in list(os.environ):
        if name.startswith("SAURAN_") and name not in (COMPLETE, "SAURAN_SHARED"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def briefing(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the whole Kazakhstan briefing, built once for all workers; no test may change it."""

    def make(folder: Path) -> None:
        result = build(packaged_publication(), folder / "releases")
        assert result.release is not None, as_text(result.findings)

    release = current_release(made_once(tmp_path_factory, "briefing", make) / "releases")
    assert release is not None
    return release


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A copy of the small publication that a test may change; the path of its publication.toml."""
    folder = tmp_path / "harbour"
    shutil.copytree(CHECKOUT / "tests" / "publications" / "harbour", folder)
    return folder / "publication.toml"


@pytest.fixture
def harbour_log(harbour: Path) -> Path:
    """The text of the small publication's only source document."""
    return harbour.parent / "harbour-log.txt"
