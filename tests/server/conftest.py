"""What the tests of the web side share: the briefing as an application, a harbour site on a real port."""

import contextlib
import signal
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from support import free_port
from web_support import Site, client_over, publication_at, start_server

from kg.build import build
from kg.release import Release
from server.edition import Edition, open_edition
from server.engine.limits import Limits
from server.engine.pool import PoolSize


@pytest.fixture(scope="session")
def client(briefing: Release) -> Iterator[FlaskClient]:
    """A client, without a network, of the application over the briefing."""
    with client_over(briefing.folder.parent) as client:
        yield client


@pytest.fixture(scope="session")
def edition(briefing: Release) -> Iterator[Edition]:
    """The briefing, opened to be served below a path of another host."""
    opened = open_edition(
        briefing, "https://example.org/kg/", Limits(), PoolSize(processes=2, kept_for_light=1)
    )
    with contextlib.closing(opened.pool):
        yield opened


@pytest.fixture(scope="session")
def harbour_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small publication served where its identifiers point to."""
    port = free_port()
    folder = tmp_path_factory.mktemp("site")
    publication = publication_at(folder / "harbour", port)
    assert build(publication, folder / "releases").release is not None
    process = start_server(folder / "releases", port)
    yield Site(f"http://127.0.0.1:{port}/", folder / "releases", publication, process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    process.stderr.close()
