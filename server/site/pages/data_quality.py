"""The quality of the data in numbers, each of them the result of a packaged query."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sauran.kg.model.findings import Term
from sauran.server.http.executor import ask_rows
from sauran.server.http.localised_labels import Label, LabelReader
from sauran.server.http.served_release import ServedRelease
from sauran.server.site.lookup import find_labels

__all__ = [
    "ClassCoverage",
    "DataQuality",
    "LabelCoverage",
    "Unreviewed",
    "read_class_coverage",
    "read_data_quality",
]


@dataclass(frozen=True, slots=True)
class LabelCoverage:
    """Of the things that have a label, how many have one in this language."""

    language: str
    labelled: int
    things: int


@dataclass(frozen=True, slots=True)
class ClassCoverage:
    """The number of things of a class, and how many have a label in each language of the publication."""

    name: Label
    things: int
    labelled: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """How many things have unreviewed texts in a language, and how many texts their writer doubted."""

    language: str
    unreviewed: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Numbers about all data of a release; `findings` are those of its validation, by severity."""

    claims: int
    stated: int
    doubted: int
    passages: int
    provable: int
    notes: int
    coverage: tuple[LabelCoverage, ...]
    unreviewed: tuple[Unreviewed, ...]
    findings: tuple[tuple[str, int], ...]


def read_data_quality(served_release: ServedRelease) -> DataQuality:
    """Count claims, labels and reviews; the findings were counted when the release was built.

    Raises: LimitReached when the data are too many to be counted in time.
    """
    (numbers,) = ask_rows(served_release, "state-of-claims").rows
    claims, stated, doubted, passages, provable, notes = map(_number, numbers)
    return DataQuality(
        claims,
        stated,
        doubted,
        passages,
        provable,
        notes,
        _coverage(served_release),
        tuple(
            Unreviewed(_text(language), _number(unreviewed), _number(doubtful))
            for language, unreviewed, doubtful in ask_rows(served_release, "unreviewed-texts").rows
        ),
        tuple(served_release.release.manifest["findings"].items()),
    )


def read_class_coverage(served_release: ServedRelease, language: str) -> tuple[ClassCoverage, ...]:
    """Count the things of each class whose things have labels, and their labels in each language.

    Raises: LimitReached when the data are too many to be counted in time.
    """
    languages = served_release.publication["languages"]
    things: dict[NamedNode, int] = {}
    labelled: dict[NamedNode, dict[str, int]] = {}
    for class_, total, tag, count in ask_rows(served_release, "label-coverage-by-class").rows:
        if isinstance(class_, NamedNode):
            things[class_] = _number(total)
            labelled.setdefault(class_, {})[_text(tag)] = _number(count)
    reader = LabelReader(
        find_labels(served_release, things), served_release.links, language, served_release.prefixes
    )
    return tuple(
        ClassCoverage(reader.name(class_), total, tuple(labelled[class_].get(tag, 0) for tag in languages))
        for class_, total in things.items()
    )


def _coverage(served_release: ServedRelease) -> tuple[LabelCoverage, ...]:
    found = {
        _text(language): (_number(labelled), _number(things))
        for language, labelled, things in ask_rows(served_release, "label-coverage").rows
    }
    things = next((things for _, things in found.values()), 0)
    # A language of the publication in which nothing is labelled has no row.
    tags = dict.fromkeys((*served_release.publication["languages"], *found))
    return tuple(LabelCoverage(tag, found.get(tag, (0, things))[0], things) for tag in tags)


def _number(term: Term | None) -> int:
    return int(_text(term))


def _text(term: Term | None) -> str:
    if not isinstance(term, Literal):
        raise TypeError(term)
    return term.value
