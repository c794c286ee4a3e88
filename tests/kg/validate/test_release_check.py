"""What a build publishes is checked by two engines."""

import pytest
from small_shapes import NAMELESS, PERSON, triples

from sauran.kg.model.errors import EngineError
from sauran.kg.shacl.result import Report
from sauran.kg.validate.release_check import validate_twice


def test_what_is_published_has_two_opinions(monkeypatch: pytest.MonkeyPatch) -> None:
    report = validate_twice(triples(NAMELESS), triples(PERSON), most_for_reference=10)
    assert (len(report.findings), report.conforms, list(report.focus_nodes.values())) == (1, False, [1])
    assert (
        validate_twice(triples(NAMELESS), triples(PERSON), most_for_reference=0).findings == report.findings
    )
    monkeypatch.setattr("sauran.kg.validate.pyshacl_engine.validate", lambda *_, **__: Report((), True, {}))
    with pytest.raises(EngineError, match="differ, so the result could not be decided"):
        validate_twice(triples(NAMELESS), triples(PERSON), most_for_reference=10)
