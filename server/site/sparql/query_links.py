"""Links for a query: its address, downloads of its answer in every format, a curl command. Pure."""

import shlex
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS, Format
from sauran.server.api.sparql_protocol import ProtocolRequest
from sauran.server.http.links import Links

__all__ = ["Download", "QueryLinks", "query_links", "request_fields"]

_LONGEST = 8000  # bytes of an address that proxies take; a longer query is posted
_LONGEST_ARGUMENT = 100_000  # bytes of a word that a shell hands to a program


@dataclass(frozen=True, slots=True)
class Download:
    """An answer in one format; `address` is None where the query is too long for one."""

    format: Format
    address: str | None
    file_name: str


@dataclass(frozen=True, slots=True)
class QueryLinks:
    """The links of a query; `fields` are for a form.

    `link` is None where the query is too long for an address, `curl` is empty where it is for a shell.
    """

    link: str | None
    fields: tuple[tuple[str, str], ...]
    endpoint: str
    downloads: tuple[Download, ...]
    curl: str


def request_fields(asked: ProtocolRequest) -> tuple[tuple[str, str], ...]:
    """The parameters that make the same request, without its format."""
    fields = [("query", asked.query)]
    fields += [("default-graph-uri", iri) for iri in asked.default_graphs]
    fields += [("named-graph-uri", iri) for iri in asked.named_graphs]
    if asked.timeout_s is not None:
        fields.append(("timeout", f"{asked.timeout_s:g}"))
    return (*fields, ("partial", "true")) if asked.partial else tuple(fields)


def query_links(asked: ProtocolRequest, form: str, links: Links, language: str) -> QueryLinks:
    """Collect the links for a query; `form` is SELECT, ASK, CONSTRUCT or DESCRIBE."""
    fields = request_fields(asked)
    said = urlencode(fields, quote_via=quote)
    short = len(said) <= _LONGEST
    formats = _formats(form, partial=asked.partial)
    endpoint = links.here("sparql")
    return QueryLinks(
        link=f"{links.absolute(f'{language}/sparql')}?{said}" if short else None,
        fields=fields,
        endpoint=endpoint,
        downloads=tuple(
            Download(
                known, f"{endpoint}?{said}&format={known.name}" if short else None, f"answer.{known.suffix}"
            )
            for known in formats
        ),
        curl=_curl(links.absolute("sparql"), fields, formats[0]) if len(said) <= _LONGEST_ARGUMENT else "",
    )


def _formats(form: str, *, partial: bool) -> Sequence[Format]:
    """The formats to offer: those that can hold the answer by a standard, or a part of it if wanted."""
    if form == "ASK":
        return [known for known in RESULT_FORMATS if known.booleans]
    if form == "SELECT":
        return [known for known in RESULT_FORMATS if known.can_end_early or not partial]
    return RDF_FORMATS


def _curl(endpoint: str, fields: Sequence[tuple[str, str]], wanted: Format) -> str:
    parts = ["curl", "-s", shlex.quote(endpoint), "-H", shlex.quote(f"Accept: {wanted.media_type}")]
    for name, value in fields:
        # Text pasted into a terminal must not control it: invisible characters are percent-encoded.
        if all(_is_plain(character) for character in value):
            parts += ["--data-urlencode", shlex.quote(f"{name}={value}")]
        else:
            parts += ["--data", shlex.quote(f"{name}={quote(value, safe='')}")]
    return " ".join(parts)


def _is_plain(character: str) -> bool:
    return character == "\n" or unicodedata.category(character) not in (
        "Cc",
        "Cf",
        "Cs",
        "Zl",
        "Zp",
        "Co",
        "Cn",
    )
