"""What changed since a revision: lines by git, and findings that a change touched or broke."""

import subprocess
from pathlib import Path

import pytest
from report_examples import finding

from sauran.kg.model.errors import UsageError
from sauran.kg.model.findings import Place
from sauran.kg.reports.git_history import Changes, History, changes_since, concerned_by

pytestmark = pytest.mark.needs("git")


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit, tagged `before`."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.ttl").write_text("one\ntwo\nthree\nfour\n", "utf-8")
    (tmp_path / "data/ü b.ttl").write_text("a long line that stays\n" * 9, "utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "tag", "before")
    return tmp_path


def test_changed_lines_are_those_of_the_file_as_it_is_now(repository: Path) -> None:
    file = repository / "data/a.ttl"
    file.write_text("zero\none\nTWO\nthree\n", "utf-8")
    changes = changes_since(History("before"), [file, repository / "data/ü b.ttl"])
    assert changes.lines == {str(file): (range(1, 2), range(3, 4)), str(repository / "data/ü b.ttl"): ()}


def test_new_and_renamed_files_are_known(repository: Path) -> None:
    git(repository, "mv", "data/ü b.ttl", "moved.ttl")
    moved, new = repository / "moved.ttl", repository / "new.ttl"
    moved.write_text("x\n" + moved.read_text("utf-8"), "utf-8")
    new.write_text("x\n", "utf-8")
    git(repository, "add", "moved.ttl")
    changes = changes_since(History("HEAD"), [moved, new])
    assert changes.lines == {str(moved): (range(1, 2),), str(new): None}


def test_a_file_as_it_was_and_a_folder_as_it_was(repository: Path) -> None:
    (repository / "data/a.ttl").write_text("changed", "utf-8")
    (repository / "new.ttl").write_text("new", "utf-8")
    then = History("before").repository(repository / "data/a.ttl")
    assert then.read("data/a.ttl") == b"one\ntwo\nthree\nfour\n"
    assert sorted(then.blobs) == ["data/a.ttl", "data/ü b.ttl"]
    target = repository / "target"
    there = then.export(repository / "data", target)
    assert there == target / "data"
    assert sorted(file.name for file in there.iterdir()) == ["a.ttl", "ü b.ttl"]


@pytest.mark.parametrize("revision", ["nonsense", "--output=x", "", "-h", "HEAD:data"])
def test_a_revision_that_is_none_is_refused(revision: str, repository: Path) -> None:
    with pytest.raises(UsageError) as error:
        changes_since(History(revision), [repository / "data/a.ttl"])
    assert str(error.value).startswith(f"--changed-since: {revision!r} is not a revision of ")
    assert not (repository / "x").exists()


def test_outside_a_repository_the_option_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("", "utf-8")
    with pytest.raises(UsageError) as error:
        changes_since(History("HEAD"), [file])
    assert str(error.value) == (
        f"--changed-since: {file} is not in a git repository. "
        "Leave the option out, or give files of a repository."
    )


def test_without_git_the_option_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(UsageError, match="git is not installed"):
        changes_since(History("HEAD"), [repository / "data/a.ttl"])


def test_nothing_that_a_repository_configures_is_run(repository: Path) -> None:
    mark = repository / "mark"
    for key in ("core.fsmonitor", "diff.external", "diff.evil.textconv", "core.pager"):
        git(repository, "config", key, f"touch {mark};true")
    (repository / ".gitattributes").write_text("*.ttl diff=evil\n", "utf-8")
    (repository / "data/a.ttl").write_text("changed\n", "utf-8")
    changes = changes_since(History("before"), [repository / "data/a.ttl"])
    assert changes.lines[str(repository / "data/a.ttl")] == (range(1, 2),)
    assert not mark.exists()


def test_what_the_change_touched_or_broke_is_kept() -> None:
    changes = Changes({"a.ttl": (range(3, 5),), "b.ttl": (), "c.ttl": None})
    touched = finding("touched", place=Place("a.ttl", 4, 1))
    old = finding("old", place=Place("a.ttl", 5, 1))
    broken = finding("broken", place=Place("b.ttl", 1, 1))
    whole = finding("whole", place=Place("c.ttl", 7, 1))
    nowhere = finding("nowhere", place=None)
    now = [touched, old, broken, whole, nowhere]
    then = [touched, old.at(Place("a.ttl", 2)), whole, nowhere]
    assert concerned_by(changes, now, then) == [touched, broken, whole]
