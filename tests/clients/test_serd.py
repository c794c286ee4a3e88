"""Serd's strict parser: every dump that it can read, to the last triple."""

import pytest
from support import output_of

from sauran.kg.release.release import Release

pytestmark = pytest.mark.needs("serdi")

SYNTAXES = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig"}


@pytest.mark.parametrize("suffix", sorted(SYNTAXES))
def test_every_dump_is_strictly_right(briefing: Release, suffix: str) -> None:
    dumps = sorted((briefing.folder / "dumps").glob(f"*.{suffix}"))
    assert len(dumps) > 5
    for dump in dumps:
        statements = output_of("serdi", "-q", "-i", SYNTAXES[suffix], "-o", "nquads", dump).splitlines()
        assert len(statements) == briefing.files[f"dumps/{dump.name}"]["triples"], dump.name
