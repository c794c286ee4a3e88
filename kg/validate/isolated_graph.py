"""A graph that parses each query once and runs none that reaches outside it."""

import functools
from collections.abc import Iterator
from typing import Any

from pyparsing import ParseBaseException
from rdflib.graph import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from sauran.kg.model.errors import ContentError
from sauran.kg.sparql.repair_hints import mend_query

__all__ = ["ClosedGraph"]


class ClosedGraph(Graph):
    """An rdflib graph whose queries come from shapes that strangers may have written."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """Run a query over this graph only.

        Raises: ContentError when the query does not parse, or has FROM or SERVICE.
        """
        # pySHACL parses a query again for each focus node; parsing costs far more than most answers.
        if isinstance(query_object, str):
            query_object = _prepare(query_object)
        return super().query(query_object, *args, **kwargs)


@functools.lru_cache(maxsize=256)
def _prepare(text: str) -> Query:
    try:
        query = prepareQuery(text)
    except ParseBaseException as error:
        raise ContentError("shapes", f"a query does not parse: {error}.", "Mend its sh:select.") from error
    except Exception as error:  # rdflib raises bare Exception, for an unknown prefix among others
        if type(error) is not Exception:
            raise
        raise ContentError("shapes", f"a query cannot be used: {error}.", "Mend its sh:select.") from error
    parts = list(_parts(query.algebra))
    names = {part.name for part in parts}
    for name, word in (("DatasetClause", "FROM"), ("ServiceGraphPattern", "SERVICE")):
        if name in names:
            raise ContentError(
                "shapes", f"a query has {word}, which reaches outside the data.", f"Remove {word}."
            )
    mend_query(parts)
    return query


def _parts(node: object) -> Iterator[CompValue]:
    """All parts of a query's algebra."""
    if isinstance(node, CompValue):
        yield node
        for value in node.values():
            yield from _parts(value)
    elif isinstance(node, list | tuple | set):
        for value in node:
            yield from _parts(value)
