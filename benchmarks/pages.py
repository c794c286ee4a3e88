"""How long pages take where a thing has thousands of claims, beside one with fifty: ratios of one run."""

import argparse
import contextlib
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from flask.testing import FlaskClient

from benchmarks.crowd import LARGE, SMALL, make_crowd
from sauran.kg.model.namespaces import RDF, SEC
from sauran.server.cli.app import create_app
from sauran.server.http.services import services
from sauran.server.http.settings import read_settings

__all__ = ["main", "measure"]

_OBJECT, _AFFECTS = quote(RDF.object.value, safe=""), quote(SEC.affects.value, safe="")
_PAGES = (
    ("page of a place", "en/doc/{place}"),
    ("its claims, first page", f"en/doc/{{place}}?in={_OBJECT}"),
    ("what is derived, first page", f"en/doc/{{place}}?out={_AFFECTS}"),
)


def measure(client: FlaskClient, rounds: int) -> list[tuple[str, float, float]]:
    """Ask for each page of the small and of the large thing in turns.

    Shape: name, median of the small one, median of the large one, in seconds.
    """
    found = []
    for name, path in _PAGES:
        times: dict[str, list[float]] = {SMALL: [], LARGE: []}
        for turn in range(rounds + 1):
            for place, taken in times.items():
                begun = time.perf_counter()
                # A parameter that means nothing makes it a new question to the cache.
                address = f"/{path.format(place=place)}"
                answer = client.get(f"{address}{'&' if '?' in address else '?'}turn={turn}")
                if answer.status_code != 200:
                    raise SystemExit(f"{address}: {answer.status_code}")
                if turn:  # the first one opens files and starts processes
                    taken.append(time.perf_counter() - begun)
        found.append((name, statistics.median(times[SMALL]), statistics.median(times[LARGE])))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--claims", type=int, nargs="+", default=[5000], help="claims of the large thing")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args(arguments)
    print("| claims | page | 50 claims | as many as said | ratio |\n|---|---|---|---|---|")
    for claims in options.claims:
        with tempfile.TemporaryDirectory() as folder:
            make_crowd(Path(folder), claims)
            settings = read_settings({}, releases=Path(folder), query_processes=3)
            app = create_app(settings)
            with contextlib.closing(services(app).current):
                for name, small, large in measure(app.test_client(), options.rounds):
                    times = f"{small * 1000:.1f} ms | {large * 1000:.1f} ms"
                    print(f"| {claims:,} | {name} | {times} | {large / small:.1f} |")


if __name__ == "__main__":
    main()
