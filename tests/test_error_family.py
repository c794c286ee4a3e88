"""The error family: the tree in kg/model/errors.py holds all exceptions of the project, and no other."""

import json
import re
import subprocess
import sys
from pathlib import Path

import sauran.kg.model.errors

# In a process of its own, as some modules change what pyshacl and rdflib do when they are imported.
_CLASSES = """
import importlib, json, pkgutil
import sauran.kg, sauran.server

def below(known):
    for found in known.__subclasses__():
        yield found
        yield from below(found)

for package in (sauran.kg, sauran.server):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
ours = {c for c in below(BaseException) if c.__module__.split(".")[0] == "sauran"}
print(json.dumps([[c.__name__, c.__module__, [base.__name__ for base in c.__bases__]] for c in ours]))
"""


def drawn(text: str) -> dict[str, tuple[str, str]]:
    """Each class of the tree, with its module and the class above it."""
    found: dict[str, tuple[str, str]] = {}
    above: list[str] = []
    for lead, name, module in re.findall(r"^([│ ├└─]*)(\w+) +in ([\w.]+): ", text, re.MULTILINE):
        depth = len(lead) // 4
        above[depth:] = [name]
        found[name] = (module, above[depth - 1] if depth else "Exception")
    return found


def test_a_tree_is_read_with_what_stands_above_each_class() -> None:
    text = "A  in a: x\n├── B  in b: x\n│   └── C  in c.d: x\n└── D  in d: x\n"
    assert drawn(text) == {
        "A": ("a", "Exception"),
        "B": ("b", "A"),
        "C": ("c.d", "B"),
        "D": ("d", "A"),
    }


def test_the_tree_is_that_of_the_real_classes(checkout: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", _CLASSES], cwd=checkout, capture_output=True, text=True, check=True, timeout=60
    )
    real = {name: (module, bases[0]) for name, module, bases in json.loads(result.stdout)}
    assert len(real) > 10
    assert drawn(sauran.kg.model.errors.__doc__ or "") == real
