"""Moments as rules for durable_rules, and what it is asked at an event: booleans and symbols, nothing else.

In: the shape of a moment, the places that an event fills, the events before it. Out: definitions, made once; and for an event
facts and a probe in JSON. Every condition was asked before, by our language: a fact says that an event fills a place, that
two events are joined, or that one forbids others. durable_rules finds out whether facts fit together: one a place, of
different events, with equal symbols, joined, and none that forbids. Only definitions and facts of this module may reach it:
its library ends the process at forms that it does not know, and compares loosely.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from nbo.call.matching.plan import Filled, Place, Plan, Shape, joined
from nbo.call.matching.search import fills
from nbo.language.types import Value

RULES_OF_A_SET = 40  # durable_rules makes no set of a few hundred
SESSION = "c"
"""A request is one session, which is deleted with it: nothing that was asked before is in the way, and nothing is left."""

Pattern = dict[str, object]


def definitions(plan: Plan) -> list[dict[str, object]]:
    """The rules in sets; which set a moment's rules are in says `set_of`."""
    sets: list[dict[str, object]] = []
    for shape in plan.shapes:
        number = set_of(shape)
        while len(sets) <= number:
            sets.append({})
        if not shape.at_once:
            for place in _can_be_newest(shape):
                sets[number][f"m{shape.index}_{place.index}"] = {"all": _patterns(shape, place.index)}
    return sets


def set_of(shape: Shape) -> int:
    """The set that a moment's rules are in; a moment has a rule for each place that the newest event can take."""
    return shape.index * 4 // RULES_OF_A_SET


def _can_be_newest(shape: Shape) -> Sequence[Place]:
    """The places that the newest event can take."""
    return shape.places[-1:] if shape.in_order else shape.places


def _patterns(shape: Shape, newest: int) -> list[Pattern]:
    patterns: list[Pattern] = []
    for place in shape.places:
        index = place.index
        mark = "p" if index == newest else "f"
        tests: list[Pattern] = [{mark: f"{shape.index}.{index}"}]
        for key, other in _equalities(shape, place):
            tests.append({key: {f"x{other}": f"o{index}{key}"}})
        if index != newest:
            tests.extend({"$neq": {"e": {f"x{before}": "e"}}} for before in range(index) if before != newest)
        patterns.append({f"x{index}": _all(tests)})
        for relation in _relations(shape, place):
            tests = [{"t": relation.name}, {"e": {f"x{index}": "e"}}]
            tests.extend({f"x{other}": {f"x{other}": "e"}} for other in relation.places)
            patterns.append({relation.alias: _all(tests)})
    for place in shape.none:
        tests = [{"f": f"{shape.index}.{place.index}"}]
        if place.joins_places:
            tests.extend({f"x{other}": {f"x{other}": "e"}} for other in sorted(place.joins_places))
            apart = (each.index for each in shape.places if each.index not in place.joins_places)
            tests.extend({"$neq": {"e": {f"x{other}": "e"}}} for other in apart)
        patterns.append({f"n{place.index}$not": _all(tests)})
    return patterns


def _all(tests: list[Pattern]) -> Pattern:
    return tests[0] if len(tests) == 1 else {"$and": tests}


# --- joins --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Relation:
    """What must be so between the event of a place and those of others; `join` None: any of the place's roles with all its joins.

    `order`: it is only that the event comes after the one in the place before.
    """

    name: str
    alias: str
    places: tuple[int, ...]
    join: int | None = None
    order: bool = False


def _by_symbols(shape: Shape, place: Place) -> bool:
    """Whether equal symbols can stand for its equalities: an unknown value is equal to none, and so does not fill the place."""
    return len(place.roles) == 1 and not shape.moment.stops


def _equalities(shape: Shape, place: Place) -> Iterator[tuple[str, int]]:
    """The key of each equality of a place, and the place of the other side."""
    if _by_symbols(shape, place):
        for number, join in enumerate(place.roles[0].joins):
            if join.equal:
                yield f"k{number}", join.others[0][0]


def _relations(shape: Shape, place: Place) -> Iterator[_Relation]:
    name = f"{shape.index}.{place.index}"
    if _by_symbols(shape, place):
        for number, join in enumerate(place.roles[0].joins):
            if not join.equal:
                places = tuple(sorted(join.roles))
                yield _Relation(f"{name}.{number}", f"r{place.index}_{number}", places, number)
    elif place.joins_places:
        yield _Relation(name, f"r{place.index}", tuple(sorted(place.joins_places)))
    if shape.in_order and 0 < place.index < len(shape.places) - 1:
        yield _Relation(f"{name}.o", f"r{place.index}_o", (place.index - 1,), order=True)


# --- what is asked at an event ------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Question:
    """The facts of one moment and one place that the newest event takes, as JSON."""

    shape: Shape
    now: dict[int, Filled]
    kept: Sequence[deque[Filled]]
    newest: int
    symbols: dict[Value, str] = field(default_factory=dict)
    missing: int = 0

    def parts(self) -> tuple[str, str]:
        """The facts in a list, and the probe."""
        facts = [
            self.placed("f", place, event)
            for place in self.shape.places
            if place.index != self.newest
            for event in self.kept[place.index]
        ]
        for place in self.shape.places:
            for relation in _relations(self.shape, place):
                facts.extend(self.related(place, relation))
        for place in self.shape.none:
            facts.extend(self.forbidding(place))
        probe = self.placed("p", self.shape.places[self.newest], self.now[self.newest])
        texts = [json.dumps({**fact, "id": str(number), "sid": SESSION}) for number, fact in enumerate((*facts, probe))]
        return f"[{','.join(texts[:-1])}]", texts[-1]

    def events(self, place: int) -> Iterable[Filled]:
        """The events that can stand in a place."""
        return (self.now[place],) if place == self.newest else self.kept[place]

    def placed(self, mark: str, place: Place, event: Filled) -> dict[str, str]:
        """That an event fills a place, with the symbols that it is joined by."""
        fact = {mark: f"{self.shape.index}.{place.index}", "e": f"e{event.number}"}
        for key, _ in _equalities(self.shape, place):
            own = event.roles[0][1][int(key[1:])]
            fact[key] = self.symbol(None if own is None else own[0])
        for other in self.shape.places[place.index + 1 :]:
            for key, read in _equalities(self.shape, other):
                if read == place.index:
                    join = other.roles[0].joins[int(key[1:])]
                    fact[f"o{other.index}{key}"] = self.symbol(event.fields[join.others[0][1]])
        return fact

    def symbol(self, value: Value | None) -> str:
        """The same for equal values, and for a missing one another each time."""
        if value is None:
            self.missing += 1
            return f"u{self.missing}"
        return self.symbols.setdefault(value, f"v{len(self.symbols)}")

    def related(self, place: Place, relation: _Relation) -> Iterator[dict[str, str]]:
        """The events that a relation holds between."""
        for event in self.events(place.index):
            for others in self.others(relation.places, event):
                if self.holds(place, relation, event, others):
                    yield self.between({"t": relation.name}, event, relation.places, others)

    def holds(self, place: Place, relation: _Relation, event: Filled, others: Sequence[Filled | None]) -> bool:
        """Whether a relation holds for an event and those in other places."""
        if relation.order:
            before = others[relation.places[0]]
            return before is not None and before.number < event.number
        if relation.join is None:
            return fills(event, others, unknown_fills=self.shape.moment.stops)
        role, owns = event.roles[0]
        return joined(role.joins[relation.join], owns[relation.join], others) is True

    def forbidding(self, place: Place) -> Iterator[dict[str, str]]:
        """The events that fill a role of `none`, with those in the places that it reads."""
        places = tuple(sorted(place.joins_places))
        for event in self.kept[place.index]:
            for others in self.others(places, event):
                if fills(event, others, unknown_fills=not self.shape.moment.stops):
                    yield self.between({"f": f"{self.shape.index}.{place.index}"}, event, places, others)

    def others(self, places: Sequence[int], event: Filled) -> Iterator[Sequence[Filled | None]]:
        """Every way to fill places with events other than one."""
        for chosen in product(*(self.events(place) for place in places)):
            if all(each.number != event.number for each in chosen):
                others: list[Filled | None] = [None] * len(self.shape.places)
                for place, each in zip(places, chosen, strict=True):
                    others[place] = each
                yield others

    @staticmethod
    def between(
        fact: dict[str, str], event: Filled, places: Sequence[int], others: Sequence[Filled | None]
    ) -> dict[str, str]:
        """A fact with the events that it is about."""
        fact["e"] = f"e{event.number}"
        for place in places:
            other = others[place]
            assert other is not None  # noqa: S101 - `others` fills them
            fact[f"x{place}"] = f"e{other.number}"
        return fact


def questions(shape: Shape, now: dict[int, Filled], kept: Sequence[deque[Filled]]) -> list[tuple[str, str]]:
    """What is asked about a moment at an event, one after the other until one says yes: facts and probe."""
    taken = (place.index for place in _can_be_newest(shape) if place.index in now)
    return [Question(shape, now, kept, place).parts() for place in taken]
