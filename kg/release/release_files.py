"""Files of a release other than its manifest (dumps, queries, report), and counts for the manifest."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

from sauran.kg.describe.quality import measure_quality
from sauran.kg.describe.statistics import count_dumps
from sauran.kg.describe.tables import write_tables
from sauran.kg.loading.content import Content
from sauran.kg.loading.dumps import ReleaseFile, write_dumps, write_file
from sauran.kg.loading.serialisation import sort_quads, write_rdf
from sauran.kg.model.findings import Finding
from sauran.kg.model.formats import TURTLE
from sauran.kg.release.archive import write_archive
from sauran.kg.reports import as_json
from sauran.kg.reports.report_graph import report_graph
from sauran.kg.shacl.result import Report

__all__ = ["write_files"]


def write_files(
    folder: Path,
    content: Content,
    report: Report,
    findings: Sequence[Finding],
    progress: Callable[[str], None],
) -> tuple[list[ReleaseFile], dict[str, Any]]:
    """Write every file that the manifest lists.

    Shape: the files, and what was counted of them, as keys of the manifest.
    """
    progress("count")
    counted: dict[str, Any] = {
        "statistics": count_dumps(content),
        "quality": measure_quality(content, findings),
    }
    files = _write_dumps(folder, content, progress)
    progress("tables")
    table_files, counted["tables"] = write_tables(folder, content)
    files += table_files
    files += _write_queries(folder, content)
    files += _write_report(folder, content, report, findings)
    return [*files, write_archive(folder, files)], counted


def _write_dumps(folder: Path, content: Content, progress: Callable[[str], None]) -> list[ReleaseFile]:
    context = content.context
    files: list[ReleaseFile] = []
    for dump in content.dumps():
        progress(f"dump {dump.name}")
        files += write_dumps(folder, dump, content.prefixes, context)
    text = json.dumps({"@context": context}, ensure_ascii=False, indent=1) + "\n"
    return [*files, write_file(folder, "dumps/context.jsonld", text.encode(), "application/ld+json")]


def _write_queries(folder: Path, content: Content) -> list[ReleaseFile]:
    queries = json.dumps(content.plain_queries(), ensure_ascii=False, indent=1) + "\n"
    return [write_file(folder, "queries.json", queries.encode(), "application/json")]


def _write_report(
    folder: Path, content: Content, report: Report, findings: Sequence[Finding]
) -> list[ReleaseFile]:
    # Paths that do not depend on this machine.
    named = [
        f.at(replace(f.place, file=content.name_of(f.place.file)) if f.place else None) for f in findings
    ]
    plain = write_file(folder, "validation.json", as_json(named).encode(), "application/json")
    graph = [Quad(t.subject, t.predicate, t.object) for t in report_graph(report)]
    turtle = write_rdf(sort_quads(graph), TURTLE, content.prefixes)
    media_type = TURTLE.media_type
    return [plain, write_file(folder, "validation.ttl", turtle, media_type, triples=len(graph))]
