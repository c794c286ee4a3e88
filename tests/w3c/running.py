"""All suites against one running server; holds no test."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from support import free_port
from w3c.client import DIRECT, FORM, Client, Reply
from w3c.fixtures import publish_fixtures
from w3c.manifests import BASE, SUITES, Case, Manifests
from w3c.protocol import run_protocol_case
from w3c.queries import run_query_case
from w3c.service_description import run_description_case
from w3c.verdicts import Verdict
from web_support import start_server

__all__ = ["ARCHIVE", "Run", "run_suites"]

ARCHIVE = Path("data/w3c/sparql-tests.tar.xz")
# The graphs of the protocol's tests have other names than their files.
_PROTOCOL_GRAPHS = {
    f"http://kasei.us/2009/09/sparql/data/data{n}.rdf": f"sparql11/protocol/data{n}.nt" for n in (1, 2, 3)
}


@dataclass(frozen=True)
class Run:
    """The verdicts of each suite, and what was answered to each update."""

    verdicts: dict[str, list[Verdict]]
    updates: dict[str, list[Reply]]


def run_suites(archive: Path, folder: Path) -> Run:
    """Unpack the suites, serve their graphs from a release, and run every test over HTTP."""
    suites = Manifests(archive, folder / "suites")
    cases = {suite.slug: suites.cases_of(suite) for suite in SUITES}
    publish_fixtures(folder / "releases", _graphs(suites, [case for many in cases.values() for case in many]))
    with _serving(folder / "releases") as client:
        verdicts = {
            slug: [_run(case, suites, client, way) for way, case in enumerate(many)]
            for slug, many in cases.items()
        }
        updates = {address: _update(suites.text(address), client) for address in suites.updates()}
    return Run(verdicts, updates)


def _run(case: Case, suites: Manifests, client: Client, way: int) -> Verdict:
    if case.kind == "ProtocolTest":
        return run_protocol_case(case, suites, client)
    if case.kind == "ServiceDescriptionTest":
        return run_description_case(case, client)
    return run_query_case(case, suites, client, way)


def _graphs(suites: Manifests, cases: list[Case]) -> dict[str, Path]:
    found = {name: suites.file(BASE + path) for name, path in _PROTOCOL_GRAPHS.items()}
    for case in cases:
        named = suites.graphs_in_query(case) if case.query and not case.is_of_syntax else ()
        for address in (*case.data, *case.named, *named):
            if suites.file(address).is_file():
                found[address] = suites.file(address)
    return found


def _update(text: str, client: Client) -> list[Reply]:
    """Send an update in each way that a client might: as one, as a form, as a query."""
    return [
        client.send("POST", "", text.encode(), {"Content-Type": "application/sparql-update"}),
        client.send("POST", "", f"update={quote(text)}".encode(), {"Content-Type": FORM}),
        client.send("POST", "", text.encode(), {"Content-Type": DIRECT}),
    ]


@contextmanager
def _serving(releases: Path) -> Iterator[Client]:
    port = free_port()
    process = start_server(releases, port)
    client = Client(f"http://127.0.0.1:{port}/sparql")
    try:
        yield client
    finally:
        client.close()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        assert process.stderr is not None
        process.stderr.close()
