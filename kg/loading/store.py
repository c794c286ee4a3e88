"""Query interface to the quads of a release, implemented by an embedded Oxigraph store."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    Variable,
    parse,
)
from pyoxigraph import Store as Oxigraph

from sauran.kg.model.errors import QueryError, ReleaseError
from sauran.kg.model.findings import Term
from sauran.kg.model.formats import Format
from sauran.kg.sparql.tokens import dataset_clause

__all__ = ["Answer", "Store", "count_union", "write_store_folder"]

_UNKNOWN_FUNCTION = re.compile(r"The custom function <([^>]*)> is not supported")
_MOST_UNKNOWN_FUNCTIONS = 16


@dataclass(frozen=True)
class Answer:
    """Result of a query: solutions (SELECT), a boolean (ASK) or triples (CONSTRUCT, DESCRIBE); read once."""

    raw: QuerySolutions | QueryBoolean | QueryTriples

    @property
    def kind(self) -> str:
        """One of solutions, boolean, triples."""
        if isinstance(self.raw, QuerySolutions):
            return "solutions"
        return "boolean" if isinstance(self.raw, QueryBoolean) else "triples"

    @property
    def variables(self) -> tuple[str, ...]:
        """The columns, in the order of the query; none for a boolean or triples."""
        return tuple(v.value for v in self.raw.variables) if isinstance(self.raw, QuerySolutions) else ()

    def rows(self) -> Iterator[tuple[Term | None, ...]]:
        """The rows of solutions, one term or None for each of `variables`; none of another kind of answer."""
        if isinstance(self.raw, QuerySolutions):
            for solution in self.raw:
                yield tuple(solution[index] for index in range(len(self.variables)))

    def triples(self) -> Iterator[Triple]:
        """The triples of a graph answer; none of another kind of answer."""
        if isinstance(self.raw, QueryTriples):
            yield from self.raw

    def __bool__(self) -> bool:
        return bool(self.raw)

    def write(self, file: IO[bytes], wanted: Format) -> None:
        """Write solutions or a boolean to a binary file, row by row as the engine finds them."""
        if isinstance(self.raw, QueryTriples) or wanted.results is None:
            file.write(self.serialize(wanted))
        else:
            self.raw.serialize(file, format=wanted.results)

    def serialize(self, wanted: Format) -> bytes:
        """Write solutions or a boolean in a result format; for triples see `serialisation`.

        Raises: QueryError for triples, and for a format that holds no such answer.
        Source: SPARQL 1.1 Query Results JSON, CSV and TSV; SPARQL Query Results XML.
        """
        if isinstance(self.raw, QuerySolutions) and wanted.write_rows is not None:
            return wanted.write_rows(self.variables, self.rows())
        if isinstance(self.raw, QueryTriples) or wanted.results is None:
            raise QueryError(
                wanted.label, "cannot hold this answer.", "Ask for a format that fits the query."
            )
        return self.raw.serialize(format=wanted.results) or b""


class Store:
    """A read-only set of named graphs that answers SPARQL 1.1 queries.

    Without a dataset in the query or the call, the default graph is the union of all graphs
    (sd:UnionDefaultGraph); with one, exactly what it says (SPARQL 1.1 Protocol, section 2.1.4).
    `merged` says that some triple stands in several graphs. The engine's own union would count it for each
    (SPARQL 1.1 Query, section 13.1, wants a set), so the engine's default graph then holds the union.
    """

    def __init__(self, engine: Oxigraph, *, merged: bool = False) -> None:
        self._engine, self._merged = engine, merged

    @classmethod
    def of_quads(cls, quads: Iterable[Quad]) -> "Store":
        """Hold quads in memory."""
        engine, quads = Oxigraph(), list(quads)
        engine.bulk_extend(quads)
        merged = count_union(quads) < len(quads)
        if merged:
            engine.bulk_extend(_without_graph(quads))
        return cls(engine, merged=merged)

    @classmethod
    def of_file(cls, nquads: Path, *, merged: bool = False) -> "Store":
        """Hold an N-Quads file in memory."""
        engine = Oxigraph()
        _load(engine, nquads, merged=merged)
        return cls(engine, merged=merged)

    @classmethod
    def of_folder(cls, folder: Path, *, merged: bool = False) -> "Store":
        """Open a store folder read-only; several processes may share it.

        Raises: ReleaseError when the folder is not a store.
        """
        try:
            return cls(Oxigraph.read_only(str(folder)), merged=merged)
        except OSError as error:
            raise ReleaseError(
                str(folder), f"cannot be opened: {error}.", "Build the release anew."
            ) from error

    def query(
        self,
        text: str,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        substitutions: dict[str, Term] | None = None,
        base: str | None = None,
    ) -> Answer:
        """Answer one query.

        Shape: `base` is for relative IRIs in the query; `default_graphs`, `named_graphs` as in the protocol:
        together they replace FROM and FROM NAMED.
        What is SERVICE is followed: a query of others is checked before, by `sauran.kg.sparql.query_checks`.
        Raises: QueryError when it does not parse.
        """
        default: list[NamedNode | BlankNode | DefaultGraph] | None = None
        named: list[NamedNode | BlankNode] | None = None
        unknown: dict[NamedNode, Callable[..., Term | None]] = {}
        while True:
            try:
                if default_graphs or named_graphs:
                    default = [NamedNode(iri) for iri in default_graphs]
                    named = [NamedNode(iri) for iri in named_graphs]
                return Answer(
                    self._engine.query(
                        text,
                        base_iri=base,
                        use_default_graph_as_union=not self._merged
                        and default is None
                        and not dataset_clause(text),
                        default_graph=default,
                        named_graphs=named,
                        substitutions={Variable(name): term for name, term in (substitutions or {}).items()},
                        custom_functions=unknown,
                    )
                )
            except (SyntaxError, ValueError, RuntimeError) as error:
                function = _UNKNOWN_FUNCTION.search(str(error))
                if function is None or len(unknown) >= _MOST_UNKNOWN_FUNCTIONS:
                    raise QueryError("query", f"{str(error).rstrip('.')}.") from error
                # To the engine such a query is none; to the standard the call is an error of its expression
                # (SPARQL 1.1, section 17.2).
                unknown[NamedNode(function[1])] = _error_value


def _error_value(*terms: Term | None) -> None:
    """What an unknown function gives: nothing, which the engine takes as an error."""


def count_union(quads: Iterable[Quad]) -> int:
    """Count the triples of all graphs together, each once."""
    return len({quad.triple for quad in quads})


def write_store_folder(nquads: Path, folder: Path, *, merged: bool = False) -> None:
    """Write an N-Quads file as a store folder, for releases too large to be held in memory."""
    engine = Oxigraph(str(folder))
    _load(engine, nquads, merged=merged)
    engine.optimize()
    engine.flush()


def _load(engine: Oxigraph, nquads: Path, *, merged: bool) -> None:
    engine.bulk_load(path=str(nquads), format=RdfFormat.N_QUADS)
    if merged:
        engine.bulk_extend(_without_graph(parse(path=str(nquads), format=RdfFormat.N_QUADS)))


def _without_graph(quads: Iterable[Quad]) -> Iterator[Quad]:
    return (Quad(*quad.triple) for quad in quads)
