"""The validator: files and shapes to a verdict, in a process that may crash. Front door: `run(Job(…))`."""

from kg.validation.child import run
from kg.validation.job import Job, Limits, Verdict

__all__ = ["Job", "Limits", "Verdict", "run"]
