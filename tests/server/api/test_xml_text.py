"""Text as XML can hold it."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from sauran.server.api.xml_text import clean_xml, fits_xml


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_clean_text_can_be_read_back(text: str) -> None:
    root = ET.Element("text")
    root.text = clean_xml(text)
    # A parser reads each kind of line break as one (XML 1.0, section 2.11).
    written = ET.tostring(root, encoding="unicode").replace("\r", "&#13;")
    assert (ET.fromstring(written).text or "") == root.text  # noqa: S314 (our own)
    assert fits_xml(root.text)
    assert (root.text == text) is fits_xml(text)


def test_what_is_foreign_is_replaced_and_nothing_else() -> None:
    assert clean_xml("a\x00b\x1f\ud800\ufffe\uffff\t\n\r\x7f\U0010ffff é") == (
        "a\ufffdb\ufffd\ufffd\ufffd\ufffd\t\n\r\x7f\U0010ffff é"
    )
