"""What this site holds and how programs ask it, on one page in the manner of llms.txt."""

from collections.abc import Iterator

from sauran.server.http.localised_labels import publication_text
from sauran.server.http.negotiation import LANGUAGES
from sauran.server.http.served_release import ServedRelease

__all__ = ["write_overview"]

_LANGUAGE = LANGUAGES[0]
_WAYS = (
    ("catalogue", "Catalogue", "every dataset and every file, as DCAT-AP"),
    (".well-known/void", "VoID", "how many triples, things, classes and links each dataset has"),
    ("sparql", "SPARQL endpoint", "SPARQL 1.1 queries by GET or POST; without a query its description"),
    ("search.json", "Search", "names, claims, notes and definitions; the words in q"),
    ("claims.json", "Claims", "each with its passages and its notes; narrowed down by parameters"),
    ("ontology.ttl", "Ontology", "what the words of the data mean"),
    ("shapes.ttl", "Shapes", "what good data are, as SHACL"),
    ("downloads.json", "Dumps", "whole datasets, with sizes and checksums"),
    ("linkset.json", "Links", "from each dataset to its descriptions and files"),
    ("releases.atom", "Releases", "a feed of what was released when"),
    ("sitemap.xml", "Sitemap", "every page"),
)
_HOW = (
    "Every IRI below {base} answers here, as a page and as Turtle, N-Triples, JSON-LD, RDF/XML and TriG: ask "
    "by Accept, or put .ttl, .nt, .jsonld, .rdf or .trig behind the address of a document. A claim is what a "
    "source says, not what is so: before you repeat it, see who holds it, how surely, which passage states "
    "it, and whether a curator's note doubts it."
)


def write_overview(now: ServedRelease) -> str:
    """Write the page, in English: the title, a summary, datasets, and ways to ask.

    Source: llms.txt, the proposal of 2024: a heading, a quotation, lists of links.
    """
    return "\n".join(_lines(now)) + "\n"


def _lines(now: ServedRelease) -> Iterator[str]:
    said, address = now.publication, now.links.absolute
    yield f"# {_line(publication_text(said['title'], _LANGUAGE).text)}"
    yield ""
    yield f"> {_line(publication_text(said['description'], _LANGUAGE).text)}"
    yield ""
    yield _HOW.format(base=now.links.base)
    yield ""
    yield f"Release {now.release.version} of {said['issued']}. Licence of the data: {said['licence']}"
    yield ""
    yield "## Datasets"
    yield ""
    for dataset in said["datasets"]:
        title = _line(publication_text(dataset["title"], _LANGUAGE).text)
        text = _line(publication_text(dataset["description"], _LANGUAGE).text)
        yield f"- [{title}]({address('dataset/' + dataset['slug'] + '.ttl')}): {text}"
    yield ""
    yield "## Ways to ask"
    yield ""
    for path, name, text in _WAYS:
        yield f"- [{name}]({address(path)}): {text}"
    yield ""
    yield "## Optional"
    yield ""
    for path, name in ((f"{_LANGUAGE}/", "Front page"), (f"{_LANGUAGE}/about", "About")):
        yield f"- [{name}]({address(path)})"


def _line(text: str) -> str:
    return " ".join(text.split())
