"""Conditions that many offers have in common: gates, and the contact policy. Each is asked once a customer.

One that reads the offer at hand (`offer.family`) is asked once for each of the values that it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from nbo.index import bits
from nbo.index.own_values import own_values
from nbo.index.parts import parts_of
from nbo.index.question import Question
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.generate import First, generate_first
from nbo.language.intake import Values
from nbo.once import once
from nbo.pack.contact import ContactRule
from nbo.pack.files.shared import Kind
from nbo.pack.gate import Gate
from nbo.pack.offer import CHANNEL, Offer

OWN = "offer."


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A gate, or a contact rule, with the offers that it is about: a mask a segment."""

    expression: Expression
    gate: Gate | None  # None: a contact rule
    own: Offer | None  # an offer with the values that it reads; None where it reads none
    masks: tuple[int, ...]

    def result(self, question: Question, dictionary: Dictionary) -> bool | None:
        """Whether a gate lets through, or a contact rule suppresses; one whose scope is unknown is asked."""
        values = self.values(question, dictionary)
        scope = None if self.gate is None else self.gate.scope
        if scope is not None and scope.ask(values) is False:
            return True
        result = self.expression.ask(values)
        return result if isinstance(result, bool) else None

    @property
    def has_scope(self) -> bool:
        """Whether it is about some customers alone."""
        return self.gate is not None and self.gate.scope is not None

    def values(self, question: Question, dictionary: Dictionary) -> Values:
        """The values that it reads."""
        given = question.values if self.gate is not None and not self.gate.lawful else question.unmasked
        return given if self.own is None else own_values(self.own, None, given, dictionary)

    def against(self, question: Question, dictionary: Dictionary) -> frozenset[str]:
        """The attributes that its parts read which are not true."""
        values = self.values(question, dictionary)
        parts = (each for each in parts_of(self.expression) if each.ask(values) is not True)
        return frozenset(attribute.name for part in parts for attribute in part.reads)


class Gates:
    """The gates before the pitch that can stop an offer, in their order."""

    def __init__(self, gates: Iterable[Gate], places: Places) -> None:
        self._all = [
            Shared(gate.clause.expression, gate, own, masks)
            for gate in gates
            if gate.at == "pitch" and gate.severity == "block"
            for own, masks in places.concerned(gate, _read_by(gate))
        ]
        self._asked: dict[tuple[str, date | None], GatesAsked] = {}

    def __bool__(self) -> bool:
        return bool(self._all)

    def asked(self, channel: str, today: date | None) -> GatesAsked:
        """Those for a channel and a day; without a day all that are in force on any."""
        known = self._asked.get((channel, today))
        if known is None:
            gates = tuple(each for each in self._all if each.gate is not None and _is_asked(each.gate, channel, today))
            known = next((each for each in self._asked.values() if each.gates == gates), None) or GatesAsked(gates)
            if len(self._asked) >= _MOST_ASKED:  # a caller may name any channel and day
                self._asked.clear()
            self._asked[channel, today] = known
        return known


@dataclass(frozen=True, eq=False)
class GatesAsked:
    """The gates that are asked on a channel on a day."""

    gates: tuple[Shared, ...]

    def in_doubt(self, question: Question) -> tuple[Shared, ...]:
        """Those that must be asked one by one.

        PERF: mostly every gate is open, and fifteen are found so by one function in 1 us, one by one in 4 (benchmarks/decide.py).
        """
        values = question.values
        if question.unmasked is not values or values.refused or self._first_closed(values) is not None:
            return self.gates
        return self._particular

    @once
    def _particular(self) -> tuple[Shared, ...]:
        """Those that are not about everybody, or read the offer at hand."""
        return tuple(each for each in self.gates if each.own is not None or each.has_scope)

    @once
    def _first_closed(self) -> First:
        general = (each for each in self.gates if each not in self._particular)
        return generate_first([each.expression.tree for each in general], passing=True)


_MOST_ASKED = 256


def _is_asked(gate: Gate, channel: str, today: date | None) -> bool:
    if gate.channels is not None and channel not in gate.channels:
        return False
    return gate.in_force is None or today is None or gate.in_force.covers(today)


def _read_by(gate: Gate) -> list[Expression]:
    return [gate.clause.expression] if gate.scope is None else [gate.clause.expression, gate.scope]


def shared_contact(rules: Iterable[ContactRule], places: Places) -> list[Shared]:
    """The contact rules."""
    return [
        Shared(rule.suppress.expression, None, own, masks)
        for rule in rules
        for own, masks in places.concerned(rule, [rule.suppress.expression])
    ]


class Places:
    """The places of the offers by kind and family, which is all that most rules ask of an offer."""

    def __init__(self, offers: Sequence[Offer], bounds: bits.Bounds) -> None:
        self._offers = offers
        self._bounds = bounds
        by: dict[tuple[Kind, str], list[int]] = {}
        for place, offer in enumerate(offers):
            by.setdefault((offer.kind, offer.family), []).append(place)
        self._masks = {key: (bits.of(places, len(offers)), offers[places[0]]) for key, places in by.items()}

    def concerned(
        self, rule: Gate | ContactRule, read: Sequence[Expression]
    ) -> Iterator[tuple[Offer | None, tuple[int, ...]]]:
        """The offers that a rule is about, a mask a segment, together where it reads the same of them."""
        reads = (each.name for expression in read for each in expression.reads)
        names = {name for name in reads if name.startswith(OWN) and name != CHANNEL}  # all offers have one channel
        groups: dict[str, tuple[int, Offer]] = {}
        for (kind, family), (mask, first) in self._masks.items():
            if kind in rule.kinds and (rule.families is None or family in rule.families):
                for key, some, offer in self._apart(names, family, mask, first):
                    groups[key] = (groups[key][0] | some if key in groups else some, offer)
        for mask, offer in groups.values():
            masks = tuple(mask >> start & (1 << stop - start) - 1 for start, stop in self._bounds)
            yield offer if names else None, masks

    def _apart(self, names: Set[str], family: str, mask: int, first: Offer) -> Iterator[tuple[str, int, Offer]]:
        """A family's offers as a rule tells them apart: not at all, by family, or one by one."""
        if f"{OWN}offer_id" in names:
            for place in bits.places(mask):
                yield self._offers[place].id, 1 << place, self._offers[place]
        else:
            yield family if names else "", mask, first
