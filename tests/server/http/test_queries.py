"""The server's own queries: each is used, runs, and has the columns that its header names."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from support import CHECKOUT

from sauran.kg.loading.named_queries import read_query
from sauran.server.http.served_release import ServedRelease

SERVER = CHECKOUT / "server"
QUERIES = sorted((SERVER / "queries").glob("*.rq"))


def test_there_are_queries() -> None:
    assert len(QUERIES) > 8


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_a_query_is_used(file: Path) -> None:
    assert any(f'"{file.stem}"' in module.read_text("utf-8") for module in SERVER.rglob("*.py"))


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_a_query_has_the_columns_of_its_header_and_ends_its_question_so(
    file: Path, served_release: ServedRelease
) -> None:
    query = read_query(file)
    assert query.question.endswith(("?", "."))
    inputs = re.findall(r"^# Inputs: \?(\w+)", query.text, re.MULTILINE)
    thing = NamedNode(f"{served_release.links.base}id/kazakhstan")
    answer = served_release.release.store().query(query.text, substitutions=dict.fromkeys(inputs, thing))
    header = re.search(r"^# Columns: (.+)$", query.text, re.MULTILINE)
    columns = re.findall(r"\?(\w+)", header[1]) if header else list(answer.variables)
    assert list(answer.variables) == columns
    assert set(inputs) <= set(columns)
    # Each but the example, which shows how people ask, names its graphs.
    assert ("GRAPH ?" in query.text) is (file.stem != "example")
