"""Baselines: what is known is left out, what is new is not."""

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from report_examples import RESULTS, finding

from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Place, Severity
from sauran.kg.reports.baseline import read_baseline, split_by_baseline, write_baseline


def test_what_was_written_is_known_and_one_more_of_its_kind_is_new(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    write_baseline(file, RESULTS.findings)
    moved = [f.at(Place("people.ttl", 700)) if f.focus else f for f in RESULTS.findings]
    new, known = split_by_baseline([*moved, finding()], read_baseline(file))
    assert (new, known) == ([finding()], moved)


def test_the_file_changes_only_when_findings_do(tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    write_baseline(first, [finding(), finding("bob")])
    write_baseline(second, [finding("bob"), finding(place=Place("people.ttl", 90, 2))])
    assert first.read_bytes() == second.read_bytes()
    (entry, _) = json.loads(first.read_text("utf-8"))["findings"]
    assert list(entry) == ["fingerprint", "rule", "severity", "focus", "path", "value", "file"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read: No such file or directory. Make it with --write-baseline."),
        ("{", "is not a baseline: it is not JSON. Make it with --write-baseline."),
        ("\x00", "is not a baseline: it is not JSON. Make it with --write-baseline."),
        ("[" * 100_000, "is not a baseline: it is not JSON. Make it with --write-baseline."),
        ("[]", "is not a baseline of this version. Make it with --write-baseline."),
        (
            '{"version": 1, "findings": [1, {"fingerprint": null}]}',
            "has an entry without fingerprint and severity. Make it with --write-baseline.",
        ),
        (
            '{"version": 2, "findings": []}',
            "is not a baseline of this version. Make it with --write-baseline.",
        ),
    ],
    ids=["missing", "no JSON", "zero", "deep", "list", "entry", "version"],
)
def test_what_is_no_baseline_is_refused(text: str | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(ContentError) as error:
        read_baseline(file)
    assert str(error.value) == f"{file}: {message}"


def test_what_became_worse_is_new(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    write_baseline(file, [finding(severity=Severity.WARNING)])
    known = read_baseline(file)
    assert split_by_baseline([finding(severity=Severity.INFO)], known)[0] == []
    assert split_by_baseline([finding()], known) == ([finding()], [])


def test_names_in_the_file_are_relative(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "data/a.ttl"), 1)
    write_baseline(
        tmp_path / "known.json", [finding(focus=NamedNode(tmp_path.as_uri() + "/a#b"), place=place)], tmp_path
    )
    (entry,) = json.loads((tmp_path / "known.json").read_text("utf-8"))["findings"]
    assert (entry["focus"], entry["file"]) == ("<a#b>", "data/a.ttl")


def test_a_baseline_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be written: Is a directory"):
        write_baseline(tmp_path, [])
