"""What the analysis of a decision table goes along: one line a heading, with its places, who takes them, and their words.

Most columns are a line of their own. The columns of a set, or of `segment`, are read off the same names, so they make one
line together: its places say which of the names hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, product
from typing import Any, Protocol

from nbo.language.table_axis import MISSING, Axis
from nbo.language.table_column import Cell
from nbo.language.types import Kind

MOST_NAMES = 8  # on a joint line; with more of them each column is a line of its own, which claims less


class Line(Protocol):
    """Places in order, and the rows that take them as masks."""

    unasked: int  # rows that take all places

    @property
    def columns(self) -> Sequence[int]:
        """Their numbers in the table."""

    @property
    def places(self) -> Sequence[int]:
        """Where a customer can be."""

    def rows(self, place: int) -> int:
        """The rows that take a place."""

    def region(self, row: int, bit: int) -> Sequence[int]:
        """The places that a row takes; `bit` is its mask."""

    def words(self, places: Sequence[int]) -> str:
        """Some of the places as a condition."""

    def sample(self, place: int) -> str:
        """One customer there as a condition."""


def lines_of(axes: Sequence[Axis]) -> list[Line]:
    """The lines of a table's axes, in the order of the columns."""
    found: list[Line] = []
    for _, alike in groupby(enumerate(axes), key=lambda each: each[1].column.heading or each[0]):
        group = list(alike)
        names = dict.fromkeys(name for _, axis in group for name in axis.column.names)
        if len(group) > 1 and len(names) <= MOST_NAMES:
            found.append(JointLine(group, tuple(names)))
        else:
            found.extend(AxisLine(number, axis) for number, axis in group)
    return found


class AxisLine:
    """The line of one column."""

    def __init__(self, number: int, axis: Axis) -> None:
        self.columns: Sequence[int] = (number,)
        self.axis = axis
        self.places: Sequence[int] = axis.possible
        self.unasked = axis.unasked
        self._possible = frozenset(self.places)
        self._regions: dict[Cell, Sequence[int]] = {}

    def rows(self, place: int) -> int:
        """The rows that take a place."""
        return self.axis.absent if place == MISSING else self.axis.rows[place]

    def region(self, row: int, bit: int) -> Sequence[int]:
        """The places that a row takes."""
        del bit
        cell = self.axis.column.cells[row]
        if cell is None:
            return self.places
        known = self._regions.get(cell)
        if known is None:
            wanted = [*self.axis.taken[cell], *([MISSING] if cell.missing else [])]
            known = self._regions[cell] = [place for place in wanted if place in self._possible]
        return known

    def sample(self, place: int) -> str:
        """One customer there."""
        name = self.axis.column.name
        if place == MISSING:
            return f"{name} is missing"
        value = self.axis.samples[place]
        if self.axis.column.type.kind is Kind.BOOLEAN:
            return name if value else f"not {name}"
        return f"{name} == {written(value)}"

    def words(self, places: Sequence[int]) -> str:
        """Some of the places, as values or as stretches."""
        name = self.axis.column.name
        missing = [f"{name} is missing"] if MISSING in places else []
        present = [place for place in places if place != MISSING]
        if self.axis.is_named and len(present) > 1:
            values = ", ".join(written(self.axis.samples[place]) for place in present)
            return " or ".join((f"{name} in [{values}]", *missing))
        if self.axis.is_named:
            return " or ".join((*map(self.sample, present), *missing))
        return " or ".join((*map(self._stretch, self._runs(present)), *missing))

    def _runs(self, places: Sequence[int]) -> list[list[int]]:
        """Places that follow each other; one where no value can lie does not part them."""
        runs: list[list[int]] = []
        for place in places:
            if runs and all(self.axis.samples[each] is None for each in range(runs[-1][-1] + 1, place)):
                runs[-1].append(place)
            else:
                runs.append([place])
        return runs

    def _stretch(self, run: Sequence[int]) -> str:
        name, first, last = self.axis.column.name, run[0], run[-1]
        low = None if first == 0 else written(self.axis.limits[(first - 1) // 2])
        high = None if last == self.axis.size - 1 else written(self.axis.limits[last // 2])
        above, below = (">=" if first % 2 else ">"), ("<=" if last % 2 else "<")
        if low is not None and high is not None:
            return f"{name} == {low}" if low == high else f"{low} {'<=' if first % 2 else '<'} {name} {below} {high}"
        return f"{name} {above} {low}" if low is not None else f"{name} {below} {high}" if high is not None else name


class JointLine:
    """The line of several columns of true and false over the same names; a place is a bit mask of the names that hold."""

    def __init__(self, axes: Sequence[tuple[int, Axis]], names: Sequence[str]) -> None:
        self.columns: Sequence[int] = tuple(number for number, _ in axes)
        self.names = names
        self.unasked = axes[0][1].unasked
        alone = {axis.column.names[0] for _, axis in axes if axis.column.excludes}
        self._rows: dict[int, int] = {}
        for number, holds in enumerate(product((False, True), repeat=len(names))):
            held = {name for name, each in zip(names, holds, strict=True) if each}
            if held & alone and len(held) > 1:
                continue
            rows = -1
            for _, axis in axes:
                rows &= axis.rows[any(name in held for name in axis.column.names)]
            self._rows[number] = rows
        for _, axis in axes:
            self.unasked &= axis.unasked
        self.places: Sequence[int] = tuple(self._rows)

    def rows(self, place: int) -> int:
        """The rows that take a place."""
        return self._rows[place]

    def region(self, row: int, bit: int) -> Sequence[int]:
        """The places that a row takes."""
        del row
        return self.places if self.unasked & bit else [place for place in self.places if self._rows[place] & bit]

    def sample(self, place: int) -> str:
        """One customer there: every name, or its opposite."""
        return " and ".join(name if holds else f"not {name}" for name, holds in self._holding(place))

    def words(self, places: Sequence[int]) -> str:
        """What all of the places have in common, where that says it; else one after the other."""
        common = [
            (name, holds)
            for index, (name, holds) in enumerate(self._holding(places[0]))
            if all(list(self._holding(place))[index][1] is holds for place in places)
        ]
        alike = [place for place in self.places if set(common) <= set(self._holding(place))]
        if len(alike) == len(places):
            return " and ".join(name if holds else f"not {name}" for name, holds in common)
        return " or ".join(f"({self.sample(place)})" for place in places)

    def _holding(self, place: int) -> Iterator[tuple[str, bool]]:
        for index, name in enumerate(self.names):
            yield name, bool(place >> (len(self.names) - 1 - index) & 1)


def written(value: Any) -> str:
    """A value as a cell has it."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)
