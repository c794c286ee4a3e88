"""IRI <-> address of this site. Identifiers begin with `base`, addresses with `site`. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from sauran.kg.model.addresses import SAFE, absolute

__all__ = ["Links"]

_THING, _DOCUMENT = "id/", "doc/"
_HAVE_PAGES = (_DOCUMENT, "dataset/")
_VOCABULARIES = ("ontology", "shapes")  # whose terms are places on one page
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True, slots=True)
class Links:
    """How names and addresses of one release on one site belong together."""

    base: str
    site: str

    def here(self, path: str) -> str:
        """The address of a path on this site, without scheme and host: any proxy may stand before it."""
        path, hash_, fragment = path.partition("#")
        return f"{urlsplit(self.site).path.rstrip('/')}/{quote(path, safe=SAFE)}{hash_}{fragment}"

    def absolute(self, path: str) -> str:
        """The whole address of a path on this site."""
        return absolute(self.site, path)

    def iri(self, path: str) -> str | None:
        """The IRI that the document at a path describes; None where no IRI can be written so."""
        if _NOT_IN_IRI.search(path):
            return None
        if path.startswith(_DOCUMENT):
            path = _THING + path.removeprefix(_DOCUMENT)
        return self.base + path

    def document(self, iri: str) -> str | None:
        """The path of the document that describes an IRI, with its fragment; None for an IRI of others."""
        path = iri.removeprefix(self.base)
        if path == iri or not path:
            return None
        return _DOCUMENT + path.removeprefix(_THING) if path.startswith(_THING) else path

    def address(self, iri: str) -> str | None:
        """Where this site answers for an IRI, in the format asked for; None for one of others."""
        path = iri.removeprefix(self.base)
        return None if path == iri or not path else self.here(path)

    def page(self, iri: str, language: str) -> str | None:
        """Where a person reads about an IRI: our page, or the web address of one of others."""
        path = self.document(iri)
        if path is None:
            # Nothing but web addresses becomes a link: data may hold javascript: and the like.
            return iri if iri.startswith(("http://", "https://")) else None
        has_page = path.startswith(_HAVE_PAGES) or path.partition("#")[0] in _VOCABULARIES
        return self.here(f"{language}/{path}" if has_page else path)
