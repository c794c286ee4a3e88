"""The examples of the documentation run, and give what is printed there."""

import collections
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import free_port, wait_for
from web_support import start_server

from sauran.kg.loading.content import load_content
from sauran.kg.loading.store import Store
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.publication.package_paths import packaged_publication
from sauran.kg.publication.publication import load_publication
from sauran.kg.release.release import Release

WRITTEN = "http://127.0.0.1:8000/"
TUTORIAL = "docs/tutorials/first-change.md"
CLAIM = "\nclaim:c047\n"
AFTER_EVIDENCE = "  dcterms:isPartOf source:kazakhstan-security ;\n"
CLAIMS = Path("datasets/kazakhstan/claims/threats-internal.ttl")


@pytest.fixture(scope="module")
def store() -> Store:
    """The graphs of the briefing, as a release has them."""
    content = load_content(load_publication(packaged_publication()), derive)
    derived = [quad for quads in content.derived.values() for quad in quads]
    return Store.of_quads([*content.asserted, *derived])


def test_queries_give_rows(pages: dict, store: Store) -> None:
    """A query that is meant to find nothing says so: ```sparql empty."""
    seen = 0
    for page in pages.values():
        for fence in page.fences:
            if fence.language == "sparql":
                seen += 1
                rows = len(list(store.query(fence.text).rows()))
                assert (rows == 0) == ("empty" in fence.more), f"{page.name}: {rows} rows\n{fence.text}"
    assert seen > 4


def test_turtle_is_that_of_the_content(pages: dict, checkout: Path) -> None:
    content = "\n".join(file.read_text("utf-8") for file in (checkout / "kg/datasets").rglob("*.ttl"))
    seen = 0
    for fence in pages["docs/how-to/write-content.md"].fences:
        if fence.language == "turtle" and "…" not in fence.text and not fence.more:
            for block in fence.text.split("\n\n"):
                seen += 1
                assert block.strip() in content
    assert seen > 3


def test_numbers_of_the_readme_are_those_of_the_content(pages: dict, store: Store, checkout: Path) -> None:
    for kind, word in (("Claim", "claims of one article"), ("CuratorNote", "notes")):
        query = f"SELECT ?s WHERE {{ ?s a <https://w3id.org/sauran/ontology#{kind}> }}"
        assert f"{len(list(store.query(query).rows()))} {word}" in pages["README.md"].text
    queries = list((checkout / "kg/datasets/kazakhstan/queries").glob("*.rq"))
    assert f"`--list` shows {len(queries)} questions" in pages["README.md"].text


def test_the_verdicts_that_block_are_named(pages: dict, store: Store) -> None:
    query = "SELECT ?v WHERE { ?v <https://w3id.org/sauran/ontology#blocksDerivation> true } ORDER BY ?v"
    slugs = [str(row[0]).rstrip(">").rsplit("/", 1)[1] for row in store.query(query).rows()]
    sentence = (
        pages["docs/explanation/model.md"]
        .text.partition("verdicts block derivation today, ")[2]
        .partition(":")[0]
    )
    assert sorted(re.findall(r"`([\w-]+)`", sentence)) == sorted(slugs)


def steps(block: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with what it prints; a command goes on in indented lines."""
    command, printed = "", [""]
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, "\n".join(printed)
            command, printed = line[2:], []
        elif line.startswith("    ") and not printed:
            command += "\n" + line
        else:
            printed.append(line)
    yield command, "\n".join(printed)


def agrees(printed: str, wanted: str) -> bool:
    """Whether a program printed what is written, where … stands for anything."""
    pattern = ".*".join(re.escape(part) for part in wanted.strip().split("…"))
    return re.fullmatch(pattern, printed.replace("\r\n", "\n").strip(), re.DOTALL) is not None


def test_an_ellipsis_stands_for_anything_and_other_text_for_itself() -> None:
    assert agrees("built 1.0.0-dev.0a\n", "built 1.0.0-dev.…")
    assert not agrees("built 1.0.0", "built 1.0.1")
    assert list(steps("$ a '\n    b'\nc\n    d\n$ e\n")) == [("a '\n    b'", "c\n    d"), ("e", "")]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where `sauran` is the command of this checkout."""
    programs = tmp_path_factory.mktemp("programs")
    (programs / "sauran").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sauran "$@"\n', "utf-8")
    (programs / "sauran").chmod(0o755)
    return {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "LC_ALL": "C.UTF-8",
        "HOME": os.environ.get("HOME", "/"),
    }


@pytest.fixture(scope="module")
def address(briefing: Release) -> Iterator[str]:
    """The address of a server over the release of the briefing."""
    port = free_port()
    process = start_server(briefing.folder.parent, port)
    yield f"http://127.0.0.1:{port}/"
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    assert process.stderr is not None
    process.stderr.close()


@pytest.mark.slow
@pytest.mark.needs("curl")
def test_commands_print_what_is_written(
    pages: dict, environment: dict[str, str], address: str, briefing: Release, tmp_path: Path
) -> None:
    (tmp_path / "releases").symlink_to(briefing.folder.parent)
    todo = [(page, fence) for page in pages.values() for fence in page.fences if page.name != TUTORIAL]
    # Files first: a page may use those of another one.
    for _, fence in todo:
        for more in fence.more:
            if more.startswith("file="):
                file = tmp_path / more.removeprefix("file=")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(fence.text, "utf-8")
    seen = sum(
        run_block(fence.text, page.name, environment, address, tmp_path)
        for page, fence in todo
        if fence.language == "console"
    )
    assert seen > 50


def run_block(text: str, name: str, environment: dict[str, str], address: str, folder: Path) -> int:
    """Run the commands of a console block, compare what they print, and give their number."""
    todo = list(steps(text))
    # One shell for the block: a command may use what the one before has set.
    script = "\necho @@@@\n".join(command for command, _ in todo)
    done = subprocess.run(
        ["bash", "-c", script.replace(WRITTEN, address)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    outputs = done.stdout.replace(address, WRITTEN).split("@@@@\n")
    for (command, wanted), printed in zip(todo, outputs, strict=True):
        assert agrees(printed, wanted), f"{name}: {command}\nprinted:\n{printed}"
    return len(todo)


def edit(change: str, file: Path) -> None:
    """Change the claim as a block of diff says: a line is replaced, goes, or comes back."""
    gone = "".join(line[1:] + "\n" for line in change.splitlines() if line.startswith("-"))
    new = "".join(line[1:] + "\n" for line in change.splitlines() if line.startswith("+"))
    head, name, block = file.read_text("utf-8").partition(CLAIM)
    old = gone or AFTER_EVIDENCE
    assert old in block, change
    file.write_text(head + name + block.replace(old, new if gone else new + old, 1), "utf-8")


def health(address: str) -> str:
    """What a server says of itself."""
    with urllib.request.urlopen(f"{address}health", timeout=10) as answer:
        return str(answer.read().decode())


@contextlib.contextmanager
def watched(folder: Path, environment: dict[str, str]) -> Iterator[tuple[str, Path]]:
    """`sauran serve --watch` in a folder: its address, and the file with what it says."""
    port, talk = free_port(), folder / "talk.txt"
    with talk.open("w") as file:
        command = [sys.executable, "-m", "sauran", "serve", "--watch", "--port", str(port)]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=file, text=True
        )
        try:
            wait_for(lambda: "Serving Sauran" in talk.read_text("utf-8"), seconds=120)
            yield f"http://127.0.0.1:{port}/", talk
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.mark.slow
@pytest.mark.needs("curl")
def test_the_steps_of_the_tutorial_go_as_it_says(
    pages: dict, environment: dict[str, str], briefing: Release, checkout: Path, tmp_path: Path
) -> None:
    """In a copy of the content: run the commands, make the changes, wait for the messages."""
    shutil.copytree(checkout / "kg" / "datasets", tmp_path / "kg" / "datasets")
    publication = shutil.copy(checkout / "kg" / "publication.toml", tmp_path / "kg")
    releases = tmp_path / "releases"
    shutil.copytree(briefing.folder.parent, releases, symlinks=True)
    here = environment | {"SAURAN_PUBLICATION": str(publication), "SAURAN_RELEASES": str(releases)}
    assert f"`kg/{CLAIMS}`" in pages[TUTORIAL].text
    seen = collections.Counter(fence.language for fence in pages[TUTORIAL].fences)
    assert (seen["console"], seen["diff"], seen["text"]) == (4, 3, 2)
    (message,) = [fence.text for fence in pages["README.md"].fences if fence.language == "text"]
    assert message in pages[TUTORIAL].text

    with watched(tmp_path, here) as (address, talk):
        said, start = lambda: talk.read_text("utf-8").replace(f"{tmp_path}/", "")[start:], 0
        for fence in pages[TUTORIAL].fences:
            if fence.language == "console":
                run_block(fence.text, TUTORIAL, here, address, tmp_path)
            elif fence.language == "diff":
                start = len(talk.read_text("utf-8").replace(f"{tmp_path}/", ""))
                edit(fence.text, tmp_path / "kg" / CLAIMS)
            elif fence.language == "text":
                expected = fence.text.strip() + "…"
                wait_for(lambda: agrees(said(), expected), seconds=240)  # noqa: B023 (called at once)
                wait_for(lambda: (releases / "current").resolve().name in health(address), seconds=60)
        wait_for(lambda: "unchanged 1.0.0-dev." in said(), seconds=120)
