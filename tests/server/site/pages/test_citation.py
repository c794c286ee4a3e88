"""How a release is cited."""

import datetime
import json

from sauran.server.site.pages.about import Citation, as_bibtex, as_csl_json, as_sentence

WORK = Citation(
    publisher="Müller & Söhne {Ltd}",
    title="100% of $5: a_b #1 ~ ^ \\",
    issued=datetime.date(2026, 3, 9),
    version="1.0.0",
    address="https://example.org/a_b/",
    licence="https://example.org/by#4",
)


def test_bibtex_holds_what_tex_can_take() -> None:
    assert as_bibtex(WORK) == (
        "@misc{m-ller-s-hne-ltd-1.0.0,\n"
        "  author = {{Müller \\& Söhne \\{Ltd\\}}},\n"
        "  title = {{100\\% of \\$5: a\\_b \\#1 \\textasciitilde{} \\textasciicircum{} \\textbackslash{}}},\n"
        "  year = {2026},\n"
        "  month = {3},\n"
        "  note = {Data set, version 1.0.0},\n"
        "  howpublished = {\\url{https://example.org/a_b/}},\n"
        "  url = {https://example.org/a_b/},\n"
        "  copyright = {https://example.org/by\\#4},\n"
        "}\n"
    )


def test_csl_json_is_a_list_of_one_dataset() -> None:
    assert json.loads(as_csl_json(WORK)) == [
        {
            "id": "m-ller-s-hne-ltd-1.0.0",
            "type": "dataset",
            "title": WORK.title,
            "author": [{"literal": WORK.publisher}],
            "publisher": WORK.publisher,
            "issued": {"date-parts": [[2026, 3, 9]]},
            "version": "1.0.0",
            "URL": "https://example.org/a_b/",
            "note": "https://example.org/by#4",
        }
    ]


def test_a_sentence_names_who_what_when_and_where() -> None:
    assert as_sentence(WORK) == (
        "Müller & Söhne {Ltd}. 100% of $5: a_b #1 ~ ^ \\. 1.0.0, 2026-03-09. https://example.org/a_b/"
    )


def test_a_publisher_without_latin_letters_still_gives_a_key() -> None:
    work = Citation("Сауран", "T", WORK.issued, "1", "https://e/", "")
    assert work.key == "data-1"
