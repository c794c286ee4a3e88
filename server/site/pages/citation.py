"""How a release is cited: as BibTeX and as CSL-JSON. Pure."""

import datetime
import json
import re
from dataclasses import dataclass

__all__ = ["Citation", "as_bibtex", "as_csl_json", "as_sentence"]

# What TeX would not take as it stands.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A release as a work: who published it, under which title, when, and where it is found."""

    publisher: str
    title: str
    issued: datetime.date
    version: str
    address: str
    licence: str

    @property
    def key(self) -> str:
        """A name for it in a list of references."""
        name = re.sub(r"[^a-z0-9]+", "-", self.publisher.casefold()).strip("-") or "data"
        return f"{name}-{self.version}"


def as_sentence(work: Citation) -> str:
    """Name a release in one line, for people."""
    stop = "" if work.publisher.endswith(".") else "."
    return f"{work.publisher}{stop} {work.title}. {work.version}, {work.issued.isoformat()}. {work.address}"


def as_bibtex(work: Citation) -> str:
    r"""Write a release as an entry of BibTeX; an address stands as it is, in \url.

    Shape: @misc, which every style knows; the braces keep capitals as they are.
    """
    fields = {
        "author": f"{{{_tex(work.publisher)}}}",
        "title": f"{{{_tex(work.title)}}}",
        "year": str(work.issued.year),
        "month": str(work.issued.month),
        "note": f"Data set, version {_tex(work.version)}",
        "howpublished": f"\\url{{{work.address}}}",
        "url": work.address,
        "copyright": _tex(work.licence),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{work.key},\n{lines}}}\n"


def as_csl_json(work: Citation) -> str:
    """Write a release as CSL-JSON, a list of one item.

    Source: Citation Style Language 1.0.2, schema of data.
    """
    issued = work.issued
    item = {
        "id": work.key,
        "type": "dataset",
        "title": work.title,
        "author": [{"literal": work.publisher}],
        "publisher": work.publisher,
        "issued": {"date-parts": [[issued.year, issued.month, issued.day]]},
        "version": work.version,
        "URL": work.address,
        "note": work.licence,
    }
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)
