"""The command line: results on standard output, talk on standard error, exit codes as promised."""

import errno
import json
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner
from support import CHECKOUT, change, sauran

from sauran.kg.shacl.result import Report
from sauran.kg.validate.release_check import validate_twice
from sauran.server.cli.main import main

COMMANDS = ("build", "serve", "validate", "evidence", "query")
FULL = "No space left on device. Make room.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The releases folder of the small publication, built once."""
    releases = tmp_path_factory.mktemp("built") / "releases"
    publication = CHECKOUT / "tests/publications/harbour/publication.toml"
    result = sauran("build", "--publication", publication, "--releases", releases)
    assert result.returncode == 0, result.stderr
    return releases


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_and_its_exit_codes(command: str) -> None:
    result = sauran(command, "--help")
    assert result.returncode == 0
    assert f"Usage: sauran {command}" in result.stdout
    assert "Exit codes: 0" in result.stdout or command == "query"


def test_the_version_is_that_of_the_distribution() -> None:
    assert sauran("--version").stdout.split()[-1] == "0.1.0"


def test_a_build_says_what_it_made_and_json_says_it_to_programs(harbour: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    first = sauran("build", "--publication", harbour, "--releases", releases)
    assert (first.returncode, first.stdout) == (0, "")
    assert first.stderr.splitlines()[0] == "no findings"
    second = sauran("build", "--publication", harbour, "--releases", releases, "--json")
    said = json.loads(second.stdout)
    assert said["reused"] is True
    assert said["version"].startswith("0.1-dev.")
    assert said["counts"] == {"violation": 0, "warning": 0, "info": 0}


def test_syntax_faults_are_shown_with_their_places_and_nothing_is_published(
    harbour: Path, tmp_path: Path
) -> None:
    folder = harbour.parent / "datasets/harbour"
    claims = change(folder / "claims.ttl", "rdf:object t:2024-05 ;", "rdf:object t:2024-05")
    change(folder / "entities.ttl", "@prefix t: ", "@prefix tt: ")
    result = sauran("build", "--publication", harbour, "--releases", tmp_path / "releases")
    assert result.returncode == 2
    assert f"{folder}/claims.ttl:{claims + 1}:3: error syntax: " in result.stdout
    assert "2 errors" in result.stderr
    assert f"{folder}/entities.ttl:" in result.stdout
    assert "Not published: 2 errors. Fix them and run `sauran build` again." in result.stderr
    assert not (tmp_path / "releases").exists()


def test_a_violation_is_shown_with_file_and_line_and_the_last_release_stays(
    harbour: Path, tmp_path: Path
) -> None:
    releases = tmp_path / "releases"
    assert sauran("build", "--publication", harbour, "--releases", releases).returncode == 0
    before = (releases / "current").readlink()
    claims = harbour.parent / "datasets/harbour/claims.ttl"
    line = change(claims, "modality:possible", "polarity:affirmed")
    result = sauran("build", "--publication", harbour, "--releases", releases)
    assert result.returncode == 1
    assert f"{claims}:{line}:16: violation claim-modality: " in result.stdout
    assert "Not published: 1 violation. Fix it and run `sauran build` again." in result.stderr
    assert (releases / "current").readlink() == before


def test_a_missing_value_is_placed_at_its_subject(harbour: Path) -> None:
    claims = harbour.parent / "datasets/harbour/claims.ttl"
    change(claims, "  sec:statedIn passage:p2 ;\n", "")
    result = sauran("validate", "--publication", harbour)
    line = claims.read_text("utf-8").splitlines().index("claim:c1") + 1
    assert result.returncode == 1
    assert f"{claims}:{line}:1: violation claim-has-passage: " in result.stdout


def test_literals_that_stores_rewrite_are_placed_and_repaired(harbour: Path) -> None:
    source = harbour.parent / "datasets/harbour/source.ttl"
    line = change(source, 'oa:start "15"', 'oa:start "015"')
    result = sauran("validate", "--publication", harbour)
    assert result.returncode == 1
    assert (
        f'{source}:{line}:12: violation canonical-literal: Stores rewrite "015". Write "15".' in result.stdout
    )


def test_fail_on_decides_the_exit_code_not_what_is_shown(harbour: Path) -> None:
    assert sauran("validate", "--publication", harbour, "--fail-on", "info").returncode == 0
    result = sauran("validate", "--fail-on", "never")
    assert result.returncode == 2
    assert "'violation', 'warning', 'info'" in result.stderr


def test_validate_takes_files(harbour: Path, tmp_path: Path) -> None:
    folder = harbour.parent / "datasets/harbour"
    files = [folder / name for name in ("source.ttl", "entities.ttl", "claims.ttl")]
    assert sauran("validate", *files).returncode == 0
    foreign = tmp_path / "foreign.ttl"
    foreign.write_text("<http://e/s> a <http://e/Thing> .\n")
    result = sauran("validate", foreign)
    assert result.returncode == 3
    assert "nothing was checked" in result.stderr


def test_validate_reports_all_unusable_files_at_once(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text("broken")
    result = sauran("validate", tmp_path / "a.ttl", tmp_path / "b.ttl", "--json")
    assert result.returncode == 2
    assert [f["file"] for f in json.loads(result.stdout)["findings"]] == [
        str(tmp_path / "a.ttl"),
        str(tmp_path / "b.ttl"),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "--publication", "nowhere.toml"], "error: nowhere.toml: there is no such file."),
        (["query", "ASK {}", "--releases", "empty"], "error: empty: holds no release yet. Run: sauran build"),
        (
            ["serve", "--releases", "empty", "--port", "0"],
            "'0' is not a valid value. Use a whole number from 1 to",
        ),
        (["serve", "--releases", "empty"], "error: empty: holds no release yet. Run: sauran build"),
        (["evidence", "--source", "nowhere.txt"], "error: nowhere.txt: cannot be read: No such file or"),
        (["query"], "Give one query: as an argument, with --file or with --name."),
        (["validate", "--shapes", "x.ttl"], "--shapes, --ontology, --import and --input-format go with"),
        (["publish"], "No such command 'publish'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_one_clear_line_and_exit_code_2(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    result = sauran(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert message in result.stderr


def test_an_unknown_setting_in_the_environment_is_refused(tmp_path: Path) -> None:
    result = sauran("query", "ASK {}", cwd=tmp_path, SAURAN_RELEASE="x")
    assert result.returncode == 2
    assert "SAURAN_RELEASE: is not a known setting. Did you mean SAURAN_RELEASES?" in result.stderr


def test_evidence_is_proved_and_a_changed_text_is_placed(harbour: Path, harbour_log: Path) -> None:
    fine = sauran("evidence", "--publication", harbour, "--source", harbour_log)
    assert fine.returncode == 0
    assert "3 of 3 passages of <http://127.0.0.1:7777/id/source/harbour-log> hold" in fine.stderr
    harbour_log.write_text(harbour_log.read_text("utf-8").replace("two days", "six days"), "utf-8")
    broken = sauran("evidence", "--publication", harbour, "--source", harbour_log)
    source = harbour.parent / "datasets/harbour/source.ttl"
    assert broken.returncode == 1
    assert f"{source}:" in broken.stdout
    assert "violation passage-changed: The text at 15-105 has another digest" in broken.stdout
    releases = harbour.parent / "releases"
    build = sauran("build", "--publication", harbour, "--source", harbour_log, "--releases", releases)
    assert build.returncode == 1
    assert "Not published: 2 violations. Fix them and run `sauran build` again." in build.stderr


QUERY = (
    "SELECT ?p (COUNT(*) AS ?n) { ?c <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> ?p } GROUP BY ?p"
)


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        ([QUERY], "p,n\n"),
        ([QUERY, "--json"], '{"head":{"vars":["p","n"]}'),
        ([QUERY, "--format", "tsv"], "?p\t?n\n"),
        (["ASK {}", "--json"], '{"head":{},"boolean":true}'),
        (["CONSTRUCT { ?s a ?o } { ?s a ?o } LIMIT 1"], "@prefix "),
        (["-"], "answer\n42\n"),
    ],
    ids=["csv", "json", "tsv", "ask", "construct", "standard input"],
)
def test_query_answers_in_the_format_asked_for(built: Path, arguments: list[str], start: str) -> None:
    result = sauran("query", "--releases", built, *arguments, stdin="SELECT (42 AS ?answer) {}")
    assert result.returncode == 0, result.stderr
    assert result.stdout.replace("\r", "").startswith(start)


def test_a_wrong_query_names_line_and_column(built: Path) -> None:
    result = sauran("query", "--releases", built, "SELECT * {")
    assert result.returncode == 2
    assert "error: query: error at 1:" in result.stderr


def test_questions_of_the_datasets_are_listed_and_run_by_name(built: Path) -> None:
    listed = sauran("query", "--list")
    assert len(listed.stdout.splitlines()) == 30
    assert "q02-independence\tWhen did Kazakhstan become independent?" in listed.stdout
    # The small release knows nothing of Kazakhstan: no rows, but an answer.
    assert sauran("query", "--releases", built, "--name", "q02-independence").returncode == 0
    assert sauran("query", "--releases", built, "--name", "q99").returncode == 2


def test_words_are_located_as_the_turtle_of_a_passage(harbour_log: Path) -> None:
    result = sauran(
        "evidence", "--source", harbour_log, "--locate", "Patrol boats may come back next spring."
    )
    assert result.stdout.splitlines()[2:] == [
        '  oa:start "106"^^xsd:nonNegativeInteger ;',
        '  oa:end "145"^^xsd:nonNegativeInteger ;',
    ]
    assert "0c402287c5f31af2c0bb871aff8fe53985cef2bac25d40a8cbc5b17a6391ff5a" in result.stdout
    said = json.loads(sauran("evidence", "--source", harbour_log, "--locate", "e", "--json").stdout)
    assert len(said) == harbour_log.read_text("utf-8").count("e")
    missing = sauran("evidence", "--source", harbour_log, "--locate", "no such words")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "--locate: these words are not in any of the given texts." in missing.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "triples"),
    [
        ([], {}, 100_000),
        ([], {"SAURAN_CROSS_CHECK_TRIPLES": "7"}, 7),
        (["--cross-check-triples", "0"], {"SAURAN_CROSS_CHECK_TRIPLES": "7"}, 0),
    ],
    ids=["default", "setting", "option"],
)
def test_how_much_pyshacl_must_agree_to_is_asked(  # noqa: PLR0917 (fixtures and cases)
    harbour: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    triples: int,
) -> None:
    asked = []

    def noted(*args: Any, **how: Any) -> Report:
        asked.append(how["most_for_reference"])
        return validate_twice(*args, **how)

    monkeypatch.setattr("sauran.kg.release.build.validate_twice", noted)
    given = ["build", "--publication", str(harbour), "--releases", str(tmp_path / "releases"), *arguments]
    result = CliRunner().invoke(main, given, env=environment)
    assert result.exit_code == 0, result.output
    assert set(asked) == {triples}


def test_negative_number_of_triples_is_refused(harbour: Path) -> None:
    result = sauran("build", "--publication", harbour, "--cross-check-triples", "-1")
    assert result.returncode == 2
    assert "--cross-check-triples" in result.stderr


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x/all.nt"), f"error: /x/all.nt: {FULL}"),
        (OSError(f"No space left (os error {errno.ENOSPC})"), f"error: disk: {FULL}"),
        (OSError(errno.EBADF, "Bad file descriptor"), "Traceback"),
        (RuntimeError("odd"), "Traceback"),
    ],
    ids=["full", "full, as Oxigraph says it", "a fault of ours with files", "a fault of ours"],
)
def test_what_breaks_the_program_is_no_finding(
    error: Exception, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr("sauran.server.cli.build.build", broken)
    result = CliRunner().invoke(main, ["build"])
    assert result.exit_code == 4
    assert result.stderr.startswith(told)
