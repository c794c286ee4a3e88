"""Files against shapes: findings with their places, coverage, and whether the data conform."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from sauran.kg.model.errors import UsageError
from sauran.kg.model.findings import sort_findings
from sauran.kg.publication.package_paths import ontology_folder, shapes_folder, turtle_in
from sauran.kg.reports import Results
from sauran.kg.validate.job import AUTO, STDIN, Job, Limits, Verdict
from sauran.kg.validate.validation_process import run

__all__ = ["StrPath", "results_of", "shapes_and_ontology", "validate"]

StrPath = str | os.PathLike[str]


def validate(  # noqa: PLR0913 (each option is an argument)
    data: StrPath | Iterable[StrPath],
    shapes: StrPath | Iterable[StrPath] = (),
    *,
    ontology: StrPath | Iterable[StrPath] = (),
    imports: Mapping[str, StrPath] | None = None,
    input_format: str | None = None,
    engine: str = AUTO,
    cross_check: bool = False,
    language: str = "en",
    limits: Limits | None = None,
) -> Results:
    """Check RDF files together against SHACL shapes, in a process of its own within limits.

    Shape: `data`, `shapes` and `ontology` are files, folders or patterns such as `data/**/*.ttl`; without
    `shapes` Sauran's own are used, with its ontology. `ontology` declares classes of the data and is not
    checked. `imports` gives the local copy of each IRI that shapes import; nothing is fetched.
    `input_format`, such as `turtle`, is that of all data files, regardless of their suffix. `cross_check`
    runs a second engine too. Messages are in `language` where the shapes have it.
    In the results `conforms` is None when the input is unusable: the findings then say why, and nothing was
    validated. Lines and columns count from 1.
    Raises: UsageError for wrong arguments; ContentError for shapes that cannot be used; EngineError where
    the result could not be decided: an engine crashed, ran out of time or memory, or two engines differ.
    Source: SHACL, Recommendation of 20 July 2017, section 3.4 (validation).

    >>> results = validate("shop.ttl", "shop-shapes.ttl")
    >>> results.conforms
    False
    >>> for finding in results.findings:
    ...     print(finding.place.file, finding.place.line, finding.place.column, finding.rule)
    shop.ttl 5 12 product-price
    shop.ttl 7 1 product-name
    """
    given_shapes, given_ontology = shapes_and_ontology(_names(shapes), _names(ontology))
    job = Job(
        data=_names(data),
        shapes=given_shapes,
        ontology=given_ontology,
        imports=tuple((iri, os.fspath(file)) for iri, file in (imports or {}).items()),
        engine=engine,
        cross_check=AUTO if cross_check else None,
        input_format=input_format,
        language=language,
        limits=limits or Limits(),
        places=True,
    )
    if not job.data:
        raise UsageError("data", "no file is named.", "Give a file, a folder or a pattern.")
    if STDIN in (*job.data, *job.shapes, *job.ontology):
        raise UsageError("data", "standard input cannot be validated here.", "Give a file.")
    return results_of(job, run(job), root=Path.cwd())


def shapes_and_ontology(
    shapes: tuple[str, ...], ontology: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The shapes and ontology to use: those given; without shapes Sauran's own, with its ontology."""
    if shapes:
        return shapes, ontology
    return turtle_in(shapes_folder()), (*ontology, *turtle_in(ontology_folder()))


def results_of(job: Job, verdict: Verdict, root: Path | None = None) -> Results:
    """What a report of a verdict is written from; the job asked for places.

    Shape: names of files in a report are relative to `root`.
    """
    files = tuple(job.stdin_name if file == STDIN else file for file in verdict.data_files)
    if verdict.faults or verdict.report is None:
        from sauran.kg.validate.reporting import place_faults  # noqa: PLC0415 (a green run pays nothing)

        faults = tuple(sort_findings(place_faults(job, verdict)))
        return Results(faults, conforms=None, files=files, notes=verdict.notes, root=root)
    return Results(
        verdict.findings,
        conforms=verdict.report.conforms,
        focus_nodes=verdict.report.focus_nodes,
        files=files,
        engines=verdict.engines,
        notes=verdict.notes,
        duration_s=verdict.seconds,
        language=job.language,
        left_out=verdict.left_out,
        root=root,
    )


def _names(paths: StrPath | Iterable[StrPath]) -> tuple[str, ...]:
    """The paths as texts; one path may stand alone."""
    if isinstance(paths, str | os.PathLike):
        return (os.fspath(paths),)
    return tuple(os.fspath(path) for path in paths)
