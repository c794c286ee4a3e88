"""Parse content files to quads; the faults of all files are reported as findings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Store as Oxigraph

from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Finding, Place, Severity
from sauran.kg.model.formats import RDF_FORMATS, format_of_suffix

__all__ = ["Loaded", "check_published", "load_files", "number_blanks"]

SYNTAX = "syntax"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENDS_WITH_NAME = re.compile(r"[^\W\d][\w.\u00b7-]*\Z")


@dataclass(frozen=True)
class Loaded:
    """Content of files: distinct quads in file order, prefixes, and syntax errors."""

    quads: tuple[Quad, ...]
    prefixes: dict[str, str]
    findings: tuple[Finding, ...]


def load_files(files: Iterable[Path], graph: NamedNode) -> Loaded:
    """Read RDF files into one named graph.

    Shape: one finding of rule `syntax` for each file that does not parse, at the place of its first fault;
    blank nodes as `number_blanks` labels them, with `f0`, `f1`, … for the files.
    Raises: ContentError when a file cannot be read, or its suffix names no RDF format.
    """
    quads: dict[Quad, None] = {}
    prefixes: dict[str, str] = {}
    findings = []
    for number, file in enumerate(files):
        try:
            parser = parse(_read(file), format=_format(file))
            # A label such as _:b means another node in each file.
            for quad in number_blanks(parser, f"f{number}"):
                quads[Quad(quad.subject, quad.predicate, quad.object, graph)] = None
            prefixes |= parser.prefixes
        except SyntaxError as error:
            findings.append(_syntax_finding(file, error))
    return Loaded(tuple(quads), prefixes, tuple(findings))


def number_blanks(quads: Iterable[Quad], prefix: str) -> Iterator[Quad]:
    """Give blank nodes the labels `<prefix>n0`, `<prefix>n1`, … in the order in which they appear.

    Oxigraph's own labels are random; these are the same on every run, so that reports are too.
    """
    labels: dict[BlankNode, BlankNode] = {}
    for quad in quads:
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, BlankNode):
            subject = labels.setdefault(subject, BlankNode(f"{prefix}n{len(labels)}"))
        if isinstance(object_, BlankNode):
            object_ = labels.setdefault(object_, BlankNode(f"{prefix}n{len(labels)}"))
        yield Quad(subject, quad.predicate, object_, quad.graph_name)


def check_published(quads: Sequence[Quad], base: str, *, canonical_literals: bool) -> list[Finding]:
    """Check what SHACL cannot: blank nodes, foreign subjects, literals that would be rewritten."""
    findings: dict[Finding, None] = {}
    for quad in quads:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            findings[
                Finding(
                    "no-blank-node",
                    Severity.VIOLATION,
                    f"A blank node cannot be cited. Give it an IRI below {base}.",
                    focus=quad.subject,
                    path=quad.predicate.value,
                )
            ] = None
        elif isinstance(quad.subject, NamedNode) and not quad.subject.value.startswith(base):
            message = f"<{quad.subject.value}> is not below {base}. Fix the prefix, or move the statement."
            findings[Finding("subject-below-base", Severity.VIOLATION, message, focus=quad.subject)] = None
        unwritable = _no_xml(quad)
        if unwritable:
            findings[
                Finding(
                    "fits-every-format",
                    Severity.VIOLATION,
                    unwritable,
                    focus=quad.subject,
                    path=quad.predicate.value,
                    value=quad.object,
                )
            ] = None
    if canonical_literals:
        for quad, canonical in _rewritten(quads):
            message = f'Stores rewrite "{_value(quad)}". Write "{canonical}".'
            finding = Finding(
                "canonical-literal",
                Severity.VIOLATION,
                message,
                focus=quad.subject,
                path=quad.predicate.value,
                value=quad.object,
            )
            findings[finding] = None
    return list(findings)


def _no_xml(quad: Quad) -> str:
    """The reason why a statement cannot be written as RDF/XML, with the fix; else nothing.

    Source: XML 1.0, section 2.2; RDF 1.1 XML Syntax, section 2.
    """
    if not _ENDS_WITH_NAME.search(quad.predicate.value):
        return (
            f"RDF/XML cannot write the property <{quad.predicate.value}>. "
            "Use one whose IRI ends with a letter or _, or with a name that begins so."
        )
    found = _NOT_IN_XML.search(_value(quad)) if isinstance(quad.object, Literal) else None
    return f"RDF/XML cannot hold the character U+{ord(found[0]):04X}. Remove it." if found else ""


def _rewritten(quads: Sequence[Quad]) -> list[tuple[Quad, str]]:
    """The quads with a literal that the engine would rewrite, with its canonical form."""
    typed = [quad for quad in quads if isinstance(quad.object, Literal) and quad.object.language is None]
    engine = Oxigraph()
    engine.extend(Quad(NamedNode(f"urn:n:{n}"), NamedNode("urn:p"), q.object) for n, q in enumerate(typed))
    rewritten = []
    for stored in engine:
        quad = typed[int(str(stored.subject.value).removeprefix("urn:n:"))]
        if isinstance(stored.object, Literal) and stored.object.value != _value(quad):
            rewritten.append((quad, stored.object.value))
    return rewritten


def _value(quad: Quad) -> str:
    return quad.object.value if isinstance(quad.object, Literal) else str(quad.object)


def _format(file: Path) -> RdfFormat:
    known = format_of_suffix(file.suffix)
    if known is None or known.rdf is None:
        suffixes = ", ".join(f".{known.suffix}" for known in RDF_FORMATS)
        raise ContentError(str(file), f"no RDF format ends with {file.suffix!r}.", f"Known: {suffixes}.")
    return known.rdf


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ContentError(str(file), f"cannot be read: {error.strerror}.") from error


def _syntax_finding(file: Path, error: SyntaxError) -> Finding:
    message = str(error.msg)
    if ": " in message and message.startswith("Parser error at"):
        message = message.split(": ", 1)[1]
    place = Place(str(file), error.lineno or 0, error.offset or 0)
    return Finding(SYNTAX, Severity.VIOLATION, f"{message}. Fix the syntax here or just before.", place=place)
