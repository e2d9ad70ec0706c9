"""What goes into a store as it is: texts that every database keeps, exact amounts, moments in UTC.

In: what a caller gives. Out: the same, plain and in bounds, or `ValueError` with what is wrong, never with the value.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal

from nbo.language.operations import within_bounds

LONGEST_TEXT = 200
LONGEST_NOTE = 500

_NOT_KEPT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SUMS = Context(prec=60)  # sums of amounts of 28 digits stay exact


def text(value: object) -> str:
    """A text of 1 to 200 characters without control characters and halves of surrogate pairs."""
    return _text(value, LONGEST_TEXT)


def note(value: object) -> str:
    """The same of up to 500 characters."""
    return _text(value, LONGEST_NOTE)


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise ValueError("has to be a text")
    if not value:
        raise ValueError("is empty")
    if len(value) > longest:
        raise ValueError(f"is longer than {longest} characters")
    if _NOT_KEPT.search(value):
        raise ValueError("has a character that is no text")
    return str.__str__(value)


def amount(value: object) -> Decimal:
    """An amount from zero on with at most 18 digits before the point and 10 behind it; no float."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ValueError("has to be an exact decimal")
    exact = Decimal(value)
    if not exact.is_finite() or exact < 0 or not within_bounds(exact):
        raise ValueError("has to be an amount of at most 18 digits before the point and 10 behind it, and not negative")
    return exact.copy_abs()  # a zero has no sign


def moment(value: object) -> datetime:
    """A plain datetime in UTC of one with a zone."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise ValueError("has to be a time with its zone")
    try:
        utc = value.astimezone(UTC)
        return datetime(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond, tzinfo=UTC)
    except (OverflowError, TypeError):
        raise ValueError("is past the ends of the calendar") from None


def to_microseconds(value: datetime) -> int:
    """Microseconds since 1970, negative before."""
    return (value - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The moment in UTC."""
    return _EPOCH + timedelta(microseconds=value)


def plus(left: Decimal, right: Decimal) -> Decimal:
    """The exact sum."""
    return _SUMS.add(left, right)


def minus(left: Decimal, right: Decimal) -> Decimal:
    """The exact difference."""
    return _SUMS.subtract(left, right)
