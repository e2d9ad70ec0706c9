"""What an operator or function does to values that are all present.

Interpreter and generated code share these kernels, so exactness, rounding and bounds exist once; what a missing value
does is decided by the evaluators. Decimals run in contexts of their own: a caller's context changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Underflow,
)
from functools import reduce
from math import isfinite
from typing import Any

from nbo.language.types import Kind

_TRAPS = [InvalidOperation, Overflow, Underflow]
# INVARIANT: at most 24 factors of at most 28 digits fit (the checker counts them); a trap, not a rounding, beyond that
EXACT_CONTEXT = Context(prec=800, rounding=ROUND_HALF_EVEN, traps=[*_TRAPS, Inexact], Emin=-9999, Emax=9999)
DIVISION_CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN, traps=_TRAPS, Emin=-9999, Emax=9999)
# Sums and products of money: a thousand digits is more than any of them has, so only `quantize` ever rounds.
MONEY_CONTEXT = Context(prec=1000, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])

MOST_FACTORS = 24
MOST_INTEGER_DIGITS = 18
MOST_FRACTION_DIGITS = 10
_EXACT = re.compile(rf"[+-]?0*\d{{1,{MOST_INTEGER_DIGITS}}}(?:\.\d{{1,{MOST_FRACTION_DIGITS}}})?", re.ASCII)

Exact = Decimal | int


def add(left: Exact, right: Exact) -> Decimal | None:
    """Exact sum; None if it has more digits than an amount can have."""
    try:
        return EXACT_CONTEXT.add(Decimal(left), Decimal(right))
    except DecimalException:
        return None


def subtract(left: Exact, right: Exact) -> Decimal | None:
    """Exact difference."""
    try:
        return EXACT_CONTEXT.subtract(Decimal(left), Decimal(right))
    except DecimalException:
        return None


def multiply(left: Exact, right: Exact) -> Decimal | None:
    """Exact product, not rounded."""
    try:
        return _unsigned_zero(EXACT_CONTEXT.multiply(Decimal(left), Decimal(right)))
    except DecimalException:
        return None


def divide(left: Exact, right: Exact) -> Decimal | None:
    """Quotient with 28 significant digits; None when dividing by zero."""
    if not right:
        return None
    try:
        return _unsigned_zero(DIVISION_CONTEXT.divide(Decimal(left), Decimal(right)))
    except DecimalException:
        return None


def negate(value: Decimal) -> Decimal:
    """The opposite amount; exact in any context, unlike the minus sign."""
    return _unsigned_zero(value.copy_negate())


def _unsigned_zero(value: Decimal) -> Decimal:
    """A zero has no sign: nobody owes -0.00."""
    return value or value.copy_abs()


def whole(value: int) -> int | None:
    """An integer result, or None past the bound that keeps chains of products finite."""
    return value if value.bit_length() <= 2_600 else None


def finite(value: float) -> float | None:
    """A number result; infinities and NaN are missing, and a zero has no sign."""
    return value + 0.0 if isfinite(value) else None


def divide_number(left: float, right: float) -> float | None:
    """Quotient of two numbers; None when dividing by zero."""
    return finite(left / right) if right else None


def multiply_number(left: float, right: float) -> float | None:
    """Product of two numbers."""
    return finite(left * right)


def add_number(left: float, right: float) -> float | None:
    """Sum of two numbers."""
    return finite(left + right)


def subtract_number(left: float, right: float) -> float | None:
    """Difference of two numbers."""
    return finite(left - right)


def add_whole(left: int, right: int) -> int | None:
    """Sum of two integers."""
    return whole(left + right)


def subtract_whole(left: int, right: int) -> int | None:
    """Difference of two integers."""
    return whole(left - right)


def multiply_whole(left: int, right: int) -> int | None:
    """Product of two integers."""
    return whole(left * right)


def _unit(digits: int) -> Decimal:
    return Decimal((0, (1,), -digits))


_UNITS = {digits: _unit(digits) for digits in range(5)}


def round_half_up(value: Decimal, digits: int = 0) -> Decimal | None:
    """Half away from zero at `digits` after the point.

    >>> round_half_up(Decimal("0.125"), 2)
    Decimal('0.13')
    """
    try:
        return _unsigned_zero(MONEY_CONTEXT.quantize(value, _UNITS[digits] if digits in _UNITS else _unit(digits)))
    except DecimalException:
        return None


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Exact sum of amounts of money; 0 without any."""
    return reduce(MONEY_CONTEXT.add, amounts, Decimal(0))


def is_whole_fen(amount: Decimal) -> bool:
    """Whether nothing of an amount is smaller than 0.01, whatever the caller's decimal context is.

    >>> is_whole_fen(Decimal("12.30")), is_whole_fen(Decimal("0.005"))
    (True, False)
    """
    return round_half_up(amount, 2) == amount


def round_number(value: float, digits: int = 0) -> float | None:
    """The double's exact value, rounded half up, as the nearest double."""
    rounded = round_half_up(Decimal.from_float(value), digits)
    return None if rounded is None else finite(float(rounded))


def round_whole(value: int, digits: int = 0) -> int:
    """An integer has nothing to round."""
    del digits
    return value


def to_number(value: Exact) -> float | None:
    """The nearest double of an exact value."""
    try:
        return finite(float(value))
    except OverflowError:
        return None


def between(
    value: Exact | float | date | datetime, low: Exact | float | date | datetime, high: Exact | float | date | datetime
) -> bool:
    """Whether `low <= value <= high`; both ends count."""
    return bool(low <= value <= high)  # type: ignore[operator]  # the checker has held the three to one type


def between_times(value: time, low: time, high: time) -> bool:
    """Like `between`; when `low` is later than `high` the stretch runs over midnight."""
    return low <= value <= high if low <= high else value >= low or value <= high


def parse_exact(text: str) -> Decimal | None:
    """A decimal written in plain ASCII digits within the bounds of 18 and 10 digits; None for anything else.

    >>> parse_exact("0.0060"), parse_exact("1e3")
    (Decimal('0.0060'), None)
    """
    if not _EXACT.fullmatch(text):
        return None
    exact = Decimal(text)
    return exact or exact.copy_abs()


def within_bounds(value: Decimal) -> bool:
    """Whether a decimal from outside has at most 18 integer and 10 fraction digits."""
    if not value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MOST_FRACTION_DIGITS and value.adjusted() < MOST_INTEGER_DIGITS


def is_constant(value: Decimal) -> bool:
    """Whether arithmetic of written numbers is still as short as a quotient of two of them: 28 significant digits."""
    sign, digits, exponent = value.as_tuple()
    del sign
    most = DIVISION_CONTEXT.prec
    return len(digits) <= most and value.adjusted() < most and int(exponent) >= -most - MOST_FRACTION_DIGITS


SUMS: Mapping[Kind, tuple[Decimal | int | float, Callable[[Any, Any], Any]]] = {
    Kind.INTEGER: (0, add_whole),
    Kind.NUMBER: (0.0, add_number),
    Kind.DECIMAL: (Decimal(0), add),
    Kind.MONEY: (Decimal(0), add),
    Kind.RATE: (Decimal(0), add),
}


def round_to_unit(value: Decimal, unit: Decimal, *, down: bool) -> Decimal | None:
    """The multiple of `unit` nearest to the value (half up), or the next one below it."""
    rounding = ROUND_DOWN if down else ROUND_HALF_UP
    try:
        units = MONEY_CONTEXT.divide_int(value, unit) if down else MONEY_CONTEXT.divide(value, unit)
        return EXACT_CONTEXT.multiply(units.to_integral_value(rounding), unit)
    except DecimalException:
        return None


def as_amount(value: Decimal) -> str:
    """Money as it is written: two decimals, rounded half up.

    >>> as_amount(Decimal("964.8"))
    '964.80'
    """
    text = str(value)
    if value and text[-3:-2] == ".":  # PERF: as nearly all amounts are; 0.2 us instead of 1.3
        return text
    rounded = round_half_up(value, 2)
    return "" if rounded is None else format(rounded, "f")
