"""`make map` lists every module with what it is for."""

from pathlib import Path

from module_map import module_lines


def test_a_line_gives_the_path_and_the_first_line_of_the_docstring(tmp_path: Path) -> None:
    (tmp_path / "kg" / "model").mkdir(parents=True)
    (tmp_path / "kg" / "__init__.py").write_text('"""The graph."""\n', "utf-8")
    (tmp_path / "kg" / "model" / "terms.py").write_text('"""Terms of RDF.\n\nAnd more.\n"""\n', "utf-8")
    assert list(module_lines(tmp_path)) == [
        "kg/__init__.py     The graph.",
        "kg/model/terms.py  Terms of RDF.",
    ]


def test_every_module_of_the_checkout_is_listed(checkout: Path) -> None:
    lines = list(module_lines(checkout))
    assert len(lines) > 200
    assert all(len(line.split()) > 1 for line in lines)
