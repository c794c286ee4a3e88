"""Validate files against SHACL shapes in a process of its own, which may crash. Front door: `run(Job(…))`.

Stores, releases, HTTP and output to the terminal may not enter: a job comes in, a verdict goes out.
"""

from sauran.kg.validate.job import Job, Limits, Verdict
from sauran.kg.validate.validation_process import run

__all__ = ["Job", "Limits", "Verdict", "run"]
