"""The evidence check, on a source of our own writing and on the real one where it is at hand."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from sauran.kg.loading.content import load_content
from sauran.kg.model.errors import ContentError
from sauran.kg.profiles.briefing.derive import derive
from sauran.kg.profiles.briefing.evidence import (
    Evidence,
    check_evidence,
    match_document,
    read_source,
    source_documents,
)
from sauran.kg.publication.package_paths import packaged_publication
from sauran.kg.publication.publication import load_publication

LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def evidence(publication: Path, text: str, *planted: str) -> Evidence:
    """Check a publication's only document against a text, with further literals of ours."""
    quads = load_content(load_publication(publication), derive).asserted
    quads += [Quad(NamedNode("http://e/ours"), LABEL, Literal(words, language="en")) for words in planted]
    (document,) = source_documents(quads)
    return check_evidence(document, text, quads)


def rules(found: Evidence) -> list[str]:
    return [finding.rule for finding in found.findings]


def test_every_passage_of_an_unchanged_text_holds(harbour: Path, harbour_log: Path) -> None:
    found = evidence(harbour, read_source(harbour_log))
    assert (found.proved, found.passages, found.findings) == (3, 3, ())
    assert found.literals > 1000


def test_a_moved_passage_is_named_with_its_new_place(harbour: Path, harbour_log: Path) -> None:
    found = evidence(harbour, "\n" + read_source(harbour_log))
    assert found.proved == 0
    moved = [finding.message for finding in found.findings if finding.rule == "passage-moved"]
    assert moved[0] == "The passage moved: its text stands at 1-14, not at 0-13. Fix oa:start and oa:end."
    assert len(moved) == 3


def test_a_changed_passage_is_named_and_the_others_hold(harbour: Path, harbour_log: Path) -> None:
    found = evidence(harbour, read_source(harbour_log).replace("two days", "six days"))
    assert rules(found) == ["source-text", "passage-changed"]
    assert found.findings[1].focus == NamedNode("http://127.0.0.1:7777/id/source/harbour-log/passage/p2")
    assert found.proved == 2


def test_no_normalisation_hides_a_change(harbour: Path, harbour_log: Path) -> None:
    decomposed = read_source(harbour_log).replace("\u00e9", "e\u0301")
    assert "passage-changed" in rules(evidence(harbour, decomposed))


def test_text_without_a_passage_is_found_and_white_space_is_not(harbour: Path, harbour_log: Path) -> None:
    text = read_source(harbour_log) + "  \n\n A third sentence. \n"
    found = evidence(harbour, text)
    assert rules(found) == ["source-text", "uncovered-text"]
    assert found.findings[1].message == "The text at 151-168 is in no passage. Add a passage, and its claims."


def test_a_planted_sentence_of_the_source_is_found_from_eight_words(harbour: Path, harbour_log: Path) -> None:
    text = read_source(harbour_log)
    eight = "They say the PORT of Veldon was closed, for two."
    seven = "They say the port of Veldon was closed for a while."
    found = evidence(harbour, text, eight, seven)
    assert rules(found) == ["borrowed-text"]
    assert found.findings[0].message == (
        'Eight words in a row stand in the source: "the port of veldon was closed for two". '
        "Say it in our own words."
    )


def test_a_text_belongs_to_the_document_with_its_digest(harbour: Path, harbour_log: Path) -> None:
    (document,) = source_documents(load_content(load_publication(harbour), derive).asserted)
    other = type(document)(NamedNode("http://e/other"), 1, "0" * 64, ())
    text = read_source(harbour_log)
    assert match_document([other, document], text, harbour_log) is document
    with pytest.raises(ContentError, match="is not the text of a document"):
        match_document([other, document], text + "!", harbour_log)
    assert match_document([document], text + "!", harbour_log) is document


def test_a_text_that_is_not_utf8_is_refused_at_its_byte(tmp_path: Path) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes(b"caf\xe9")
    with pytest.raises(ContentError, match="is not UTF-8 at byte 3"):
        read_source(file)


@pytest.mark.needs("shared")
def test_the_kazakhstan_briefing_holds_on_its_source(shared: Path) -> None:
    text = read_source(shared / "sources" / "kazakhstan-security.fr.txt")
    found = evidence(packaged_publication(), text)
    assert (found.proved, found.passages, found.findings) == (67, 67, ())
