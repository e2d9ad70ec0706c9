"""Which rows of a decision table match, by one look-up and one AND a column.

In: the columns. Out: masks of rows; a row is a bit, in order of precedence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nbo.language.table_axis import Axis
from nbo.language.table_column import Column
from nbo.language.types import Value


class TableIndex:
    """The axes of a table's columns."""

    def __init__(self, columns: Sequence[Column], precedence: tuple[int, ...]) -> None:
        self.precedence = precedence
        self.axes = [Axis(column, precedence) for column in columns]
        self.every = (1 << len(precedence)) - 1

    def matching(self, values: Sequence[Value | None]) -> tuple[int, int]:
        """The rows that match a value for each column, and those that match or might."""
        certain = possible = self.every
        for axis, value in zip(self.axes, values, strict=True):
            rows, perhaps = axis.masks(value)
            certain &= rows
            possible &= perhaps
        return certain, possible

    def rows_of(self, mask: int) -> Iterator[int]:
        """The rows of a mask, in order of precedence."""
        while mask:
            lowest = mask & -mask
            yield self.precedence[lowest.bit_length() - 1]
            mask ^= lowest
