"""What tests of pages use: their words as a person reads them, answers of the endpoint; holds no test."""

import html
import re

from flask.testing import FlaskClient

__all__ = ["answer", "section", "words"]


def words(text: str) -> str:
    """The page as somebody reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def section(text: str, name: str) -> str:
    """The HTML of the only section that a heading with this id names."""
    found = re.findall(rf'<section[^>]* aria-labelledby="{name}">.*?</section>', text, re.DOTALL)
    assert len(found) == 1, f"{len(found)} sections are named {name}"
    return str(found[0])


def answer(client: FlaskClient, query: str) -> list[dict[str, str]]:
    """The rows that the public endpoint gives."""
    response = client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"})
    assert response.json is not None, response.text
    rows = response.json["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in rows]
