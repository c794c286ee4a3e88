"""Validate by an engine that has no command of its own: `direct.py shacl|rudof DATA SHAPES`.

Prints the shape of each result on a line. It needs nothing but the engine.
"""

import sys


def ask_shacl(data: str, shapes: str) -> list[str]:
    """The source shapes of all results, by the engine `shacl`."""
    from shacl import Shapes  # noqa: PLC0415 (each environment has one of the engines)

    return [result.source_shape for result in Shapes.from_file(shapes).validate_file(data).results]


def ask_rudof(data: str, shapes: str) -> list[str]:
    """The source shapes of all results, by rudof."""
    from pyrudof import RDFFormat, Rudof, RudofConfig, ShaclFormat  # noqa: PLC0415 (as above)

    session = Rudof(RudofConfig())
    with open(shapes, encoding="utf-8") as text:  # noqa: PTH123 (no more than the engine is to be loaded)
        session.read_shacl(text.read(), ShaclFormat.Turtle)
    session.read_data(data, RDFFormat.Turtle)
    return [result.source_shape for result in session.validate_shacl()]


if __name__ == "__main__":
    print("\n".join({"shacl": ask_shacl, "rudof": ask_rudof}[sys.argv[1]](*sys.argv[2:])))
