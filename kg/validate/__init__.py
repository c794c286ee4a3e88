"""The validator: files and shapes to a verdict, in a process that may crash. Front door: `run(Job(…))`."""

from sauran.kg.validate.child import run
from sauran.kg.validate.job import Job, Limits, Verdict

__all__ = ["Job", "Limits", "Verdict", "run"]
