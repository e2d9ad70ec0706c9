"""An *or* over several attributes is masks, and gives what the reference interpreter gives."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import corner_customers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_answers import assert_same, offer_of, slow

from nbo.index.index import MatchIndex
from nbo.language.intake import Values

ABOUT = ("a.age", "a.money", "a.grade", "a.flag", "a.tags", "a.day")


pytestmark = pytest.mark.usefixtures("sizes")


@st.composite
def ors(draw: st.DrawFn) -> str:
    """A branch for each of two or three attributes, of one or two atoms; some branches look at absence."""
    branches = []
    for about in draw(st.lists(st.sampled_from(ABOUT), min_size=2, max_size=3, unique=True)):
        atoms = draw(
            st.lists(
                st.sampled_from([each for each in corner_customers.ATOMS if about in each]), min_size=1, max_size=2
            )
        )
        branches.append(f"({draw(st.sampled_from([' and ', ' or '])).join(atoms)})")
    negated = draw(st.booleans())
    return f"not ({' and '.join(f'not {each}' for each in branches)})" if negated else " or ".join(branches)


@settings(slow, max_examples=60)
@given(st.lists(ors(), min_size=1, max_size=3), st.data())
def test_offers_with_ors_come_out_as_by_the_interpreter(texts: list[str], data: st.DataObject) -> None:
    pool = [corner_customers.compiled(text) for text in (*texts, "a.age >= 18", "a.flag")]
    chosen = data.draw(st.lists(st.lists(st.sampled_from(pool), max_size=4), min_size=1, max_size=20))
    offers = [offer_of(f"offer_{n:02}", conditions) for n, conditions in enumerate(chosen)]
    index = MatchIndex(corner_customers.dictionary(), offers)
    for values in islice(corner_customers.customers(*texts, "a.age >= 18", "a.flag"), 40):
        assert_same(index, offers, values)


def indexed(*texts: str) -> MatchIndex:
    offers = [offer_of(f"offer_{n}", [corner_customers.compiled(text)]) for n, text in enumerate(texts)]
    return MatchIndex(corner_customers.dictionary(), offers)


def values(refused: Sequence[str] = (), **given_values: object) -> Values:
    attributes = corner_customers.dictionary().attributes
    found = Values(
        [None] * corner_customers.dictionary().width, frozenset(attributes[f"a.{each}"].slot for each in refused)
    )
    for name, value in given_values.items():
        found[attributes[f"a.{name}"].slot] = value  # type: ignore[call-overload]  # a value of its type
    return found


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        ("a.age >= 18 or a.flag", 1),
        ("not (a.age < 18 and not a.flag)", 1),
        ("a.age is missing or a.flag", 1),
        ("(a.age >= 18 and a.grade == A) or a.flag", 2),
        ("a.age >= 18 or a.age < 2", 0),
    ],
)
def test_what_compares_with_constants_is_not_asked_alone(text: str, layers: int) -> None:
    (segment,) = indexed(text).segments
    assert (len(segment.eithers), segment.asked) == (layers, 0)


@pytest.mark.parametrize("text", ["a.age * 2 > 30 or a.flag", "a.money > a.debt or a.age >= 18"])
def test_a_branch_that_no_mask_can_hold_leaves_the_whole_to_be_asked(text: str) -> None:
    (segment,) = indexed(text).segments
    assert (len(segment.eithers), segment.asked) == (0, 1)


def test_an_or_that_looks_at_a_refused_value_is_unknown_whatever_its_other_branch_says() -> None:
    index = indexed("a.age is missing or a.flag", "a.flag or a.other")
    assert index.match(values(flag=True)) == ["offer_0", "offer_1"]
    assert index.match(values(["age"], flag=True)) == ["offer_1"]
    assert dict(index.why_not(values(["age"], flag=False))) == {"offer_0": "unknown", "offer_1": "unknown"}


def test_an_or_over_two_attributes_is_not_missed_by_one() -> None:
    index = indexed("a.age >= 18 or a.flag", "(a.age >= 18 and a.flag) or a.age == 1")
    why_not = index.why_not(values(age=2, flag=False))
    assert dict(why_not) == {"offer_0": "failed", "offer_1": "failed"}
    assert why_not.missed_by_one() == {}
    assert index.why_not(values(age=2, flag=True)).missed_by_one() == {"offer_1": "a.age"}
