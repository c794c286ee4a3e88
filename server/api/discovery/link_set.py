"""Links between resources: as a Link header, and as a set of links in JSON and in text. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from werkzeug.urls import iri_to_uri

from sauran.kg.model.formats import Format

__all__ = ["LINKSET_FORMATS", "Link", "link_header", "write_linkset"]

_JSON = Format("linkset-json", "Linkset", "application/linkset+json", "json", aliases=("application/json",))
_TEXT = Format("linkset-text", "Linkset as text", "application/linkset", "txt", aliases=("text/plain",))
LINKSET_FORMATS = (_JSON, _TEXT)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a resource to another one; `kind` is the media type of that."""

    rel: str
    href: str
    kind: str = ""
    profile: str = ""

    def attributes(self) -> dict[str, str]:
        """What is said of the target, in the order in which it is written."""
        said = {"type": self.kind, "profile": self.profile}
        return {name: value for name, value in said.items() if value}


def link_header(links: Iterable[Link]) -> str:
    """Write the links of one resource as the value of a header.

    Source: RFC 8288, section 3.
    """
    return ", ".join(_as_text(link) for link in links)


def write_linkset(contexts: Sequence[tuple[str, Sequence[Link]]], wanted: Format) -> str:
    """Write the links of several resources; each comes with its address.

    Source: RFC 9264, section 4.
    """
    if wanted is _TEXT:
        lines = [f'{_as_text(link)}; anchor="{anchor}"' for anchor, links in contexts for link in links]
        return ",\n".join(lines) + "\n"
    found = []
    for anchor, links in contexts:
        targets: dict[str, list[dict[str, str]]] = {}
        for link in links:
            targets.setdefault(link.rel, []).append({"href": iri_to_uri(link.href), **link.attributes()})
        found.append({"anchor": anchor, **targets})
    return json.dumps({"linkset": found}, ensure_ascii=False, indent=1) + "\n"


def _as_text(link: Link) -> str:
    said = {"rel": link.rel, **link.attributes()}
    # A header, and so the text, can hold nothing but ASCII.
    return f"<{iri_to_uri(link.href)}>" + "".join(f'; {name}="{value}"' for name, value in said.items())
