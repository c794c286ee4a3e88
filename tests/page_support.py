"""What tests of pages use: their words as a person reads them, answers of the endpoint; holds no test."""

import html
import re
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient

__all__ = ["answer", "drawing", "hrefs", "picture", "section", "table", "words"]


def words(text: str) -> str:
    """The page as somebody reads it: without data for programs."""
    text = re.sub(r"<script\b.*?</script>", " ", text, flags=re.DOTALL)
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


def picture(svg: str) -> ET.Element:
    """A drawing of ours, parsed: it is well-formed XML."""
    return ET.fromstring(svg)  # noqa: S314 (we wrote it)


def drawing(text: str) -> ET.Element:
    """The only drawing of a page."""
    (found,) = re.findall(r'<svg [^>]*class="drawing.*?</svg>', text, re.DOTALL)
    return picture(found)


def hrefs(root: ET.Element) -> list[str]:
    """Where the links of a drawing lead."""
    return [str(link.get("href")) for link in root.iter("{http://www.w3.org/2000/svg}a")]


def table(text: str, name: str) -> list[list[str]]:
    """The cells of the table of a section, as they are read; the first row are the heads."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", section(text, name), re.DOTALL)
    return [
        [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in found
    ]
