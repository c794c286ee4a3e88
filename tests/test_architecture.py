"""Packages import only those before them, files and functions stay short, every test file is collected."""

import ast
import graphlib
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDERS = ("sauran", "kg", "server")
# Each package imports only those before it, and never its own parent.
PACKAGES = (
    "kg.model",
    "kg.processes",
    "kg.publication",
    "kg.sparql",
    "kg.loading",
    "kg.shacl",
    "kg.reports",
    "kg.positions",
    "kg.profiles.briefing",
    "kg.validate.lint",
    "kg.validate",
    "kg.describe.catalogue",
    "kg.describe.tables",
    "kg.describe",
    "kg.search",
    "kg.release",
    "server.query",
    "server.http",
    "server.api",
    "server.api.discovery",
    "server.api.oai",
    "server.site",
    "server.profiles.briefing",
    "server.site.pages",
    "server.site.visual.drawings",
    "server.site.visual",
    "server.site.search",
    "server.site.vocabulary",
    "server.site.resource",
    "server.site.sparql",
    "server.cli",
)
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
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
    "module_map.py",
    "oai_support.py",
    "page_support.py",
    "protocol.py",
    "queries.py",
    "reference_tables.py",
    "report_examples.py",
    "running.py",
    "service_description.py",
    "shacl_report.py",
    "shacl_suite.py",
    "shape_examples.py",
    "small_shapes.py",
    "summary.py",
    "support.py",
    "table.py",
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
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return name if parts[0] == "sauran" else f"sauran.{name}"


MODULES = {module_name(file): file for folder in FOLDERS for file in (CHECKOUT / folder).rglob("*.py")}


def package_of(module: str) -> str:
    """The package that a module stands in; a package is its own."""
    is_package = MODULES[module].name == "__init__.py"
    return (module if is_package else module.rpartition(".")[0]).removeprefix("sauran.")


def imports_of(file: Path) -> set[str]:
    """All modules of ours that a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            inside = {f"{node.module}.{alias.name}" for alias in node.names} & set(MODULES)
            found |= inside or {node.module or ""}
    return found & set(MODULES)


def upward_imports(order: tuple[str, ...], imports: dict[str, set[str]]) -> list[str]:
    """Imports from a package of a package that does not stand before it."""
    place = {package: number for number, package in enumerate(order)}
    return [
        f"{module} imports {used}"
        for module, all_used in sorted(imports.items())
        for used in sorted(all_used)
        if package_of(module) != package_of(used)
        and place.get(package_of(used), -1) >= place.get(package_of(module), len(order))
    ]


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    found = {name: imports_of(file) for name, file in MODULES.items()}
    assert len(found) > 150
    assert sum(map(len, found.values())) > 500
    return found


def test_no_module_imports_itself_by_any_way_round(imports: dict[str, set[str]]) -> None:
    order = list(graphlib.TopologicalSorter(imports).static_order())
    assert len(order) == len(imports)


def test_the_circle_detector_sees_circles(tmp_path: Path) -> None:
    lazy = tmp_path / "lazy.py"
    lazy.write_text(
        "def later():\n    from sauran.kg.model import errors\n    import sauran.kg.loading.store\n"
    )
    assert imports_of(lazy) == {"sauran.kg.model.errors", "sauran.kg.loading.store"}
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


def test_each_package_imports_only_those_before_it(imports: dict[str, set[str]]) -> None:
    there = {package_of(name) for name in MODULES}
    assert there - set(PACKAGES) == {"sauran", "kg", "server", "kg.profiles", "server.profiles"}
    assert set(PACKAGES) <= there
    assert upward_imports(PACKAGES, imports) == []


def test_the_order_of_packages_is_checked(imports: dict[str, set[str]]) -> None:
    assert len(upward_imports(tuple(reversed(PACKAGES)), imports)) > 300


def test_nothing_imports_kg_or_server_but_by_way_of_sauran() -> None:
    bare = re.compile(r"^\s*(?:from|import) (?:kg|server)\b", re.MULTILINE)
    files = [*MODULES.values(), *TEST_FILES, *(CHECKOUT / "benchmarks").rglob("*.py")]
    assert len(files) > 300
    assert [str(file) for file in files if bare.search(file.read_text("utf-8"))] == []
    assert bare.search("    from kg import errors")


# One URL family each: they share what lies below, never each other.
FAMILIES = (
    "api.sparql_endpoint",
    "site.validation_page",
    "api.graph_store",
    "api.resources",
    "site.pages.about",
    "profiles.briefing.claims",
    "profiles.briefing.doubts",
    "site.visual.pictures",
    "site.search.search",
    "site.resource.things",
    "site.pages.home",
    "site.sparql.sparql_page",
    "site.vocabulary.vocabulary_pages",
    "api.downloads",
    "api.conformance",
    "api.catalogue",
    "api.feed",
    "api.oai.provider",
    "api.health",
    "api.discovery.crawlers",
    "api.discovery.wellknown",
)


def test_url_families_never_import_each_other(imports: dict[str, set[str]]) -> None:
    there = {f"sauran.server.{family}" for family in FAMILIES}
    assert there <= set(imports)
    assert {name: imports[name] & there for name in there} == {name: set() for name in there}


def test_only_commands_and_cli_stand_above_the_application(imports: dict[str, set[str]]) -> None:
    users = {name for name, used in imports.items() if "sauran.server.cli.app" in used}
    assert users == {"sauran.server.cli.production_server"}


# Names that occur in more than one package, because they mean the same.
SAME_NAME = {
    "__init__": "each package has one",
    "build": "the build of a release, and the command that runs it",
    "evidence": "the check of evidence, and the command that runs it",
    "jsonld": "JSON-LD, written as a report and read with positions",
    "turtle": "Turtle, written as a report and read with positions",
    "terms": "RDF terms: of the catalogue, and resolved from tokens of Turtle",
    "tokens": "a tokeniser: of Turtle, and of SPARQL",
}


def repeated_names(places: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The names that stand for more than one module, each with these modules."""
    found: dict[str, list[str]] = {}
    for name, module in places:
        found.setdefault(name, []).append(module)
    return {name: modules for name, modules in found.items() if len(modules) > 1}


def test_no_module_name_has_two_meanings() -> None:
    assert len(MODULES) > 150
    repeated = repeated_names((file.stem, module) for module, file in MODULES.items())
    assert {name: modules for name, modules in repeated.items() if name not in SAME_NAME} == {}
    assert set(SAME_NAME) <= set(repeated)


def test_no_public_class_name_has_two_meanings() -> None:
    classes = [
        (node.name, module)
        for module, file in MODULES.items()
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert len(classes) > 200
    assert repeated_names(classes) == {}
    assert repeated_names([("Row", "a"), ("Column", "a"), ("Row", "b")]) == {"Row": ["a", "b"]}


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
