"""Every constraint matters: without it, an example that must fail passes, or one that must pass fails."""

from dataclasses import dataclass

import pyoxigraph as ox
import pytest
from shape_examples import Example, examples, found, in_processes, name_of, run, shapes

from sauran.kg.model.errors import ContentError
from sauran.kg.model.namespaces import RDF, SH

QUALIFIED = {SH.qualifiedMinCount, SH.qualifiedMaxCount}


@dataclass(frozen=True)
class Mutant:
    """The shapes without one triple, and the rules that the triple may touch."""

    triple: ox.Triple
    rules: tuple[str, ...]

    def __str__(self) -> str:
        return f"{name_of(self.triple.subject)} sh:{name_of(self.triple.predicate)} {self.triple.object}"


def mutants() -> list[Mutant]:
    """One for each constraint of each shape."""
    all_shapes = shapes()
    reach = {slug: all_shapes.reach(shape) for slug, shape in all_shapes.rules.items()}
    made = []
    for subject in all_shapes.by_subject:
        for triple in all_shapes.parameters(subject):
            touched = triple.object if triple.predicate == SH.property else triple.subject
            inside = all_shapes.reach(touched) if triple.predicate == SH.property else set()
            rules = [s for s, reached in reach.items() if touched in reached or all_shapes.rules[s] in inside]
            made.append(Mutant(triple, tuple(sorted(rules))))
    return made


def is_noticed(number: int) -> bool:
    """Run the examples of the mutant's rules until one changes its outcome."""
    mutant = mutants()[number]
    return any(_is_noticed_by(rule, mutant) for rule in mutant.rules)


def _is_noticed_by(rule: str, mutant: Mutant) -> bool:
    whole = shapes().only(rule)
    assert mutant.triple in whole, f"{rule} does not hold {mutant}"
    dropped = {mutant.triple}
    if mutant.triple.predicate in QUALIFIED:
        dropped |= _left_alone(mutant.triple)
    mutated = [triple for triple in whole if triple not in dropped]
    bad = [example for example in examples().values() if rule in example.rules]
    for example in bad:
        if not example.expected <= _found(example, mutated):
            # Only a change counts: the cut-down shapes must have found it before.
            return example.expected <= _found(example, whole)
    if mutant.triple.subject == shapes().rules[rule] or mutant.triple.predicate == SH.property:
        return False
    # Below a count of values that fit, a lost constraint lets more fit: then a good example fails.
    good = [example for example in examples().values() if not example.is_bad]
    return any(_found(example, mutated) for example in good)


def _left_alone(count: ox.Triple) -> set[ox.Triple]:
    """The qualified value shape, when its last count goes."""
    rows = shapes().by_subject[count.subject]
    others = [t for t in rows if t.predicate in QUALIFIED and t != count]
    return set() if others else {t for t in rows if t.predicate == SH.qualifiedValueShape}


def _found(example: Example, graph: list[ox.Triple]) -> frozenset[tuple[str, str, str]]:
    try:
        return found(run(example, graph))
    except ContentError:
        return frozenset()


def test_a_triple_that_checks_nothing_goes_unnoticed() -> None:
    """The canary: what leads to the shape makes it a property shape, whatever its type says."""
    rule = "claim-has-passage"
    triple = ox.Triple(shapes().rules[rule], RDF.type, SH.PropertyShape)
    assert not _is_noticed_by(rule, Mutant(triple, (rule,)))


@pytest.mark.slow
@pytest.mark.parametrize("step", [6, pytest.param(1, marks=pytest.mark.long)], ids=["some", "all"])
def test_no_constraint_can_be_deleted_unnoticed(step: int) -> None:
    """The gate deletes every sixth constraint, the same ones each time; a long run deletes each."""
    made = mutants()
    assert len(made) > 150
    numbers = range(0, len(made), step)
    noticed = in_processes(is_noticed, numbers)
    assert [str(made[number]) for number, seen in zip(numbers, noticed, strict=True) if not seen] == []
