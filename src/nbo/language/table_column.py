"""The columns of a decision table: what a cell takes.

In: a cell's intervals, as the reader of cells made them. Out: whether a value passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbo.language.types import Attribute, Type, Value


@dataclass(frozen=True, slots=True)
class Interval:
    """The values from `low` to `high`, both included unless open; None is no limit. One value is both its limits."""

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: Any) -> bool:
        """Whether a present value lies in it."""
        above = self.low is None or (value > self.low if self.low_open else value >= self.low)
        return above and (self.high is None or (value < self.high if self.high_open else value <= self.high))


@dataclass(frozen=True, slots=True)
class Cell:
    """A test of one column: the value lies in one of the intervals, or in none of them; or it `is missing`."""

    intervals: tuple[Interval, ...] = ()
    negated: bool = False
    missing: bool = False

    def holds(self, value: Value) -> bool:
        """Whether a present value passes."""
        return not self.missing and any(each.holds(value) for each in self.intervals) is not self.negated


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One input: its heading, its type, and a test for each row; None where a row takes any value, a missing one too.

    A set or the segments are asked by columns of true and false, one a name or group of names: `heading` is what they stand
    under, `names` are those of which any makes it true, and one that `excludes` holds alone (`… is missing`).

    `sees_missing`: some row asks whether the value is missing. Then absence is a value of its own here, which no test of
    another row takes; else a test of a missing value is unknown.
    """

    name: str
    type: Type
    cells: tuple[Cell | None, ...]
    sees_missing: bool = False
    attribute: Attribute | None = None  # what the heading names, if it is an attribute: its limits bound the values
    heading: str = ""
    names: tuple[str, ...] = ()
    excludes: bool = False

    def test(self, row: int, value: Value | None) -> bool | None:
        """Whether a row takes the value; None is unknown."""
        cell = self.cells[row]
        if cell is None:
            return True
        if value is None:
            return cell.missing if self.sees_missing else None
        return cell.holds(value)
