"""What a condition can come out as: nothing is called impossible that a customer can be."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from math import nextafter
from typing import Any

import pytest
from corpus_reader import dictionary
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo import compile_expression
from nbo.language.analysis import critical_points, possible_results
from nbo.language.expression import Expression
from nbo.language.interpret import evaluate
from nbo.language.types import Kind, Value

ATTRIBUTES: dict[str, Any] = {
    "a": {
        "age": {"type": "integer", "min": 0, "max": 120},
        "money": {"type": "money", "min": 0, "max": 300000},
        "debt": {"type": "money"},
        "score": {"type": "number", "min": 0, "max": 0.9},
        "grade": {"type": "enum", "values": ["A", "B", "C"], "ordered": True},
        "flag": {"type": "boolean"},
        "name": {"type": "string"},
        "tags": {"type": "set", "of": "enum", "values": ["x", "y", "z"]},
        "day": {"type": "date"},
        "clock": {"type": "time"},
        "third": {"type": "decimal", "derived": "a.money / a.debt"},
    }
}


def compiled(text: str) -> Expression:
    return compile_expression(text, ATTRIBUTES).expression


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("true", {True}),
        ("1 < 2", {True}),
        ("a.age >= 0", {True}),
        ("a.age <= 120", {True}),
        ("a.age > 120", {False}),
        ("a.age >= 120", {True, False}),
        ("a.age > 17 and a.age < 18", {False}),
        ("a.age > 17.5 and a.age < 18.5", {True, False}),
        ("18 <= a.age <= 17", {False}),
        ("a.age < 10 or a.age >= 10", {True}),
        ("a.age in [130, 140]", {False}),
        ("a.money > 300000", {False}),
        ('a.day > date("0001-01-01")', {True, False}),
        ('a.day == date("9999-12-31")', {True, False}),
        ("a.money >= 300000.00", {True, False}),
        ("a.money > 0 and a.money < 0.0000000001", {True, False}),
        ("a.debt > 300000", {True, False}),
        ("a.third > 0.3333333333 and a.third < 0.3333333334", {True, False}),
        ("a.score > 0.9", {False}),
        ("a.score <= 0.9", {True}),
        ("a.score >= 0.9", {True, False}),
        ("a.grade < A", {False}),
        ("a.grade <= C", {True}),
        ("a.grade in [A, B, C]", {True}),
        ("a.grade == A and a.grade == B", {False}),
        ("a.grade == A or a.age > 120", {True, False}),
        ("a.flag and not a.flag", {False}),
        ("a.flag or not a.flag", {True}),
        ('a.name == "x" and a.name == "y"', {False}),
        ('a.name != "x" or a.name != "y"', {True}),
        ("x in a.tags and x not in a.tags", {False}),
        ("x in a.tags or y in a.tags", {True, False}),
        ('a.day > date("9999-12-31")', {False}),
        ('a.day >= date("0001-01-01")', {True}),
        ('a.clock >= time("00:00")', {True}),
        ('a.clock > time("21:00") and a.clock < time("21:00:01")', {True, False}),
    ],
)
def test_the_results_that_are_possible(text: str, results: set[bool]) -> None:
    assert possible_results(compiled(text).tree) == results


MANY = " or ".join(f"a.age == {each}" for each in range(40)) + (
    " and a.money > 1 and a.debt > 1 and a.score > 0.5 and a.grade == A and a.flag and x in a.tags and y in a.tags"
)


@pytest.mark.parametrize(
    "text",
    [
        "a.age is missing",
        "default(a.age, 1) > 200",
        "a.age + 1 > 200",
        "a.money > a.debt",
        "count(a.tags) > 5",
        "to_number(a.age) > 200.0",
        MANY,
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_left_alone(text: str) -> None:
    assert possible_results(compiled(text).tree) is None


# --- generated ------------------------------------------------------------------------------------------------------------

COMPARED: dict[str, tuple[str, ...]] = {
    "age": ("0", "17", "17.5", "120", "121"),
    "money": ("0", "0.0000000001", "0.0000000002", "299999.99", "300000", "(1 / 3)", "0.3333333333"),
    "debt": ("0", "-0.5", "0.3333333333", "0.3333333334", "(1 / 3)"),
    "third": ("0.3333333333", "0.3333333334", "100000"),
    "score": ("0", "0.1", "0.9", "0.3"),
    "grade": ("A", "B", "C"),
    "day": ('date("2024-02-29")', 'date("2024-03-01")'),
    "clock": ('time("00:00")', 'time("21:00")', 'time("21:00:01")'),
}
COMPARISONS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
ATOMS = st.one_of(
    st.sampled_from(list(COMPARED)).flatmap(
        lambda name: st.builds("a.{} {} {}".format, st.just(name), COMPARISONS, st.sampled_from(COMPARED[name]))
    ),
    st.sampled_from(
        ["a.flag", "x in a.tags", "y not in a.tags", "a.grade in [A, C]", 'a.name == "x"', 'a.name in ["x", "y"]']
    ),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner) | inner.map("(not {})".format)
    ),
    max_leaves=4,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "age": st.sampled_from([0, 1, 16, 17, 18, 119, 120]),
    "money": st.sampled_from(["0", "0.0000000001", "0.0000000003", "0.3333333333", "299999.995", "300000"]).map(Decimal),
    "debt": st.sampled_from(["-999", "-0.5", "0", "0.33333333330", "0.3333333334", "1"]).map(Decimal),
    "third": st.sampled_from(["0", "0.33333333333333", "0.3333333333", "0.3333333334", "100000"]).map(Decimal),
    "score": st.sampled_from([0.0, 0.1, nextafter(0.1, 1), 0.3, 0.5, nextafter(0.9, 0), 0.9]),
    "grade": st.sampled_from(["A", "B", "C"]),
    "flag": st.booleans(),
    "name": st.sampled_from(["x", "y", "z", ""]),
    "tags": st.frozensets(st.sampled_from(["x", "y", "z"])),
    "day": st.sampled_from([date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 2)]),
    "clock": st.sampled_from([time(0), time(0, 0, 0, 1), time(21), time(21, 0, 0, 5), time(21, 0, 1), time(23, 59, 59)]),
}  # fmt: skip


@settings(max_examples=300)
@given(CONDITIONS, st.fixed_dictionaries(VALUES))
def test_whatever_a_customer_is_was_possible(text: str, values: dict[str, Value]) -> None:
    expression = compiled(text)
    results = possible_results(expression.tree)
    row: list[Value | None] = [None] * 20
    for attribute in expression.reads:
        row[attribute.slot] = values[attribute.name.removeprefix("a.")]
    assert results is None or evaluate(expression.tree, row) in results


def test_critical_points_are_in_range_and_in_order() -> None:
    for attribute in dictionary("UTC"):
        if attribute.type.kind in (Kind.RECORDS, Kind.DURATION):
            continue
        points = critical_points(attribute, [])
        assert all(attribute.in_range(each) for each in points)
