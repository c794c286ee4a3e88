"""Sauran: knowledge as linked data, checked with SHACL, released and served.

What `__all__` lists is the public interface: `validate` files against shapes, `write_report` of the findings,
`build` a publication, `open_release` and query it. All else may change between versions. Importing `sauran`
loads none of it; each name is loaded when it is first used.

>>> from sauran import build, open_release, validate
>>> validate("shop.ttl", "shop-shapes.ttl").conforms
False
>>> build("harbour", "releases").release == open_release("releases")
True
"""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

# The wheel holds sauran/kg and sauran/server; in a checkout both stand beside this folder.
if not Path(__file__).with_name("kg").is_dir():
    __path__.append(str(Path(__file__).parents[1]))

__all__ = [
    "Answer",
    "BuildOptions",
    "BuildResult",
    "ContentError",
    "EngineError",
    "Evidence",
    "Finding",
    "Limits",
    "Place",
    "PublicationError",
    "QueryError",
    "Release",
    "ReleaseError",
    "ReleaseFile",
    "Results",
    "SauranError",
    "Severity",
    "UsageError",
    "build",
    "open_release",
    "validate",
    "write_report",
]

# Type checkers read the imports, programs the table below (PEP 562); a test compares the two.
if TYPE_CHECKING:
    from sauran.kg.loading.dumps import ReleaseFile
    from sauran.kg.loading.store import Answer
    from sauran.kg.model.errors import (
        ContentError,
        EngineError,
        PublicationError,
        QueryError,
        ReleaseError,
        SauranError,
        UsageError,
    )
    from sauran.kg.model.findings import Finding, Place, Severity
    from sauran.kg.profiles.briefing.evidence import Evidence
    from sauran.kg.release.build import BuildOptions, BuildResult, build
    from sauran.kg.release.release import Release, open_release
    from sauran.kg.reports import Results, write_report
    from sauran.kg.validate.files import validate
    from sauran.kg.validate.job import Limits
else:
    _NAMES = {
        "sauran.kg.loading.dumps": ("ReleaseFile",),
        "sauran.kg.loading.store": ("Answer",),
        "sauran.kg.model.errors": (
            "ContentError",
            "EngineError",
            "PublicationError",
            "QueryError",
            "ReleaseError",
            "SauranError",
            "UsageError",
        ),
        "sauran.kg.model.findings": ("Finding", "Place", "Severity"),
        "sauran.kg.profiles.briefing.evidence": ("Evidence",),
        "sauran.kg.release.build": ("BuildOptions", "BuildResult", "build"),
        "sauran.kg.release.release": ("Release", "open_release"),
        "sauran.kg.reports": ("Results", "write_report"),
        "sauran.kg.validate.files": ("validate",),
        "sauran.kg.validate.job": ("Limits",),
    }
    _MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}

    def __getattr__(name: str) -> object:
        """Load a public name, and keep it."""
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(importlib.import_module(_MODULE_OF[name]), name)
        return found

    def __dir__() -> list[str]:
        """All names, also those that are not loaded yet."""
        return sorted({*globals(), *__all__})
