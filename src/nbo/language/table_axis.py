"""A column's line, cut where its cells cut it: the places on which every row's test is the same for all values.

In: a column. Out: the places, a sample value of each, the rows that take it, and where a value lies. The index looks values
up here, the analysis looks for places that several rows take or none does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from math import inf, nextafter
from typing import Any

from nbo.language import operations
from nbo.language.table_column import Cell, Column, Interval
from nbo.language.types import Attribute, Kind, Value

MISSING = -1  # the place of an absent value, in a column that looks at absence
_ONE = {Kind.INTEGER: 1, Kind.DATE: timedelta(days=1)}


class Axis:
    """The places of one column, and who takes them.

    `taken[cell]` are the places that a cell takes, `rows[place]` the rows that take a place, as a bit mask in order of
    `precedence`. Booleans, enums and texts have a place a value. On an ordered line every limit is a place, and so is
    each stretch between two: place `2i` lies below the limit `i`, place `2i + 1` is the limit itself.
    """

    def __init__(self, column: Column, precedence: tuple[int, ...]) -> None:
        self.column = column
        kind = column.type.kind
        named = _named(column)
        self.limits: list[Any] = [] if named is not None else _limits(column)
        self._places: Mapping[Value, int] | None = None
        if named is not None:
            self._places = {value: place for place, value in enumerate(named)}
        self.size = len(named) if named is not None else 2 * len(self.limits) + 1
        bits = {row: 1 << rank for rank, row in enumerate(precedence)}
        self.rows = [0] * self.size
        self.unasked = 0  # rows that take any value
        self.absent = 0  # rows that take a missing one
        self.taken = {cell: self._places_of(cell) for cell in set(column.cells) if cell is not None}
        for row, cell in enumerate(column.cells):
            bit = bits[row]
            if cell is None:
                self.unasked |= bit
                continue
            if cell.missing:
                self.absent |= bit
            for place in self.taken[cell]:
                self.rows[place] |= bit
        self.rows = [each | self.unasked for each in self.rows]
        self.absent |= self.unasked
        self.every = (1 << len(precedence)) - 1
        self.kind = kind

    def masks(self, value: Value | None) -> tuple[int, int]:
        """The rows that take a value, and those that might."""
        if value is None:
            return self.absent, self.absent if self.column.sees_missing else self.every
        rows = self.rows[self.place(value)]
        return rows, rows

    def place(self, value: Any) -> int:
        """Where a present value lies."""
        if self._places is not None:
            return self._places.get(value, self.size - 1)  # a text that no cell names; enums and booleans are all here
        index = bisect_left(self.limits, value)
        on_limit = index < len(self.limits) and self.limits[index] == value
        return 2 * index + 1 if on_limit else 2 * index

    @cached_property
    def samples(self) -> tuple[Value | None, ...]:
        """A value of each place; None where no value can lie (between 18 and 19, or past the attribute's limits)."""
        if self._places is not None:
            return tuple(self._places)
        return tuple(self._sample(place) for place in range(self.size))

    @property
    def is_named(self) -> bool:
        """Whether each value has a place of its own."""
        return self._places is not None

    @property
    def possible(self) -> list[int]:
        """The places where a value can lie; absence is one where the column looks at it."""
        present = [place for place, sample in enumerate(self.samples) if sample is not None]
        return [*present, MISSING] if self.column.sees_missing else present

    def _places_of(self, cell: Cell) -> list[int]:
        if self._places is not None:
            return [place for value, place in self._places.items() if cell.holds(value)]
        if cell.missing:
            return []
        inside = {place for each in cell.intervals for place in self._stretch(each)}
        return sorted(inside) if not cell.negated else [place for place in range(self.size) if place not in inside]

    def _stretch(self, interval: Interval) -> range:
        first, last = 0, self.size - 1
        if interval.low is not None:
            first = 2 * bisect_left(self.limits, interval.low) + (2 if interval.low_open else 1)
        if interval.high is not None:
            last = 2 * bisect_left(self.limits, interval.high) + (0 if interval.high_open else 1)
        return range(first, last + 1)

    def _sample(self, place: int) -> Value | None:
        attribute = self.column.attribute
        index, on_limit = divmod(place, 2)
        if on_limit:
            return _in_range(attribute, self.limits[index])
        low = self.limits[index - 1] if index > 0 else None
        high = self.limits[index] if index < len(self.limits) else None
        least, most = (None, None) if attribute is None else (attribute.min, attribute.max)
        for candidate in _between(self.kind, low, high, _typed(self.kind, least), _typed(self.kind, most)):
            above = low is None or candidate > low
            below = high is None or candidate < high
            if above and below and _in_range(attribute, candidate) is not None:
                return candidate  # type: ignore[no-any-return]  # of the column's kind, as its limits are
        return None


def _named(column: Column) -> list[Any] | None:
    """The values that have a place of their own; None on an ordered line."""
    match column.type.kind:
        case Kind.BOOLEAN:
            return [False, True]
        case Kind.ENUM:
            return [] if column.type.domain is None else list(column.type.domain.values)
        case Kind.STRING:
            texts = _limits(column)
            return [*texts, _another(texts)]
        case _:
            return None


def _another(texts: Collection[str]) -> str:
    """Stands for every text that no cell names: `…`, or where cells name that, the first longer one that they do not."""
    other = "…"
    while other in texts:
        other += "…"
    return other


def _limits(column: Column) -> list[Any]:
    intervals = [each for cell in set(column.cells) if cell is not None for each in cell.intervals]
    return sorted({limit for each in intervals for limit in (each.low, each.high) if limit is not None})


def _in_range(attribute: Attribute | None, value: Value) -> Value | None:
    return value if attribute is None or attribute.in_range(value) else None


def _typed(kind: Kind, limit: Decimal | None) -> Any:
    if limit is None:
        return None
    return int(limit) if kind is Kind.INTEGER else float(limit) if kind is Kind.NUMBER else limit


def _between(kind: Kind, low: Any, high: Any, least: Any, most: Any) -> list[Any]:
    """Values that might lie between two limits, the plainest first."""
    try:
        if kind in (Kind.INTEGER, Kind.DATE):
            step: Any = _ONE[kind]
            start = date(2026, 1, 1) if kind is Kind.DATE else 0
            around = [start] if low is None and high is None else []
            return [*around, *([] if low is None else [low + step]), *([] if high is None else [high - step]),
                    *(each for each in (least, most) if each is not None)]  # fmt: skip
        if kind is Kind.TIME:
            return _times_between(low, high)
        if kind is Kind.NUMBER:
            ends = [*([] if low is None else [low + 1, nextafter(low, inf)]),
                    *([] if high is None else [high - 1, nextafter(high, -inf)])]  # fmt: skip
            return [*ends, 0.0, *(each for each in (least, most) if each is not None)]
        unit = Decimal("0.01") if kind is Kind.MONEY else Decimal("0.0001")
        steps = [Decimal(1), unit, Decimal("1E-10")]
        up = [] if low is None else [operations.add(low, step) for step in steps]
        down = [] if high is None else [operations.subtract(high, step) for step in steps]
        return [each for each in (*up, *down, Decimal(0), least, most) if each is not None]
    except OverflowError:
        return []


def _times_between(low: time | None, high: time | None) -> list[time]:
    some_day = date(2000, 1, 1)
    start = None if low is None else datetime.combine(some_day, low)
    end = None if high is None else datetime.combine(some_day, high)
    moments = [
        *([] if start is None else [start + step for step in (timedelta(hours=1), timedelta(minutes=1), timedelta.resolution)]),
        *([] if end is None else [end - step for step in (timedelta(hours=1), timedelta(minutes=1), timedelta.resolution)]),
    ]  # fmt: skip
    return [each.time() for each in moments if each.date() == some_day] or [time(12)]
