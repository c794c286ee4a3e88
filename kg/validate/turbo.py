"""The second opinion: `pyshacl-turbo`, an engine of its own behind pySHACL's interface."""

import importlib.util
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Triple

from sauran.kg.model.errors import ContentError, EngineError, UsageError
from sauran.kg.model.findings import Finding
from sauran.kg.model.triple_index import TripleIndex

__all__ = ["NAME", "VERSION", "is_installed", "validate_with_turbo"]

NAME = "pyshacl-turbo"
VERSION = "0.6.5"
# As in sauran.kg.shacl.
_DEEPEST = 100


def is_installed() -> bool:
    """Whether this engine, which is an extra, is there."""
    return importlib.util.find_spec("pyshacl_turbo") is not None


def _module() -> Any:
    try:
        import pyshacl_turbo  # noqa: PLC0415 (an extra, and slow to import)
    except ImportError as error:
        raise UsageError(
            "engine pyshacl-turbo", "is not installed.", "pip install 'sauran[turbo]'"
        ) from error
    return pyshacl_turbo


def validate_with_turbo(data: Iterable[Triple], shapes: TripleIndex, language: str) -> list[Finding]:
    """Validate by rdflib graphs, which this engine reads without fault; blank nodes keep their labels."""
    from rdflib.graph import Graph  # noqa: PLC0415 (as above)

    from sauran.kg.model.rdflib_terms import add_to_graph  # noqa: PLC0415
    from sauran.kg.validate.pyshacl_engine import findings_of  # noqa: PLC0415
    from sauran.kg.validate.pyshacl_patches import mended, mended_shapes  # noqa: PLC0415

    turbo = _module()
    with mended():
        data_graph = add_to_graph(Graph(bind_namespaces="none"), data)
        shapes_graph = add_to_graph(Graph(bind_namespaces="none"), mended_shapes(shapes))
        try:
            _, results, text = turbo.validate(
                data_graph,
                shacl_graph=shapes_graph,
                max_validation_depth=_DEEPEST,
                _normalize_report_literals=False,
            )
        except ValueError as error:
            raise ContentError("shapes", f"{error}.", "Mend the shape.") from error
        except (turbo.ReportableRuntimeError, RuntimeError, NotImplementedError) as error:
            raise EngineError(NAME, f"gave no verdict: {error}") from error
        if not isinstance(results, Graph):
            raise EngineError(NAME, f"gave no verdict: {text}")
        return findings_of(results, shapes, language)
