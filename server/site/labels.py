"""Labels of things and whether somebody reviewed them, as the file of a release has them."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad

from sauran.kg.model.namespaces import DCTERMS, RDFS, SEC, SKOS
from sauran.server.http.served_release import ServedRelease

__all__ = ["find_labels"]

_WORDS = frozenset((SKOS.prefLabel, RDFS.label, DCTERMS.title, SEC.unreviewedLanguage, SEC.doubtfulLanguage))


def find_labels(served_release: ServedRelease, terms: Iterable[object], *further: NamedNode) -> list[Quad]:
    """Collect what names the IRIs among some terms, for a Reader; `further` are properties wanted too."""
    wanted = _WORDS | frozenset(further)
    mentioned = dict.fromkeys(term.value for term in terms if isinstance(term, NamedNode))
    return [
        quad for iri in mentioned for quad in served_release.quads.exactly(iri) if quad.predicate in wanted
    ]
