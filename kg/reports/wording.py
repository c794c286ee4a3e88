"""Terms and texts as reports write them: short, on one line, without terminal control characters."""

import re

from pyoxigraph import BlankNode, Literal, NamedNode

from sauran.kg.model.findings import Finding, Place, Term

__all__ = ["about", "exactness", "printable", "reasons", "short", "short_path"]

_LONGEST = 60
_LONGEST_IRI = 400
# What CI services take for a command of theirs, wherever it stands in a line: ##[…] and ##vso[…].
_COMMAND = re.compile(r"#(?=#[a-z]*\[)")
# Controls, and the marks that turn the direction of what follows: data must not speak to the terminal.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


_PLACES = {
    None: "",
    "subject": "the place is that of the subject",
    "around": "the place is that of a node that leads to the subject",
    "file": "the place in the file is unknown",
}


def printable(text: str) -> str:
    """Put a text on one line, with control characters escaped."""
    plain = _UNPRINTABLE.sub(lambda found: _escape(found[0]), " ".join(text.split("\n")))
    return _COMMAND.sub("\\\\x23", plain)


def _escape(character: str) -> str:
    number = ord(character)
    if character in "\t\r":
        return " "
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def _cut(text: str, most: int) -> str:
    """A text whose middle is left out where it is too long: IRIs differ at their ends."""
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-most // 2 :]}"


def short(term: Term | None) -> str:
    """Write a term in N-Triples, long literals cut; a blank node without its label, which means nothing."""
    if isinstance(term, NamedNode):
        return f"<{_cut(printable(term.value), _LONGEST_IRI)}>"
    if isinstance(term, Literal) and len(term.value) > _LONGEST:
        return f'"{printable(term.value[: _LONGEST - 3])}…"'
    if isinstance(term, BlankNode):
        return "a blank node"
    return printable(str(term))


def short_path(path: str) -> str:
    """A path as findings have it, cut where it is too long."""
    return _cut(printable(path), _LONGEST_IRI)


def about(finding: Finding) -> str:
    """Describe the location of a finding in the data: focus, path and value."""
    parts = [] if finding.focus is None else [f"at {short(finding.focus)}"]
    if finding.path:
        path = short_path(finding.path)
        parts.append(f"path {path}" if path.startswith(("<", "(", "^")) else f"path <{path}>")
    if finding.value is not None:
        parts.append(f"value {short(finding.value)}")
    if finding.severity_iri:
        parts.append(f"severity {short(NamedNode(finding.severity_iri))}")
    return ", ".join(parts)


def reasons(finding: Finding, depth: int = 1) -> list[tuple[int, str]]:
    """Say why, for what failed inside: each reason with its depth, the outermost first."""
    said = []
    for reason in finding.because:
        place = f"{printable(str(reason.place))}: " if reason.place else ""
        on = about(reason)
        text = printable(reason.message or reason.rule)
        said.append((depth, f"because {place}{text}" + (f" ({on})" if on else "")))
        said += reasons(reason, depth + 1)
    return said


def exactness(place: Place | None) -> str:
    """Say what a place is that is not the triple's; nothing for one that is."""
    return "" if place is None else _PLACES[place.kind]
