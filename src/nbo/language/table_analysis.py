"""What can be told of a decision table for all customers: rows that meet, places that no row takes, rows that never answer.

In: a table. Out: rows, and the places where it happens; the linker words them. A row is a product of places on the columns'
axes, so only places are looked at, never combinations of values. Columns count as independent of each other: rows that
would meet only where two of them contradict each other are reported too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from nbo.language.table import Table
from nbo.language.table_axis import MISSING, Axis
from nbo.language.table_column import Cell

MOST_STEPS = 500_000

Region = Sequence[tuple[Axis, Sequence[int]]]  # places on the axes that matter; on the others any place will do


class TooLargeError(Exception):
    """The table has more places than can be looked at."""


class TableAnalysis:
    """Looks at one table; a question that takes more than half a million places raises `TooLargeError`."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.axes = table.index.axes
        self._steps = 0
        self._regions: dict[tuple[int, Cell], list[int]] = {}

    @cached_property
    def places(self) -> list[list[int]]:
        """For each axis the places where a value can lie, absence among them where the column looks at it."""
        return [axis.possible for axis in self.axes]

    def dead_cells(self) -> Iterator[tuple[int, int]]:
        """Row and column of the tests that no value passes."""
        for number, axis in enumerate(self.axes):
            for row, cell in enumerate(axis.column.cells):
                if cell is not None and not self._region(number, row):
                    yield row, number

    def overlaps(self) -> Iterator[tuple[int, int, Region]]:
        """Pairs of rows that can match at once, the upper one first; for tables whose rows answer in written order."""
        self._steps = 0
        for row in range(len(self.table.rows)):
            meeting = self.table.index.every & (-1 << row + 1)
            # PERF: the narrowest test first; mostly it leaves nothing to hold against the wide ones
            for number in sorted(range(len(self.axes)), key=lambda each: len(self._region(each, row))):
                meeting = meeting and meeting & self._meeting(number, row)
            for other in self.table.index.rows_of(meeting):
                yield row, other, self._shown([self._common(number, row, other) for number in range(len(self.axes))])

    def gaps(self) -> Iterator[Region]:
        """Where no row matches."""
        self._steps = 0
        for places in self._uncovered(0, self.table.index.every, [], self.places, set()):
            yield self._shown(places)

    def never_first(self) -> Iterator[int]:
        """Rows that only take what rows above them take already; for tables whose rows answer in written order."""
        self._steps = 0
        for row in range(len(self.table.rows)):
            own = [self._region(number, row) for number in range(len(self.axes))]
            above = (1 << row) - 1
            if all(own) and next(self._uncovered(0, above, [], own, set()), None) is None:
                yield row

    # --- places -------------------------------------------------------------------------------------------------------

    def _rows(self, number: int, place: int) -> int:
        """The rows that take a place."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooLargeError
        axis = self.axes[number]
        return axis.absent if place == MISSING else axis.rows[place]

    def _region(self, number: int, row: int) -> list[int]:
        """The places that a row takes."""
        axis = self.axes[number]
        cell = axis.column.cells[row]
        if cell is None:
            return self.places[number]
        known = self._regions.get((number, cell))
        if known is None:
            wanted = [*axis.taken[cell], *([MISSING] if cell.missing else [])]
            known = self._regions[number, cell] = [place for place in wanted if place in self._possible[number]]
        return known

    def _meeting(self, number: int, row: int) -> int:
        """The rows that take a place which this row takes."""
        if self.axes[number].column.cells[row] is None:
            return self.table.index.every
        found = 0
        for place in self._region(number, row):
            found |= self._rows(number, place)
        return found

    def _common(self, number: int, row: int, other: int) -> list[int]:
        second = set(self._region(number, other))
        return [place for place in self._region(number, row) if place in second]

    def _uncovered(
        self, number: int, alive: int, chosen: list[list[int]], places: list[list[int]], covered: set[tuple[int, int]]
    ) -> Iterator[list[list[int]]]:
        """The products of places, from one axis on, that none of the rows alive takes."""
        if not alive:
            yield [*chosen, *places[number:]]
            return
        if alive & self._asking_no_more[number] or (number, alive) in covered:
            return
        alike: dict[int, list[int]] = {}
        for place in places[number]:
            alike.setdefault(alive & self._rows(number, place), []).append(place)
        whole = True
        for rows, group in alike.items():
            for found in self._uncovered(number + 1, rows, [*chosen, group], places, covered):
                whole = False
                yield found
        if whole:
            covered.add((number, alive))

    @cached_property
    def _possible(self) -> list[frozenset[int]]:
        return [frozenset(places) for places in self.places]

    @cached_property
    def _asking_no_more(self) -> list[int]:
        """For each column the rows that take anything in it and in those after it."""
        rows = [self.table.index.every]
        for axis in reversed(self.axes):
            rows.append(rows[-1] & axis.unasked)
        return rows[::-1]

    def _shown(self, places: list[list[int]]) -> Region:
        return [
            (axis, own)
            for axis, own, every in zip(self.axes, places, self.places, strict=True)
            if len(own) < len(every)
        ]
