"""Places on the axes of a decision table, written as conditions: an example of them, or all of them.

`customer.age == 17 and customer.risk_grade == D` is an example of `customer.age < 18 and customer.risk_grade in [D, E]`.
A region of everything is written as nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from nbo.language.table_analysis import Region
from nbo.language.table_axis import MISSING, Axis
from nbo.language.types import Kind


def example(region: Region) -> str:
    """One customer of a region."""
    return " and ".join(_condition(axis, places[:1], sample=True) for axis, places in region)


def conditions(region: Region) -> str:
    """All customers of a region."""
    parts = [_condition(axis, places, sample=False) for axis, places in region]
    return " and ".join(f"({part})" if " or " in part and len(parts) > 1 else part for part in parts)


def written(value: Any) -> str:
    """A value as a cell has it."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def _condition(axis: Axis, places: Sequence[int], *, sample: bool) -> str:
    name = axis.column.name
    if axis.column.type.kind is Kind.BOOLEAN and len(places) == 1 and places[0] != MISSING:
        return name if axis.samples[places[0]] else f"not {name}"
    missing = [f"{name} is missing"] if MISSING in places else []
    present = [place for place in places if place != MISSING]
    if sample or axis.is_named:
        values = [written(axis.samples[place]) for place in present]
        listed = (
            [f"{name} == {values[0]}"] if len(values) == 1 else [f"{name} in [{', '.join(values)}]"] if values else []
        )
        return " or ".join((*listed, *missing))
    return " or ".join((*(_stretch(axis, run) for run in _runs(axis, present)), *missing))


def _runs(axis: Axis, places: Sequence[int]) -> list[list[int]]:
    """Places that follow each other; one where no value can lie does not part them."""
    runs: list[list[int]] = []
    for place in places:
        if runs and all(axis.samples[each] is None for each in range(runs[-1][-1] + 1, place)):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _stretch(axis: Axis, run: Sequence[int]) -> str:
    name, first, last = axis.column.name, run[0], run[-1]
    low = None if first == 0 else written(axis.limits[(first - 1) // 2])
    high = None if last == axis.size - 1 else written(axis.limits[last // 2])
    includes_low, includes_high = first % 2 == 1, last % 2 == 1
    if low is not None and low == high and includes_low:
        return f"{name} == {low}"
    if low is None or high is None:
        above = "" if low is None else f"{name} {'>=' if includes_low else '>'} {low}"
        return above or (f"{name} {'<=' if includes_high else '<'} {high}" if high is not None else name)
    return f"{low} {'<=' if includes_low else '<'} {name} {'<=' if includes_high else '<'} {high}"
