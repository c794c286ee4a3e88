"""The examples of the documentation run, and give what is printed there."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import free_port, sauran
from web_support import start_server

from sauran.kg.loading.content import load_content
from sauran.kg.loading.store import Store
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.publication.package_paths import packaged_publication
from sauran.kg.publication.publication import load_publication
from sauran.kg.release.release import Release

WRITTEN = "http://127.0.0.1:8000/"
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
        if fence.language == "turtle" and "…" not in fence.text:
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
def environment(briefing: Release, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where `sauran` is the command of this checkout, over the release of the briefing."""
    programs = tmp_path_factory.mktemp("programs")
    (programs / "sauran").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sauran "$@"\n', "utf-8")
    (programs / "sauran").chmod(0o755)
    return {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "SAURAN_RELEASES": str(briefing.folder.parent),
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
    pages: dict, environment: dict[str, str], address: str, tmp_path: Path
) -> None:
    seen = 0
    for page in pages.values():
        for fence in page.fences:
            for more in fence.more:
                if more.startswith("file="):
                    (tmp_path / more.removeprefix("file=")).write_text(fence.text, "utf-8")
            if fence.language != "console":
                continue
            todo = list(steps(fence.text))
            # One shell for the block: a command may use what the one before has set.
            script = "\necho @@@@\n".join(command for command, _ in todo)
            done = subprocess.run(
                ["bash", "-c", script.replace(WRITTEN, address)],
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=120,
                check=False,
            )
            outputs = done.stdout.replace(address, WRITTEN).split("@@@@\n")
            for (command, wanted), printed in zip(todo, outputs, strict=True):
                seen += 1
                assert agrees(printed, wanted), f"{page.name}: {command}\nprinted:\n{printed}"
    assert seen > 12


@pytest.mark.slow
def test_the_message_of_the_readme_is_that_of_its_change(pages: dict, checkout: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout / "kg" / "datasets", tmp_path / "kg" / "datasets")
    shutil.copy(checkout / "kg" / "publication.toml", tmp_path / "kg")
    claims = tmp_path / "kg" / CLAIMS
    head, name, tail = claims.read_text("utf-8").partition("claim:c047\n")
    claims.write_text(head + name + tail.replace("  sec:statedIn passage:p21 ;\n", "", 1), "utf-8")
    publication = tmp_path / "kg" / "publication.toml"
    result = sauran("build", "--publication", publication, "--releases", tmp_path / "releases")
    assert result.returncode == 1
    printed = (result.stdout + result.stderr).replace(f"{tmp_path}/", "")
    (block,) = [fence.text for fence in pages["README.md"].fences if fence.language == "text"]
    last = "still serving the last good release\n"
    assert block == printed + last
    assert last.strip() in (checkout / "server/cli/watching.py").read_text("utf-8")
