"""What is said to be impossible never happens, and what is said to follow always does: no lint accuses a good rule."""

from __future__ import annotations

import pytest
from corner_customers import clause, compiled, customers, dictionary, segments
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo.language.interpret import evaluate
from nbo.lint.demands import Asked, Demand, Demands
from nbo.lint.together import Together


def wanted(*texts: str) -> list[Demand]:
    return [each for text in texts for each in Demands(segments()).of(compiled(text))]


def asked(text: str) -> Asked:
    return Demands(segments()).asked(compiled(text))


def shown(*texts: str) -> list[tuple[str, ...]]:
    return [tuple(each.text for each in few) for few in Together().conflicts(wanted(*texts))]


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
    assert Together().implies(asked(stronger), asked(weaker))
    assert stronger.replace(" ", "") == weaker.replace(" ", "") or not Together().implies(
        asked(weaker), asked(stronger)
    )


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
    assert not Together().implies(asked(one), asked(other))


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
    assert any(Together().holds_without(each, attribute) for each in wanted(text)) is forgives


# --- what is never said of a good rule --------------------------------------------------------------------------------


@settings(max_examples=400)
@given(texts=st.lists(clause(), min_size=2, max_size=3))
def test_no_customer_meets_demands_that_are_said_to_rule_each_other_out(texts: list[str]) -> None:
    found = list(Together().conflicts(wanted(*texts)))
    assert all(len(few) > 1 for few in found)
    for values in customers(*texts) if found else ():
        assert not all(compiled(text).ask(values) is True for text in texts)
        for few in found:
            assert not all(evaluate(each.part.tree, values) is True for each in few)


@settings(max_examples=400)
@given(one=clause(), other=clause())
def test_whoever_meets_a_condition_meets_what_is_said_to_follow(one: str, other: str) -> None:
    if Together().implies(asked(one), asked(other)):
        for values in customers(one, other):
            if compiled(one).ask(values) is True:
                assert compiled(other).ask(values) is True


@given(text=clause())
def test_a_condition_follows_from_itself(text: str) -> None:
    assert (
        Together().implies(asked(text), asked(text)) or "segment_like.cautious" in text
    )  # which forgives more than it shows
