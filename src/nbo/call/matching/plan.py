"""Moments made ready to be matched: which roles an event of a kind can fill, and what is asked of it.

In: the linked moments. Out: for an event the places that it fills. A place is a role of `all`, or all of `any` together, which
one event fills; after them come the roles of `none`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nbo.language.generate import Compiled
from nbo.language.intake import Values
from nbo.language.types import Value
from nbo.pack.moments import MOST_KEPT, Join, Moment, Role

Row = Sequence[Value | None]


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """An event in a place: how many events were before it, when it was, its fields (`at` last), and the roles that it fills.

    Each role comes with what its joins read of the event itself; None where that is unknown.
    """

    number: int
    at: datetime
    fields: tuple[Value | None, ...]
    roles: tuple[tuple[Role, tuple[Row | None, ...]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """What fills it, and how many of the latest events that do are kept.

    `joins_places` are the earlier places that some role of it reads.
    """

    index: int
    roles: tuple[Role, ...]
    kept: int
    joins_places: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A moment as it is matched: `places` must be filled by events of their own, `none` by no event."""

    index: int
    moment: Moment
    places: tuple[Place, ...]
    none: tuple[Place, ...]
    within: timedelta | None
    in_order: bool
    at_once: bool  # one event is the whole moment, so that nothing has to be kept for it
    takes_newest: tuple[int, ...]  # the places that the event at hand can take


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A role that an event can fill: where, and what is asked of the event; `unknown_fills` says what unknown does."""

    shape: int
    place: int
    role: Role
    lines: tuple[tuple[Compiled, frozenset[int]], ...]
    unknown_fills: bool

    def filled_by(self, row: Row, refused: frozenset[int]) -> bool:
        """Whether everything holds that is asked of the event alone."""
        for ask, forgiven in self.lines:
            result = None if refused and not forgiven.isdisjoint(refused) else ask(row)
            if result is not True and not (result is None and self.unknown_fills):
                return False
        return True


class Plan:
    """The moments of a pack, ready. Shared by all calls, and not changed after it is made."""

    def __init__(self, moments: Sequence[Moment]) -> None:
        self.shapes = tuple(_shape(index, each) for index, each in enumerate(moments))
        asked: dict[str, list[Asked]] = {}
        for shape in self.shapes:
            for place in (*shape.places, *shape.none):
                unknown_fills = shape.moment.stops is (place.index < len(shape.places))
                for role in place.roles:
                    lines = tuple((each.compiled, each.forgiven) for each in role.local)
                    asked.setdefault(role.kind, []).append(Asked(shape.index, place.index, role, lines, unknown_fills))
        self.asked = {kind: tuple(roles) for kind, roles in asked.items()}


def _shape(index: int, moment: Moment) -> Shape:
    together: list[tuple[Role, ...]] = [(role,) for role in moment.all]
    if moment.any:
        together.append(moment.any)
    read = {place for role in moment.roles for join in role.joins for place in join.roles}
    places = []
    for number, roles in enumerate(together):
        joins = frozenset(place for role in roles for join in role.joins for place in join.roles)
        joined = joins or number in read or moment.in_order
        # of events that nothing else depends on the latest do, one more than the other places can take
        places.append(Place(number, roles, MOST_KEPT if joined else len(together), joins))
    none = []
    for number, role in enumerate(moment.none, start=len(together)):
        joins = frozenset(place for join in role.joins for place in join.roles)
        none.append(Place(number, (role,), MOST_KEPT if joins else 1, joins))
    return Shape(
        index=index,
        moment=moment,
        places=tuple(places),
        none=tuple(none),
        within=moment.within,
        in_order=moment.in_order,
        at_once=len(places) == 1 and not none,
        takes_newest=tuple(range(len(places)))[-1:] if moment.in_order else tuple(range(len(places))),
    )


def of_its_own(role: Role, row: Row, refused: frozenset[int]) -> tuple[Row | None, ...]:
    """What the joins of a role read of its own event."""
    return tuple(
        None if refused and not join.forgiven.isdisjoint(refused) else tuple([row[cell] for cell in join.own])
        for join in role.joins
    )


def joined(join: Join, own: Row | None, others: Sequence[Filled | None]) -> Value | None:
    """What a join gives for its own event and those in the places that it reads; None is unknown."""
    if own is None:
        return None
    read = [*own]
    for place, field in join.others:
        other = others[place]
        assert other is not None  # noqa: S101 - places are filled in their order
        read.append(other.fields[field])
    return join.computed.compiled(read)


def refused_of(values: Row) -> frozenset[int]:
    """The slots of the customer in which a supplied value was not accepted."""
    return values.refused if isinstance(values, Values) else frozenset()
