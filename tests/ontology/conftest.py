"""What the ontology's files hold, parsed once a session."""

import pytest
from pyoxigraph import Triple

from tests.ontology.turtle import ONTOLOGY, read_triples


@pytest.fixture(scope="session")
def core() -> list[Triple]:
    """Triples of sauran.ttl."""
    return read_triples(ONTOLOGY / "sauran.ttl")


@pytest.fixture(scope="session")
def schemes() -> list[Triple]:
    """Triples of schemes.ttl."""
    return read_triples(ONTOLOGY / "schemes.ttl")


@pytest.fixture(scope="session")
def alignments() -> list[Triple]:
    """Triples of alignments.ttl."""
    return read_triples(ONTOLOGY / "alignments.ttl")
