"""Reports for people: text, Markdown, HTML and Turtle; everything that data say is shown and does nothing."""

import html.parser
import json
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, parse
from report_examples import EX, RESULTS, finding

from sauran.kg.model.findings import Finding, Place, Severity
from sauran.kg.reports import FORMATS, Results, as_text
from sauran.kg.reports.fingerprints import fingerprints_of, root_of


def test_text_says_place_severity_rule_message_and_why() -> None:
    assert FORMATS["text"].write(RESULTS) == (
        "hostile: info hostile"[9:] + ': a\\x1b[2Jb\\u202ec  d % : , | <b onload="x"> ` & ]]> ::error::\n'
        "people.jsonld:5:3: warning person-address: An address has a street.\n"
        "    at <http://example.org/bob>, path <http://example.org/home>/<http://example.org/address>, "
        "value a blank node; the place is that of the subject\n"
        "    because people.ttl:9:1: The street is missing. "
        "(at a blank node, path <http://example.org/street>)\n"
        "        because Inner.\n"
        "people.ttl:3:10: violation person-age: An age is a whole number.\n"
        '    at <http://example.org/ann>, path <http://example.org/age>, value "forty"\n'
    )


@pytest.mark.parametrize(
    ("source", "place", "excerpt"),
    [
        ("one\n  ex:age 40 ;\n", Place("f", 2, 10), ["  2 |   ex:age 40 ;", "    |          ^"]),
        ("\ufeffone", Place("f", 1, 2), ["  1 | one", "    |  ^"]),
        ("a\r\nb\rc", Place("f", 3, 1), ["  3 | c", "    | ^"]),
        ("\t名前 x", Place("f", 1, 5), ["  1 |  名前 x", "    |       ^"]),
        ("a\x1b[31mb", Place("f", 1, 7), ["  1 | a\\x1b[31mb", "    |          ^"]),
        ("x" * 300, Place("f", 1, 201), ["  1 | …" + "x" * 100 + "…", "    | " + " " * 51 + "^"]),
        ("x" * 300, Place("f", 1, 1), ["  1 | " + "x" * 100 + "…", "    | ^"]),
        ("one", Place("f", 1, 2, exact=False), ["  1 | one"]),
        ("one", Place("f", 7, 1), []),
        (None, Place("f", 1, 1), []),
    ],
)  # fmt: skip
def test_a_terminal_gets_the_line_and_a_caret(source: str | None, place: Place, excerpt: list[str]) -> None:
    text = as_text([finding(place=place)], source=lambda file: source, terminal=True)
    assert text.splitlines()[1:-1] == excerpt


def test_colours_are_for_terminals_that_want_them() -> None:
    text = as_text([finding()], terminal=True, colour=True)
    assert text.startswith("\x1b[1mpeople.ttl:3:10: \x1b[0m\x1b[31mviolation\x1b[0m person-age: ")
    assert "\x1b" not in as_text([finding()], terminal=True)


def test_the_summary_has_a_line_for_each_shape() -> None:
    assert FORMATS["text"].write(replace(RESULTS, only_summary=True)).splitlines() == [
        "shape           nodes  violation  warning  info",
        "person-age          2          1",
        "hostile                                       1",
        "person-address                          1",
        "CityShape       none!",
    ]


def test_a_cap_is_said_and_counts_stay_whole() -> None:
    capped = replace(RESULTS, max_results=1, known=2, untouched=1)
    assert [f.rule for f in capped.shown] == ["person-age"]
    assert capped.counts == {"violation": 1, "warning": 1, "info": 1}
    assert capped.remarks == [
        "2 more findings not shown: --max-results is 1",
        "2 findings in the baseline not shown",
        "1 finding that the change did not touch not shown",
    ]


def test_json_has_findings_coverage_and_what_was_left_out() -> None:
    said = json.loads(FORMATS["json"].write(replace(RESULTS, max_results=2)))
    assert said["conforms"] is False
    assert said["counts"] == {"violation": 1, "warning": 1, "info": 1}
    assert said["checked"] == dict(RESULTS.focus_nodes)
    assert said["idle"] == [EX + "shapes#CityShape"]
    assert (said["hidden"], len(said["findings"])) == (1, 2)
    assert said["findings"][1]["place_is"] == "subject"
    assert said["findings"][1]["because"][0]["because"][0]["message"] == "Inner."


def test_markdown_shows_what_data_say_as_it_is() -> None:
    text = FORMATS["markdown"].write(RESULTS)
    assert text.startswith("## 1 violation, 1 warning, 1 info\n\n1 of 2 shapes met 2 nodes.\n")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert [row.count("|") for row in rows] == [5] * 4 + [6] * 5
    assert "<b onload" not in text
    assert "| `people.ttl:3:10` | violation | person-age | An age is a whole number.<br>at " in text
    assert "| CityShape | ⚠ none |" in text
    assert "\n- The pattern is checked by pyshacl.\n" in text


class _Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_html_is_one_page_in_which_data_are_only_text() -> None:
    page = FORMATS["html"].write(RESULTS)
    reader = _Tags()
    reader.feed(page)
    tags = [tag for tag, _ in reader.seen]
    assert {"script", "link", "img", "b", "a"} & set(tags) == set()
    assert tags.count("tr") == 1 + 3 + 1 + 4
    names = {name for _, attributes in reader.seen for name in attributes}
    assert names <= {"lang", "charset", "name", "content", "class", "title", "style"}
    assert "&lt;b onload=&quot;x&quot;&gt;" in page
    assert "The data do not conform. 1 of 2 shapes met 2 nodes." in page


def test_turtle_is_a_validation_report() -> None:
    text = FORMATS["turtle"].write(RESULTS)
    store = Store()
    store.extend(parse(text, format=RdfFormat.TURTLE))
    ask = (
        "PREFIX sh: <http://www.w3.org/ns/shacl#> ASK { ?r a sh:ValidationReport ; sh:conforms false ; "
        "sh:result [ sh:focusNode <http://example.org/ann> ; sh:value 'forty' ] }"
    )
    assert store.query(ask)
    assert FORMATS["turtle"].write(replace(RESULTS, conforms=None)) == ""


def test_turtle_has_the_results_inside_as_details_and_leaves_sentences_out() -> None:
    sentence = Finding("or", Severity.VIOLATION, "Alternative 1 of 1 fails.", because=(finding("inner"),))
    text = FORMATS["turtle"].write(Results((finding(because=(sentence,)),), conforms=False))
    store = Store()
    store.extend(parse(text, format=RdfFormat.TURTLE))
    prefix = "PREFIX sh: <http://www.w3.org/ns/shacl#> "
    details = store.query(
        prefix + "SELECT ?focus { ?s sh:detail [ a sh:ValidationResult ; sh:focusNode ?focus ] }"
    )
    assert [str(row["focus"]) for row in details] == ["<http://example.org/inner>"]
    assert store.query(
        prefix + "ASK { ?report sh:result ?result . FILTER NOT EXISTS { ?x sh:detail ?result } }"
    )
    assert "Alternative" not in text


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_says_why(name: str) -> None:
    assert "The street is missing" in FORMATS[name].write(RESULTS)


def test_fingerprints_hold_no_place_and_tell_equal_findings_apart() -> None:
    moved = finding(place=Place("other.ttl", 99, 1))
    assert fingerprints_of([finding()]) == fingerprints_of([moved])
    twice = fingerprints_of([finding(), finding()])
    assert len(set(twice)) == 2
    assert twice[0] == fingerprints_of([finding()])[0]
    blank = [finding(focus=BlankNode(label)) for label in ("f0n1", "f0n7")]
    assert fingerprints_of(blank[:1]) == fingerprints_of(blank[1:])
    assert fingerprints_of([finding("bob")]) != fingerprints_of([finding()])
    syntax = [finding(focus=None, place=Place(name, 1)) for name in ("a.ttl", "b.ttl")]
    assert len(set(fingerprints_of(syntax))) == 2


def test_fingerprints_are_those_of_the_same_tree_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set()
    for tree in (tmp_path / "m1", tmp_path / "deep/m2"):
        (tree / ".git").mkdir(parents=True)
        (tree / "data").mkdir()
        for folder, name in ((tree, "data/a.ttl"), (tree, "./data/a.ttl"), (tree / "data", "a.ttl")):
            monkeypatch.chdir(folder)
            for given in (name, str(tree / "data/a.ttl")):
                focus = NamedNode((tree / "data/a.ttl").as_uri() + "#x")
                shape = (tree / "shapes.ttl").as_uri() + "#S"
                blank = finding(focus=BlankNode("f0n1"), place=Place(given, 1))
                named = finding(focus=focus, place=Place(given, 1), source_shape=shape)
                found.add(tuple(fingerprints_of([blank, named], root_of(Path.cwd()))))
    assert len(found) == 1


def test_a_severity_of_the_shapes_own_is_said() -> None:
    own = finding(severity_iri="http://example.org/Urgent")
    assert "severity <http://example.org/Urgent>" in FORMATS["text"].write(Results((own,)))


def test_iris_are_cut_for_people_only() -> None:
    long = f"http://example.org/{'x' * 1_000_000}"
    results = Results((finding(focus=NamedNode(long), path=long, value=NamedNode(long)),))
    for name, form in FORMATS.items():
        text = form.write(results)
        assert (len(text) > len(long)) == (name in ("json", "sarif", "turtle", "jsonld")), name


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_can_say_that_there_is_nothing_to_say(name: str) -> None:
    text = FORMATS[name].write(Results(()))
    assert text == "" or text.endswith("\n")
