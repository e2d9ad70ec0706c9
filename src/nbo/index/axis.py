"""One attribute's line cut into cells, and the offers of a segment that each cell leaves alive.

In: the profiles of the offers that ask about the attribute. Out: an axis, which gives the offers of a customer's value, and
is written out as straight code by `generated`. An axis knows its own segment only, so its cells are cut where offers of that
segment ask. Where there are more cuts than `MOST_CUTS`, neighbors share a cell: it keeps every offer that one of them keeps,
and says which offers hang on where in the cell the value falls (`hangs`); those are asked by their profile. So memory grows
with the offers, not with their square.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from nbo.index import bits
from nbo.index.profile import ABOVE, AT, Absent, Key, LineProfile, Profile, SetProfile, ValueProfile
from nbo.language.intake import Values
from nbo.language.types import Attribute, Value

MOST_CUTS = 256
MOST_VALUES = 1_024
Sides = Literal["at", "above", "both"]
P = TypeVar("P", LineProfile, ValueProfile, SetProfile)


@dataclass(frozen=True, slots=True)
class Axis:
    """What an attribute says of the offers of a segment; `asking` are those that ask about it.

    `absent` has the offers that are true of a missing and of a refused value, `open_` those that are not false.
    """

    attribute: Attribute
    asking: int
    absent: tuple[int, int]
    open_: tuple[int, int]

    def mask(self, values: Values) -> int:
        """The offers whose conditions here are true, or hang on where in the cell the value falls."""
        value = values[self.attribute.slot]
        return self.absent[self.attribute.slot in values.refused] if value is None else self.alive(value)

    def possible(self, values: Values) -> int:
        """The offers whose conditions here are not false."""
        value = values[self.attribute.slot]
        return self.open_[self.attribute.slot in values.refused] if value is None else self.alive(value)

    def hangs(self, _values: Values) -> int:
        """The offers that hang on where in its cell the value falls."""
        return 0

    def share(self, count: int) -> float:
        """How many of the offers of the segment it leaves alive, on average over the cells."""
        return 1 - (self.asking.bit_count() - self._kept) / count

    def alive(self, value: Any) -> int:
        """The offers that a value leaves alive."""
        raise NotImplementedError

    @property
    def _kept(self) -> float:
        """Of those that ask, on average over the cells."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class LineAxis(Axis):
    """An ordered attribute: a mask for each stretch between `cuts`, and for each cut too where `sides` is `both`."""

    sides: Sides
    cuts: Sequence[Any]
    masks: Sequence[int]
    hanging: Sequence[int] = ()  # only where cells are shared
    profiles: Mapping[int, LineProfile] = field(default_factory=dict)  # only where cells are shared

    def cell(self, value: Any) -> int:
        """The number of the cell that a value falls in."""
        if self.sides == "above":
            return bisect_left(self.cuts, value)
        found = bisect_right(self.cuts, value)
        return found if self.sides == "at" else 2 * found - (self.cuts[found - 1] == value)

    def alive(self, value: Any) -> int:
        """The offers that a value leaves alive."""
        return self.masks[self.cell(value)]

    def hangs(self, values: Values) -> int:
        """The offers that hang on where in its cell the value falls."""
        value = values[self.attribute.slot]
        return self.hanging[self.cell(value)] if self.hanging and value is not None else 0

    def holds(self, place: int, values: Values) -> bool | None:
        """What the profile of an offer that hangs says; None where it has none here, or there is no value."""
        value, profile = values[self.attribute.slot], self.profiles.get(place)
        return None if value is None or profile is None else profile.holds(value)

    @property
    def _kept(self) -> float:
        return sum((each & self.asking).bit_count() for each in self.masks) / len(self.masks)


@dataclass(frozen=True, slots=True)
class ValueAxis(Axis):
    """An attribute without order: a mask for each value that some offer tells apart, one for all others.

    `by_value` has one for None too, unless a refused value is told from a missing one.
    """

    by_value: Mapping[Value | None, int]
    elsewhere: int

    def alive(self, value: Any) -> int:
        """The offers that a value leaves alive."""
        return self.by_value.get(value, self.elsewhere)

    @property
    def _kept(self) -> float:
        masks = [*self.by_value.values(), self.elsewhere]
        return sum((each & self.asking).bit_count() for each in masks) / len(masks)


@dataclass(frozen=True, slots=True)
class SetAxis(Axis):
    """A set: in each layer an offer makes at most one demand; `free` makes none, `having` meets it by one of its values."""

    everything: int
    layers: Sequence[tuple[int, Mapping[str, int]]]
    without: Mapping[str, int]  # a value -> the offers that do not forbid it

    def alive(self, value: Any) -> int:
        """The offers that a set leaves alive."""
        alive = self.everything
        for free, having in self.layers:
            met = free
            for each in value:
                if each in having:
                    met |= having[each]
            alive &= met
        for each in value:
            if each in self.without:
                alive &= self.without[each]
        return alive

    @property
    def _kept(self) -> float:
        return self.asking.bit_count() / 2  # it has no cells to count


def build_axis(attribute: Attribute, profiles: Mapping[int, Profile], count: int, *, resting: bool) -> Axis:
    """The axis of the profiles by place, all of one class; `resting` says whether offers that do not ask are alive."""
    asking = bits.of(profiles, count)
    rest = (1 << count) - 1 ^ asking if resting else 0
    missing, refused, open_missing, open_refused = (
        rest | bits.of([place for place, each in profiles.items() if holds(each.absent)], count) for holds in _ABSENT
    )
    about = (attribute, asking, (missing, refused), (open_missing, open_refused))
    if sets := _only(profiles, SetProfile):
        return SetAxis(*about, rest | asking, *_set_masks(sets, asking, rest, count))
    if lines := _only(profiles, LineProfile):
        return _line_axis(about, lines, rest, count)
    return _value_axis(about, _only(profiles, ValueProfile), rest, count)


_ABSENT: Sequence[Callable[[Absent], bool]] = (
    lambda absent: absent.missing is True,
    lambda absent: absent.refused is True,
    lambda absent: absent.missing is not False,
    lambda absent: absent.refused is not False,
)
_About = tuple[Attribute, int, tuple[int, int], tuple[int, int]]


def _only(profiles: Mapping[int, Profile], kind: type[P]) -> dict[int, P]:
    return {place: each for place, each in profiles.items() if isinstance(each, kind)}


# --- ordered attributes -----------------------------------------------------------------------------------------------


def _line_axis(about: _About, profiles: Mapping[int, LineProfile], rest: int, count: int) -> LineAxis:
    changing: dict[Key, list[int]] = {}  # the places whose truth becomes the other there
    for place, profile in profiles.items():
        for key, _ in profile.changes:
            changing.setdefault(key, []).append(place)
    points = sorted({point for point, _ in changing})
    below = rest | bits.of([place for place, profile in profiles.items() if profile.below], count)
    buffer = bits.buffer(below, count)
    if len(changing) > MOST_CUTS:
        return _shared_cells(about, points, changing, buffer, profiles)
    sides = {side for _, side in changing}
    masks = [below]
    for key in ((point, side) for point in points for side in sorted(sides)):
        bits.flip(buffer, changing.get(key, ()))
        masks.append(bits.mask(buffer) if key in changing else masks[-1])
    return LineAxis(*about, "both" if len(sides) == 2 else "above" if sides == {ABOVE} else "at", points, masks)


def _shared_cells(
    about: _About,
    points: Sequence[Any],
    changing: Mapping[Key, Sequence[int]],
    buffer: bytearray,
    profiles: Mapping[int, LineProfile],
) -> LineAxis:
    """A cell from every n-th point on: what one of its values keeps, and what hangs on the value."""
    width = -(-len(points) // MOST_CUTS)
    masks, hanging = [bits.mask(buffer)], [0]
    for start in range(0, len(points), width):
        bits.flip(buffer, changing.get((points[start], AT), ()))
        widest, moving = bytearray(buffer), bytearray(len(buffer))
        for key in [(point, side) for point in points[start : start + width] for side in (AT, ABOVE)][1:]:
            moved = changing.get(key, ())
            bits.flip(buffer, moved)
            bits.put(widest, [place for place in moved if buffer[place >> 3] >> (place & 7) & 1])
            bits.put(moving, moved)
        masks.append(bits.mask(widest))
        hanging.append(bits.mask(moving))
    return LineAxis(*about, "at", points[::width], masks, hanging, profiles)


# --- enums, texts, booleans -------------------------------------------------------------------------------------------


def _value_axis(about: _About, profiles: Mapping[int, ValueProfile], rest: int, count: int) -> ValueAxis:
    elsewhere = rest | bits.of([place for place, each in profiles.items() if each.elsewhere], count)
    others: dict[Value, list[int]] = {}
    for place, profile in profiles.items():
        for value in profile.others:
            others.setdefault(value, []).append(place)
    by_value: dict[Value | None, int] = {value: elsewhere ^ bits.of(places, count) for value, places in others.items()}
    _, _, (missing, refused), _ = about
    return ValueAxis(*about, by_value | {None: missing} if missing == refused else by_value, elsewhere)


# --- sets -------------------------------------------------------------------------------------------------------------


def _set_masks(
    profiles: Mapping[int, SetProfile], asking: int, rest: int, count: int
) -> tuple[list[tuple[int, dict[str, int]]], dict[str, int]]:
    layers = []
    for layer in range(max(len(each.any_of) for each in profiles.values())):
        demands = {place: each.any_of[layer] for place, each in profiles.items() if len(each.any_of) > layer}
        layers.append(((rest | asking) ^ bits.of(demands, count), _by_value(demands, count)))
    forbidden = _by_value({place: each.none_of for place, each in profiles.items()}, count)
    return layers, {value: (rest | asking) ^ mask for value, mask in forbidden.items()}


def _by_value(demands: Mapping[int, frozenset[str]], count: int) -> dict[str, int]:
    places: dict[str, list[int]] = {}
    for place, values in demands.items():
        for value in values:
            places.setdefault(value, []).append(place)
    return {value: bits.of(each, count) for value, each in places.items()}


# --- constants that few compare with ----------------------------------------------------------------------------------


def too_many_values(profiles: Mapping[int, Profile]) -> list[int]:
    """The offers that ask about values that few ask about, where a mask for each value would take too much memory."""
    return _beyond(MOST_VALUES, {place: _values(each) for place, each in profiles.items()})


def too_many_cuts(profiles: Mapping[int, Profile]) -> list[int]:
    """The offers whose conditions change where few others do, where no two cuts may share a cell."""
    lines = _only(profiles, LineProfile)
    return _beyond(MOST_CUTS, {place: [key for key, _ in each.changes] for place, each in lines.items()})


def _beyond(most: int, asked: Mapping[int, Sequence[Any] | frozenset[Any]]) -> list[int]:
    """The offers that ask about more than the `most` that are asked about most often."""
    counted = Counter(each for found in asked.values() for each in found)
    if len(counted) <= most:
        return []
    common = {each for each, _ in counted.most_common(most)}
    return [place for place, found in asked.items() if not common.issuperset(found)]


def _values(profile: Profile) -> frozenset[Value]:
    match profile:
        case ValueProfile(others=others):
            return others
        case SetProfile(any_of=any_of, none_of=none_of):
            return none_of.union(*any_of)
        case LineProfile():
            return frozenset()
