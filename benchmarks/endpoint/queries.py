"""The ten kinds of queries, and how each request asks what no cache has seen.

Cold requests carry a number of their own in the names of variables, and ask about another event or place
each time where the kind has one: neither a cache of bytes nor one of tokens without comments knows them.
"""

from dataclasses import dataclass
from urllib.parse import quote

from benchmarks.endpoint.events import BASE, VOCABULARY, Scale

__all__ = ["KINDS", "Kind", "text_of", "url_query"]

_PROLOG = f"""
PREFIX v: <{VOCABULARY}>
PREFIX actor: <{BASE}actor/>
PREFIX event: <{BASE}event/>
PREFIX place: <{BASE}place/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_JSON, _NTRIPLES = "application/sparql-results+json", "application/n-triples"


@dataclass(frozen=True)
class Kind:
    """One kind of query: @N@ stands for a number, @E@ and @P@ for an event's and a place's.

    `free_rows` marks those that may choose their rows (LIMIT without ORDER BY): only the count compares.
    `heavy` marks those that keep a core busy for long on large data: more connections than cores would only
    measure the queue.
    """

    name: str
    text: str
    accept: str = _JSON
    free_rows: bool = False
    heavy: bool = False


KINDS = (
    Kind("q01 point", "SELECT ?p@N@ ?o@N@ { event:@E@ ?p@N@ ?o@N@ }"),
    Kind("q02 ask", "ASK { event:@E@ v:date ?d@N@ ; v:kind ?k@N@ }"),
    Kind(
        "q03 star",
        "SELECT ?e@N@ ?label ?date ?kind "
        "{ ?e@N@ v:place place:@P@ ; rdfs:label ?label ; v:date ?date ; v:kind ?kind }",
    ),
    Kind(
        "q04 optional",
        "SELECT ?e@N@ ?date ?deaths ?label { ?e@N@ v:actor actor:017 ; v:date ?date ; v:place ?place "
        "OPTIONAL { ?e@N@ v:deaths ?deaths } OPTIONAL { ?place rdfs:label ?label } }",
    ),
    Kind(
        "q05 by kind",
        "SELECT ?kind@N@ (COUNT(?e@N@) AS ?events) (SUM(?deaths) AS ?dead) "
        "{ ?e@N@ a v:Event ; v:kind ?kind@N@ ; v:deaths ?deaths } GROUP BY ?kind@N@",
        heavy=True,
    ),
    Kind(
        "q06 by year",
        "SELECT ?year@N@ (COUNT(?e@N@) AS ?events) "
        "{ ?e@N@ v:date ?date BIND(YEAR(?date) AS ?year@N@) } GROUP BY ?year@N@",
        heavy=True,
    ),
    Kind(
        "q07 path",
        "SELECT ?country@N@ (COUNT(?e@N@) AS ?events) "
        "{ ?e@N@ v:place/v:within* ?country@N@ . ?country@N@ a v:Country } GROUP BY ?country@N@",
        heavy=True,
    ),
    Kind(
        "q08 regex",
        "SELECT ?e@N@ ?label { ?e@N@ rdfs:label ?label "
        'FILTER REGEX(?label, "^raid.*pipeline", "i") } LIMIT 100',
        free_rows=True,
    ),
    Kind(
        "q09 100k rows",
        "SELECT ?e@N@ ?date ?place { ?e@N@ v:date ?date ; v:place ?place } LIMIT 100000",
        free_rows=True,
        heavy=True,
    ),
    Kind(
        "q10 80k triples",
        "CONSTRUCT { ?e@N@ v:date ?d ; v:place ?p ; v:kind ?k ; v:actor ?a } "
        "{ ?e@N@ v:date ?d ; v:place ?p ; v:kind ?k ; v:actor ?a } LIMIT 20000",
        accept=_NTRIPLES,
        free_rows=True,
        heavy=True,
    ),
)


def text_of(kind: Kind, scale: Scale, number: int) -> str:
    """The query of one request."""
    text = _PROLOG + kind.text
    # A prime far from powers of two: neighbours in time are no neighbours in the index.
    event, place = number * 7919 % scale.events, number * 7919 % scale.places
    return text.replace("@N@", str(number)).replace("@E@", f"{event:07}").replace("@P@", f"{place:06}")


def url_query(kind: Kind, scale: Scale, number: int | None) -> str:
    """The query string of a request; without a number the template that wrk.lua fills."""
    text = _PROLOG + kind.text if number is None else text_of(kind, scale, number)
    return "query=" + quote(text, safe="@" if number is None else "")
