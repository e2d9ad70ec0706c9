"""Decision tables: what a cell, a row and a hit policy mean.

In: a table as the linker built it, and a value for each of its columns. Out: an output's value, or None for unknown.
`Table.look_up` is the plain meaning that the interpreter uses; `Table.finder` gives generated code a function that finds the
same rows without asking each cell.

SOURCE: the hit policies are those of decision tables in DMN (Decision Model and Notation, OMG). What DMN does not have is
unknown: a row that might match, and would change the answer if it did, makes the answer unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from nbo.diagnostics.place import Span
from nbo.language.operations import SUMS
from nbo.language.table_column import Column
from nbo.language.table_index import TableIndex
from nbo.language.types import Attribute, Kind, Value
from nbo.once import once


class Hit(StrEnum):
    """Which of the matching rows answer.

    `unique` and `any`: there is one answer; `first`: the uppermost row; `priority`: the row whose output stands first in
    its list of values; `collect`: all rows together.
    """

    UNIQUE = "unique"
    ANY = "any"
    FIRST = "first"
    PRIORITY = "priority"
    COLLECT = "collect"


Collected = Literal["set", "sum", "min", "max", "count"]


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """One output: its attribute, and a value for each row; None where a row gives none.

    `default` answers when no row matches; `collected` says how the rows of `collect` become one value.
    """

    attribute: Attribute
    values: tuple[Value | None, ...]
    default: Value | None = None
    collected: Collected | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """A decision table; `rows` are their places in the file, in the order in which they were written."""

    name: str
    hit: Hit
    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Span, ...]

    @once
    def precedence(self) -> tuple[int, ...]:
        """The rows, the one that answers before the others first."""
        order = range(len(self.rows))
        if self.hit is not Hit.PRIORITY:
            return tuple(order)
        ranked = [each for each in self.outputs if each.attribute.type.kind is Kind.ENUM]
        return tuple(sorted(order, key=lambda row: tuple(_rank(output, row) for output in ranked)))

    def answer(self, output: Output, matching: Sequence[int]) -> Value | None:
        """What the matching rows give, in order of precedence."""
        if not matching:
            return output.default if output.default is not None else _NOTHING_COLLECTED[output.collected](output)
        found = [output.values[row] for row in matching]
        if output.collected is not None:
            return _COLLECT[output.collected]([each for each in found if each is not None], output)
        if self.hit in (Hit.UNIQUE, Hit.ANY) and any(each != found[0] for each in found):
            return None
        return found[0]

    def matching(self, values: Sequence[Value | None]) -> tuple[list[int], list[int]]:
        """The rows that match a value for each column, and those that might; both in order of precedence."""
        certain: list[int] = []
        possible: list[int] = []
        for row in self.precedence:
            tests = [column.test(row, value) for column, value in zip(self.columns, values, strict=True)]
            if False not in tests:
                (possible if None in tests else certain).append(row)
        return certain, possible

    def look_up(self, output: Output, values: Sequence[Value | None]) -> Value | None:
        """The output for a value a column."""
        certain, possible = self.matching(values)
        return self.settled(output, certain, possible)

    def settled(self, output: Output, certain: Sequence[int], possible: Iterable[int]) -> Value | None:
        """The answer of the rows that match, unless one that might match would change it."""
        answer = self.answer(output, certain)
        for row in possible:
            if self.answer(output, sorted((*certain, row), key=self.places.__getitem__)) != answer:
                return None
        return answer

    # --- the same, faster ---------------------------------------------------------------------------------------------

    @once
    def places(self) -> Mapping[int, int]:
        """Where each row stands in order of precedence."""
        return {row: place for place, row in enumerate(self.precedence)}

    @once
    def index(self) -> TableIndex:
        """Finds rows by masks."""
        return TableIndex(self.columns, self.precedence)

    def finder(self, output: Output) -> Callable[..., Value | None]:
        """A function of a value a column that agrees with `look_up`.

        PERF: 1.5 µs for 100 rows, where asking every cell takes about 200 µs (benchmarks/decision_tables.py).
        """
        index, by_place = self.index, [output.values[row] for row in self.precedence]
        same: dict[Value | None, int] = {}  # the rows that give a value
        for place, value in enumerate(by_place):
            same[value] = same.get(value, 0) | 1 << place
        ordered = self.hit in (Hit.FIRST, Hit.PRIORITY)

        def find(*values: Value | None) -> Value | None:
            certain, possible = index.matching(values)
            best = certain & -certain
            if best and output.collected is None:  # the usual case: one row, or those that could answer instead agree
                value = by_place[best.bit_length() - 1]
                if not possible & (best - 1 if ordered else ~best) & ~same[value]:
                    return value
            return self.settled(output, list(index.rows_of(certain)), index.rows_of(possible & ~certain))

        return find


def _rank(output: Output, row: int) -> int:
    """The place of a row's value in the list of values; a row without one comes last."""
    domain, value = output.attribute.type.domain, output.values[row]
    values = () if domain is None else domain.values
    return values.index(value) if isinstance(value, str) and value in values else len(values)


def _sum(found: Sequence[Any], output: Output) -> Value | None:
    total, add = SUMS[output.attribute.type.kind]
    result: Any = total
    for each in found:
        result = add(result, each)
        if result is None:
            return None
    return result  # type: ignore[no-any-return]  # a sum of values of the output's kind


_COLLECT: Mapping[Collected, Callable[[Sequence[Any], Output], Value | None]] = {
    "set": lambda found, _: frozenset().union(*found),
    "sum": _sum,
    "min": lambda found, _: min(found, default=None),
    "max": lambda found, _: max(found, default=None),
    "count": lambda found, _: len(found),
}
_NOTHING_COLLECTED: Mapping[Collected | None, Callable[[Output], Value | None]] = {
    None: lambda _: None,
    "set": lambda _: frozenset(),
    "sum": lambda output: SUMS[output.attribute.type.kind][0],
    "min": lambda _: None,
    "max": lambda _: None,
    "count": lambda _: 0,
}
