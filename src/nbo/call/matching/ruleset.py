"""Moments as rules for durable_rules, and what it is asked at an event: booleans and symbols, nothing else.

In: the shape of a moment, the places that an event fills, the events before it. Out: definitions, made once; and for an event
facts and a probe. Every condition was asked before, by our language: a fact says that an event fills a place, that two events
are joined, or that one forbids others. durable_rules finds out whether facts fit together: one a place, of different events,
with equal symbols, joined, and none that forbids. Only definitions and facts of this module may reach it: its library ends
the process at forms that it does not know, and compares loosely.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from nbo.call.matching.plan import Filled, Place, Plan, Shape, joined
from nbo.call.matching.search import fills
from nbo.language.types import Value

RULES_OF_A_SET = 40  # durable_rules makes no set of a few hundred
BETWEEN_PARTS, BETWEEN_QUESTIONS = "\x1f", "\x1e"

Pattern = dict[str, object]


def definitions(asks: Sequence[Ask]) -> list[dict[str, object]]:
    """The rules, in sets."""
    sets: list[dict[str, object]] = []
    for each in asks:
        while len(sets) <= each.set:
            sets.append({})
        sets[each.set][f"m{each.shape.index}_{each.newest}"] = {"all": each.patterns()}
    return sets


def asks_of(plan: Plan) -> dict[int, tuple[Ask, ...]]:
    """What is asked about the moments of more than one event, by moment: one rule for each place that the newest can take."""
    made: dict[int, tuple[Ask, ...]] = {}
    count = 0
    for shape in plan.shapes:
        if not shape.at_once:
            newest = shape.takes_newest
            made[shape.index] = tuple(
                Ask(shape, place, (count + turn) // RULES_OF_A_SET) for turn, place in enumerate(newest)
            )
            count += len(newest)
    return made


@dataclass(frozen=True, slots=True, eq=False)
class _Relation:
    """What must be so between the event of a place and those of others.

    `join` None: any of the place's roles with all its joins. `order`: only that it comes after the one in the place before.
    """

    name: str
    alias: str
    place: int
    others: tuple[int, ...]
    join: int | None = None
    order: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Equality:
    """A join that is nothing but `==`: two facts carry a symbol each, under keys of their own."""

    place: int
    join: int
    other: int
    field: int

    @property
    def key(self) -> str:
        """The symbol of the event in the place itself."""
        return f"k{self.place}_{self.join}"

    @property
    def other_key(self) -> str:
        """The symbol of the event in the other place."""
        return f"o{self.place}_{self.join}"


class Ask:
    """One rule: a moment whose newest event takes one place. Shared by all calls, and not changed after it is made."""

    def __init__(self, shape: Shape, newest: int, set_: int) -> None:
        self.shape = shape
        self.newest = newest
        self.set = set_
        self.equalities = tuple(each for place in shape.places for each in _equalities(shape, place))
        self.relations = tuple(each for place in shape.places for each in _relations(shape, place))
        self.head = f"{shape.index}{BETWEEN_PARTS}{set_}{BETWEEN_PARTS}"

    # --- the rule -----------------------------------------------------------------------------------------------------

    def patterns(self) -> list[Pattern]:
        """What must be found, one after the other; a later one refers to those before it."""
        return [*(each for place in self.shape.places for each in self.placed(place)), *self.forbidding()]

    def placed(self, place: Place) -> Iterator[Pattern]:
        """An event for a place, and how it is joined with those before it."""
        index = place.index
        is_newest = index == self.newest
        tests: list[Pattern] = [{"p" if is_newest else "f": f"{self.shape.index}.{index}"}]
        tests.extend({each.key: {f"x{each.other}": each.other_key}} for each in self.equalities if each.place == index)
        if not is_newest:
            tests.extend({"$neq": {"e": {f"x{before}": "e"}}} for before in range(index) if before != self.newest)
        yield {f"x{index}": _all(tests)}
        for each in self.relations:
            if each.place == index:
                tests = [{"t": each.name}, {"e": {f"x{index}": "e"}}]
                tests.extend({f"x{other}": {f"x{other}": "e"}} for other in each.others)
                yield {each.alias: _all(tests)}

    def forbidding(self) -> Iterator[Pattern]:
        """No event for a role of `none`."""
        for place in self.shape.none:
            tests: list[Pattern] = [{"f": f"{self.shape.index}.{place.index}"}]
            if place.joins_places:
                tests.extend({f"x{other}": {f"x{other}": "e"}} for other in sorted(place.joins_places))
                apart = (each.index for each in self.shape.places if each.index not in place.joins_places)
                tests.extend({"$neq": {"e": {f"x{other}": "e"}}} for other in apart)
            yield {f"n{place.index}$not": _all(tests)}

    # --- the facts ----------------------------------------------------------------------------------------------------

    def question(self, now: dict[int, Filled], kept: Sequence[deque[Filled]]) -> str:
        """The moment, the set, the probe, and the facts."""
        facts = _Facts(self, [(now[self.newest],) if place == self.newest else each for place, each in enumerate(kept)])
        return self.head + BETWEEN_PARTS.join(facts.texts())


def _all(tests: list[Pattern]) -> Pattern:
    return tests[0] if len(tests) == 1 else {"$and": tests}


def _by_symbols(shape: Shape, place: Place) -> bool:
    """Whether equal symbols can stand for its equalities: an unknown value is equal to none, and so does not fill the place."""
    return len(place.roles) == 1 and not shape.moment.stops


def _equalities(shape: Shape, place: Place) -> Iterator[_Equality]:
    if _by_symbols(shape, place):
        for number, join in enumerate(place.roles[0].joins):
            if join.equal:
                yield _Equality(place.index, number, *join.others[0])


def _relations(shape: Shape, place: Place) -> Iterator[_Relation]:
    index = place.index
    name = f"{shape.index}.{index}"
    if _by_symbols(shape, place):
        for number, join in enumerate(place.roles[0].joins):
            if not join.equal:
                yield _Relation(f"{name}.{number}", f"r{index}_{number}", index, tuple(sorted(join.roles)), number)
    elif place.joins_places:
        yield _Relation(name, f"r{index}", index, tuple(sorted(place.joins_places)))
    if shape.in_order and 0 < index < len(shape.places) - 1:
        yield _Relation(f"{name}.o", f"r{index}_o", index, (index - 1,), order=True)


@dataclass(slots=True, eq=False)
class _Texts:
    """Facts as JSON, numbered; nothing in them is a text of anybody else's."""

    made: list[str]

    def add(self, *pairs: str) -> None:
        """A fact of `"key":"symbol"` pairs."""
        self.made.append(f'{{"sid":"c","id":"{len(self.made)}",{",".join(pairs)}}}')


class _Facts:
    """The facts of one question. `events` are those that can stand in each place, then those that fill a role of `none`."""

    def __init__(self, ask: Ask, events: Sequence[Sequence[Filled]]) -> None:
        self.ask = ask
        self.shape = ask.shape
        self.events = events
        self.symbols: dict[Value, str] = {}
        self.unknown = 0

    def texts(self) -> list[str]:
        """The probe, then the facts."""
        texts = _Texts([])
        shape, newest = self.shape, self.ask.newest
        self.placed(texts, "p", newest, self.events[newest][0])
        for place in shape.places:
            if place.index != newest:
                for event in self.events[place.index]:
                    self.placed(texts, "f", place.index, event)
        for relation in self.ask.relations:
            for event in self.events[relation.place]:
                for others in self.others(relation.others, event):
                    if self.holds(relation, event, others):
                        _between(texts, f'"t":"{relation.name}"', event, relation.others, others)
        for place in shape.none:
            places = tuple(sorted(place.joins_places))
            for event in self.events[place.index]:
                for others in self.others(places, event):
                    if fills(event, others, unknown_fills=not shape.moment.stops):
                        _between(texts, f'"f":"{shape.index}.{place.index}"', event, places, others)
        return texts.made

    def placed(self, texts: _Texts, mark: str, place: int, event: Filled) -> None:
        """That an event fills a place, with the symbols that it is joined by."""
        pairs = [f'"{mark}":"{self.shape.index}.{place}","e":"e{event.number}"']
        for each in self.ask.equalities:
            if each.place == place:
                own = event.roles[0][1][each.join]
                pairs.append(f'"{each.key}":"{self.symbol(None if own is None else own[0])}"')
            if each.other == place:
                pairs.append(f'"{each.other_key}":"{self.symbol(event.fields[each.field])}"')
        texts.add(*pairs)

    def symbol(self, value: Value | None) -> str:
        """The same for equal values, and for a missing one another each time."""
        if value is None:
            self.unknown += 1
            return f"u{self.unknown}"
        return self.symbols.setdefault(value, f"v{len(self.symbols)}")

    def others(self, places: Sequence[int], event: Filled) -> Iterator[Sequence[Filled | None]]:
        """Every way to fill places with events other than one."""
        for chosen in product(*(self.events[place] for place in places)):
            if all(each.number != event.number for each in chosen):
                others: list[Filled | None] = [None] * len(self.shape.places)
                for place, each in zip(places, chosen, strict=True):
                    others[place] = each
                yield others

    def holds(self, relation: _Relation, event: Filled, others: Sequence[Filled | None]) -> bool:
        """Whether a relation holds for an event and those in other places."""
        if relation.order:
            before = others[relation.others[0]]
            return before is not None and before.number < event.number
        if relation.join is None:
            return fills(event, others, unknown_fills=self.shape.moment.stops)
        role, owns = event.roles[0]
        return joined(role.joins[relation.join], owns[relation.join], others) is True


def _between(texts: _Texts, mark: str, event: Filled, places: Sequence[int], others: Sequence[Filled | None]) -> None:
    pairs = [f'{mark},"e":"e{event.number}"']
    for place in places:
        other = others[place]
        assert other is not None  # noqa: S101 - they are the ones that are filled
        pairs.append(f'"x{place}":"e{other.number}"')
    texts.add(*pairs)
