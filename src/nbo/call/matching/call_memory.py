"""What a matcher keeps of a call: the events that fill a place, as long as they can matter.

In: the events of one call as they are seen. Out: for each moment the places that the event fills now, and those that were
filled before and lie in its window. It keeps nothing of events that fill nothing, and of those that do only the latest.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from nbo.call.matching.matcher import Seen
from nbo.call.matching.plan import Filled, Plan, Shape, of_its_own, refused_of


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """A moment of which an event fills places: which, and whether it could happen now."""

    shape: Shape
    now: dict[int, Filled]  # by place
    possible: bool


class CallMemory:
    """The events of one call that fill places, by moment and place. One thread at a time."""

    __slots__ = ("clock", "kept", "lost", "number", "plan")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.clock: datetime | None = None
        self.number = 0  # of events that fill something
        self.kept: dict[int, list[deque[Filled]]] = {}  # by moment, then by place
        self.lost: dict[
            int, datetime
        ] = {}  # by moment: when the last event was that could forbid it and is not kept any more

    def see(self, seen: Seen) -> list[Touched]:
        """The moments of which the event fills places; it is kept by `keep`."""
        at = self.clock = seen.at if self.clock is None or seen.at > self.clock else self.clock
        asked = self.plan.asked.get(seen.kind)
        if asked is None:
            return []
        fields = (*seen.fields, at)
        row = [*seen.values, *fields]
        refused = refused_of(seen.values)
        filled: dict[int, dict[int, Filled]] = {}
        for each in asked:
            if each.filled_by(row, refused):
                places = filled.setdefault(each.shape, {})
                role = (each.role, of_its_own(each.role, row, refused) if each.role.joins else ())
                before = places.get(each.place)
                roles = (role,) if before is None else (*before.roles, role)
                places[each.place] = Filled(self.number, at, fields, roles)
        if not filled:
            return []
        self.number += 1
        return [self._touched(self.plan.shapes[index], now, at) for index, now in filled.items()]

    def _touched(self, shape: Shape, now: dict[int, Filled], at: datetime) -> Touched:
        if shape.at_once:
            return Touched(shape, now, possible=True)
        kept = self.kept.get(shape.index)
        if kept is None:
            places = (*shape.places, *shape.none)
            kept = self.kept[shape.index] = [deque(maxlen=each.kept) for each in places]
        elif shape.within is not None:
            for events in kept:
                while events and at - events[0].at > shape.within:
                    events.popleft()
        for place in shape.none:
            if place.index in now:
                events = kept[place.index]
                if place.joins_places and len(events) == events.maxlen:
                    self.lost[shape.index] = max(events[0].at, self.lost.get(shape.index, events[0].at))
                events.append(now[place.index])
        return Touched(shape, now, not self._may_forbid(shape, at) and self._possible(shape, now, kept))

    def _may_forbid(self, shape: Shape, at: datetime) -> bool:
        """Whether what is not kept any more could forbid the moment; what is not known never helps the sale."""
        lost = None if shape.moment.stops else self.lost.get(shape.index)
        return lost is not None and (shape.within is None or at - lost <= shape.within)

    @staticmethod
    def _possible(shape: Shape, now: dict[int, Filled], kept: list[deque[Filled]]) -> bool:
        """Whether there is an event for every place, this one for one of them, and none that forbids it whatever they are."""
        if any(kept[place.index] and not place.joins_places for place in shape.none):
            return False
        empty = [place for place in range(len(shape.places)) if not kept[place]]
        return len(empty) <= 1 and any(place in now and empty in ([], [place]) for place in shape.takes_newest)

    def keep(self, touched: list[Touched]) -> None:
        """The event counts as one of those before."""
        for each in touched:
            if not each.shape.at_once:
                kept = self.kept[each.shape.index]
                for place, filled in each.now.items():
                    if place < len(each.shape.places):
                        kept[place].append(filled)
