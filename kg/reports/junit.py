"""Findings as JUnit XML: a finding is a failed test, a shape that met nodes without a finding a passed one.

Source: the schema of Jenkins' xUnit plugin (junit-10.xsd); GitLab documentation, "Unit test reports".
"""

from xml.etree import ElementTree

from sauran.kg.model.findings import Finding
from sauran.kg.reports.counting import ShapeCount
from sauran.kg.reports.results import Results
from sauran.kg.reports.wording import about, exactness, printable, reasons, short, short_path

__all__ = ["write_junit"]


def write_junit(results: Results) -> str:
    """Write one suite; names hold no line, so that services know a test again.

    Findings below the severity to fail on are passed tests that say so; shapes that met no node are skipped.
    """
    cases = [_finding(results, finding) for finding in results.shown]
    clean = [row for row in results.by_shape if row.met is not None and not any(row.found.values())]
    cases += map(_shape, clean)
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
        "skipped": str(sum(case.find("skipped") is not None for case in cases)),
        "time": f"{results.duration_s:.3f}",
    }
    suites = ElementTree.Element("testsuites", {"name": "sauran validate", **counts})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "sauran validate", **counts})
    suite.extend(cases)
    said = (*results.notes, *results.remarks)
    if said:
        ElementTree.SubElement(suite, "system-out").text = "\n".join(map(printable, said))
    ElementTree.indent(suites, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, "unicode") + "\n"


def _finding(results: Results, finding: Finding) -> ElementTree.Element:
    file, line, _ = results.place_of(finding)
    on = " ".join(
        part
        for part in (short(finding.focus) if finding.focus else "", short_path(finding.path or ""))
        if part
    )
    value = f" {short(finding.value)}" if finding.value is not None else ""
    attributes = {
        "classname": printable(finding.rule),
        "name": f"{on}{value}" or printable(finding.message),
        "file": printable(file),
        "line": str(line),
        "time": "0",
    }
    case = ElementTree.Element("testcase", attributes)
    place = f"{finding.place}: " if finding.place else ""
    word = results.word_for(finding)
    said = [f"{place}{word} {finding.rule}: {finding.message}", about(finding)]
    said += [exactness(finding.place), *("  " * depth + text for depth, text in reasons(finding))]
    text = "\n".join(printable(part) for part in said if part)
    if finding.severity >= results.fail_on:
        message = printable(finding.message or finding.rule)
        kind = "error" if results.conforms is None else "failure"
        ElementTree.SubElement(case, kind, {"type": word, "message": message}).text = text
    else:
        ElementTree.SubElement(case, "system-out").text = text
    return case


def _shape(row: ShapeCount) -> ElementTree.Element:
    attributes = {"classname": printable(row.name), "name": "all nodes", "time": "0"}
    case = ElementTree.Element("testcase", attributes)
    if row.idle:
        ElementTree.SubElement(case, "skipped", {"message": "This shape met no node."})
    return case
