"""What the build of the front end left: scripts under names with their hash, and the outlines of land."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask import current_app

__all__ = ["NO_ASSETS", "Asset", "Assets", "Rings", "asset", "is_versioned", "land", "read_assets"]

Rings = tuple[tuple[tuple[float, float], ...], ...]
_BUILT = Path(__file__).parents[1] / "static" / "dist"
_LAND = "land.json"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file below static/: its path on this site, its digest for `integrity`, its bytes plain and packed."""

    path: str
    integrity: str
    bytes: int
    gzip: int


@dataclass(frozen=True, slots=True)
class Assets:
    """All that was built; nothing where the machine that installed had no way to build it."""

    files: Mapping[str, Asset]
    land: Rings | None = None


NO_ASSETS = Assets(MappingProxyType({}))


def read_assets(folder: Path = _BUILT) -> Assets:
    """Read what is built; without a manifest there is nothing."""
    try:
        said: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    except FileNotFoundError:
        return NO_ASSETS
    files = {
        name: Asset(f"static/dist/{file['file']}", file["integrity"], file["bytes"], file["gzip"])
        for name, file in said["files"].items()
    }
    return Assets(MappingProxyType(files), _rings(folder / said["files"][_LAND]["file"]))


def asset(name: str) -> Asset | None:
    """Find a built file by its plain name, such as sparql-editor.js; None where it was not built."""
    return _assets().files.get(name)


def land() -> Rings | None:
    """The outlines of land as closed rings of longitude and latitude in degrees; None where not built.

    Shape: holes are rings too, to be filled by the even-odd rule; outlines that cross the 180th meridian
    are cut there.
    Source: Natural Earth, 1:110 million, public domain.
    """
    return _assets().land


def is_versioned(path: str) -> bool:
    """Whether a path below the site names bytes that never change."""
    return any(file.path == path for file in _assets().files.values())


def _rings(file: Path) -> Rings:
    return tuple(tuple((x, y) for x, y in ring) for ring in json.loads(file.read_bytes()))


def _assets() -> Assets:
    found: Assets = current_app.extensions["sauran.assets"]
    return found
