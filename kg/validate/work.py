"""A job under way: its files read, and what it has come to so far."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sauran.kg.model.errors import UsageError
from sauran.kg.model.findings import Finding
from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.validate.engine_choice import Routes
from sauran.kg.validate.engines import choose
from sauran.kg.validate.imports import with_imports
from sauran.kg.validate.inputs import Input, find_inputs, format_named, names_of
from sauran.kg.validate.job import AUTO, STDIN, Job
from sauran.kg.validate.literal_quirks import TraitsWatch
from sauran.kg.validate.reading import Data

if TYPE_CHECKING:
    from sauran.kg.validate.descriptions import Descriptions

__all__ = ["Work", "check_usage", "read_job"]


@dataclass
class Work:
    """What a job has come to so far.

    `watch` has seen the data, `fast` is what the fast engine found of `routes`; `described` is there where
    something was found.
    """

    job: Job
    data: Data
    ontology: Data
    shapes: TripleIndex
    shapes_files: tuple[str, ...] = ()
    lint: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    engines: list[str] = field(default_factory=list)
    watch: TraitsWatch = field(default_factory=lambda: TraitsWatch(TripleIndex(()), looks_closely=False))
    routes: Routes = field(default_factory=lambda: Routes({}, ()))
    fast: list[Finding] = field(default_factory=list)
    described: "Descriptions | None" = None

    def everything(self) -> Data:
        """Data and ontology together."""
        return self.data + self.ontology


def check_usage(job: Job) -> None:
    """Refuse what cannot be done.

    Raises: UsageError.
    """
    for name in (job.engine, job.cross_check):
        if name not in (None, AUTO):
            choose(str(name))
    if job.input_format:
        format_named(job.input_format)
    if [*job.data, *job.shapes, *job.ontology].count(STDIN) > 1:
        raise UsageError("-", "standard input can be read only once.", "Give one of the two as a file.")
    if not job.data or not job.shapes:
        what = "no data are named." if not job.data else "no shapes are named."
        raise UsageError("validate", what, "Name at least one file.")


def read_job(job: Job) -> tuple[Work, list[Finding]]:
    """Read the files of a job; give also all that makes them unusable."""
    groups: list[list[Input]] = []
    faults: list[Finding] = []
    for arguments in (job.data, job.ontology, job.shapes):
        inputs, wrong = find_inputs(arguments, job.input_format, only_stdin=arguments is not job.data)
        groups.append(inputs)
        faults += wrong
    data = Data(groups[0], job.limits, job.base)
    ontology = Data(groups[1], job.limits, job.base, first=len(groups[0]))
    shapes = Data(groups[2], job.limits, job.base, first=len(groups[0]) + len(groups[1]))
    index = TripleIndex(shapes.triples())
    work = Work(job, data, ontology, index, names_of(groups[2]))
    faults += shapes.faults
    work.shapes, wrong, missing = with_imports(job, index)
    faults += wrong
    work.lint += missing
    if faults or data.faults or ontology.faults:
        # Something is unusable already: say all that is, in every file.
        for source in (data, ontology):
            for _ in source.triples():
                pass
            faults += source.faults
    return work, list(dict.fromkeys(faults))
