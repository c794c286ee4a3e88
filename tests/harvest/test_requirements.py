"""What the environments are made from: every program is named everywhere, every package is fixed by hash."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements"
NAMES = sorted(file.stem for file in REQUIREMENTS.glob("*.in"))


def test_every_program_is_installed_driven_and_told_of(pages_of_programs: str) -> None:
    install = (HERE / "install").read_text("utf-8")
    (named,) = re.findall(r"^  set -- (.+)$", install, re.MULTILINE)
    programs = [name for name in NAMES if name != "build"]
    assert len(programs) >= 6
    assert named.split() == programs
    assert [file.stem for file in sorted((HERE / "drivers").glob("*.py"))] == [
        f"read_with_{name}" for name in programs
    ]
    assert [name for name in programs if name not in pages_of_programs.lower()] == []


@pytest.fixture
def pages_of_programs(checkout: Path) -> str:
    """The table of programs in the documentation."""
    return (checkout / "docs/reference/clients.md").read_text("utf-8").partition("## Portals")[2]


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_locked_by_hash_and_by_no_address(name: str) -> None:
    lock = (REQUIREMENTS / f"{name}.lock").read_text("utf-8")
    packages = re.findall(r"^(?=[\w-])(?:[^\n]*\\\n)*[^\n]*$", lock, re.MULTILINE)
    assert packages
    assert [text for text in packages if not re.match(r"[\w.-]+==\S+", text)] == []
    assert [text for text in packages if "--hash=sha256:" not in text] == []
    assert not re.search(r"https?://|file:|--(extra-)?index|--find-links", lock)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wanted_is_what_is_locked(name: str) -> None:
    lock = (REQUIREMENTS / f"{name}.lock").read_text("utf-8")
    wanted = [
        line for line in (REQUIREMENTS / f"{name}.in").read_text("utf-8").splitlines() if line[:1] not in "#"
    ]
    assert wanted
    for line in wanted:
        package, _, version = re.sub(r"\[.*\]", "", line).partition("==")
        assert re.search(rf"^{package}=={re.escape(version)}", lock, re.MULTILINE), line
