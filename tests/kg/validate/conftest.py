"""What the tests of validation share."""

from pathlib import Path

import pytest
from validation_support import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder of this test."""
    return Folder(tmp_path)
