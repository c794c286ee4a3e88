"""One table: RDF and result formats, media types, suffixes."""

from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat

__all__ = ["HTML", "RDF_FORMATS", "RESULT_FORMATS", "Format", "format_of_suffix"]


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation: `name` is what people type, `suffix` what files end with (no dot)."""

    name: str
    label: str
    media_type: str
    suffix: str
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None
    aliases: tuple[str, ...] = ()  # further media types that mean this format in an Accept header

    @property
    def content_type(self) -> str:
        """The media type with the charset where the type has such a parameter."""
        # JSON, RDF/XML and N-Triples-like types define no charset or fix UTF-8; text/* types need it said.
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    @property
    def has_graphs(self) -> bool:
        """Whether it can say in which graph a triple is."""
        return self.rdf is not None and self.rdf.supports_datasets


# The order is the order of preference of the server: the first is the answer to `*/*`.
RDF_FORMATS = (
    Format("turtle", "Turtle", "text/turtle", "ttl", rdf=RdfFormat.TURTLE, aliases=("application/x-turtle",)),
    Format("ntriples", "N-Triples", "application/n-triples", "nt", rdf=RdfFormat.N_TRIPLES),
    Format("jsonld", "JSON-LD", "application/ld+json", "jsonld", rdf=RdfFormat.JSON_LD),
    Format("rdfxml", "RDF/XML", "application/rdf+xml", "rdf", rdf=RdfFormat.RDF_XML),
    Format("trig", "TriG", "application/trig", "trig", rdf=RdfFormat.TRIG),
    Format("nquads", "N-Quads", "application/n-quads", "nq", rdf=RdfFormat.N_QUADS),
)

RESULT_FORMATS = (
    Format(
        "json",
        "SPARQL JSON",
        "application/sparql-results+json",
        "srj",
        results=QueryResultsFormat.JSON,
        aliases=("application/json",),
    ),
    Format(
        "xml",
        "SPARQL XML",
        "application/sparql-results+xml",
        "srx",
        results=QueryResultsFormat.XML,
        aliases=("application/xml", "text/xml"),
    ),
    Format("csv", "CSV", "text/csv", "csv", results=QueryResultsFormat.CSV),
    Format("tsv", "TSV", "text/tab-separated-values", "tsv", results=QueryResultsFormat.TSV),
)

HTML = Format("html", "HTML", "text/html", "html", aliases=("application/xhtml+xml",))


def format_of_suffix(suffix: str) -> Format | None:
    """Find the RDF format of a file name's ending, with or without its dot."""
    wanted = suffix.lstrip(".").lower()
    return next((known for known in RDF_FORMATS if known.suffix == wanted), None)
