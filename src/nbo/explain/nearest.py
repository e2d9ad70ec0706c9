"""The smallest change that would have let an offer pass: for analysts, never for the agent's screen.

Tried are only attributes that the dictionary marks changeable, never personal data or derived values: first one attribute,
then two, in the dictionary's order; each one step past a boundary that some condition draws. All stages are run again with
the change, so what is reported does let the offer through, as far as no other offer comes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product

from nbo.decide.candidate import Candidate, Setting, no_scores
from nbo.decide.facts import with_changes
from nbo.decide.gates import applying
from nbo.decide.run import candidate_for
from nbo.decide.stages import NAMES, STAGES
from nbo.explain.values import shown
from nbo.language.analysis import constants_by_slot
from nbo.language.computed import Computed
from nbo.language.dictionary import Dictionary
from nbo.language.tree import Typed
from nbo.language.types import Attribute, Kind, Value

MOST_TRIES = 400
_STEPS = {Kind.MONEY: Decimal("0.01"), Kind.RATE: Decimal("0.0001"), Kind.DECIMAL: Decimal("0.01")}


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute's value now and as it would have to be; both as an explanation shows them."""

    attribute: str
    actual: object
    needed: object

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"attribute": self.attribute, "actual": self.actual, "needed": self.needed}


def nearest_change(candidate: Candidate, setting: Setting) -> tuple[Change, ...]:
    """The change; nothing where none was found within the bound on tries, or where only other offers are in the way."""
    without_record = candidate.offer.for_each is not None and candidate.record is None
    if without_record or _passes(candidate, setting, {}):
        return ()
    constants = constants_by_slot(_conditions(candidate, setting))
    derived = setting.pack.dictionary.formulas
    options = [
        (attribute, values)
        for attribute in setting.pack.dictionary
        if attribute.changeable != "never" and not attribute.pii and attribute.name not in derived
        if (
            values := list(
                _alternatives(attribute, candidate.values[attribute.slot], constants.get(attribute.slot, ()))
            )
        )
    ]
    decisive = _decisive(candidate, setting)
    tries = 0
    for size in (1, 2):
        for chosen in combinations(options, size):
            if decisive is not None and decisive.isdisjoint(attribute.slot for attribute, _ in chosen):
                continue
            for picked in product(*(values for _, values in chosen)):
                tries += 1
                if tries > MOST_TRIES:
                    return ()
                changes = {attribute.slot: value for (attribute, _), value in zip(chosen, picked, strict=True)}
                if _passes(candidate, setting, changes):
                    return tuple(
                        Change(each.name, shown(each, candidate.values[each.slot]), shown(each, changes[each.slot]))
                        for each, _ in chosen
                    )
    return ()


def _conditions(candidate: Candidate, setting: Setting) -> Iterator[Typed]:
    offer = candidate.offer
    for gate in applying(candidate, setting):
        yield gate.clause.expression.tree
    for clause in (*offer.eligibility, *offer.applicability, *offer.volume, *offer.suitability):
        yield clause.expression.tree


def _decisive(candidate: Candidate, setting: Setting) -> frozenset[int] | None:
    """The slots of which at least one must change for the blocking clause to come out differently; None where any may.

    PERF: what the clause does not rest on is not tried: 22 ms an explanation of the sample pack where it took 107.
    """
    blocked = candidate.blocked
    if blocked is None or blocked.clause is None or NAMES.index(blocked.stage) >= NAMES.index("quote"):
        return None
    asked: list[Computed] = [blocked.clause.expression]
    asked += [gate.scope for gate in setting.pack.gates if gate.id == blocked.code and gate.scope is not None]
    if setting.pack.opted_out is not None:  # it hides values from every clause
        asked.append(setting.pack.opted_out)
    return frozenset(slot for each in asked for slot in _behind(each, setting.pack.dictionary))


def _behind(computed: Computed, dictionary: Dictionary) -> Iterator[int]:
    """What an expression reads, itself or through derived attributes."""
    for attribute in computed.reads:
        yield attribute.slot
        formula = dictionary.formulas.get(attribute.name)
        if formula is not None:
            yield from _behind(formula, dictionary)


def _passes(candidate: Candidate, setting: Setting, changes: dict[int, Value]) -> bool:
    facts = with_changes(setting.pack, setting.facts, changes)
    changed = replace(setting, facts=facts, scoring=no_scores)
    # the same record: with thousands of them, trying all would take minutes
    tried = candidate_for(candidate.offer, candidate.record, facts, setting.pack.dictionary)
    return all(stage.check(tried, changed) is None for stage in STAGES)


def _alternatives(attribute: Attribute, value: Value | None, constants: Iterable[Value]) -> Iterator[Value]:
    """Values one step past a boundary, nearest to the present one first; nothing for attributes that no condition cuts."""
    match attribute.type.kind:
        case Kind.BOOLEAN:
            yield from (each for each in (True, False) if each is not value)
        case Kind.SET:
            now = value if isinstance(value, frozenset) else frozenset()
            for each in constants:
                if isinstance(each, str):
                    yield now - {each} if each in now else now | {each}
        case Kind.ENUM | Kind.STRING:
            yield from (each for each in constants if each != value)
        case kind:
            around = [each for constant in constants for each in _around(kind, constant)]
            allowed = [each for each in dict.fromkeys(around) if each != value and _in_range(attribute, each)]
            yield from sorted(allowed, key=lambda each: (_distance(each, value), each))


def _around(kind: Kind, constant: Value) -> list[Value]:
    match constant:
        case bool():
            return []
        case int() if kind is Kind.INTEGER:
            return [constant, constant - 1, constant + 1]
        case Decimal() | int() if kind in _STEPS:
            exact = Decimal(constant)
            return [exact, exact - _STEPS[kind], exact + _STEPS[kind]]
        case float():
            return [constant]
        case date():
            day = timedelta(days=1)
            try:
                return [constant, constant - day, constant + day]
            except OverflowError:  # 9999-12-31 stands for "no end"
                return [constant]
        case _:
            return []


def _in_range(attribute: Attribute, value: Value) -> bool:
    if not isinstance(value, int | float | Decimal):
        return True
    return (attribute.min is None or value >= attribute.min) and (attribute.max is None or value <= attribute.max)


def _distance(value: Value, now: Value | None) -> Fraction:
    match value, now:
        case (int() | float() | Decimal(), int() | float() | Decimal()):
            return abs(Fraction(value) - Fraction(now))
        case (date(), date()):
            return Fraction(abs(value.toordinal() - now.toordinal()))
        case _:
            return Fraction(0)
