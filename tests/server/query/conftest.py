"""What the tests of the query processes share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_support import open_pool
from support import made_once

from sauran.kg.release.build import BuildOptions, build
from sauran.kg.release.release import Release, current_release
from sauran.server.query.pool import Pool


@pytest.fixture(scope="module")
def pool(briefing: Release) -> Iterator[Pool]:
    """Three query processes over the whole briefing: 1 s, 256 MiB."""
    with open_pool(briefing.folder, processes=3) as opened:
        yield opened


@pytest.fixture(scope="session")
def store_folder_release(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Release:
    """The small publication as a release with a store folder."""
    publication = checkout / "tests/publications/harbour/publication.toml"

    def make(folder: Path) -> None:
        assert build(publication, folder, BuildOptions(memory_quads=1)).release is not None

    release = current_release(made_once(tmp_path_factory, "store-folder", make))
    assert release is not None
    return release
