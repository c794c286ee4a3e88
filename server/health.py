"""/health: whether this server answers, and from which release."""

from flask import Blueprint

from kg.formats import RESULT_FORMATS
from server.current import edition
from server.engine.question import Question
from server.executor import run

__all__ = ["health"]

health = Blueprint("health", __name__)
_ANYTHING = Question("ASK { GRAPH ?graph { ?subject ?predicate ?object } }", RESULT_FORMATS[0])


@health.get("/health")
def state() -> dict[str, object]:
    """The state, as JSON; the store is asked, not only the process."""
    now = edition()
    run(now, _ANYTHING)
    return {"status": "ok", "release": now.release.version, "triples": sum(now.graphs.values())}
