"""What the tests of the web side share: the briefing as an application, a harbour site on a real port."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from support import change, made_once
from web_support import Site, client_over, harbour_at, publication_at

from sauran.kg.release.build import BuildOptions, build
from sauran.kg.release.release import Release
from sauran.server.http.served_release import ServedRelease, open_served_release
from sauran.server.query.pool import PoolSize
from sauran.server.query.question import QueryLimits


@pytest.fixture(scope="session")
def client(briefing: Release) -> Iterator[FlaskClient]:
    """A client, without a network, of the application over the briefing."""
    with client_over(briefing.folder.parent) as client:
        yield client


@pytest.fixture(scope="session")
def served_release(briefing: Release) -> Iterator[ServedRelease]:
    """The briefing, opened to be served below a path of another host."""
    opened = open_served_release(
        briefing, "https://example.org/kg/", QueryLimits(), PoolSize(processes=2, kept_for_light=1)
    )
    with contextlib.closing(opened.pool):
        yield opened


@pytest.fixture(scope="session")
def harbour_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small publication served where its identifiers point to."""
    with harbour_at(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three finished releases of the small publication, of which no test may change the folder.

    The second describes the dataset in other words, the third says something else.
    """
    return made_once(tmp_path_factory, "history", _make_history) / "releases"


def _make_history(folder: Path) -> None:
    publication = publication_at(folder / "harbour", 7777)
    dataset = publication.parent / "datasets/harbour"
    final = BuildOptions(final=True)
    assert build(publication, folder / "releases", final).release is not None
    change(publication, 'version = "0.1"\nissued = 2026-11-22', 'version = "0.2"\nissued = 2026-12-01')
    change(dataset / "dataset.toml", "a port that does not exist.", "a port that never existed.")
    assert build(publication, folder / "releases", final).release is not None
    change(publication, 'version = "0.2"\nissued = 2026-12-01', 'version = "0.3"\nissued = 2026-12-24')
    change(dataset / "dataset.toml", "modified = 2026-11-22", "modified = 2026-12-24")
    change(dataset / "claims.ttl", "Patrols might be seen there again.", "Patrols might come back.")
    assert build(publication, folder / "releases", final).release is not None
