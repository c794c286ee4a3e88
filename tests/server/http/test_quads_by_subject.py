"""The N-Quads of a release, by subject."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from sauran.kg.loading.serialisation import sort_quads
from sauran.kg.model.errors import ReleaseError
from sauran.kg.release.release import Release
from sauran.server.http import quads_by_subject as quad_file
from sauran.server.http.quads_by_subject import QuadFile

NAMES = [
    "http://e/a",
    "http://e/a#b",
    "http://e/a#c",
    "http://e/a1",
    "http://e/a-",
    "http://e/é",
    "http://e/b",
]
PROPERTIES = ["http://a/p", "http://e/p", "http://e/p1", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"]
GRAPHS = ["http://e/g", "http://e/g/derived", "http://e/h"]
ANYTHING = st.builds(
    Quad,
    st.sampled_from([*map(NamedNode, NAMES), BlankNode("c14n1"), BlankNode("c14n10")]),
    st.sampled_from([NamedNode(name) for name in PROPERTIES]),
    st.one_of(
        st.sampled_from([*map(NamedNode, NAMES), BlankNode("c14n1"), BlankNode("c14n10")]),
        st.text(max_size=30).map(Literal),
        st.just(Literal("<http://e/a> . \n <http://e/g>" * 40)),
    ),
    st.sampled_from([NamedNode(graph) for graph in GRAPHS]),
)


def written(folder: Path, quads: list[Quad]) -> QuadFile:
    file = folder / "all.nq"
    file.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    return QuadFile(file)


@given(st.lists(ANYTHING, min_size=1, unique=True), st.sampled_from([16, 200, 16384]))
def test_every_quad_is_found_by_its_subject_whatever_the_marks(
    tmp_path_factory: pytest.TempPathFactory, quads: list[Quad], block: int
) -> None:
    derived = sort_quads(q for q in quads if q.graph_name.value.endswith("derived"))
    ordered = sort_quads(q for q in quads if q not in derived) + derived  # as a release has them
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quad_file, "_BLOCK", block)
        file = written(tmp_path_factory.mktemp("quads"), ordered)
    for name in [*NAMES, "http://e/", "http://e/zzz"]:
        assert file.exactly(name) == [q for q in ordered if q.subject == NamedNode(name)]
        for word in PROPERTIES:
            own = [q for q in ordered if (q.subject, q.predicate) == (NamedNode(name), NamedNode(word))]
            assert file.values(name, word, 1000) == own
            assert file.values(name, word, 2) == own[:2]
        described = {q for q in ordered if q.subject.value == name or q.subject.value.startswith(f"{name}#")}
        while True:
            blank = {q.object for q in described if isinstance(q.object, BlankNode)}
            more = described | {q for q in ordered if q.subject in blank}
            if more == described:
                break
            described = more
        assert set(file.about(name)) == described


def test_lexical_forms_and_datatypes_are_those_of_the_files(briefing: Release) -> None:
    file = QuadFile(briefing.folder / "dumps/all.nq")
    selector = f"{briefing.base}id/source/kazakhstan-security/passage/p21"
    starts = [q.object for q in file.about(selector) if q.predicate.value.endswith("#start")]
    assert starts == [
        Literal("2284", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#nonNegativeInteger"))
    ]


def test_every_subject_of_the_briefing_is_found(briefing: Release) -> None:
    dump = briefing.folder / "dumps/all.nq"
    file = QuadFile(dump)
    by_subject: dict[str, list[Quad]] = {}
    for quad in parse(path=dump, format=RdfFormat.N_QUADS):
        if isinstance(quad.subject, NamedNode):
            by_subject.setdefault(quad.subject.value, []).append(quad)
    assert len(by_subject) > 800
    for subject, quads in by_subject.items():
        assert file.exactly(subject) == quads


@pytest.mark.parametrize("content", [None, b""], ids=["missing", "empty"])
def test_a_dump_that_cannot_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "all.nq"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ReleaseError) as caught:
        QuadFile(file)
    assert str(caught.value) == f"{file}: cannot be read. Build the release again."


@given(st.lists(ANYTHING, min_size=1, unique=True), st.sampled_from([16, 200, 16384]))
def test_the_things_of_a_class_are_found_in_each_graph_and_behind_each_of_them(
    tmp_path_factory: pytest.TempPathFactory, quads: list[Quad], block: int
) -> None:
    ordered = sort_quads(quads)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quad_file, "_BLOCK", block)
        file = written(tmp_path_factory.mktemp("quads"), ordered)
    for graph in [*GRAPHS, "http://e/none"]:
        for kind in NAMES:
            wanted = [
                q.subject.value
                for q in ordered
                if (q.predicate, q.object) == (NamedNode(PROPERTIES[3]), NamedNode(kind))
                and q.graph_name == NamedNode(graph)
                and isinstance(q.subject, NamedNode)
            ]
            assert list(file.instances(kind, graph)) == wanted
            for number, name in enumerate(wanted):
                assert list(file.instances(kind, graph, name)) == wanted[number + 1 :]


def test_a_literal_that_looks_like_a_thing_of_a_class_is_none(tmp_path: Path) -> None:
    kind = NamedNode(PROPERTIES[3])
    text = Literal(
        "http://e/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/a> <http://e/g> .\n"
    )
    quads = [
        Quad(NamedNode("http://e/a"), kind, NamedNode("http://e/a"), NamedNode("http://e/g")),
        Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), text, NamedNode("http://e/g")),
        Quad(NamedNode("http://e/c"), kind, NamedNode("http://e/ab"), NamedNode("http://e/g")),
    ]
    assert list(written(tmp_path, sort_quads(quads)).instances("http://e/a", "http://e/g")) == ["http://e/a"]
