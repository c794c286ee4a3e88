"""Table of RDF and result formats: media types, suffixes and abilities."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat

from sauran.kg.model.findings import Term
from sauran.kg.model.row_counts import CsvRows, JsonRows, RowCount, TsvRows, XmlRows

__all__ = [
    "BY_NAME",
    "CSV",
    "FORMATS",
    "HTML",
    "JSON",
    "JSON_LD",
    "N_TRIPLES",
    "RDF_FORMATS",
    "RDF_XML",
    "RESULT_FORMATS",
    "TSV",
    "TURTLE",
    "ZIP",
    "Format",
    "format_of_suffix",
]

_W3C = "http://www.w3.org/ns/formats/"
# Rows to the bytes of a whole table: the names of the columns, and the rows with a term or None for each.
WriteRows = Callable[[tuple[str, ...], Iterable[tuple[Term | None, ...]]], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation: `name` is what people type, `suffix` what files end with (no dot).

    What it holds follows from who writes it: triples the engine (`rdf`); rows the engine (`results`) or
    `write_rows`; truth values the engine in each of its result formats, but only where `booleans` says that
    a standard has them are they offered. A row of the table with none of these holds no answer.

    `aliases` are further media types that mean it in an Accept header; `w3c` is the IRI by which service
    descriptions and VoID name it, `file_type` its code in the EU's table of file types, both empty where it
    has none.

    `count_rows` counts rows in the engine's bytes; without it they are counted one by one before they are
    written. A partial answer is batches of rows, with `between` between them and `tail` at the end; where
    `tail` is None a table cannot be cut, and there is no partial answer.

    Of more triples than `most_sorted` an answer is not sorted but written as it comes. Texts of a format that
    `joins` are again such a text when one stands behind the other.
    """

    name: str
    label: str
    media_type: str
    suffix: str
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None
    aliases: tuple[str, ...] = ()
    w3c: str = ""
    file_type: str = ""
    write_rows: WriteRows | None = None
    booleans: bool = False
    count_rows: Callable[[], RowCount] | None = None
    between: bytes = b""
    tail: bytes | None = None
    most_sorted: int = 10_000
    joins: bool = False

    @property
    def content_type(self) -> str:
        """The media type with the charset where the type has such a parameter."""
        # JSON, RDF/XML and N-Triples-like types define no charset or fix UTF-8; text/* types need it said.
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    @property
    def has_graphs(self) -> bool:
        """Whether the format supports named graphs."""
        return self.rdf is not None and self.rdf.supports_datasets

    @property
    def has_rows(self) -> bool:
        """Whether the format can represent the result of a SELECT."""
        return self.results is not None or self.write_rows is not None

    @property
    def can_end_early(self) -> bool:
        """Whether an answer in it may end early: triples always, rows where its tables can be cut."""
        return self.rdf is not None or self.tail is not None


# The order is the order of preference of the server: the first that fits is the answer to `*/*`.
FORMATS = (
    Format(
        "json",
        "SPARQL JSON",
        "application/sparql-results+json",
        "srj",
        results=QueryResultsFormat.JSON,
        aliases=("application/json",),
        w3c=f"{_W3C}SPARQL_Results_JSON",
        booleans=True,
        count_rows=JsonRows,
        between=b",",
        tail=b"]}}",
    ),
    Format(
        "xml",
        "SPARQL XML",
        "application/sparql-results+xml",
        "srx",
        results=QueryResultsFormat.XML,
        aliases=("application/xml", "text/xml"),
        w3c=f"{_W3C}SPARQL_Results_XML",
        booleans=True,
        count_rows=XmlRows,
        tail=b"</results></sparql>",
    ),
    Format(
        "csv",
        "CSV",
        "text/csv",
        "csv",
        results=QueryResultsFormat.CSV,
        w3c=f"{_W3C}SPARQL_Results_CSV",
        file_type="CSV",
        count_rows=CsvRows,
        tail=b"",
    ),
    Format(
        "tsv",
        "TSV",
        "text/tab-separated-values",
        "tsv",
        results=QueryResultsFormat.TSV,
        w3c=f"{_W3C}SPARQL_Results_TSV",
        count_rows=TsvRows,
        tail=b"",
    ),
    Format(
        "turtle",
        "Turtle",
        "text/turtle",
        "ttl",
        rdf=RdfFormat.TURTLE,
        aliases=("application/x-turtle",),
        w3c=f"{_W3C}Turtle",
        file_type="RDF_TURTLE",
        joins=True,
    ),
    Format(
        "ntriples",
        "N-Triples",
        "application/n-triples",
        "nt",
        rdf=RdfFormat.N_TRIPLES,
        w3c=f"{_W3C}N-Triples",
        file_type="RDF_N_TRIPLES",
        joins=True,
    ),
    Format(
        "jsonld",
        "JSON-LD",
        "application/ld+json",
        "jsonld",
        rdf=RdfFormat.JSON_LD,
        w3c=f"{_W3C}JSON-LD",
        file_type="JSON_LD",
        most_sorted=2_000,  # to compact it takes long
    ),
    Format(
        "rdfxml",
        "RDF/XML",
        "application/rdf+xml",
        "rdf",
        rdf=RdfFormat.RDF_XML,
        w3c=f"{_W3C}RDF_XML",
        file_type="RDF_XML",
    ),
    Format(
        "trig",
        "TriG",
        "application/trig",
        "trig",
        rdf=RdfFormat.TRIG,
        w3c=f"{_W3C}TriG",
        file_type="RDF_TRIG",
        joins=True,
    ),
    Format(
        "nquads",
        "N-Quads",
        "application/n-quads",
        "nq",
        rdf=RdfFormat.N_QUADS,
        w3c=f"{_W3C}N-Quads",
        file_type="RDF_N_QUADS",
        joins=True,
    ),
)
RDF_FORMATS = tuple(known for known in FORMATS if known.rdf is not None)
RESULT_FORMATS = tuple(known for known in FORMATS if known.has_rows)

# What no query is answered in: pages, and archives among the files of a release.
HTML = Format("html", "HTML", "text/html", "html", aliases=("application/xhtml+xml",))
ZIP = Format("zip", "ZIP", "application/zip", "zip", file_type="ZIP")

BY_NAME = {known.name: known for known in (*RDF_FORMATS, *FORMATS, ZIP)}
JSON, CSV, TSV = BY_NAME["json"], BY_NAME["csv"], BY_NAME["tsv"]
TURTLE, N_TRIPLES = BY_NAME["turtle"], BY_NAME["ntriples"]
JSON_LD, RDF_XML = BY_NAME["jsonld"], BY_NAME["rdfxml"]


def format_of_suffix(suffix: str) -> Format | None:
    """Find the RDF format of a file name's ending, with or without its dot."""
    wanted = suffix.lstrip(".").lower()
    return next((known for known in RDF_FORMATS if known.suffix == wanted), None)
