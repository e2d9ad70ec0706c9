"""Whether a moment happens at an event: an event of its own for every place, every join, and nothing that forbids it.

In: the places that the event fills, and the events before it by place. Out: yes or no. It goes through the places in their
order, the latest events first, and turns back at the first join that does not hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbo.call.matching.plan import Filled, Shape, joined


def happens(shape: Shape, now: dict[int, Filled], kept: Sequence[deque[Filled]]) -> bool:
    """Whether the moment happens; the event stands in `now`, of those in `kept` only in places of `none`."""
    if shape.at_once:
        return True
    if any(kept[place.index] and not place.joins_places for place in shape.none):
        return False
    search = _Search(shape, now, kept, [None] * len(shape.places))
    return any(place in now and search.from_(0, place) for place in shape.takes_newest)


@dataclass(slots=True, eq=False)
class _Search:
    shape: Shape
    now: dict[int, Filled]
    kept: Sequence[deque[Filled]]
    chosen: list[Filled | None] = field(default_factory=list)

    def from_(self, place: int, newest: int) -> bool:
        """Whether the places from `place` on can be filled, the one called `newest` by the event itself."""
        if place == len(self.shape.places):
            return not any(self.forbids(each.index) for each in self.shape.none)
        for event in (self.now[newest],) if place == newest else reversed(self.kept[place]):
            if self.fits(event, place):
                self.chosen[place] = event
                if self.from_(place + 1, newest):
                    return True
        return False

    def fits(self, event: Filled, place: int) -> bool:
        """Whether an event can stand in a place after those that are chosen."""
        before = self.chosen[:place]
        for each in before:
            if each is not None and (
                each.number == event.number or (self.shape.in_order and each.number > event.number)
            ):
                return False
        return fills(event, before, unknown_fills=self.shape.moment.stops)

    def forbids(self, place: int) -> bool:
        """Whether an event fills a role of `none` which reads the chosen ones; none of those does."""
        chosen = {each.number for each in self.chosen if each is not None}
        return any(
            event.number not in chosen and fills(event, self.chosen, unknown_fills=not self.shape.moment.stops)
            for event in self.kept[place]
        )


def fills(event: Filled, others: Sequence[Filled | None], *, unknown_fills: bool) -> bool:
    """Whether the joins of one of the event's roles hold with the events in the places before it."""
    for role, owns in event.roles:
        for join, own in zip(role.joins, owns, strict=True):
            result = joined(join, own, others)
            if result is not True and not (result is None and unknown_fills):
                break
        else:
            return True
    return False
