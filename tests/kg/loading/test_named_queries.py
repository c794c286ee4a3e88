"""Queries in files: what their headers say."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.loading.named_queries import NamedQuery, fill_values, read_query
from sauran.kg.loading.store import Store
from sauran.kg.model.findings import Term


def test_a_header_holds_the_question_in_languages_and_its_topic(tmp_path: Path) -> None:
    text = (
        "# Which ports are there,\n# and where?\n# fr: Quels ports : et où ?\n# kk: Қандай порттар бар?\n"
        "# Topic: https://example.org/port\n# Inputs: none\n# Columns: ?port\n# More.\nASK {}\n# en: no\n"
    )
    (tmp_path / "ports.rq").write_text(text, "utf-8")
    english = "Which ports are there, and where?"
    questions = {"en": english, "fr": "Quels ports : et où ?", "kk": "Қандай порттар бар?"}
    found = read_query(tmp_path / "ports.rq")
    assert found == NamedQuery("ports", english, text, questions, "https://example.org/port")


def test_a_header_may_hold_the_question_alone_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("# Is it so?\nASK {}\n", "utf-8")
    (tmp_path / "b.rq").write_text("ASK {}\n", "utf-8")
    assert read_query(tmp_path / "a.rq").questions == {"en": "Is it so?"}
    assert (read_query(tmp_path / "b.rq").question, read_query(tmp_path / "b.rq").topic) == ("", "")


TEXT = "SELECT ?s WHERE { VALUES (?p ?o) { (UNDEF UNDEF) } GRAPH ?g { ?s ?p ?o } VALUES (?x) { (UNDEF) } }"
P, Q, NAME = (NamedNode(f"http://e/{name}") for name in ("p", "q", "name"))


@pytest.mark.parametrize(
    ("rows", "written"),
    [
        ([(P, None)], "(<http://e/p> UNDEF)"),
        ([(P, Literal("a", language="en")), (Q, Literal(1))], None),
        ([(None, Literal('") } } DROP ALL #\n'))], '(UNDEF "\\") } } DROP ALL #\\n")'),
    ],
)
def test_rows_of_values_stand_in_the_first_clause(
    rows: list[tuple[Term | None, ...]], written: str | None
) -> None:
    filled = fill_values(TEXT, rows)
    start, end = filled.index("(?p ?o) { ") + len("(?p ?o) { "), filled.index(" } GRAPH")
    assert written is None or filled[start:end] == written
    assert filled.endswith("VALUES (?x) { (UNDEF) } }")


def test_no_value_becomes_a_part_of_the_query(tmp_path: Path) -> None:
    """A store answers with what has this very value, whatever stands in it."""
    values = ['"', "\\", "\n", "' } UNION { ?s ?p ?o", "é\u202e", "UNDEF", "<http://e/p>"]
    quads = [Quad(NamedNode(f"http://e/{n}"), NAME, Literal(value), P) for n, value in enumerate(values)]
    file = tmp_path / "all.nq"
    file.write_text("".join(f"{quad} .\n" for quad in quads), "utf-8")
    store = Store.of_file(file)
    for n, value in enumerate(values):
        rows = list(store.query(fill_values(TEXT, [(NAME, Literal(value))])).rows())
        assert rows == [(NamedNode(f"http://e/{n}"),)]


@pytest.mark.parametrize("rows", [[], [(P,)], [(P, Q), (P,)]])
def test_rows_that_do_not_fit_are_refused(rows: list[tuple[Term | None, ...]]) -> None:
    with pytest.raises(ValueError, match="rows of 2 values"):
        fill_values(TEXT, rows)
    with pytest.raises(ValueError, match="rows of 0 values"):
        fill_values("ASK {}", [(P,)])
