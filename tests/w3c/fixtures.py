"""A release that holds the graphs of the suites; holds no test."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple, parse

from sauran.kg.loading.dumps import write_file
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import RDF_FORMATS, format_of_suffix
from sauran.kg.release.release import make_current, seal

__all__ = ["publish_fixtures", "read_quads"]

_VERSION = "1.0.0"
_NQUADS = RDF_FORMATS[-1]


def read_quads(file: Path, address: str) -> list[Quad]:
    """Read an RDF file of any format; its address is the base."""
    known = format_of_suffix(file.suffix)
    assert known is not None, file
    return list(parse(path=str(file), format=known.rdf, base_iri=address))


def publish_fixtures(releases: Path, files: Mapping[str, Path]) -> None:
    """Publish a release of the triples in some files, each in the graph of its address.

    Shape: where a file has named graphs, those keep their names.
    """
    quads = [
        quad
        for number, (address, file) in enumerate(sorted(files.items()))
        for quad in _placed(read_quads(file, address), address, f"f{number}x")
    ]
    folder = releases / _VERSION
    body = write_rdf(sort_quads(dict.fromkeys(quads)), _NQUADS, {})
    written = [
        write_file(folder, "dumps/all.nq", body, _NQUADS.media_type, dump="all", format=_NQUADS.name),
        write_file(folder, "dumps/context.jsonld", b'{"@context": {}}', "application/ld+json"),
    ]
    names = [quad.graph_name.value for quad in quads]
    manifest = {
        "version": _VERSION,
        "draft": False,
        "publication": {"base": "https://suites.example/", "title": {"en": "W3C suites"}, "datasets": []},
        "prefixes": {},
        "graphs": [{"iri": name, "triples": names.count(name)} for name in sorted(set(names))],
    }
    seal(folder, manifest, written)
    make_current(releases, _VERSION)


def _placed(quads: Iterable[Quad], address: str, prefix: str) -> Iterable[Quad]:
    for quad in quads:
        graph = NamedNode(address) if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
        yield Quad(_renamed(quad.subject, prefix), quad.predicate, _renamed(quad.object, prefix), graph)


def _renamed(term: object, prefix: str) -> object:
    """A term whose blank nodes have names that no other file uses, the same in every run."""
    if isinstance(term, BlankNode):
        return BlankNode(prefix + term.value)
    if isinstance(term, Triple):
        return Triple(_renamed(term.subject, prefix), term.predicate, _renamed(term.object, prefix))
    return term
