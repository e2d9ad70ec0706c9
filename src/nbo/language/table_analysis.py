"""What can be told of a decision table for all customers: rows that meet, places that no row takes, rows that never answer.

In: a table. Out: rows, and regions that `example` and `conditions` word. A row is a product of places on the table's lines,
so only places are looked at, never combinations of values. Lines count as independent of each other: rows that would meet
only where two headings contradict each other are reported too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from nbo.language.table import Table
from nbo.language.table_lines import Line, lines_of

MOST_STEPS = 500_000

Region = Sequence[tuple[Line, Sequence[int]]]  # places on the lines that matter; on the others any place will do


class TooLargeError(Exception):
    """The table has more places than can be looked at."""


def example(region: Region) -> str:
    """One customer of a region, as a condition; a region of everybody is written as nothing."""
    return " and ".join(line.sample(places[0]) for line, places in region)


def conditions(region: Region) -> str:
    """All customers of a region, as a condition."""
    parts = [line.words(places) for line, places in region]
    return " and ".join(f"({part})" if " or " in part and len(parts) > 1 else part for part in parts)


class TableAnalysis:
    """Looks at one table; a question that takes more than half a million places raises `TooLargeError`."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.lines = lines_of(table.index.axes)
        self._steps = 0

    def dead_cells(self) -> Iterator[tuple[int, int]]:
        """Row and column of the tests that no value passes."""
        for line in self.lines:
            for row in range(len(self.table.rows)):
                if not self._region(line, row):
                    yield row, next(each for each in line.columns if self.table.columns[each].cells[row] is not None)

    def overlaps(self) -> Iterator[tuple[int, int, Region]]:
        """Pairs of rows that can match at once, the upper one first; for tables whose rows answer in written order."""
        self._steps = 0
        for row in range(len(self.table.rows)):
            meeting = self.table.index.every & (-1 << row + 1)
            # PERF: the narrowest test first; mostly it leaves nothing to hold against the wide ones
            for line in sorted(self.lines, key=lambda each: len(self._region(each, row))):
                meeting = meeting and meeting & self._meeting(line, row)
            for other in self.table.index.rows_of(meeting):
                yield row, other, self._shown([self._common(line, row, other) for line in self.lines])

    def gaps(self) -> Iterator[Region]:
        """Where no row matches."""
        self._steps = 0
        everywhere = [line.places for line in self.lines]
        for places in self._uncovered(0, self.table.index.every, [], everywhere, set()):
            yield self._shown(places)

    def never_first(self) -> Iterator[int]:
        """Rows that only take what rows above them take already; for tables whose rows answer in written order."""
        self._steps = 0
        for row in range(len(self.table.rows)):
            own = [self._region(line, row) for line in self.lines]
            above = (1 << row) - 1
            if all(own) and next(self._uncovered(0, above, [], own, set()), None) is None:
                yield row

    # --- places -------------------------------------------------------------------------------------------------------

    def _rows(self, line: Line, place: int) -> int:
        """The rows that take a place."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooLargeError
        return line.rows(place)

    def _region(self, line: Line, row: int) -> Sequence[int]:
        return line.region(row, 1 << self.table.places[row])

    def _meeting(self, line: Line, row: int) -> int:
        """The rows that take a place which this row takes."""
        if line.unasked & 1 << self.table.places[row]:
            return self.table.index.every
        found = 0
        for place in self._region(line, row):
            found |= self._rows(line, place)
        return found

    def _common(self, line: Line, row: int, other: int) -> Sequence[int]:
        second = set(self._region(line, other))
        return [place for place in self._region(line, row) if place in second]

    def _uncovered(
        self,
        number: int,
        alive: int,
        chosen: Sequence[Sequence[int]],
        places: Sequence[Sequence[int]],
        covered: set[tuple[int, int]],
    ) -> Iterator[list[Sequence[int]]]:
        """The products of places, from one line on, that none of the rows alive takes."""
        if not alive:
            yield [*chosen, *places[number:]]
            return
        if alive & self._asking_no_more[number] or (number, alive) in covered:
            return
        alike: dict[int, list[int]] = {}
        for place in places[number]:
            alike.setdefault(alive & self._rows(self.lines[number], place), []).append(place)
        whole = True
        for rows, group in alike.items():
            for found in self._uncovered(number + 1, rows, [*chosen, group], places, covered):
                whole = False
                yield found
        if whole:
            covered.add((number, alive))

    @cached_property
    def _asking_no_more(self) -> list[int]:
        """For each line the rows that take anything on it and on those after it."""
        rows = [self.table.index.every]
        for line in reversed(self.lines):
            rows.append(rows[-1] & line.unasked)
        return rows[::-1]

    def _shown(self, places: Sequence[Sequence[int]]) -> Region:
        return [(line, own) for line, own in zip(self.lines, places, strict=True) if len(own) < len(line.places)]
