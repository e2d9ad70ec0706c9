"""The functions of the language: what they take, what they give, which kernel computes them.

A `Signature` lists the kinds of its parameters; a function has one or more. The checker picks the first signature that
the arguments fit. Every function is strict: a missing argument gives a missing result (`default` and the record folds
are part of the checker, because they are not).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

from nbo.diagnostics.diagnostic import Text
from nbo.language import calendar, operations
from nbo.language.calendar import Duration
from nbo.language.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    DURATION,
    INTEGER,
    MONEY,
    NUMBER,
    ORDERED,
    RATE,
    TIME,
    Kind,
    Type,
)

Kernel = Callable[..., Any]  # present values in, a value or None out


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A kernel with the name under which generated code calls it."""

    name: str
    kernel: Kernel


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """Parameter kinds, the result (a type, or the place of the parameter whose type it is), and the kernel.

    `same` asks all arguments to be of one type; `variadic` lets the last parameter repeat.
    """

    parameters: tuple[frozenset[Kind], ...]
    result: Type | int
    kernel: Kernel
    same: bool = False
    variadic: bool = False
    literal: frozenset[int] = frozenset()  # parameters that must be written as a constant


def _kinds(*kinds: Kind) -> frozenset[Kind]:
    return frozenset(kinds)


_INTEGER, _STRING, _SET, _DATE = _kinds(Kind.INTEGER), _kinds(Kind.STRING), _kinds(Kind.SET), _kinds(Kind.DATE)
_MOMENT = _kinds(Kind.DATETIME)

USAGE: Mapping[str, Text] = {
    "default": Text("a value and what stands in for it when missing", "一个值和缺失时的替代值"),
    "min": Text("two or more values of one type", "两个以上同类型的值"),
    "max": Text("two or more values of one type", "两个以上同类型的值"),
    "abs": Text("a number", "一个数"),
    "round": Text("a number and, if wanted, how many digits after the point", "一个数，可加小数位数"),
    "between": Text("a value, the lowest and the highest", "一个值、下限和上限"),
    "overlap": Text("two sets, or a set and a list", "两个集合，或一个集合和一个列表"),
    "to_number": Text("an exact number", "一个精确数"),
    "starts_with": Text("two texts", "两个文本"),
    "ends_with": Text("two texts", "两个文本"),
    "contains": Text("two texts", "两个文本"),
    "length": Text("a text", "一个文本"),
    "date": Text('a quoted date, `date("2026-08-01")`', '加引号的日期，`date("2026-08-01")`'),
    "time": Text('a quoted time of day, `time("21:00")`', '加引号的时刻，`time("21:00")`'),
    "years": Text("a whole number, or two dates", "一个整数，或两个日期"),
    "months": Text("a whole number, or two dates", "一个整数，或两个日期"),
    "days": Text("a whole number", "一个整数"),
    "hours": Text("a whole number", "一个整数"),
    "days_between": Text("two dates", "两个日期"),
    "date_of": Text("a point in time", "一个时间点"),
    "time_of": Text("a point in time", "一个时间点"),
    "start_of_day": Text("a point in time", "一个时间点"),
    "start_of_week": Text("a point in time", "一个时间点"),
    "start_of_month": Text("a point in time", "一个时间点"),
    "count": Text(
        "records and, if wanted, a condition on `it`; or a set", "记录列表，可加关于 `it` 的条件；或一个集合"
    ),
    "sum": Text("records, a value of `it` and, if wanted, a condition on `it`", "记录列表、`it` 的一个值，可加条件"),
    "any": Text("records and a condition on `it`", "记录列表和关于 `it` 的条件"),
    "all": Text("records and a condition on `it`", "记录列表和关于 `it` 的条件"),
    "min_of": Text("records, a value of `it` and, if wanted, a condition on `it`", "记录列表、`it` 的一个值，可加条件"),
    "max_of": Text("records, a value of `it` and, if wanted, a condition on `it`", "记录列表、`it` 的一个值，可加条件"),
}

FOLDS = frozenset({"count", "sum", "any", "all", "min_of", "max_of"})


@lru_cache(maxsize=16)
def signatures(zone: tzinfo) -> Mapping[str, Sequence[Signature]]:
    """Every strict function's signatures; the calendar ones work in `zone`."""
    # in the order of `Kind`, not of a set: of written numbers alone, the first kind that fits is the type
    ordered_same = tuple(_kinds(kind) for kind in Kind if kind in ORDERED)
    extremes = {
        name: [Signature((kind, kind), 0, kernel, same=True, variadic=True) for kind in ordered_same]
        for name, kernel in (("min", min), ("max", max))
    }
    return {
        **extremes,
        "abs": [
            *(Signature((_kinds(kind),), 0, abs) for kind in (Kind.INTEGER, Kind.NUMBER)),
            *(Signature((_kinds(kind),), 0, Decimal.copy_abs) for kind in (Kind.DECIMAL, Kind.MONEY, Kind.RATE)),
        ],
        "round": [
            Signature((_kinds(kind), _INTEGER)[:arity], 0, kernel, literal=frozenset({1}))
            for kind, kernel in (
                (Kind.INTEGER, operations.round_whole),
                (Kind.DECIMAL, operations.round_half_up),
                (Kind.MONEY, operations.round_half_up),
                (Kind.RATE, operations.round_half_up),
                (Kind.NUMBER, operations.round_number),
            )
            for arity in (1, 2)
        ],
        "between": [
            Signature((_kinds(Kind.TIME),) * 3, BOOLEAN, operations.between_times, same=True),
            *(Signature((kind,) * 3, BOOLEAN, operations.between, same=True) for kind in ordered_same),
        ],
        "overlap": [Signature((_SET, _SET), BOOLEAN, _overlap, same=True)],
        "to_number": [
            Signature((_kinds(Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.RATE),), NUMBER, operations.to_number)
        ],
        "starts_with": [Signature((_STRING, _STRING), BOOLEAN, str.startswith)],
        "ends_with": [Signature((_STRING, _STRING), BOOLEAN, str.endswith)],
        "contains": [Signature((_STRING, _STRING), BOOLEAN, _contains)],
        "length": [Signature((_STRING,), INTEGER, len)],
        "count": [Signature((_SET,), INTEGER, len)],
        "years": [Signature((_INTEGER,), DURATION, _years), Signature((_DATE, _DATE), INTEGER, calendar.full_years)],
        "months": [Signature((_INTEGER,), DURATION, _months), Signature((_DATE, _DATE), INTEGER, calendar.full_months)],
        "days": [Signature((_INTEGER,), DURATION, _days)],
        "hours": [Signature((_INTEGER,), DURATION, _hours)],
        "days_between": [Signature((_DATE, _DATE), INTEGER, _days_between)],
        "date_of": [Signature((_MOMENT,), DATE, lambda moment: _date_of(moment, zone))],
        "time_of": [Signature((_MOMENT,), TIME, lambda moment: _time_of(moment, zone))],
        "start_of_day": [Signature((_MOMENT,), DATETIME, lambda moment: calendar.start_of_day(moment, zone))],
        "start_of_week": [Signature((_MOMENT,), DATETIME, lambda moment: calendar.start_of_week(moment, zone))],
        "start_of_month": [Signature((_MOMENT,), DATETIME, lambda moment: calendar.start_of_month(moment, zone))],
    }


def arithmetic(operator: str, left: Type, right: Type, zone: tzinfo) -> tuple[Type, Kernel] | None:
    """Result and kernel of `left operator right`; None where the two do not fit.

    money ± money is money; money × a plain number is money; money ÷ money is a decimal; money × money does not exist.
    """
    kinds = {left.kind, right.kind}
    if kinds == {Kind.NUMBER}:
        return NUMBER, _NUMBER_KERNELS[operator]
    if Kind.NUMBER in kinds:
        return None
    if operator in "+-":
        return _sum_or_step(operator, left, right, zone)
    if not kinds <= NUMERIC_EXACT:
        return None
    if operator == "*":
        return _product(left.kind, right.kind)
    if Kind.MONEY in kinds:
        if left.kind is Kind.MONEY:
            return (DECIMAL if right.kind is Kind.MONEY else MONEY), operations.divide
        return None
    return DECIMAL, operations.divide


NUMERIC_EXACT = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.RATE, Kind.MONEY})

_NUMBER_KERNELS: Mapping[str, Kernel] = {
    "+": operations.add_number,
    "-": operations.subtract_number,
    "*": operations.multiply_number,
    "/": operations.divide_number,
}


def _sum_or_step(operator: str, left: Type, right: Type, zone: tzinfo) -> tuple[Type, Kernel] | None:
    sign = 1 if operator == "+" else -1
    if right.kind is Kind.DURATION:
        if left.kind is Kind.DATE:
            return left, lambda day, step: calendar.step_date(day, step, sign)
        if left.kind is Kind.DATETIME:
            return left, lambda moment, step: calendar.step_datetime(moment, step, zone, sign)
        if left.kind is Kind.DURATION:
            return left, lambda first, second: first.plus(second, sign)
        return None
    kinds = {left.kind, right.kind}
    if not kinds <= NUMERIC_EXACT or (Kind.MONEY in kinds and len(kinds) > 1):
        return None
    if kinds == {Kind.INTEGER}:
        return INTEGER, operations.add_whole if sign == 1 else operations.subtract_whole
    result = left if len(kinds) == 1 else DECIMAL
    return result, operations.add if sign == 1 else operations.subtract


def _product(left: Kind, right: Kind) -> tuple[Type, Kernel] | None:
    kinds = {left, right}
    if Kind.MONEY in kinds:
        return None if left is right else (MONEY, operations.multiply)
    if kinds == {Kind.INTEGER}:
        return INTEGER, operations.multiply_whole
    return (RATE if kinds == {Kind.RATE, Kind.INTEGER} else DECIMAL), operations.multiply


def _overlap(left: frozenset[str], right: frozenset[str]) -> bool:
    return not left.isdisjoint(right)


def _contains(text: str, part: str) -> bool:
    return part in text


def _years(count: int) -> Duration:
    return Duration(months=12 * count)


def _months(count: int) -> Duration:
    return Duration(months=count)


def _days(count: int) -> Duration:
    return Duration(days=count)


def _hours(count: int) -> Duration:
    return Duration(seconds=3600 * count)


def _date_of(moment: datetime, zone: tzinfo) -> date | None:
    local = calendar.on_wall_clock(moment, zone)
    return None if local is None else local.date()


def _time_of(moment: datetime, zone: tzinfo) -> time | None:
    local = calendar.on_wall_clock(moment, zone)
    return None if local is None else local.time().replace(fold=0)


def _days_between(start: date, end: date) -> int:
    return (end - start).days


def negate(kind: Kind) -> Kernel:
    """The kernel of unary minus for a numeric kind."""
    return operations.negate if kind in (Kind.DECIMAL, Kind.MONEY, Kind.RATE) else _minus


def _minus(value: int | float) -> int | float:
    return 0 - value  # not -0.0
