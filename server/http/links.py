"""Map IRIs to URLs of this site and back: IRIs begin with `base`, URLs with `site`. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from sauran.kg.model.addresses import SAFE, absolute

__all__ = ["Links"]

_THING, _DOCUMENT = "id/", "doc/"
_HAVE_PAGES = (_DOCUMENT, "dataset/")
_VOCABULARIES = ("ontology", "shapes")  # their terms are fragments of one page
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True, slots=True)
class Links:
    """Maps the IRIs of one release to the URLs of one site."""

    base: str
    site: str

    def here(self, path: str) -> str:
        """The URL of a path on this site, without scheme and host, so that it works behind any proxy."""
        path, hash_, fragment = path.partition("#")
        return f"{urlsplit(self.site).path.rstrip('/')}/{quote(path, safe=SAFE)}{hash_}{fragment}"

    def absolute(self, path: str) -> str:
        """The complete URL of a path on this site."""
        return absolute(self.site, path)

    def iri(self, path: str) -> str | None:
        """The IRI that the document at a path describes; None when that is not a valid IRI."""
        if _NOT_IN_IRI.search(path):
            return None
        if path.startswith(_DOCUMENT):
            path = _THING + path.removeprefix(_DOCUMENT)
        return self.base + path

    def document(self, iri: str) -> str | None:
        """The path of the document that describes an IRI, with its fragment; None for an external IRI."""
        path = iri.removeprefix(self.base)
        if path == iri or not path:
            return None
        return _DOCUMENT + path.removeprefix(_THING) if path.startswith(_THING) else path

    def address(self, iri: str) -> str | None:
        """The URL of an IRI on this site, which negotiates the format; None for an external IRI."""
        path = iri.removeprefix(self.base)
        return None if path == iri or not path else self.here(path)

    def page(self, iri: str, language: str) -> str | None:
        """The page about an IRI: on this site, or the IRI itself when it is an external web address."""
        path = self.document(iri)
        if path is None:
            # Only web addresses become links: data may contain javascript: and similar.
            return iri if iri.startswith(("http://", "https://")) else None
        has_page = path.startswith(_HAVE_PAGES) or path.partition("#")[0] in _VOCABULARIES
        return self.here(f"{language}/{path}" if has_page else path)
