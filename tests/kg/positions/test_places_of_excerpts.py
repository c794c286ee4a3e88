"""Places that come from reading a part of a file are those that come from reading all of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from sauran.kg.loading.load import load_files
from sauran.kg.model.findings import Finding, Place, Severity
from sauran.kg.model.formats import format_of_suffix
from sauran.kg.positions.places import DataFile, Places

_EX = "http://example.org/"
_ANY = NamedNode("urn:any")

_blank = st.deferred(lambda: st.lists(_pair, max_size=3).map(lambda pairs: f"[ {' ; '.join(pairs)} ]"))
_list = st.deferred(lambda: st.lists(_object, max_size=3).map(lambda items: f"( {' '.join(items)} )"))
_object = st.sampled_from([":a", "1", "2", "[]", "()"]) | _blank | _list
_pair = st.builds(
    lambda p, os: f"{p} {' , '.join(os)}",
    st.sampled_from([":p", ":q"]),
    st.lists(_object, min_size=1, max_size=3),
)
_statement = st.builds(lambda s, p: f"{s} {p} .", st.sampled_from([":s", ":t", ":u"]) | _list | _blank, _pair)


def _place(text: str, folder: Path, finding: Finding) -> Place | None:
    file = folder / "data.ttl"
    file.write_text(text, "utf-8")
    known = format_of_suffix("ttl")
    assert known is not None
    places = Places([DataFile("data.ttl", known, file.read_bytes, _EX)], numbered=True)
    return places.place([finding])[0].place


def _finding(quad: Quad) -> Finding:
    return Finding("r", Severity.VIOLATION, "m", quad.subject, quad.predicate.value, quad.object)


@given(st.lists(_statement, min_size=1, max_size=5))
def test_a_part_gives_the_same_places(
    tmp_path_factory: pytest.TempPathFactory, statements: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("places")
    text = f"@prefix : <{_EX}> .\n" + "\n".join(statements) + "\n"
    (folder / "data.ttl").write_text(text, "utf-8")
    quads = load_files([folder / "data.ttl"], _ANY).quads
    for quad in quads:
        # A label of a blank node, even in a comment, has the whole text read.
        whole = _place(text + "# _:", folder, _finding(quad))
        assert whole is not None
        assert whole.exact
        assert _place(text, folder, _finding(quad)) == whole
