"""Say where a Turtle file departs from the one layout; helper of the tests in this folder."""

import re
from itertools import pairwise

from tests.ontology.turtle import LANGUAGES

_LITERAL = r'"(?:[^"\\\n]|\\.)*"'
_TAG = re.compile(_LITERAL + r"@([a-z-]+)")
_PREFIX = re.compile(r"@prefix ([a-z][\w-]*): <[^<>\s]+> \.")
_SUBJECT = re.compile(r"\S+")
_PREDICATE_ALONE = re.compile(r"  [^\s\"]+")
_OBJECT_ALONE = re.compile(rf"    (?:{_LITERAL}\S*|\S+) ([,;])")
_PREDICATE_WITH_OBJECTS = re.compile(rf"  [^\s\"]+ (?:{_LITERAL}\S*|\S+(?: , [^\s\"]+)*) ;")


def layout_faults(text: str) -> list[str]:
    """List each departure as "line: what is expected"; empty when the layout is right."""
    lines = text.split("\n")
    faults = _whitespace_faults(text, lines) + _prefix_faults(text, lines)
    expecting = "block"
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("@prefix"):
            if expecting != "block":
                faults.append(f"{number}: a block ends with '  .' before this line")
            expecting = "block"
            continue
        expecting, fault = _next_state(expecting, line)
        if fault:
            faults.append(f"{number}: {fault}")
    return faults + _language_faults(lines) + _order_faults(lines)


def _whitespace_faults(text: str, lines: list[str]) -> list[str]:
    faults = [
        f"{n}: no space at the end of a line" for n, line in enumerate(lines, 1) if line != line.rstrip()
    ]
    if not text.endswith("\n") or text.endswith("\n\n"):
        faults.append(f"{len(lines)}: one newline at the end of the file")
    doubled = [n for n, (one, two) in enumerate(pairwise(lines[:-1]), 1) if not one and not two]
    return faults + [f"{n}: one blank line between blocks" for n in doubled]


def _prefix_faults(text: str, lines: list[str]) -> list[str]:
    declared = [(n, _PREFIX.fullmatch(line)) for n, line in enumerate(lines, 1) if line.startswith("@prefix")]
    faults = [f"{n}: '@prefix name: <iri> .'" for n, match in declared if match is None]
    names = [match.group(1) for _, match in declared if match]
    if names != sorted(names):
        faults.append("1: prefixes sorted")
    body = re.sub(rf"^@prefix.*$|{_LITERAL}|<[^<>\s]*>", "", text, flags=re.MULTILINE)
    unused = [name for name in names if not re.search(rf"(?<![\w-]){name}:", body)]
    return faults + [f"1: no prefix that is not used: {name}" for name in unused]


def _next_state(expecting: str, line: str) -> tuple[str, str]:
    """What may follow `line`, and what was expected in its place."""
    if expecting == "block":
        return _after_line_between_blocks(line)
    if expecting == "object":
        return _after_object(line)
    return _after_predicate(line)


def _after_line_between_blocks(line: str) -> tuple[str, str]:
    if line.startswith("# --- "):
        return "block", ""
    if _SUBJECT.fullmatch(line) and not line.startswith("#"):
        return "predicate", ""
    return "block", "a subject alone on its line, or a '# --- heading'"


def _after_object(line: str) -> tuple[str, str]:
    end = _OBJECT_ALONE.fullmatch(line)
    if end is None:
        return "object", "one object, indented by four, then ',' or ';'"
    return ("object" if end.group(1) == "," else "predicate"), ""


def _after_predicate(line: str) -> tuple[str, str]:
    if line == "  .":
        return "block", ""
    if _PREDICATE_ALONE.fullmatch(line):
        return "object", ""
    if _PREDICATE_WITH_OBJECTS.fullmatch(line):
        return "predicate", ""
    return "predicate", "one predicate, indented by two, then one literal or some IRIs, then ';'"


def _language_faults(lines: list[str]) -> list[str]:
    faults = []
    tags: list[str] = []
    for number, line in enumerate(lines, 1):
        tag = _TAG.match(line.strip())
        if line.startswith("    ") and tag:
            tags.append(tag.group(1))
        if tags and not line.endswith(","):
            if len(set(tags)) > 1 and tuple(tags) != LANGUAGES:
                faults.append(f"{number}: the languages in the order {' '.join(LANGUAGES)}")
            tags = []
    return faults


def _order_faults(lines: list[str]) -> list[str]:
    """Subjects are sorted within a section, a concept scheme before its concepts."""
    faults = []
    last = ""
    for number, line in enumerate(lines, 1):
        if line.startswith(("# --- ", "scheme:")):
            last = ""
        elif line and line[0] not in " @#<":
            if line.casefold() < last.casefold():
                faults.append(f"{number}: {line} before {last}")
            last = line
    return faults
