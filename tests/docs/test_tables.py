"""The tables of the documentation say what the code says: modules, settings, rules, dependencies."""

import ast
import re
import tomllib
from pathlib import Path

from pyoxigraph import Literal, NamedNode
from shape_examples import name_of, shapes

from sauran.kg.model.namespaces import SH
from sauran.server.http.settings import settings_table, with_settings_table


def differences(table: str, wanted: list[str]) -> str:
    """What to remove from a table and what to add, so that it has exactly the wanted rows in their order."""
    rows = table.splitlines()
    assert len(wanted) > 3
    if rows == wanted:
        return ""
    gone = [f"remove: {row}" for row in rows if row not in wanted]
    new = [f"add:    {row}" for row in wanted if row not in rows]
    return "\n".join(["fix the table:", *gone, *new] if gone or new else ["order its rows so:", *wanted])


def test_differences_of_a_table_are_named() -> None:
    assert differences("| a |\n| b |\n", ["| a |", "| c |", "| d |", "| e |"]).splitlines() == [
        "fix the table:",
        "remove: | b |",
        "add:    | c |",
        "add:    | d |",
        "add:    | e |",
    ]


def test_the_table_of_settings_is_the_generated_one(pages: dict) -> None:
    text = pages["docs/how-to/run-a-server.md"].text
    assert settings_table() in with_settings_table(text)
    assert text == with_settings_table(text), "docs/how-to/run-a-server.md is out of date. Run: make docs"


def rule_rows(checkout: Path) -> list[str]:
    home = {
        slug: file.name
        for file in sorted((checkout / "shapes").glob("*.ttl"))
        for slug in re.findall(r"^shapes:([\w-]+)$", file.read_text("utf-8"), re.MULTILINE)
    }
    rows = []
    for slug, shape in sorted(shapes().rules.items(), key=lambda pair: (home[pair[0]], pair[0])):
        (severity,) = shapes().values(shape, SH.severity)
        assert isinstance(severity, NamedNode)
        texts = shapes().values(shape, SH.message)
        (text,) = [t.value for t in texts if isinstance(t, Literal) and t.language == "en"]
        rows.append(f"| `{slug}` | `{home[slug]}` | {name_of(severity).lower()} | {text} |")
    return rows


def test_every_rule_of_the_shapes_is_in_the_table(pages: dict, checkout: Path) -> None:
    wanted = rule_rows(checkout)
    assert len(wanted) > 50
    table = pages["docs/reference/rules.md"].text.partition("Rules in SHACL")[2]
    page = type(pages["docs/reference/rules.md"])(Path(), "docs/reference/rules.md", table)
    missing = differences(page.row("rule"), wanted)
    assert not missing, missing


def rules_in_code(checkout: Path) -> set[str]:
    """The slugs that code gives to findings: the first argument, a string or a constant of the module."""
    found = set()
    for file in (checkout / "kg").rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        constants = {
            getattr(node.targets[0], "id", ""): node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("Finding", "broken")
                and node.args
            ):
                first = node.args[0]
                slug = first.value if isinstance(first, ast.Constant) else constants[getattr(first, "id", "")]
                found.add(str(slug))
    return found


def test_every_rule_in_code_is_in_the_table(pages: dict, checkout: Path) -> None:
    documented = re.findall(r"^\| `([\w-]+)` \|", pages["docs/reference/rules.md"].row("rule"), re.MULTILINE)
    assert len(documented) > 6
    assert sorted(documented) == sorted(rules_in_code(checkout))


def test_every_dependency_has_its_reason(pages: dict, checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    named = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    wanted = {re.match(r"[\w-]+", one).group() for one in named}  # type: ignore[union-attr]
    text = pages["docs/decisions/0002-dependencies.md"].text
    reasons = dict(re.findall(r"^- \*\*([\w-]+)\*\*: (.+)$", text, re.MULTILINE))
    assert len(wanted) > 10
    assert set(reasons) == wanted
    assert all(reason.endswith(".") for reason in reasons.values())


def test_every_exit_code_is_explained(pages: dict) -> None:
    documented = re.findall(r"^\| (\d) \|", pages["docs/reference/validate.md"].row("code"), re.MULTILINE)
    assert documented == ["0", "1", "2", "3", "4"]
