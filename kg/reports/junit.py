"""Findings as JUnit XML: a finding is a failed test, a shape that met nodes without a finding a passed one.

Source: the schema of Jenkins' xUnit plugin (junit-10.xsd); GitLab documentation, "Unit test reports".
"""

from xml.etree import ElementTree

from kg.findings import Finding
from kg.reports.counting import ShapeCount
from kg.reports.results import Results
from kg.reports.wording import about, exactness, printable, reasons, short

__all__ = ["write_junit"]


def write_junit(results: Results) -> str:
    """Write one suite; names hold no line, so that services know a test again.

    Findings below the severity to fail on are passed tests that say so; shapes that met no node are skipped.
    """
    cases = [_finding(results, finding) for finding in results.shown]
    faulty = {finding.source_shape or finding.rule for finding in results.findings}
    cases += [_shape(row) for row in results.by_shape if row.met is not None and row.shape not in faulty]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": "0",
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
        for part in (short(finding.focus) if finding.focus else "", printable(finding.path or ""))
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
    said = [f"{place}{finding.severity.label} {finding.rule}: {finding.message}", about(finding)]
    said += [exactness(finding.place), *("  " * depth + text for depth, text in reasons(finding))]
    text = "\n".join(printable(part) for part in said if part)
    if finding.severity >= results.fail_on:
        message = printable(finding.message or finding.rule)
        failure = {"type": finding.severity.label, "message": message}
        ElementTree.SubElement(case, "failure", failure).text = text
    else:
        ElementTree.SubElement(case, "system-out").text = text
    return case


def _shape(row: ShapeCount) -> ElementTree.Element:
    attributes = {"classname": printable(row.name), "name": "all nodes", "time": "0"}
    case = ElementTree.Element("testcase", attributes)
    if row.idle:
        ElementTree.SubElement(case, "skipped", {"message": "This shape met no node."})
    return case
