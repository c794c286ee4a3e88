"""The fast engine: `shacl`, written in Rust, parsing by itself."""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from sauran.kg.model.errors import ContentError, EngineError, UsageError
from sauran.kg.model.findings import Finding, Term
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.messages import Result, make_finding
from sauran.kg.shacl.paths import path_text
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.validate.input_graphs import Text, write_ntriples

__all__ = ["NAME", "VERSION", "Native"]

NAME = "shacl"
VERSION = "0.3.4"
_LABEL = re.compile(r"_:(\d+)_b(\d+)")
_DATA, _SHAPES, _UNKNOWN = 0, 1, -1
_ONLY_IRI = re.compile(r"<([^<>]*)>")


def _module() -> Any:
    """The package `shacl`; its name is so general that another may stand before it on the path."""
    try:
        import shacl  # noqa: PLC0415 (0.1 s that only a validation pays)
    except ModuleNotFoundError as error:
        raise UsageError("engine shacl", "is not installed.", f"pip install shacl=={VERSION}") from error
    except ImportError as error:  # too little memory to load it, for one
        raise EngineError(NAME, f"cannot be loaded: {_line(error)}.", "Raise --memory.") from error
    if getattr(shacl, "__version__", None) != VERSION or not hasattr(shacl, "Shapes"):
        raise UsageError("engine shacl", f"is not version {VERSION} of `shacl` from PyPI.")
    return shacl


class Native:
    """Shapes, compiled once."""

    def __init__(self, shapes: TripleIndex, language: str) -> None:
        self._index, self._language = shapes, language
        self._shape_labels: list[str] = []
        self._shacl = _module()
        with _written(shapes, self._shape_labels) as file:
            try:
                self._shapes = self._shacl.Shapes.from_file(str(file))
            except ValueError as error:
                raise ContentError("shapes", f"{_line(error)}.", "Fix the shape.") from error

    def validate_text(self, data: Text, most: int) -> list[Finding]:
        """Validate a text, which the engine parses by itself."""
        ask = partial(self._shapes.validate_text, data.text, format=data.format, base=data.base)
        return self._findings(_results(ask, most), data.label)

    def validate(self, triples: Iterable[Triple], most: int) -> list[Finding]:
        """Validate triples; blank nodes keep their labels."""
        labels: list[str] = []
        with _written(triples, labels) as file:
            ask = partial(self._shapes.validate_file, str(file))
            return self._findings(_results(ask, most), labels.__getitem__)

    def _findings(self, results: list[Any], label: Callable[[int], str]) -> list[Finding]:
        terms: dict[str, Term] = {}
        texts = {text for r in results for text in (r.focus_node, r.value, r.source_shape) if text}
        for text in texts:
            terms[text] = self._blank(text, label) if text.startswith("_:") else _term(text)
        return [self._finding(r, terms) for r in results]

    def _finding(self, result: Any, terms: dict[str, Term]) -> Finding:
        shape = terms.get(result.source_shape or "")
        constraint = None
        if result.component_iri == SH_IRI + "SPARQLConstraintComponent" and shape is not None:
            constraint = self._query_of(shape, result.messages)
        raised = Result(
            shape,
            result.component_iri,
            result.severity_iri,
            terms[result.focus_node],
            self._path(result.path, shape),
            terms.get(result.value or ""),
            constraint=constraint,
            texts=result.messages,
        )
        return make_finding(self._index, raised, self._language)

    def _query_of(self, shape: Term, messages: list[str]) -> Term | None:
        """The query of a result: the engine does not say which, but it does say its messages."""
        queries = self._index.objects(shape, SH_IRI + "sparql")
        if len(queries) == 1:
            return queries[0]
        for query in queries:
            said = {m.value for m in self._index.objects(query, SH_IRI + "message") if isinstance(m, Literal)}
            if said & set(messages):
                return query
        return None

    def _path(self, text: str | None, shape: Term | None) -> str | None:
        if text is None:
            return None
        lone = _ONLY_IRI.fullmatch(text)
        if lone:
            return lone[1]
        path = None if shape is None else self._index.value(shape, SH_IRI + "path")
        return text if path is None else path_text(self._index, path)

    def _blank(self, text: str, label: Callable[[int], str]) -> BlankNode:
        # The engine numbers blank nodes as they appear, those of the data after those of the shapes.
        match = _LABEL.fullmatch(text)
        graph, number = (int(match[1]), int(match[2])) if match else (_UNKNOWN, 0)
        of_shapes = len(self._shape_labels)
        with contextlib.suppress(IndexError):
            if graph == _SHAPES and number < of_shapes:
                return BlankNode(self._shape_labels[number])
            if graph == _DATA and number >= of_shapes:
                return BlankNode(label(number - of_shapes))
        raise EngineError(NAME, f"names a blank node that was not in its input: {text}")


def _results(ask: Callable[..., Any], most: int) -> list[Any]:
    try:
        report = ask(max_results=most + 1)
    except ValueError as error:
        raise EngineError(NAME, f"could not decide the result: {_line(error)}") from error
    if len(report) > most:
        what = f"more than {most} results."
        raise EngineError(NAME, what, "Fix the shape or the data that gives them.", limit="results")
    return list(report.results)


@contextlib.contextmanager
def _written(triples: Iterable[Triple], labels: list[str]) -> Iterator[Path]:
    file = write_ntriples(triples, labels)
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def _term(text: str) -> Term:
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    statement = f"<urn:s> <urn:p> {text} .".encode()
    term: Term = next(iter(parse(statement, format=RdfFormat.N_TRIPLES))).object
    return term


def _line(error: BaseException) -> str:
    text = str(error).removeprefix("invalid shapes graph: ").removeprefix("parse error: ")
    return " ".join(text.split()).rstrip(".") or type(error).__name__
