"""The house: modules import only what lies below them, files stay rooms, every test file is collected."""

import ast
import graphlib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGES = ("kg", "server")
LONGEST_FILE, LONGEST_FUNCTION = 300, 60
# What tests use and that holds no test.
HELPERS = {
    "__init__.py",
    "answers.py",
    "attack_support.py",
    "browser_support.py",
    "catalogue_support.py",
    "causes.py",
    "client.py",
    "conformance.py",
    "conftest.py",
    "earl.py",
    "engine_support.py",
    "fixtures.py",
    "forked_cases.py",
    "layout.py",
    "manifest_graph.py",
    "manifests.py",
    "oai_support.py",
    "page_support.py",
    "protocol.py",
    "queries.py",
    "report_examples.py",
    "running.py",
    "service_description.py",
    "shacl_suite.py",
    "shape_examples.py",
    "small_shapes.py",
    "summary.py",
    "support.py",
    "turtle.py",
    "validation_support.py",
    "verdicts.py",
    "web_support.py",
}


# Without what npm installs for tests/clients, and pip for tests/harvest.
FOREIGN = {"node_modules", ".environments"}
TEST_FILES = [file for file in (CHECKOUT / "tests").rglob("*.py") if not FOREIGN & set(file.parts)]


def module_name(file: Path) -> str:
    parts = file.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for package in PACKAGES for file in (CHECKOUT / package).rglob("*.py")}


def imports_of(file: Path) -> set[str]:
    """All modules of ours that a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found & set(MODULES)


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    found = {name: imports_of(file) for name, file in MODULES.items()}
    assert len(found) > 30
    assert sum(map(len, found.values())) > 60
    return found


def test_no_module_imports_itself_by_any_way_round(imports: dict[str, set[str]]) -> None:
    order = list(graphlib.TopologicalSorter(imports).static_order())
    assert len(order) == len(imports)


def test_the_circle_detector_sees_circles(tmp_path: Path) -> None:
    lazy = tmp_path / "lazy.py"
    lazy.write_text("def later():\n    from kg import errors\n    import kg.store\n")
    assert imports_of(lazy) == {"kg", "kg.errors", "kg.store"}
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


def test_kg_never_imports_server(imports: dict[str, set[str]]) -> None:
    upward = {
        name: sorted(used)
        for name, used in imports.items()
        if name.split(".")[0] == "kg" and any(module.split(".")[0] == "server" for module in used)
    }
    assert upward == {}


# One URL family each: they share what lies below, never each other.
FAMILIES = (
    "sparql",
    "validation",
    "graph_store",
    "resources",
    "site.home.about",
    "site.claim.claims",
    "site.claim.doubts",
    "site.picturing.pictures",
    "site.searching.search",
    "site.thing.things",
    "site.home.browse",
    "site.asking.sparql_page",
    "site.vocabulary",
    "downloads",
    "conformance",
    "catalogue",
    "feed",
    "oai.provider",
    "operation.health",
    "discovery.crawlers",
    "discovery.wellknown",
)


def test_url_families_never_import_each_other(imports: dict[str, set[str]]) -> None:
    there = {f"server.{family}" for family in FAMILIES} & set(imports)
    assert len(there) >= 4
    assert {name: imports[name] & there for name in there} == {name: set() for name in there}


def test_only_commands_and_cli_stand_above_the_application(imports: dict[str, set[str]]) -> None:
    users = {name for name, used in imports.items() if "server.app" in used}
    assert users == {"server.serving"}


def test_files_and_functions_stay_short() -> None:
    long_files, long_functions, seen = [], [], 0
    for file in (
        *MODULES.values(),
        *TEST_FILES,
        *(CHECKOUT / "benchmarks").rglob("*.py"),
    ):
        text = file.read_text("utf-8")
        seen += 1
        if text.count("\n") > LONGEST_FILE:
            long_files.append(str(file))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION:
                long_functions.append(f"{file}:{node.lineno} {node.name}")
    assert seen > 40
    assert (long_files, long_functions) == ([], [])


def test_every_file_under_tests_is_collected_or_a_known_helper() -> None:
    helpers = HELPERS | {f.name for f in (CHECKOUT / "tests/harvest/drivers").iterdir()}
    strays = [str(f) for f in TEST_FILES if not f.name.startswith("test_") and f.name not in helpers]
    assert strays == []
    assert len(TEST_FILES) > 20


def test_every_module_says_its_responsibility_in_its_docstring() -> None:
    silent = [
        name for name, file in MODULES.items() if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.count(".")))
def test_public_names_are_declared_and_sorted(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    declared = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    ]
    if not declared:
        assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body), name
        return
    upper = [n for n in declared[0] if n.isupper()]
    other = [n for n in declared[0] if not n.isupper()]
    assert other == sorted(other, key=lambda n: (n[0].islower(), n)), name
    assert upper == sorted(upper), name
