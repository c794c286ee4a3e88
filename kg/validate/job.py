"""What is to be validated, within which limits, and what came out."""

from dataclasses import dataclass, field

from sauran.kg.model.findings import Finding
from sauran.kg.shacl.result import Report

__all__ = ["AUTO", "STDIN", "Job", "Limits", "Verdict"]

AUTO = "auto"
STDIN = "-"


@dataclass(frozen=True)
class Limits:
    """What one validation may take.

    `timeout_s` is wall-clock time, `cpu_s` processor time of all threads, `memory_mb` address space of the
    child and what it may write to a file; a file may have `file_mb` and nest brackets or elements `nesting`
    deep; a literal may have `literal_mb`; above `results` findings, or `answer_mb` of answer, the
    validation ends with an error.
    """

    timeout_s: float = 300.0
    cpu_s: int = 1200
    memory_mb: int = 8192
    file_mb: int = 2048
    literal_mb: int = 8
    nesting: int = 1000
    results: int = 1_000_000
    answer_mb: int = 8192


@dataclass(frozen=True)
class Job:
    """One validation: files, folders, patterns such as `data/**/*.ttl`, or `-` for standard input.

    `ontology` is read with the data, for classes declared there; its own faults are not reported, nor do its
    nodes count as checked. `imports` are local copies of what shapes import, IRI by IRI; nothing else is
    ever fetched. `cross_check` names a second engine, or `auto` for the best there is. `base` is the
    IRI that relative ones are resolved against; without it, each file's own. `report` is a form of
    `sauran.kg.reports` to write too, with places, where strangers are served: standard input is called
    `stdin_name` there. With `places` the findings have theirs, and those of the shapes are among them. Above
    `max_results` findings only the worst are handed over, or written one by one.
    """

    data: tuple[str, ...]
    shapes: tuple[str, ...]
    ontology: tuple[str, ...] = ()
    imports: tuple[tuple[str, str], ...] = ()
    engine: str = AUTO
    cross_check: str | None = None
    input_format: str | None = None
    base: str | None = None
    language: str = "en"
    limits: Limits = field(default_factory=Limits)
    report: str = ""
    stdin_name: str = "standard input"
    max_results: int | None = None
    places: bool = False


@dataclass(frozen=True)
class Verdict:
    """The outcome of a job.

    Shape: with `faults` the input is unusable and nothing was validated (exit 2); otherwise `report` holds
    every result, and `findings` the same, sorted, without place. `lint` says what is doubtful in
    the shapes; `notes` are sentences for the person, such as which engine was taken and why; `engines` are
    names with versions. `data_files` and `shapes_files` are what the arguments meant; blank nodes of file
    number N are called `fNnM`, M counting those of the file in the order Oxigraph's parser gives them.
    `text` is the report that the job asked for; the findings are then only in it. `left_out` counts, by
    shape and severity, the findings that `max_results` kept back.
    """

    report: Report | None
    findings: tuple[Finding, ...] = ()
    faults: tuple[Finding, ...] = ()
    lint: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    data_files: tuple[str, ...] = ()
    shapes_files: tuple[str, ...] = ()
    triples: int = 0
    seconds: float = 0.0
    text: str = ""
    left_out: tuple[tuple[str, str, int], ...] = ()

    @property
    def nothing_checked(self) -> bool:
        """Whether no shape met any node of the data, nor found anything (exit 3)."""
        return self.report is not None and self.report.conforms and not any(self.report.focus_nodes.values())
