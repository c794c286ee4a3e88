"""The built files of the front end: scripts with a hash in their names, and the outlines of land."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

__all__ = ["NO_ASSETS", "Asset", "Assets", "Rings", "read_assets"]

Rings = tuple[tuple[tuple[float, float], ...], ...]
_BUILT = Path(__file__).parents[1] / "static" / "dist"
_LAND = "land.json"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file below static/: its path on this site, its digest, its size plain and compressed."""

    path: str
    integrity: str
    bytes: int
    gzip: int


@dataclass(frozen=True, slots=True)
class Assets:
    """The built files by their plain names, such as sparql-editor.js; none when the build was skipped.

    `land` has the outlines of land as closed rings of longitude and latitude in degrees. Holes are rings too:
    fill them by the even-odd rule; outlines that cross the 180th meridian are cut there.
    Source: Natural Earth, 1:110 million, public domain.
    """

    files: Mapping[str, Asset]
    land: Rings | None = None

    def is_versioned(self, path: str) -> bool:
        """Whether a path has a hash in its name, so that its content never changes."""
        return any(file.path == path for file in self.files.values())


NO_ASSETS = Assets(MappingProxyType({}))


def read_assets(folder: Path = _BUILT) -> Assets:
    """Read the manifest of the built files; without one there are no assets."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    except FileNotFoundError:
        return NO_ASSETS
    files = {
        name: Asset(f"static/dist/{file['file']}", file["integrity"], file["bytes"], file["gzip"])
        for name, file in manifest["files"].items()
    }
    return Assets(MappingProxyType(files), _rings(folder / manifest["files"][_LAND]["file"]))


def _rings(file: Path) -> Rings:
    return tuple(tuple((x, y) for x, y in ring) for ring in json.loads(file.read_bytes()))
