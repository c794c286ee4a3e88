"""The lint of shapes: what is doubtful or broken in them, found before any engine reads them.

No engine, no data and no files enter: only shapes as an index of triples, and findings come out.
"""

from sauran.kg.validate.lint.rules import is_broken, lint, nested_shapes
from sauran.kg.validate.lint.vocabulary import not_supported

__all__ = ["is_broken", "lint", "nested_shapes", "not_supported"]
