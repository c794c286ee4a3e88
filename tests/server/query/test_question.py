"""A question told to another process."""

import dataclasses
import json

import pytest
from engine_support import FORMATS
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from sauran.kg.model.findings import Term
from sauran.server.query.question import QueryLimits, Question

IRIS = st.sampled_from(["http://e/a", "urn:x:é", "https://example.org/?q=1#f"])
TERMS = (
    st.builds(NamedNode, IRIS)
    | st.builds(BlankNode, st.from_regex("[a-z][a-z0-9]{0,5}", fullmatch=True))
    | st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"])))
    | st.builds(lambda text: Literal(text, language="kk"), st.text(st.characters(exclude_categories=["Cs"])))
    | st.builds(lambda text: Literal(text, datatype=NamedNode("http://e/type")), st.sampled_from(["", "1"]))
)
QUESTIONS = st.builds(
    Question,
    st.text(),
    st.sampled_from(list(FORMATS.values())),
    st.lists(IRIS).map(tuple),
    st.lists(IRIS).map(tuple),
    st.dictionaries(st.from_regex("[a-z]{1,3}", fullmatch=True), TERMS, max_size=3),
    st.booleans(),
    st.none() | IRIS,
)


@given(asked=QUESTIONS)
def test_a_question_comes_back_as_it_was(asked: Question) -> None:
    assert Question.of_plain(json.loads(json.dumps(asked.as_plain()))) == asked


def test_every_field_is_told() -> None:
    asked = Question("ASK {}", FORMATS["json"])
    assert set(asked.as_plain()) == {field.name for field in dataclasses.fields(Question)}


def test_a_triple_is_no_value_to_bind() -> None:
    term: Term = Triple(NamedNode("http://e/"), NamedNode("http://e/"), NamedNode("http://e/"))
    with pytest.raises(TypeError):
        Question("ASK {}", FORMATS["json"], bindings={"x": term}).as_plain()


def test_a_client_may_ask_for_less_time_only() -> None:
    limits = QueryLimits(timeout_s=5)
    assert limits.within(None) is limits
    assert limits.within(1).timeout_s == 1
    assert limits.within(60).timeout_s == 5
    assert dataclasses.replace(limits.within(1), timeout_s=5) == limits
