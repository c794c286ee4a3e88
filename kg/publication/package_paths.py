"""Paths of the data files shipped with the code: below sauran/kg in the wheel, beside kg in a checkout."""

import os
from pathlib import Path

from sauran.kg.model.errors import ContentError

__all__ = [
    "absolute",
    "ontology_folder",
    "packaged_publication",
    "shape_examples_folder",
    "shapes_folder",
    "turtle_in",
]

_PACKAGE = Path(__file__).parents[1]


def _find_folder(name: str, beside: str = "") -> Path:
    for folder in (_PACKAGE / name, _PACKAGE.parent / (beside or name)):
        if folder.is_dir():
            return _short(folder)
    raise ContentError(
        str(_PACKAGE / name),
        f"the folder {name} is missing.",
        "Install sauran again, or work in a complete checkout.",
    )


def ontology_folder() -> Path:
    """The folder of the ontology's Turtle files."""
    return _find_folder("ontology")


def shapes_folder() -> Path:
    """The folder of Sauran's own SHACL shapes."""
    return _find_folder("shapes")


def shape_examples_folder() -> Path:
    """The folder of what the shapes must let pass and must reject, by topic."""
    return _find_folder("shape-examples", beside="tests/shapes")


def turtle_in(folder: Path) -> tuple[str, ...]:
    """The Turtle files of a folder, sorted."""
    return tuple(str(file) for file in sorted(folder.glob("*.ttl")))


def packaged_publication() -> Path:
    """The publication.toml that travels with the package."""
    return _short(_PACKAGE / "publication.toml")


def absolute(path: Path) -> Path:
    """The whole path without `..`; links stay, so that a file is called as the person calls it."""
    return Path(os.path.abspath(path))  # noqa: PTH100 (Path.resolve follows links)


def _short(path: Path) -> Path:
    """The path as a person in the working folder writes it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
