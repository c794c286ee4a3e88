"""The metadata formats, and records written in them: Dublin Core, DCAT-AP, and what is said as RDF."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from jinja2 import Environment
from pyoxigraph import NamedNode, Quad

from sauran.kg.describe.catalogue import CATALOGUE_PREFIXES, datasets_quads
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import RDF_XML
from sauran.kg.model.namespaces import SEC
from sauran.server.api.oai.dublin_core import Words, describe_claim, describe_dataset
from sauran.server.api.oai.repository import Item
from sauran.server.http.executor import ask_filled
from sauran.server.http.served_release import ServedRelease

__all__ = ["FORMATS", "Form", "RecordWriter"]

_XML_DECLARATION = re.compile(r"\A<\?xml[^>]*\?>\s*")
_RDF_SCHEMA = "http://www.openarchives.org/OAI/2.0/rdf.xsd"


@dataclass(frozen=True, slots=True)
class Form:
    """A metadata format: its prefix, where its schema is, its namespace, whether claims have it too.

    `page` records make a page of a list: a few hundred kilobytes.
    """

    prefix: str
    schema: str
    namespace: str
    of_claims: bool
    page: int


FORMATS: Mapping[str, Form] = MappingProxyType(
    {
        form.prefix: form
        for form in (
            Form(
                "oai_dc",
                "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
                "http://www.openarchives.org/OAI/2.0/oai_dc/",
                of_claims=True,
                page=100,
            ),
            Form("dcat", _RDF_SCHEMA, "http://www.w3.org/ns/dcat#", of_claims=False, page=10),
            Form("rdf", _RDF_SCHEMA, "http://www.w3.org/1999/02/22-rdf-syntax-ns#", of_claims=True, page=50),
        )
    }
)


class RecordWriter:
    """Writes the metadata of some items; what they share is read once."""

    def __init__(self, served_release: ServedRelease, templates: Environment, items: Sequence[Item]) -> None:
        self._served_release, self._templates = served_release, templates
        self._words = Words(served_release)
        self._notes = self._find_notes([item for item in items if item.is_claim])
        self._datasets = [item.dataset["slug"] for item in items if not item.is_claim]

    def write(self, item: Item, form: Form) -> str:
        """One record's metadata as XML, without a declaration."""
        if form.prefix == "oai_dc":
            if item.is_claim:
                quads, notes = self._served_release.quads.exactly(item.iri), self._quads_of_notes(item)
                elements = describe_claim(self._served_release, item, quads, notes, self._words)
            else:
                elements = describe_dataset(self._served_release, item)
            return self._templates.get_template("oai_dc.xml").render(elements=elements)
        quads = self._quads_of_claim(item) if item.is_claim else self._described[item.dataset["slug"]]
        # No schemaLocation: RDF/XML lets rdf:RDF have no attribute (section 7.2.9).
        triples = dict.fromkeys(quad.triple for quad in quads)
        text = write_rdf(sort_quads(Quad(*triple) for triple in triples), RDF_XML, self._prefixes).decode()
        return _XML_DECLARATION.sub("", text)

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        return {**CATALOGUE_PREFIXES, **self._served_release.prefixes}

    @cached_property
    def _described(self) -> dict[str, list[Quad]]:
        """What the catalogue says of each dataset, by slug."""
        now = self._served_release
        slugs, before = self._datasets, now.versions_before
        return dict(datasets_quads(now.release.manifest, slugs, now.links.site, before))

    def _quads_of_claim(self, item: Item) -> list[Quad]:
        """The claim, its passages, its notes, and the names of what they mention."""
        quads = self._served_release.quads.about(item.iri)
        passages = [quad.object for quad in quads if quad.predicate == SEC.statedIn]
        for passage in passages:
            if isinstance(passage, NamedNode):
                quads += self._served_release.quads.about(passage.value)
        quads += self._quads_of_notes(item)
        mentioned = dict.fromkeys(
            term.value
            for quad in quads
            for term in (quad.subject, quad.object)
            if isinstance(term, NamedNode)
        )
        return [*quads, *(quad for iri in mentioned for quad in self._words.quads(iri))]

    def _quads_of_notes(self, item: Item) -> list[Quad]:
        return [
            quad for note in self._notes.get(item.iri, ()) for quad in self._served_release.quads.about(note)
        ]

    def _find_notes(self, claims: Sequence[Item]) -> dict[str, list[str]]:
        """The notes on each of some claims, asked for all at once."""
        found: dict[str, list[str]] = {}
        if claims:
            rows = ask_filled(
                self._served_release, "notes-on-claims", *([NamedNode(c.iri)] for c in claims)
            ).rows
            for claim, _, note in rows:
                if isinstance(claim, NamedNode) and isinstance(note, NamedNode):
                    found.setdefault(claim.value, []).append(note.value)
        return {claim: list(dict.fromkeys(notes)) for claim, notes in found.items()}
