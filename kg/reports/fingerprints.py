"""Fingerprints of findings, which stay the same when lines move."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode

from sauran.kg.model.findings import Finding, Term
from sauran.kg.publication.package_paths import absolute

__all__ = ["Names", "fingerprints_of", "root_of"]


def root_of(folder: Path) -> Path:
    """The folder that names of files are relative to: that of the repository around, else the folder."""
    whole = folder.absolute()
    return next((path for path in (whole, *whole.parents) if (path / ".git").exists()), whole)


def fingerprints_of(findings: Iterable[Finding], root: Path | None = None) -> list[str]:
    """Give each finding a fingerprint: 32 hexadecimal digits, different for each finding of one list.

    Shape: made of rule, constraint, focus, path and value; a finding about no node or a blank one also has
    its file. Equal findings are numbered: a moved block gives no new finding, a further equal one does.
    Files, and IRIs that a parser made of their names, are relative to `root`: they are the same in another
    folder, and however the person named the file.
    """
    seen: Counter[str] = Counter()
    names = Names(root)
    fingerprints = []
    for finding in findings:
        said = "\0".join(_identity(finding, names))
        seen[said] += 1
        digest = hashlib.sha256(f"{said}\0{seen[said]}".encode("utf-8", "surrogatepass"))
        fingerprints.append(digest.hexdigest()[:32])
    return fingerprints


class Names:
    """Files and IRIs relative to a folder, so that they are the same in another one."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._iri = "" if root is None else root.as_uri().rstrip("/") + "/"
        self._files: dict[str, str] = {}

    def file(self, name: str) -> str:
        """A file, however the person named it."""
        if self._root is None:
            return name
        if name not in self._files:
            path = absolute(Path(name))
            inside = path.is_relative_to(self._root)
            self._files[name] = (path.relative_to(self._root) if inside else path).as_posix()
        return self._files[name]

    def text(self, text: str | None) -> str:
        """A text in which IRIs of files may be."""
        return "" if text is None else text.replace(self._iri, "") if self._iri else text

    def term(self, term: Term | None) -> str:
        """A term in N-Triples, a blank node without its label."""
        # The label of a blank node is an accident of the file it was read from.
        if isinstance(term, NamedNode):
            return f"<{self.text(term.value)}>"
        return "_:" if isinstance(term, BlankNode) else "" if term is None else str(term)


def _identity(finding: Finding, names: Names) -> Iterable[str]:
    yield finding.rule
    yield names.text(finding.component)
    yield names.text(finding.source_shape)
    yield names.term(finding.focus)
    yield names.text(finding.path)
    yield names.term(finding.value)
    if finding.focus is None or isinstance(finding.focus, BlankNode):
        yield names.file(finding.place.file) if finding.place else ""
    if finding.focus is None:
        yield names.text(finding.message)
