"""What is said to be impossible never happens, and what is said to follow always does: no lint accuses a good rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date
from decimal import Decimal
from functools import cache
from itertools import islice, product
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo import compile_expression
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression, compile_scalar
from nbo.language.intake import Values
from nbo.language.interpret import evaluate
from nbo.language.tree import Typed
from nbo.language.types import Value
from nbo.lint.demands import Asked, Demand, demands
from nbo.lint.together import conflicts, holds_without, implies
from nbo.source.nodes import Scalar, from_plain

ATTRIBUTES: dict[str, Any] = {
    "a": {
        "age": {"type": "integer", "min": 0, "max": 120},
        "money": {"type": "money", "min": 0, "max": 300000},
        "debt": {"type": "money"},
        "share": {"type": "rate"},
        "score": {"type": "number", "min": 0, "max": 1},
        "grade": {"type": "enum", "values": ["A", "B", "C"], "ordered": True},
        "flag": {"type": "boolean"},
        "other": {"type": "boolean"},
        "name": {"type": "string"},
        "tags": {"type": "set", "of": "enum", "values": ["x", "y", "z"]},
        "day": {"type": "date"},
    },
    "segment_like": {"adult": {"type": "boolean"}, "cautious": {"type": "boolean"}},
}
SEGMENTS = {"segment_like.adult": "a.age >= 18", "segment_like.cautious": "a.debt is missing or a.debt < 500"}


@cache
def dictionary() -> Dictionary:
    return compile_expression("true", ATTRIBUTES).dictionary


@cache
def compiled(text: str) -> Expression:
    node = from_plain(text, "expression")
    assert isinstance(node, Scalar)
    return compile_scalar(node, dictionary(), UTC)


@cache
def segments() -> dict[str, Typed]:
    return {name: compiled(text).tree for name, text in SEGMENTS.items()}


def wanted(*texts: str) -> list[Demand]:
    return [each for text in texts for each in demands(compiled(text), segments())]


def asked(text: str) -> Asked:
    return Asked.of(compiled(text), segments())


def shown(*texts: str) -> list[tuple[str, ...]]:
    return [tuple(each.text for each in few) for few in conflicts(wanted(*texts))]


# --- what is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "few"),
    [
        (["a.age >= 60", "a.age <= 18"], ("a.age >= 60", "a.age <= 18")),
        (["18 <= a.age <= 60", "a.flag", "a.age > 60"], ("18 <= a.age <= 60", "a.age > 60")),
        (["a.grade == A", "a.grade in [B, C]"], ("a.grade == A", "a.grade in [B, C]")),
        (["a.grade < B", "a.grade >= B"], ("a.grade < B", "a.grade >= B")),
        (["a.grade != A", "a.grade != B", "a.grade != C"], ("a.grade != A", "a.grade != B", "a.grade != C")),
        (["a.flag", "not a.flag"], ("a.flag", "not a.flag")),
        (["a.age is missing", "a.age >= 18"], ("a.age is missing", "a.age >= 18")),
        (["default(a.age, 0) >= 18", "a.age is missing"], ("default(a.age, 0) >= 18", "a.age is missing")),
        (["x in a.tags", "x not in a.tags"], ("x in a.tags", "x not in a.tags")),
        (['a.day >= date("2026-01-01")', 'a.day < date("2026-01-01")'], None),
        (["a.flag or a.other", "not a.flag and not a.other"], None),
        (["segment_like.adult", "a.age < 18"], ("segment_like.adult", "a.age < 18")),
        (["not segment_like.adult", "a.age >= 21"], ("not segment_like.adult", "a.age >= 21")),
    ],
)
def test_demands_that_rule_each_other_out_are_named(texts: list[str], few: tuple[str, ...] | None) -> None:
    (found,) = shown(*texts)
    if few is not None:
        parts = {each.strip() for text in few for each in (text, *text.split(" and "))}
        assert set(found) <= parts | {"18 <= a.age", "a.age <= 60", "18 <= a.age <= 60"}
        assert len(found) == len(few)


@pytest.mark.parametrize(
    "texts",
    [
        ["a.age >= 18", "a.age <= 60"],
        ["a.age >= 60", "a.age <= 60"],
        ["a.grade != A", "a.grade != B"],
        ["a.money > 0", "a.money < 0.01"],
        ["a.flag", "not a.other"],
        ["a.age is missing or a.age >= 60", "a.age is missing or a.age <= 18"],  # nobody's age is known
        ["default(a.age, 70) >= 60", "a.age is missing"],
        ["x in a.tags", "y not in a.tags"],
        ["a.age >= 60", "a.age * 2 <= 30"],  # more than comparisons with constants: never guessed
        ["a.age >= 18"],
        [],
    ],
)
def test_demands_that_somebody_meets_are_not(texts: list[str]) -> None:
    assert shown(*texts) == []


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("a.age >= 21", "a.age >= 18"),
        ("a.age == 30", "18 <= a.age <= 60"),
        ("a.grade == A", "a.grade in [A, B]"),
        ("a.flag", "a.flag or a.other"),
        ("a.age * 2 > 40", "a.age  *  2 > 40"),
        ("segment_like.adult and a.flag", "a.age >= 16"),
        ("a.debt is missing or a.debt < 100", "a.debt is missing or a.debt < 500"),
    ],
)
def test_what_follows_follows_one_way(stronger: str, weaker: str) -> None:
    assert implies(asked(stronger), asked(weaker))
    assert stronger.replace(" ", "") == weaker.replace(" ", "") or not implies(asked(weaker), asked(stronger))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.age >= 18", "a.money >= 18"),
        ("a.age >= 18", "a.age is missing or a.age >= 16"),  # an age that was refused passes neither, missing or not
        ("segment_like.cautious or a.flag", "a.debt is missing or a.debt < 500 or a.flag"),
        ("a.age * 2 > 40", "a.age * 2 > 30"),
        ("a.age > a.age", "a.age >= 18"),
    ],
)
def test_what_is_not_certain_does_not_follow(one: str, other: str) -> None:
    assert not implies(asked(one), asked(other))


@pytest.mark.parametrize(
    ("text", "forgives"),
    [
        ("a.flag is missing or a.flag", True),
        ("a.flag is missing or not a.flag", True),
        ("default(a.flag, true)", True),
        ("not default(a.flag, false)", True),
        ("a.flag", False),
        ("a.flag is not missing and a.flag", False),
        ("default(a.flag, false)", False),
        ("a.flag is not missing or a.other", False),
        ("a.flag or a.age is missing", False),
    ],
)
def test_a_demand_that_absence_meets_is_told_from_one_that_only_asks(text: str, *, forgives: bool) -> None:
    attribute = dictionary().attributes["a.flag"]
    assert any(holds_without(each, attribute) for each in wanted(text)) is forgives


# --- what is never said of a good rule --------------------------------------------------------------------------------

NUMBERS = {
    "a.age": ["0", "1", "17", "18", "60", "120"],
    "a.money": ["0", "0.01", "500", "300000"],
    "a.debt": ["-1", "0", "0.1", "500"],
    "a.share": ["0", "0.0060", "1"],
    "a.score": ["0", "0.5", "1"],
}
ATOMS = [
    *(
        form.format(name=name, number=number)
        for name, numbers in NUMBERS.items()
        for number in numbers[:4]
        for form in (
            "{name} >= {number}", "{name} < {number}", "{name} == {number}", "{name} != {number}",
            "default({name}, {number}) > {number}", "{name} is missing", "{name} is not missing",
        )
    ),
    "a.grade == A", "a.grade != B", "a.grade in [A, B]", "a.grade not in [A, B]", "a.grade < C", "a.grade is missing",
    "a.flag", "a.other", "default(a.flag, true)", "a.flag is missing", "segment_like.adult", "segment_like.cautious",
    'a.name == "x"', 'a.name != "x"', 'a.name in ["x", "y"]', "x in a.tags", "y not in a.tags", "a.tags is missing",
    'a.day < date("2026-01-01")', 'a.day >= date("2026-01-02")', "a.age * 2 > 30", "a.money > a.debt",
]  # fmt: skip


@st.composite
def clause(draw: st.DrawFn) -> str:
    """A condition of one to three atoms; most ask about one attribute, so that they meet."""
    about = draw(st.sampled_from([*NUMBERS, "a.grade", "a.flag", "a.tags", "segment", "a."]))
    atoms = st.sampled_from([each for each in ATOMS if about in each])
    parts = draw(st.lists(atoms | st.sampled_from(ATOMS), min_size=1, max_size=3))
    negated = [f"not ({part})" if draw(st.booleans()) else part for part in parts]
    return "".join(
        f"{' ' + draw(st.sampled_from(['and', 'or'])) + ' ' if n else ''}({p})" for n, p in enumerate(negated)
    )


REFUSED = object()
MOST_CUSTOMERS = 1_500
VALUES: dict[str, Sequence[Value | None]] = {
    "a.age": [0, 1, 2, 16, 17, 18, 19, 59, 60, 61, 119, 120],
    "a.money": [Decimal(each) for each in ("0", "0.01", "0.02", "499.99", "500", "500.01", "300000")],
    "a.debt": [Decimal(each) for each in ("-2", "-1", "-0.5", "0", "0.05", "0.1", "0.2", "500", "501")],
    "a.share": [Decimal(each) for each in ("0", "0.0059", "0.0060", "0.007", "1", "2")],
    "a.score": [0.0, 0.25, 0.5, 0.75, 1.0],
    "a.grade": ["A", "B", "C"],
    "a.flag": [False, True],
    "a.other": [False, True],
    "a.name": ["x", "y", "z"],
    "a.tags": [frozenset(), frozenset("x"), frozenset("y"), frozenset("xy"), frozenset("xyz")],
    "a.day": [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)],
}


def customers(*texts: str) -> Iterator[Values]:
    """Everybody who differs in what the conditions read: every corner value, missing and refused, thinned to a bearable number.

    Segments are as their clauses give them, as in a decision.
    """
    attributes = dictionary().attributes
    behind = [*(compiled(text) for text in texts), *(compiled(text) for text in SEGMENTS.values())]
    names = sorted({read.name for each in behind for read in each.reads} - SEGMENTS.keys())
    choices = [[None, REFUSED, *VALUES[name]] for name in names]
    step = max(1, prod(len(each) for each in choices) // MOST_CUSTOMERS) | 1  # odd, so that no choice is stepped over
    for chosen in islice(product(*choices), 0, None, step):
        given_values = dict(zip(names, chosen, strict=True))
        refused = frozenset(attributes[name].slot for name, value in given_values.items() if value is REFUSED)
        values = Values([None] * dictionary().width, refused)
        for name, value in given_values.items():
            values[attributes[name].slot] = None if value is REFUSED else value
        for name, text in SEGMENTS.items():
            values[attributes[name].slot] = compiled(text).ask(values)
        yield values


@settings(max_examples=400)
@given(texts=st.lists(clause(), min_size=2, max_size=3))
def test_no_customer_meets_demands_that_are_said_to_rule_each_other_out(texts: list[str]) -> None:
    found = list(conflicts(wanted(*texts)))
    assert all(len(few) > 1 for few in found)
    for values in customers(*texts) if found else ():
        assert not all(compiled(text).ask(values) is True for text in texts)
        for few in found:
            assert not all(evaluate(each.tree, values) is True for each in few)


@settings(max_examples=400)
@given(one=clause(), other=clause())
def test_whoever_meets_a_condition_meets_what_is_said_to_follow(one: str, other: str) -> None:
    if implies(asked(one), asked(other)):
        for values in customers(one, other):
            if compiled(one).ask(values) is True:
                assert compiled(other).ask(values) is True


@given(text=clause())
def test_a_condition_follows_from_itself(text: str) -> None:
    assert implies(asked(text), asked(text)) or "segment_like.cautious" in text  # which forgives more than it shows
