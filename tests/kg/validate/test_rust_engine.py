"""The fast engine parses texts itself: its blank nodes are those of our own parser."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validation_support import EX, Folder

from sauran.kg.validate.input_files import find_inputs
from sauran.kg.validate.input_graphs import Data
from sauran.kg.validate.job import Job, Limits
from sauran.kg.validate.job_runner import check

# Every object of ex:p and ex:q is a result, with its subject.
_SHAPES = """
ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p , ex:q ;
  sh:property [ sh:path ex:p ; sh:in ( ex:nothing ( "x" ) ) ] , [ sh:path ex:q ; sh:in ( ex:nothing ) ] .
"""
_blank = st.deferred(lambda: st.lists(_pair, max_size=3).map(lambda pairs: f"[ {' ; '.join(pairs)} ]"))
_list = st.deferred(lambda: st.lists(_object, max_size=3).map(lambda items: f"( {' '.join(items)} )"))
_object = st.sampled_from(["ex:a", "1", "_:x", "_:y", "[]", "()"]) | _blank | _list
_pair = st.builds(
    lambda p, os: f"{p} {' , '.join(os)}",
    st.sampled_from(["ex:p", "ex:q"]),
    st.lists(_object, min_size=1, max_size=3),
)
_subject = st.sampled_from(["ex:s", "_:x", "_:z"]) | _list | _blank
_statement = st.builds(lambda s, p: f"{s} {p} .", _subject, _pair)
_turtle = st.lists(_statement, min_size=1, max_size=4).map("\n".join)


def _pairs_of_engine(job: Job) -> set[tuple[str, str]]:
    report = check(replace(job, engine="shacl")).report
    assert report is not None
    return {(str(f.focus), str(f.value)) for f in report.findings}


def _pairs_of_parser(job: Job) -> set[tuple[str, str]]:
    data = Data(find_inputs(job.data)[0], Limits())
    wanted = (f"{EX}p", f"{EX}q")
    return {(str(t.subject), str(t.object)) for t in data.triples() if t.predicate.value in wanted}


def _parsed_at_once(job: Job) -> bool:
    return Data(find_inputs(job.data)[0], Limits()).as_one_text() is not None


@given(turtle=_turtle)
def test_blank_nodes_of_a_text_have_our_labels(tmp_path_factory: pytest.TempPathFactory, turtle: str) -> None:
    job = Folder(tmp_path_factory.mktemp("native")).job(turtle, _SHAPES)
    assert _parsed_at_once(job)
    assert _pairs_of_engine(job) == _pairs_of_parser(job)


@given(turtles=st.lists(_statement, min_size=2, max_size=3))
def test_blank_nodes_of_several_files_have_our_labels(
    tmp_path_factory: pytest.TempPathFactory, turtles: list[str]
) -> None:
    folder = Folder(tmp_path_factory.mktemp("native"))
    files = tuple(folder.write(f"{n}.ttl", turtle) for n, turtle in enumerate(turtles))
    job = replace(folder.job("", _SHAPES), data=files)
    assert _parsed_at_once(job) == (sum("_:" in turtle for turtle in turtles) < 2)
    assert _pairs_of_engine(job) == _pairs_of_parser(job)


def test_each_file_keeps_its_base_and_its_prefixes(folder: Folder) -> None:
    for name, end in (("a", "# no line end"), ("b", "")):
        text = f"<#x> ex:p 1 .\n@prefix o: <http://o.example/{name}/> . o:x ex:p 2 . {end}"
        folder.write(f"{name}.ttl", text)
    (folder.path / "c.nt").write_text(f"<http://o.example/c/x> <{EX}p> _:b .", "utf-8")
    files = tuple(str(folder.path / name) for name in ("a.ttl", "b.ttl", "c.nt"))
    job = replace(folder.job("", _SHAPES), data=files)
    assert _parsed_at_once(job)
    found = _pairs_of_engine(job)
    assert found == _pairs_of_parser(job)
    assert {focus for focus, _ in found} == {
        *(f"<{Path(file).as_uri()}#x>" for file in files[:2]),
        *(f"<http://o.example/{name}/x>" for name in "abc"),
    }


def test_a_prefix_of_another_file_does_not_count(folder: Folder) -> None:
    first = folder.write("a.ttl", "@prefix o: <http://o.example/> . o:x ex:p 1 .")
    (folder.path / "b.ttl").write_text("o:y o:p 2 .", "utf-8")
    verdict = check(replace(folder.job("", _SHAPES), data=(first, str(folder.path / "b.ttl"))))
    assert [fault.place and Path(fault.place.file).name for fault in verdict.faults] == ["b.ttl"]


def test_a_large_file_with_blank_nodes_has_a_verdict(folder: Folder) -> None:
    """The engine reads a file above 1 MiB in parts, and names its blank nodes otherwise then."""
    filler = "".join(f'ex:f{n} ex:o "filler number {n}" , [ ex:o {n} ] .\n' for n in range(30_000))
    job = folder.job(f"ex:a ex:p [ ex:o 1 ] .\n{filler}ex:b ex:q [ ex:p [] ] .", _SHAPES)
    assert Path(job.data[0]).stat().st_size > 1 << 20
    found = _pairs_of_engine(job)
    assert found == _pairs_of_parser(job)
    assert len(found) == 3
