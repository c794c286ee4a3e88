"""What the tests of clients share: the briefing on a real port, one question, and the right answer to it."""

import signal
from collections.abc import Iterator

import pytest
from pyoxigraph import RdfFormat, Store
from support import free_port
from web_support import start_server

from sauran.kg.release.release import Release


@pytest.fixture(scope="session")
def site(briefing: Release) -> Iterator[str]:
    """The address of a server over the release of the briefing, with its last slash."""
    port = free_port()
    process = start_server(briefing.folder.parent, port)
    yield f"http://127.0.0.1:{port}/"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    process.stderr.close()


@pytest.fixture(scope="session")
def endpoint(site: str) -> str:
    """The address of its SPARQL endpoint."""
    return f"{site}sparql"


@pytest.fixture(scope="session")
def question() -> str:
    """Ask for every claim and its text in Kazakh: no letter of it is ASCII or Latin-1."""
    return (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "PREFIX sec: <https://w3id.org/sauran/ontology#> "
        "SELECT ?claim ?text WHERE { ?claim a sec:Claim ; rdfs:label ?text FILTER(LANG(?text) = 'kk') } "
        "ORDER BY ?claim"
    )


@pytest.fixture(scope="session")
def truth(briefing: Release) -> Store:
    """The dump of the release in a store that no server stands before."""
    store = Store()
    store.load(path=briefing.folder / "dumps" / "all.nq", format=RdfFormat.N_QUADS)
    assert len(store) > 9000
    return store


@pytest.fixture(scope="session")
def rows(truth: Store, question: str) -> list[tuple[str, str]]:
    """The right answer to the question: IRI and text of each claim."""
    found = [
        (row["claim"].value, row["text"].value)
        for row in truth.query(question, use_default_graph_as_union=True)
    ]
    assert len(found) == 148
    return found
