"""A witness meets every wish, and where none is found no customer meets them all."""

from __future__ import annotations

import pytest
from corner_customers import clause, compiled, customers, dictionary, segments
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo.language.interpret import evaluate
from nbo.language.rewrite import read_through
from nbo.language.types import Value
from nbo.language.witness import Result, Wish, Witness, find_witness

TRUE: frozenset[Result] = frozenset({True})
FALSE: frozenset[Result] = frozenset({False})


def sought(*wishes: tuple[str, frozenset[Result]]) -> Witness | None:
    return find_witness([Wish(compiled(text).tree, results) for text, results in wishes], segments())


def told(*wishes: tuple[str, frozenset[Result]]) -> str | None:
    found = sought(*wishes)
    return None if found is None else found.told(frozenset(found.values)).en


@pytest.mark.parametrize(
    ("wishes", "customer"),
    [
        ([("a.age >= 18", TRUE), ("a.age < 19", TRUE)], "`a.age` = 18"),
        ([("a.age >= 18", TRUE), ("a.age < 18", TRUE)], None),
        ([("a.age >= 18", FALSE), ("a.age < 18", FALSE)], None),
        ([("a.age >= 18", frozenset({None}))], "`a.age` is missing"),
        ([("a.debt is missing", FALSE)], "`a.debt` is present"),
        ([("segment_like.adult", TRUE), ("a.age == 17", TRUE)], None),
        ([("segment_like.adult", TRUE), ("a.age <= 18", TRUE)], "`a.age` = 18"),
        ([("x in a.tags", TRUE), ("y not in a.tags", TRUE)], "`a.tags` = [x]"),
        ([('a.name != "x"', TRUE), ('a.name in ["x"]', TRUE)], None),
        ([("a.flag or a.other", FALSE), ("a.flag", FALSE)], "`a.flag` = false, `a.other` = false"),
        # arithmetic is assumed to come out either way, and the same words the same way
        ([("a.age * 2 > 30", TRUE), ("a.age < 10", TRUE)], "`a.age` = 0"),
        ([("a.age * 2 > 30", TRUE), ("a.age * 2 > 30", FALSE)], None),
    ],
)
def test_a_customer_is_found_or_ruled_out(wishes: list[tuple[str, frozenset[Result]]], customer: str | None) -> None:
    assert told(*wishes) == customer


def test_a_search_that_takes_too_long_rules_nobody_out() -> None:
    both = [
        (f"(a.age == {n} or a.debt == {n} or a.money == {n} or a.share == {n}) and a.score > 2", TRUE)
        for n in range(60)
    ]
    found = sought(*both)
    assert found is not None
    assert found.assumed
    assert not found.values


RESULTS = st.sets(st.sampled_from([True, False, None]), min_size=1, max_size=2).map(frozenset)


@settings(max_examples=400)
@given(wishes=st.lists(st.tuples(clause(), RESULTS), min_size=1, max_size=3))
def test_a_witness_meets_the_wishes_and_without_one_nobody_does(wishes: list[tuple[str, frozenset[Result]]]) -> None:
    found = sought(*wishes)
    trees = [(read_through(compiled(text).tree, segments()), results) for text, results in wishes]
    if found is None:
        for values in customers(*(text for text, _ in wishes)):
            assert not all(evaluate(tree, values) in results for tree, results in trees)
    elif not found.assumed:
        values_of: list[Value | None] = [None] * dictionary().width
        for name, value in found.values.items():
            values_of[dictionary().attributes[name].slot] = value
        assert all(evaluate(tree, values_of) in results for tree, results in trees)
