"""What each type accepts from outside, as one function an attribute: a value in, the value as conditions read it out.

The functions are made once a dictionary, each with its attribute's limits and values inside. What a type does not accept
raises `BadValueError`; the table of it is in `docs/data-types.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import ceil, floor, isfinite

from nbo.language.calendar import Duration
from nbo.language.operations import parse_exact, within_bounds
from nbo.language.types import Attribute, Domain, Kind, Scalar

LONGEST_STRING = 4_096
MOST_RECORDS = 10_000
_LONGEST_NUMBER = 39  # characters of a number written as text
_TOO_LARGE = 10**18

Accept = Callable[[object], Scalar]

_HALF_PAIR = re.compile("[\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# the hour is bounded here, because newer Pythons read 24:00 as the next day
_HOUR = r"(?:[01]\d|2[0-3]):\d{2}"
_MOMENT = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}[T ]{_HOUR}(?::\d{{2}}(?:\.\d{{1,6}})?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?", re.ASCII
)
_AMOUNT = re.compile(r"(?:0|[1-9]\d{0,17})(?:\.\d{1,10})?", re.ASCII)  # as nearly all are written
_CLOCK = re.compile(rf"{_HOUR}(?::\d{{2}})?", re.ASCII)


class BadValueError(Exception):
    """A value that its type does not accept; the argument is the warning's code."""


def accepting(attribute: Attribute) -> Accept:
    """The function for an attribute; not for lists of records.

    PERF: 45 values of the sample pack in 83 us when type and limits were looked up for each value, 30 us so
    (benchmarks/decide.py).
    """
    plain = _PLAIN.get(attribute.type.kind)
    return _MADE[attribute.type.kind](attribute) if plain is None else plain


def _boolean(value: object) -> bool:
    if value is True or value is False:
        return value
    raise BadValueError("wrong_type")


# --- numbers ----------------------------------------------------------------------------------------------------------


def _exact(attribute: Attribute) -> Callable[[object], Decimal]:
    low, high, is_plain = attribute.min, attribute.max, _AMOUNT.fullmatch

    def accept(value: object) -> Decimal:
        exact = Decimal(value) if type(value) is str and is_plain(value) else _decimal(value)
        if (low is not None and exact < low) or (high is not None and exact > high):
            raise BadValueError("out_of_range")
        return exact

    return accept


def _integer(attribute: Attribute) -> Callable[[object], int]:
    low = 1 - _TOO_LARGE if attribute.min is None else ceil(attribute.min)
    high = _TOO_LARGE - 1 if attribute.max is None else floor(attribute.max)

    def accept(value: object) -> int:
        whole = value if type(value) is int else _whole(value)
        if not low <= whole <= high:
            raise BadValueError("out_of_range")
        return whole

    return accept


def _whole(value: object) -> int:
    exact = _decimal(value)
    whole = int(exact)
    if whole != exact:
        raise BadValueError("wrong_type")
    return whole


def _decimal(value: object) -> Decimal:
    if isinstance(value, str):
        parsed = parse_exact(value) if len(value) <= _LONGEST_NUMBER and value[:1] != "+" else None
        if parsed is None:
            raise BadValueError("wrong_type")
        return parsed
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise BadValueError("wrong_type")  # a float too: its digits are not what anybody wrote
    if isinstance(value, int):
        if not -_TOO_LARGE < value < _TOO_LARGE:
            raise BadValueError("out_of_range")
        return Decimal(value)
    exact = Decimal(value)
    if not exact.is_finite():
        raise BadValueError("wrong_type")
    if not within_bounds(exact):
        raise BadValueError("out_of_range")
    return exact or exact.copy_abs()  # a zero has no sign


def _number(attribute: Attribute) -> Callable[[object], float]:
    """Limits of a number are the nearest doubles, as a constant would be."""
    low = None if attribute.min is None else float(attribute.min)
    high = None if attribute.max is None else float(attribute.max)

    def accept(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            raise BadValueError("wrong_type")
        try:
            number = float(value)
        except OverflowError:
            raise BadValueError("out_of_range") from None
        except ValueError:  # a signaling NaN
            raise BadValueError("wrong_type") from None
        if not isfinite(number):
            raise BadValueError("wrong_type")
        if (low is not None and number < low) or (high is not None and number > high):
            raise BadValueError("out_of_range")
        return number + 0.0  # a zero has no sign

    return accept


# --- texts, values, sets ----------------------------------------------------------------------------------------------


def _string(attribute: Attribute) -> Callable[[object], str]:
    longest = attribute.max_length or LONGEST_STRING

    def accept(value: object) -> str:
        if not isinstance(value, str):
            raise BadValueError("wrong_type")
        if len(value) > longest:
            raise BadValueError("too_long")
        if not value.isascii() and _HALF_PAIR.search(value):
            raise BadValueError("wrong_type")  # half a surrogate pair cannot be written to any output
        return str.__str__(value)  # plain, whatever subclass it came as

    return accept


def _enum(attribute: Attribute) -> Callable[[object], str]:
    domain = attribute.type.domain or _NO_VALUES
    known = {**domain.aliases, **{each: each for each in domain.values}}

    def accept(value: object) -> str:
        if not isinstance(value, str):
            raise BadValueError("wrong_type")
        found = known.get(value if type(value) is str else str.__str__(value))
        if found is None:
            raise BadValueError("not_a_value")
        return found

    return accept


def _set(attribute: Attribute) -> Callable[[object], frozenset[str]]:
    element = _string(attribute) if attribute.type.domain is None else _enum(attribute)

    def accept(value: object) -> frozenset[str]:
        if not isinstance(value, (list, tuple, set, frozenset)):
            raise BadValueError("wrong_type")
        if len(value) > MOST_RECORDS:
            raise BadValueError("too_long")
        return frozenset(map(element, value))

    return accept


_NO_VALUES = Domain((), ordered=False, aliases={}, labels={})


# --- time -------------------------------------------------------------------------------------------------------------


def _date(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise BadValueError("out_of_range") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return date(value.year, value.month, value.day)
    raise BadValueError("wrong_type")


def _datetime(value: object) -> datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise BadValueError("out_of_range") from None
    if not isinstance(value, datetime):
        raise BadValueError("wrong_type")
    try:
        offset = value.utcoffset()
        if offset is None:
            raise BadValueError("no_zone")
        # plain, whatever subclass it came as: a "not a time" of a data frame is a datetime that compares with nothing
        wall = datetime.combine(date(value.year, value.month, value.day), value.time())
        return (wall - offset).replace(tzinfo=UTC)
    except TypeError:
        raise BadValueError("wrong_type") from None
    except (OverflowError, ValueError):
        raise BadValueError("out_of_range") from None


def _time(value: object) -> time:
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise BadValueError("out_of_range") from None
    if isinstance(value, time) and value.tzinfo is None:
        return time(value.hour, value.minute, value.second, value.microsecond)
    raise BadValueError("wrong_type")


def _duration(value: object) -> Duration:
    if isinstance(value, str) and (parsed := Duration.parse(value)) is not None:
        return parsed
    if isinstance(value, timedelta) and not value.microseconds:
        return Duration(seconds=value.days * 86_400 + value.seconds)
    raise BadValueError("wrong_type")


_PLAIN: Mapping[Kind, Accept] = {
    Kind.BOOLEAN: _boolean, Kind.DATE: _date, Kind.DATETIME: _datetime, Kind.TIME: _time, Kind.DURATION: _duration,
}  # fmt: skip
_MADE: Mapping[Kind, Callable[[Attribute], Accept]] = {
    Kind.INTEGER: _integer, Kind.DECIMAL: _exact, Kind.MONEY: _exact, Kind.RATE: _exact, Kind.NUMBER: _number,
    Kind.STRING: _string, Kind.ENUM: _enum, Kind.SET: _set,
}  # fmt: skip
