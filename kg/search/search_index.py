"""Build the full-text index of a release (SQLite FTS5) from its N-Quads."""

import itertools
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from sauran.kg.model.errors import ReleaseError
from sauran.kg.model.namespaces import DCTERMS, NAME_PROPERTIES, PREFIXES, RDF, RDFS, SEC, SKOS, Namespace
from sauran.kg.search.search_words import Word, read_words, sound, stem

__all__ = [
    "NAMES",
    "SEARCH_FILE",
    "TEXTS",
    "has_search_index",
    "variants",
    "write_search_index",
]

SEARCH_FILE = "search.sqlite"
# What names a thing, and what else is said of it in words; of claims the label is what is said.
NAMES = (*NAME_PROPERTIES, SKOS.altLabel, SKOS.hiddenLabel)
TEXTS = (
    SEC.noteText,
    SKOS.definition,
    DCTERMS.description,
    SKOS.scopeNote,
    SKOS.example,
    SKOS.editorialNote,
    SKOS.note,
    RDFS.comment,
    DCTERMS.bibliographicCitation,
)
_FORM = 1  # of the tables below; an index with another version is rebuilt
_TIME = Namespace(PREFIXES["time"])
_FACETS = {
    RDF["type"]: "class",
    SEC.modality: "modality",
    SEC.claimType: "type",
    SEC.eventType: "type",
    SEC.claimPlace: "place",
}
# Steps on the way to a section or a year.
_STEPS = {
    word: word.value
    for word in (
        SEC.statedIn,
        SEC.inSection,
        SEC.claimTime,
        SEC.when,
        _TIME.hasBeginning,
    )
}
_DATE = _TIME.inXSDDate
_SEPARATOR = " ¶ "  # a phrase cannot match across two texts
_LONGEST_TEXT = 100_000  # characters of one text that are searched
_LONGEST_NAME = 500  # of which anybody types the whole
_SPELT = range(4, 21)  # letters of words that are suggested for misspelt ones
_SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA user_version = {_FORM};
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE name (thing INTEGER NOT NULL, folded TEXT NOT NULL, sound TEXT NOT NULL);
CREATE TABLE value (id INTEGER PRIMARY KEY, facet TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (facet, value));
CREATE TABLE has (thing INTEGER, value INTEGER, PRIMARY KEY (thing, value)) WITHOUT ROWID;
CREATE TABLE spelling (sound TEXT, written TEXT, uses INTEGER, PRIMARY KEY (sound, written)) WITHOUT ROWID;
CREATE TABLE near (variant TEXT, sound TEXT, PRIMARY KEY (variant, sound)) WITHOUT ROWID;
CREATE TEMP TABLE text (subject TEXT, named INTEGER, language TEXT, text TEXT);
CREATE TEMP TABLE said (subject TEXT, word TEXT, object TEXT);
"""
_WORDS = """CREATE VIRTUAL TABLE words USING fts5(
  name, name_stem, name_sound, text, text_stem, text_sound, content = '', tokenize = 'ascii', prefix = '2 4'
)"""
# Of terms of ours alone; nothing of the data is in it.
_JOIN = f"""
CREATE INDEX temp.by_word ON said (word, subject);
CREATE INDEX temp.by_subject ON text (subject);
UPDATE text SET named = 0 WHERE subject IN (
  SELECT subject FROM said WHERE word = 'class' AND object = '{SEC.Claim.value}'
);
INSERT INTO thing (iri) SELECT DISTINCT subject FROM text ORDER BY subject;
CREATE UNIQUE INDEX thing_iri ON thing (iri);
CREATE TEMP TABLE facet AS
SELECT subject, word AS facet, object AS value FROM said
WHERE word IN ('class', 'modality', 'type', 'place', 'dataset')
UNION
SELECT a.subject, 'section', b.object FROM said a JOIN said b
ON a.word = '{SEC.statedIn.value}' AND b.word = '{SEC.inSection.value}' AND b.subject = a.object
UNION
SELECT a.subject, 'year', substr(c.object, 1, instr(substr(c.object, 2), '-'))
FROM said a JOIN said b JOIN said c
ON a.word IN ('{SEC.claimTime.value}', '{SEC.when.value}')
AND b.word = '{_TIME.hasBeginning.value}' AND b.subject = a.object
AND c.word = '{_DATE.value}' AND c.subject = b.object;
INSERT INTO value (facet, value) SELECT DISTINCT facet, value FROM facet
WHERE subject IN (SELECT iri FROM thing) ORDER BY facet, value;
INSERT INTO has SELECT thing.id, value.id FROM facet JOIN thing ON thing.iri = facet.subject
JOIN value ON value.facet = facet.facet AND value.value = facet.value;
CREATE INDEX has_value ON has (value);
"""  # noqa: S608
_FINISH = """
CREATE INDEX name_folded ON name (folded);
CREATE INDEX name_sound ON name (sound);
INSERT INTO words (words) VALUES ('optimize');
"""


def has_search_index(folder: Path) -> bool:
    """Whether a release folder has an index of the current schema version."""
    try:
        connection = sqlite3.connect(f"{(folder / SEARCH_FILE).as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        return False
    try:
        return bool(connection.execute("PRAGMA user_version").fetchone() == (_FORM,))
    except sqlite3.Error:
        return False
    finally:
        connection.close()


def write_search_index(folder: Path) -> None:
    """Make the search index of a release folder out of its N-Quads; the same quads give the same index.

    Raises: ReleaseError where this Python's SQLite has no full-text search.
    """
    half = folder / f".{SEARCH_FILE}"
    half.unlink(missing_ok=True)
    connection = sqlite3.connect(half)
    try:
        connection.executescript(_SCHEMA)
        connection.execute(_WORDS)
        with connection:
            _read(connection, folder / "dumps" / "all.nq")
            connection.executescript(_JOIN)
            _fill(connection)
        connection.executescript(_FINISH)
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise ReleaseError(
            "search index",
            f"SQLite {sqlite3.sqlite_version} of this Python has no full-text search (FTS5).",
            "Use a Python whose sqlite3 has it.",
        ) from error
    finally:
        connection.close()
    with half.open("rb") as written:
        os.fsync(written.fileno())
    half.replace(folder / SEARCH_FILE)


def variants(heard: str) -> set[str]:
    """A word and its variants with one letter deleted: similar words share a variant."""
    return {heard, *(heard[:n] + heard[n + 1 :] for n in range(len(heard)))}


def _read(connection: sqlite3.Connection, nquads: Path) -> None:
    texts, said = list[tuple[str, int, str, str]](), list[tuple[str, str, str]]()
    names, others = frozenset(NAMES), frozenset(TEXTS)
    for quad in parse(path=str(nquads), format=RdfFormat.N_QUADS):
        if not isinstance(quad.subject, NamedNode):
            continue
        word, value = quad.predicate, quad.object
        if isinstance(value, Literal) and (word in names or word in others):
            language = (value.language or "").partition("-")[0]
            texts.append((quad.subject.value, word in names, language, value.value[:_LONGEST_TEXT]))
            said.extend(_dataset(quad))
        elif isinstance(value, NamedNode) and (name := _FACETS.get(word) or _STEPS.get(word)):
            said.append((quad.subject.value, name, value.value))
        elif isinstance(value, Literal) and word == _DATE:
            said.append((quad.subject.value, word.value, value.value))
        if len(texts) + len(said) > 10_000:
            _store(connection, texts, said)
    _store(connection, texts, said)


def _store(
    connection: sqlite3.Connection, texts: list[tuple[str, int, str, str]], said: list[tuple[str, str, str]]
) -> None:
    connection.executemany("INSERT INTO text VALUES (?, ?, ?, ?)", texts)
    connection.executemany("INSERT INTO said VALUES (?, ?, ?)", said)
    texts.clear()
    said.clear()


def _dataset(quad: Quad) -> Iterator[tuple[str, str, str]]:
    """The dataset of a graph: the last part of its name."""
    graph = quad.graph_name
    if isinstance(quad.subject, NamedNode) and isinstance(graph, NamedNode):
        yield quad.subject.value, "dataset", graph.value.partition("/graph/")[2] or graph.value


def _fill(connection: sqlite3.Connection) -> None:
    uses = Counter[tuple[str, str]]()
    rows = connection.execute(
        "SELECT thing.id, named, language, text FROM text JOIN thing ON iri = subject "
        "ORDER BY thing.id, text.rowid"
    )
    for thing, group in itertools.groupby(rows, key=lambda row: row[0]):
        columns: list[list[str]] = [[] for _ in range(6)]
        for _, named, language, text in group:
            words = list(read_words(text))
            first = 0 if named else 3
            for column, part in zip(columns[first : first + 3], _columns(words, language), strict=True):
                column.append(part)
            if named:
                heard = " ".join(sound(word.written) for word in words)
                folded = " ".join(word.folded for word in words)
                name = (thing, folded[:_LONGEST_NAME], heard[:_LONGEST_NAME])
                connection.execute("INSERT INTO name VALUES (?, ?, ?)", name)
            uses.update((sound(w.written), w.written) for w in words if w.written.isalpha())
        joined = [_SEPARATOR.join(column) for column in columns]
        connection.execute(
            "INSERT INTO words (rowid, name, name_stem, name_sound, text, text_stem, text_sound) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (thing, *joined),
        )
    _write_spellings(connection, uses)


def _columns(words: list[Word], language: str) -> Iterator[str]:
    yield " ".join(word.folded for word in words)
    yield " ".join(found for word in words if (found := stem(word.written, language)))
    yield " ".join(sound(word.written) for word in words)


def _write_spellings(connection: sqlite3.Connection, uses: Counter[tuple[str, str]]) -> None:
    known = sorted((heard, word, n) for (heard, word), n in uses.items() if len(word) in _SPELT)
    connection.executemany("INSERT INTO spelling VALUES (?, ?, ?)", known)
    for heard, _group in itertools.groupby(known, key=lambda row: row[0]):
        rows = ((variant, heard) for variant in sorted(variants(heard)))
        connection.executemany("INSERT INTO near VALUES (?, ?)", rows)
