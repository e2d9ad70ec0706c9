"""One attribute's line cut into cells, and the offers that each cell leaves alive.

In: the profiles of the offers that ask about the attribute. Out: `Axis`, for the generated look-up. A cell's number is where
the customer's value falls; -1 is the cell of a missing value, -2 of a refused one. Where there are more cuts than
`MOST_CUTS`, neighbors share a cell: it keeps every offer that one of them keeps, and says which offers hang on where in the
cell the value falls (`hanging`); those are asked by their profile. So memory grows with the offers, not with their square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nbo.index import bits
from nbo.index.profile import ABOVE, AT, Absent, Key, LineProfile, Profile, SetProfile, ValueProfile
from nbo.language.types import Attribute, Value

MISSING, REFUSED = -1, -2
MOST_CUTS = 256
MOST_VALUES = 1_024
Bounds = Sequence[tuple[int, int]]
Mode = Literal["presence", "at", "above", "both", "values", "set"]


@dataclass(slots=True)
class SetTable:
    """The offers that a set leaves alive, in one segment.

    Each layer has at most one demand an offer: `free` makes none in it, and `having` satisfies it by one of its values.
    """

    layers: list[tuple[int, dict[str, int]]]
    without: dict[str, int]  # a value -> the offers that do not forbid it
    everything: int
    absent: dict[int, int]

    def alive(self, cell: Any) -> int:
        """The mask of a set; of -1 and -2 that of a missing and a refused one."""
        if type(cell) is int:
            return self.absent[cell]
        alive = self.everything
        for free, having in self.layers:
            met = free
            for value in cell:
                if value in having:
                    met |= having[value]
            alive &= met
        if self.without:
            for value in cell:
                if value in self.without:
                    alive &= self.without[value]
        return alive


@dataclass(slots=True)
class Axis:
    """An attribute with its cells. By segment: `alive[n][cell]`, and `hanging[n][cell]` where cells are shared.

    The last two entries of a list are those of a refused and a missing value; `open_` has these two for "not false".
    """

    attribute: Attribute
    mode: Mode
    cuts: list[Any] = field(default_factory=list)
    cells: dict[Value | None, int] = field(default_factory=dict)
    elsewhere: int = 0
    alive: list[Any] = field(default_factory=list)  # lists of masks, or set tables
    open_: list[tuple[int, int]] = field(default_factory=list)
    hanging: list[list[int]] = field(default_factory=list)
    profiles: Mapping[int, LineProfile] = field(default_factory=dict)  # only where cells are shared
    tells_refused: bool = False
    share: float = 1.0  # of the offers that a cell leaves alive on average

    def mask(self, segment: int, cell: Any) -> int:
        """The offers of a segment whose conditions here are true, or hang on where in the cell the value falls."""
        table = self.alive[segment]
        return table.alive(cell) if isinstance(table, SetTable) else table[cell]

    def possible(self, segment: int, cell: Any) -> int:
        """The offers of a segment whose conditions here are not false."""
        return self.open_[segment][cell] if cell in (MISSING, REFUSED) else self.mask(segment, cell)


def build_axis(attribute: Attribute, profiles: Mapping[int, Profile], bounds: Bounds) -> Axis:
    """The axis of the offers' profiles by place; all are of one class."""
    count = bounds[-1][1]
    axis = Axis(attribute, "presence")
    lines = {place: each for place, each in profiles.items() if isinstance(each, LineProfile)}
    values = {place: each for place, each in profiles.items() if isinstance(each, ValueProfile)}
    sets = {place: each for place, each in profiles.items() if isinstance(each, SetProfile)}
    absent = _absent_masks({place: each.absent for place, each in profiles.items()}, count)
    axis.tells_refused = absent[0] != absent[1] or absent[2] != absent[3]
    (refused, missing, open_refused, open_missing) = (bits.cut(each, bounds) for each in absent)
    axis.open_ = [*zip(open_refused, open_missing, strict=True)]
    if sets:
        axis.mode = "set"
        axis.alive = _set_tables(sets, bounds, refused, missing)
    else:
        cells = _line_cells(axis, lines, bounds) if lines else _value_cells(axis, values, bounds)
        axis.alive = [[*each, refused[n], missing[n]] for n, each in enumerate(cells)]
        axis.hanging = [[*each, 0, 0] for each in axis.hanging]
        first = axis.alive[0]
        axis.share = sum(each.bit_count() for each in first) / max(1, len(first) * (bounds[0][1] - bounds[0][0]))
    return axis


def _absent_masks(absent: Mapping[int, Absent], count: int) -> tuple[bytearray, bytearray, bytearray, bytearray]:
    """Of a refused and a missing value: the offers that are true, then those that are not false."""
    masks = (bits.full(count), bits.full(count), bits.full(count), bits.full(count))
    for place, each in absent.items():
        for n, result in enumerate((each.refused, each.missing)):
            bits.put(masks[n], place, on=result is True)
            bits.put(masks[n + 2], place, on=result is not False)
    return masks


# --- ordered attributes -----------------------------------------------------------------------------------------------


def _line_cells(axis: Axis, profiles: Mapping[int, LineProfile], bounds: Bounds) -> list[list[int]]:
    events: dict[Key, list[tuple[int, bool]]] = {}
    buffer = bits.full(bounds[-1][1])
    for place, profile in profiles.items():
        bits.put(buffer, place, on=profile.below)
        for key, truth in profile.changes:
            events.setdefault(key, []).append((place, truth))
    points = sorted({point for point, _ in events})
    if not points:
        return [[each] for each in bits.cut(buffer, bounds)]
    if len(events) > MOST_CUTS:
        axis.profiles = profiles
        return _shared_cells(axis, points, events, buffer, bounds)
    sides = {side for _, side in events}
    axis.mode = "both" if len(sides) == 2 else "above" if sides == {ABOVE} else "at"
    axis.cuts = points
    keys = [(point, side) for point in points for side in sorted(sides)]
    cells = [[each] for each in bits.cut(buffer, bounds)]
    for key in keys:
        for place, truth in events.get(key, ()):
            bits.put(buffer, place, on=truth)
        for n, mask in enumerate(bits.cut(buffer, bounds)):
            before = cells[n][-1]
            cells[n].append(before if mask == before else mask)  # one object for equal neighbors
    return cells


def _shared_cells(
    axis: Axis, points: list[Any], events: Mapping[Key, list[tuple[int, bool]]], buffer: bytearray, bounds: Bounds
) -> list[list[int]]:
    """A cell from every n-th point on: what one of its values keeps, and what hangs on the value."""
    width = -(-len(points) // MOST_CUTS)
    axis.mode, axis.cuts = "at", points[::width]
    cells = [[each] for each in bits.cut(buffer, bounds)]
    hanging = [[0] for _ in bounds]
    for start in range(0, len(points), width):
        for place, truth in events.get((points[start], AT), ()):
            bits.put(buffer, place, on=truth)
        widest, moving = bytearray(buffer), bytearray(len(buffer))
        keys = [(point, side) for point in points[start : start + width] for side in (AT, ABOVE)][1:]
        for key in keys:
            for place, truth in events.get(key, ()):
                bits.put(buffer, place, on=truth)
                bits.put(moving, place, on=True)
                if truth:
                    bits.put(widest, place, on=True)
        for n, (mask, moved) in enumerate(zip(bits.cut(widest, bounds), bits.cut(moving, bounds), strict=True)):
            cells[n].append(mask)
            hanging[n].append(moved)
    axis.hanging = hanging
    return cells


# --- enums, texts, booleans -------------------------------------------------------------------------------------------


def _value_cells(axis: Axis, profiles: Mapping[int, ValueProfile], bounds: Bounds) -> list[list[int]]:
    buffer = bits.full(bounds[-1][1])
    by_value: dict[Value, list[int]] = {}
    for place, profile in profiles.items():
        bits.put(buffer, place, on=profile.elsewhere)
        for value in profile.others:
            by_value.setdefault(value, []).append(place)
    cells = [[each] for each in bits.cut(buffer, bounds)]
    if by_value:
        axis.mode = "values"
        axis.cells = {None: MISSING, **{value: n for n, value in enumerate(by_value, 1)}}
    for places in by_value.values():
        changed = bytearray(buffer)
        for place in places:
            bits.put(changed, place, on=not profiles[place].elsewhere)
        for n, mask in enumerate(bits.cut(changed, bounds)):
            cells[n].append(mask)
    return cells


# --- sets -------------------------------------------------------------------------------------------------------------


def _set_tables(
    profiles: Mapping[int, SetProfile], bounds: Bounds, refused: Sequence[int], missing: Sequence[int]
) -> list[SetTable]:
    count = bounds[-1][1]
    everything = bits.full(count)
    tables = [
        SetTable([], {}, mask, {REFUSED: refused[n], MISSING: missing[n]})
        for n, mask in enumerate(bits.cut(everything, bounds))
    ]
    for layer in range(max(len(each.any_of) for each in profiles.values())):
        asking = {place: each.any_of[layer] for place, each in profiles.items() if len(each.any_of) > layer}
        having = _by_value(asking, count, bounds)
        asks = bits.cut(bits.of(asking, count).to_bytes(len(everything), "little"), bounds)
        for n, table in enumerate(tables):
            table.layers.append((table.everything ^ asks[n], {value: masks[n] for value, masks in having.items()}))
    forbidden = _by_value({place: each.none_of for place, each in profiles.items()}, count, bounds)
    for n, table in enumerate(tables):
        table.without = {value: table.everything ^ masks[n] for value, masks in forbidden.items()}
    return tables


def _by_value(asking: Mapping[int, frozenset[str]], count: int, bounds: Bounds) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, values in asking.items():
        for value in sorted(values):
            places.setdefault(value, []).append(place)
    size = (count + 7) // 8
    return {value: bits.cut(bits.of(each, count).to_bytes(size, "little"), bounds) for value, each in places.items()}


def too_many_values(profiles: Mapping[int, Profile]) -> list[int]:
    """The offers that ask about values that few ask about, where a mask for each value would take too much memory."""
    asked = {place: _values(each) for place, each in profiles.items()}
    counted = Counter(value for values in asked.values() for value in values)
    if len(counted) <= MOST_VALUES:
        return []
    common = {value for value, _ in counted.most_common(MOST_VALUES)}
    return [place for place, values in asked.items() if not values <= common]


def _values(profile: Profile) -> frozenset[Value]:
    match profile:
        case ValueProfile(others=others):
            return others
        case SetProfile(any_of=any_of, none_of=none_of):
            return none_of.union(*any_of)
        case LineProfile():
            return frozenset()
