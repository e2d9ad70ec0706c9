"""Shares as exact fractions, their intervals, and how both are rounded when they are shown.

Two whole numbers in, fractions out; nothing is ever a binary float.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt

_Z = Fraction(1_959_964, 1_000_000)  # the normal distribution has 95% within so many standard deviations
_ROOT_SCALE = 10**12


@dataclass(frozen=True, slots=True)
class Interval:
    """A share from 0 to 1 and the ends of its 95% interval."""

    value: Fraction
    low: Fraction
    high: Fraction


def share(part: int | Decimal, whole: int) -> Fraction | None:
    """The exact quotient; None of nothing."""
    return Fraction(part) / whole if whole else None


def wilson(part: int, whole: int) -> Interval | None:
    """A share with its 95% score interval; None of nothing.

    It stays within 0 and 1, and says something also of no or all successes, where the textbook interval has no width.
    SOURCE: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927), 209-212.

    >>> interval = wilson(1, 10)
    >>> [str(rounded(each, 4)) for each in (interval.value, interval.low, interval.high)]
    ['0.1000', '0.0179', '0.4042']
    """
    if not whole:
        return None
    square = _Z * _Z
    spread = _Z * _root(square + 4 * Fraction(part * (whole - part), whole))
    below = 2 * (whole + square)
    return Interval(Fraction(part, whole), (2 * part + square - spread) / below, (2 * part + square + spread) / below)


def rounded(value: Fraction, places: int) -> Decimal:
    """The nearest decimal with so many places; a half goes away from zero.

    >>> rounded(Fraction(1, 8), 2), rounded(Fraction(-1, 8), 2)
    (Decimal('0.13'), Decimal('-0.13'))
    """
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def _root(value: Fraction) -> Fraction:
    """The square root, exact to 12 places."""
    return Fraction(isqrt(value.numerator * _ROOT_SCALE**2 // value.denominator), _ROOT_SCALE)
