"""Documentation, help texts and the strings of the code avoid dialect; one table names the usual words."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sauran.server.cli.main import main
from sauran.server.http.settings import SETTINGS

# Each banned phrase, and what to write instead.
BANNED = {
    r"mend(s|ed|ing)?": "fix",
    r"who(so)?ever": "anyone who; or name the actor",
    r"worn( out)?": "used up, or say what is used up",
    r"(?<!there )(is|are|was|were) no (?!longer\b|more\b|less\b|fewer\b|later\b)[a-z]+": "is not a",
    r"so many": "this number of, or at most N",
    r"what there is": "the available items",
    r"walls": "sandbox",
    r"no verdict": "could not be decided",
    r"to the letter": "exactly, byte for byte",
    r"hearsay": "not trusted",
    r"of late": "recently",
    r"told to nobody": "not published, not sent",
    r"talk to standard error": "messages to standard error",
    r"builds? it anew": "build it again",
}
# Packages whose strings, docstrings and comments are checked.
PACKAGES = (
    *(
        f"kg/{name}"
        for name in (
            "describe",
            "loading",
            "model",
            "positions",
            "processes",
            "profiles",
            "publication",
            "release",
            "reports",
            "search",
            "shacl",
            "sparql",
            "validate",
        )
    ),
    "server/api",
    "server/cli",
    "server/http",
    "server/profiles",
    "server/query",
    # Of server/site without the modules whose page texts are translated: they follow with the translations.
    "server/site/pages",
    "server/site/resource",
    "server/site/search",
    "server/site/sparql",
    "server/site/visual",
)
# Texts outside of packages that people read: settings of the build, help of make, the action, comments.
FILES = ("Makefile", "action.yml", "hatch_build.py", "pyproject.toml")
_PATTERNS = {re.compile(rf"\b{banned}\b", re.IGNORECASE): better for banned, better in BANNED.items()}
# Names in code are not words for readers.
_IDENTIFIERS = re.compile(r"`[^`\n]*`|\w+_\w+")


def dialect(text: str) -> list[str]:
    """Each banned phrase in a text, with its context and what to write instead."""
    plain = " ".join(_IDENTIFIERS.sub("_", text).split())
    return [
        f"…{plain[max(0, hit.start() - 30) : hit.end() + 20]}…: write {better}"
        for pattern, better in _PATTERNS.items()
        for hit in pattern.finditer(plain)
    ]


def prose(page: str) -> str:
    """A page without code and without the rows that are generated from messages of shapes."""
    page = re.sub(r"^```\S.*\n(?:.*\n)*?```$", "", page, flags=re.MULTILINE)
    return re.sub(r"^\| `[\w-]+` \| `\w+\.ttl` \|.*$", "", page, flags=re.MULTILINE)


def texts_of_code(source: str) -> Iterator[tuple[int, str]]:
    """Strings, docstrings and comments of a module, each with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def help_texts(command: click.Command) -> Iterator[str]:
    """Help and epilogue of a command, of its options and of the commands below it."""
    yield from (text for text in (command.help, command.short_help, command.epilog) if text)
    yield from (one.help for one in command.params if isinstance(one, click.Option) and one.help)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from help_texts(below)


@pytest.mark.parametrize(
    "sentence",
    [
        "Mend the prefix.",
        "Two errors were mended.",
        "This is for whoever asks first.",
        "A process that is worn is replaced.",
        "A claim is no fact.",
        "Older versions are\nno datasets.",
        "Above so many quads it is stored on disk.",
        "The answer lists what there is.",
        "The child raises its walls.",
        "There is no verdict.",
        "Results go to standard output, talk to standard error.",
        "It must be equal, to the letter.",
    ],
)
def test_dialect_is_noticed(sentence: str) -> None:
    assert dialect(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "There is no index yet.",
        "It is no longer served.",
        "Amend the recommended wall-clock limit; `mend_query` is a name.",
        "Fix the prefix.",
    ],
)
def test_plain_sentences_pass(sentence: str) -> None:
    assert dialect(sentence) == []


def test_pages_are_in_plain_english(checkout: Path) -> None:
    roots = [checkout / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    files = [*roots, *sorted((checkout / "docs").rglob("*.md"))]
    found = [
        f"{file.relative_to(checkout)}: {hit}"
        for file in files
        for hit in dialect(prose(file.read_text("utf-8")))
    ]
    assert len(files) > 20
    assert sum(len(prose(file.read_text("utf-8"))) for file in files) > 50_000
    assert found == []


def test_help_texts_are_in_plain_english() -> None:
    texts = [*help_texts(main), *(setting.help for setting in SETTINGS)]
    assert len(texts) > 60
    assert [hit for text in texts for hit in dialect(text)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_code_is_in_plain_english(package: str, checkout: Path) -> None:
    seen, found = 0, []
    for file in sorted((checkout / package).rglob("*.py")):
        for line, text in texts_of_code(file.read_text("utf-8")):
            seen += 1
            found += [f"{file.relative_to(checkout)}:{line}: {hit}" for hit in dialect(text)]
    assert seen > 40
    assert found == []


@pytest.mark.parametrize("name", FILES)
def test_files_beside_the_code_are_in_plain_english(name: str, checkout: Path) -> None:
    text = (checkout / name).read_text("utf-8")
    assert len(text) > 1000
    assert dialect(text) == []


def test_comments_of_templates_are_in_plain_english(checkout: Path) -> None:
    comments = [
        (file.name, comment)
        for file in sorted((checkout / "server/templates").rglob("*.*"))
        for comment in re.findall(r"\{#(.*?)#\}", file.read_text("utf-8"), re.DOTALL)
    ]
    assert len(comments) > 5
    assert [(name, hit) for name, comment in comments for hit in dialect(comment)] == []
