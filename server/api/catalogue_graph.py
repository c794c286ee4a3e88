"""The named graph of the catalogue: made when it is asked for, of many datasets piece by piece."""

from collections.abc import Iterator

from flask import Response

from sauran.kg.describe.catalogue import CATALOGUE_PREFIXES, catalogue_slugs, page_quads
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.formats import RDF_FORMATS, Format
from sauran.server.http.problems import not_acceptable
from sauran.server.http.served_release import Edition

__all__ = ["catalogue_graph_iri", "send_catalogue_graph"]

_PIECE = 50  # datasets


def catalogue_graph_iri(edition: Edition) -> str:
    """The name of the graph."""
    return f"{edition.links.base}graph/catalogue"


def send_catalogue_graph(edition: Edition, wanted: Format) -> Response:
    """Send the whole graph; of more than fifty datasets as a stream.

    Raises: Problem 406 where so many are wanted in a format that has to be written as a whole.
    """
    slugs = catalogue_slugs(edition.release.manifest)
    pieces = [slugs[start : start + _PIECE] for start in range(0, len(slugs), _PIECE)]
    if len(pieces) == 1:
        return Response(_write(edition, pieces[0], wanted), content_type=wanted.content_type)
    if not wanted.joins:
        raise not_acceptable([known for known in RDF_FORMATS if known.joins])
    texts: Iterator[bytes] = (_write(edition, piece, wanted) for piece in pieces)
    return Response(texts, content_type=wanted.content_type)


def _write(edition: Edition, slugs: list[str], wanted: Format) -> bytes:
    quads = page_quads(edition.release.manifest, edition.links.site, slugs, edition.versions_before)
    prefixes = {**CATALOGUE_PREFIXES, **edition.prefixes}
    return write_rdf(sort_quads(quads), wanted, prefixes, {**CATALOGUE_PREFIXES, **edition.context})
