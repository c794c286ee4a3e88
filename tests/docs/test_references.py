"""What the documentation names is there: links, files, targets of make, commands and their options."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest

from sauran.server.cli.main import main

assert isinstance(main, click.Group)
_CONTEXT = click.Context(main)
COMMANDS = {name: main.get_command(_CONTEXT, name) for name in main.list_commands(_CONTEXT)}
LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
SUFFIXES = (".lock", ".md", ".py", ".rq", ".toml", ".ttl", ".tsv")
# Files that the commands of examples make; those that a page shows are marked there with file=.
MADE = {"broken.ttl", "other.ttl", "sauran.toml"}
KINDS = {
    "Tutorials": ("docs/tutorials/",),
    "How-to guides": ("docs/how-to/",),
    "Reference": ("docs/reference/",),
    "Explanation": ("docs/explanation/", "docs/decisions/"),
}
# Options of programs that are not ours.
FOREIGN = {"--check", "--create-dirs", "--data-urlencode", "--ignore-missing"}


def anchors(page: str) -> set[str]:
    """The anchors of headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_links_lead_somewhere(pages: dict) -> None:
    broken, seen = [], 0
    for page in pages.values():
        for path, anchor in LINK.findall(page.prose):
            seen += 1
            target = (page.path.parent / path).resolve() if path else page.path
            if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
                broken.append(f"{page.name}: ({path}#{anchor})")
    assert seen > 30
    assert broken == []


def missing_files(spans: Iterable[str], checkout: Path) -> tuple[list[str], int]:
    """The spans that name a file or folder of the checkout that is not there; and how many name one."""
    rooms = {entry.name for entry in checkout.iterdir()}
    here = {
        file.name
        for folder in ("kg", "server", "ontology", "shapes", "tests", "docs")
        for file in (checkout / folder).rglob("*.*")
        if not {"node_modules", ".environments"} & set(file.parts)
    }
    missing, seen = [], 0
    for span in spans:
        if not re.fullmatch(r"[\w.\-/]+", span) or span in MADE:
            continue
        if "/" in span and span.split("/")[0] in rooms and not span.startswith("releases"):
            seen += 1
            missing += [] if (checkout / span).exists() else [span]
        elif "/" not in span and span.endswith(SUFFIXES):
            seen += span not in SUFFIXES
            missing += [] if span in SUFFIXES or span in here | rooms else [span]
    return missing, seen


def test_files_that_are_named_are_there(pages: dict, checkout: Path) -> None:
    marks = [more for page in pages.values() for fence in page.fences for more in fence.more]
    shown = {Path(mark.removeprefix("file=")).name for mark in marks if mark.startswith("file=")}
    spans = [span for page in pages.values() for span in page.spans if span not in shown]
    missing, seen = missing_files(spans, checkout)
    assert seen > 80
    assert missing == []


def test_a_file_that_is_not_there_is_noticed(checkout: Path) -> None:
    assert missing_files(["kg/nothing.py", "nothing.toml", "README.md", "kg/"], checkout) == (
        ["kg/nothing.py", "nothing.toml"],
        4,
    )


def missing_in_row(row: str, checkout: Path) -> list[str]:
    """What a row of "I want to" names and is not there; a row must name a path to edit and a test."""
    _, edit, test = row.strip("| ").split(" | ")
    named = re.findall(r"`([\w.-]+\.[a-z]+|[^\s`]*/[^\s`]*)`", f"{edit} {test}")
    tested = test == "itself" or "`tests/" in test or "`sauran " in test
    return [
        *(path for path in named if not (checkout / path).exists()),
        *([] if any(f"`{path}`" in edit for path in named) else ["a path to edit"]),
        *([] if tested else ["a test"]),
    ]


def test_what_a_contributor_wants_to_do_names_paths_that_are_there(pages: dict, checkout: Path) -> None:
    rows = pages["CONTRIBUTING.md"].row("…").splitlines()
    assert len(rows) > 25
    assert {row: missing for row in rows if (missing := missing_in_row(row, checkout))} == {}


def test_a_row_that_leads_nowhere_is_noticed(checkout: Path) -> None:
    assert missing_in_row("| add | `kgg/model/`, `actoin.yml` | `tests/nothing.py` |", checkout) == [
        "kgg/model/",
        "actoin.yml",
        "tests/nothing.py",
    ]
    assert missing_in_row("| add | the code | see there |", checkout) == ["a path to edit", "a test"]
    assert missing_in_row("| add | `kg/`, then `make docs` | `tests/kg/` |", checkout) == []


def test_targets_of_make_are_there(pages: dict, checkout: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (checkout / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = [
        target
        for page in pages.values()
        for code in page.code
        for target in re.findall(r"^(?:\$ )?make ([a-z-]+)", code)
    ]
    assert len(named) > 15
    assert set(named) - targets == set()
    readme = pages["README.md"]
    told = {target for code in readme.code for target in re.findall(r"^make ([a-z-]+)", code)}
    assert targets - {"help"} - told == set(), "README.md does not tell of these targets"


def test_paths_that_make_names_are_there(checkout: Path) -> None:
    named = re.findall(r"\btests/[\w./-]+", (checkout / "Makefile").read_text("utf-8"))
    assert len(named) > 4
    assert [path for path in named if not (checkout / path).exists()] == []


def calls(code: str) -> Iterator[tuple[str, list[str]]]:
    """The calls of `sauran` in a piece of code: command and options."""
    for command, rest in re.findall(r"(?:^|\$ )sauran ([a-z]+)([^;|]*)", code):
        yield command, re.findall(r"(?<!\S)(--[a-z-]+)", rest)


def wrong_calls(codes: Iterable[str]) -> tuple[list[str], int]:
    """The commands and options that do not exist; and how many calls there are."""
    wrong, seen = [], 0
    for code in codes:
        for name, options in calls(code):
            seen += 1
            command = COMMANDS.get(name)
            known = (
                {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
                if command
                else set()
            )
            wrong += [f"{name} {option}" for option in options if option not in known | {"--help"}]
            wrong += [] if command else [name]
    return wrong, seen


def test_commands_and_options_are_there(pages: dict) -> None:
    wrong, seen = wrong_calls(code for page in pages.values() for code in page.code)
    assert seen > 25
    assert wrong == []


def test_a_command_or_option_that_is_not_there_is_noticed() -> None:
    assert wrong_calls(["sauran bild", "$ sauran build --releese --json"]) == (["bild", "build --releese"], 2)


def test_options_that_stand_alone_are_of_some_command(pages: dict) -> None:
    every = (p for command in COMMANDS.values() if command for p in command.params)
    known = {option for p in every for option in (*p.opts, *p.secondary_opts)}
    named = {span.split()[0] for page in pages.values() for span in page.spans if span.startswith("--")}
    assert len(named) > 4
    assert named - known - {"--help"} == set()


@pytest.mark.parametrize("name", ["build", "evidence", "query", "serve", "validate"])
def test_every_command_is_in_the_table_of_the_readme(name: str, pages: dict) -> None:
    assert f"| `sauran {name}` |" in pages["README.md"].row("command")
    assert name in COMMANDS
    assert len(COMMANDS) == pages["README.md"].row("command").count("\n")


def test_every_page_is_in_the_index_under_its_kind(pages: dict) -> None:
    """A page is of one kind, that of its folder; decisions explain."""
    index, seen = pages["docs/README.md"], 0
    for section in re.split(r"^## ", index.prose, flags=re.MULTILINE)[1:]:
        folders = KINDS[section.partition("\n")[0]]
        linked = {path for path, _ in LINK.findall(section) if not path.startswith("..")}
        there = {name.removeprefix("docs/") for name in pages if name.startswith(folders)}
        assert linked == there
        seen += len(there)
    assert seen == sum(name.startswith("docs/") for name in pages) - 1


def test_pages_name_no_machine(pages: dict) -> None:
    for page in pages.values():
        assert not re.search(r"(?<![\w./])/(work|home|root|tmp|Users)/", page.text), page.name
