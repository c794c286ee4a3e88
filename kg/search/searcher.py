"""Query the search index of a release from several threads, with a time limit for each query."""

import contextlib
import difflib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sauran.kg.model.errors import Busy, ReleaseError
from sauran.kg.search.search_index import SEARCH_FILE, has_search_index, variants

__all__ = ["Found", "Matching", "Searcher"]

Result = TypeVar("Result")
_CONNECTIONS = 4
_MOST_S, _RETRY_S = 3.0, 5
_STEPS = 5000  # virtual machine instructions of SQLite between two checks of the clock
_CLOSE = 0.75  # how alike spellings are that are suggested, from 0 to 1
# How much a word counts in: name, its stem, its sound; other text, its stem, its sound.
_FIND = """INSERT INTO temp.found
SELECT rowid, CASE
    WHEN rowid IN (SELECT thing FROM name WHERE folded = :folded OR sound = :sound) THEN 0
    WHEN rowid IN (SELECT thing FROM name WHERE folded >= :folded || ' ' AND folded < :folded || '!') THEN 1
    WHEN rowid IN (SELECT rowid FROM words WHERE words MATCH :named) THEN 2
    ELSE 3 END,
  bm25(words, 10, 6, 4, 2, 1.2, 0.8)
FROM words WHERE words MATCH :anywhere"""
_CHOSEN = """rowid IN (
    SELECT thing FROM has JOIN value ON value.id = has.value WHERE facet = :f{0} AND value.value = :v{0}
)"""
_COUNT = """SELECT facet, value.value, count(*) FROM temp.found
JOIN has ON has.thing = found.thing JOIN value ON value.id = has.value
GROUP BY value.id ORDER BY facet, count(*) DESC, value.value"""
_SPELT = """SELECT spelling.sound, written, uses FROM near JOIN spelling ON spelling.sound = near.sound
WHERE variant = :variant ORDER BY uses DESC, 1, 2 LIMIT 50"""
_PAGE = """SELECT iri FROM temp.found JOIN thing ON thing.id = found.thing
ORDER BY tier, score, iri LIMIT :most OFFSET :skipped"""


@dataclass(frozen=True, slots=True)
class Matching:
    """A full-text query: `anywhere` in things, `named` in their names; the whole as a name might be it."""

    anywhere: str
    named: str
    folded: str
    sound: str


@dataclass(frozen=True, slots=True)
class Found:
    """The number of results, the counts of the facets, and one page of results in order."""

    total: int
    counts: Mapping[str, Mapping[str, int]]
    things: tuple[str, ...]


class Searcher:
    """Searches one index, which is opened at the first query."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._free: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._places = threading.Semaphore(_CONNECTIONS)

    def find(self, matching: Matching, chosen: Mapping[str, str], most: int, skipped: int) -> Found:
        """Find the things that match and have the chosen values; return one page of them.

        Raises: ReleaseError when there is no index; Busy when it takes too long.
        """

        def read(connection: sqlite3.Connection) -> Found:
            _match(connection, matching, chosen)
            (total,) = connection.execute("SELECT count(*) FROM temp.found").fetchone()
            counts: dict[str, dict[str, int]] = {}
            for facet, value, count in connection.execute(_COUNT):
                counts.setdefault(facet, {})[value] = count
            part = {"most": most, "skipped": skipped}
            return Found(total, counts, tuple(iri for (iri,) in connection.execute(_PAGE, part)))

        return self._ask(read)

    def first(self, matching: Matching, most: int) -> tuple[str, ...]:
        """The first things that match.

        Raises: as `find`.
        """

        def read(connection: sqlite3.Connection) -> tuple[str, ...]:
            _match(connection, matching, {})
            rows = connection.execute(_PAGE, {"most": most, "skipped": 0})
            return tuple(iri for (iri,) in rows)

        return self._ask(read)

    def spellings(self, heard: str, written: str, most: int) -> tuple[str, ...]:
        """Words of the texts that are spelt or sound like a word, the likeliest first.

        Raises: as `find`.
        """

        def read(connection: sqlite3.Connection) -> tuple[str, ...]:
            near = [row for part in wanted for row in connection.execute(_SPELT, {"variant": part})]
            return tuple(_likeliest(near, heard, written))[:most]

        wanted = sorted(variants(heard))
        return self._ask(read)

    def _ask(self, read: Callable[[sqlite3.Connection], Result]) -> Result:
        if not self._places.acquire(timeout=_MOST_S):
            raise Busy(_RETRY_S, "Too many searches at the same time.")
        try:
            with self._connection() as connection:
                stop_at = time.monotonic() + _MOST_S
                connection.set_progress_handler(lambda: time.monotonic() > stop_at, _STEPS)
                return read(connection)
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                why = f"The search takes longer than {_MOST_S:.0f} s: search for longer words."
                raise Busy(_RETRY_S, why) from error
            raise _broken() from error
        except sqlite3.DatabaseError as error:
            raise _broken() from error
        finally:
            self._places.release()

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._free.get_nowait()
        except queue.Empty:
            connection = self._open()
        # One that failed is not used again.
        yield connection
        self._free.put(connection)

    def _open(self) -> sqlite3.Connection:
        if not has_search_index(self._folder):
            raise _broken()
        # The file never changes; a release that is removed stays readable for who has it open.
        address = f"{(self._folder / SEARCH_FILE).as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("CREATE TEMP TABLE found (thing INTEGER PRIMARY KEY, tier INTEGER, score REAL)")
        return connection


def _match(connection: sqlite3.Connection, matching: Matching, chosen: Mapping[str, str]) -> None:
    """Fill the table `found` with the matches."""
    values = {
        "anywhere": matching.anywhere,
        "named": matching.named,
        "folded": matching.folded,
        "sound": matching.sound,
    }
    conditions = [_FIND]
    for n, (facet, value) in enumerate(chosen.items()):
        conditions.append(_CHOSEN.format(n))
        values |= {f"f{n}": facet, f"v{n}": value}
    connection.execute("DELETE FROM temp.found")
    connection.execute(" AND ".join(conditions), values)


def _likeliest(rows: Sequence[tuple[str, str, int]], heard: str, written: str) -> Iterator[str]:
    """One spelling of each word that sounds alike, the nearest to what was written; none of a known word."""
    seen = {heard}
    if any(said == heard for said, _, _ in rows):
        return

    def likeness(row: tuple[str, str, int]) -> tuple[float, float, int]:
        by_sound = difflib.SequenceMatcher(None, row[0], heard).ratio()
        return -by_sound, -difflib.SequenceMatcher(None, row[1], written).ratio(), -row[2]

    for said, spelt, _ in sorted(rows, key=likeness):
        if said not in seen and difflib.SequenceMatcher(None, said, heard).ratio() >= _CLOSE:
            seen.add(said)
            yield spelt


def _broken() -> ReleaseError:
    return ReleaseError("search", "this release has no readable search index.", "Run: sauran build")
