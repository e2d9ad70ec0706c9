"""Shares, their intervals and how they are rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbo.workbench.figures.rates import rounded, share, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, "0.0000", "0.2775"),
        (1, 10, "0.0179", "0.4042"),
        (10, 100, "0.0552", "0.1744"),
        (10, 10, "0.7225", "1.0000"),
        (1, 1, "0.2065", "1.0000"),
    ],
)
def test_an_interval_is_known(part: int, whole: int, low: str, high: str) -> None:
    interval = wilson(part, whole)
    assert interval is not None
    assert (str(rounded(interval.low, 4)), str(rounded(interval.high, 4))) == (low, high)


@given(st.integers(0, 10**7).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_an_interval_holds_its_share_and_stays_within_0_and_1(numbers: tuple[int, int]) -> None:
    interval = wilson(*numbers)
    if numbers[1] == 0:
        assert interval is None
    else:
        assert interval is not None
        assert 0 <= interval.low <= interval.value <= interval.high <= 1
        for end in (interval.low, interval.high):  # the share lies 1.96 standard deviations of an end away from it
            away = (interval.value - end) ** 2 * numbers[1] - Fraction("1.959964") ** 2 * end * (1 - end)
            assert abs(away) < Fraction(1, 10**4)


def test_a_share_of_nothing_is_none_and_not_zero() -> None:
    assert share(0, 0) is None
    assert share(Decimal("0.30"), 3) == Fraction(1, 10)


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 5))
def test_rounding_is_half_up_away_from_zero(value: Decimal, places: int) -> None:
    assert rounded(Fraction(value), places) == value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
