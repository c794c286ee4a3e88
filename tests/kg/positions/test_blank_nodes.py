"""Nodes without a name in RDF/XML and JSON-LD have the place of their element or object."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode

from sauran.kg.loading.load import load_files
from sauran.kg.model.findings import Finding, Severity
from sauran.kg.positions import name_anonymous
from sauran.kg.positions.places import Places

RDF = """\
<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:ex="http://example.org/">
<!-- ü --> <ex:P><ex:n>4-12</ex:n></ex:P>
  <ex:P rdf:about="http://example.org/a"><ex:k>
     <ex:P ex:n="6-6" ex:m="m"/></ex:k>
     <ex:k rdf:parseType="Resource">
       <ex:n>5-3 around</ex:n></ex:k>
     <ex:l rdf:parseType="Collection"><rdf:Description>
       <ex:n>9-39</ex:n></rdf:Description></ex:l>
     <ex:k ex:n="11-6"/>
  </ex:P>
  <ex:P rdf:nodeID="n0"><ex:n>13-3</ex:n></ex:P>
</rdf:RDF>
"""
JSON = """\
{"@context": {"ex": "http://example.org/", "id": "@id", "n": "ex:n",
   "by": {"@id": "ex:by", "@container": "@index"},
   "of": {"@id": "ex:of", "@container": "@id"},
   "to": {"@reverse": "ex:to"},
   "raw": {"@id": "ex:raw", "@type": "@json"}},
 "id": "ex:a",
 "ex:k": [
   {"@type": "ex:P",
    "n": "8-4"}, {"@value": "ü"},
   {}, { "n": "10-8" }
 ],
 "by": {"one":
    {"n": "13-5"}},
 "of": {"ex:c":
    {"n": "named"}},
 "to":
    {"n": "17-5"},
 "raw": {"n": "none"},
 "ex:l": {"@list": [
    {"n": "20-5", "ex:m": {"@language": "en", "@value": "m"}}]},
 "ex:m": {"@id": "_:n0", "n": "21-10"}
}
"""


@pytest.mark.parametrize(("name", "text", "number"), [("a.rdf", RDF, 6), ("a.jsonld", JSON, 6)])
def test_each_has_its_own_place(name: str, text: str, number: int, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    quads = load_files([file], NamedNode("urn:any")).quads
    asked = {
        quad.object.value: Finding("r", Severity.VIOLATION, "m", quad.subject, quad.predicate.value)
        for quad in quads
        if isinstance(quad.subject, BlankNode) and quad.predicate.value == "http://example.org/n"
    }
    found = dict(zip(asked, Places([file], numbered=True).place(asked.values()), strict=True))
    places = {value: finding.place for value, finding in found.items()}
    said = {
        value: f"{place.line}-{place.column}" + (" around" if place.around else "")
        for value, place in places.items()
        if place
    }
    assert said == {value: value for value in said}
    assert len(said) == number


@pytest.mark.parametrize("text", ["", "<a>", "{", '{"a": {"a": [}'])
def test_what_cannot_be_read_stays_as_it_is(text: str) -> None:
    for name in ("rdfxml", "jsonld"):
        assert name_anonymous(text, name) == (text, {})
