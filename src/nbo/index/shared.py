"""Conditions that many offers have in common: gates, and the contact policy. Each is asked once a customer.

One that reads the offer at hand (`offer.family`) is asked once for each of the values that it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nbo.index import bits
from nbo.index.own_values import own_values
from nbo.index.parts import parts_of
from nbo.index.question import Question
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.intake import Values
from nbo.pack.rulepack import ContactRule, Gate, Offer

OWN = "offer."


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A gate, or a contact rule, with the offers that it is about: a mask a segment."""

    expression: Expression
    gate: Gate | None  # None: a contact rule
    own: Offer | None  # an offer with the values that it reads; None where it reads none
    masks: tuple[int, ...]

    def result(self, question: Question, dictionary: Dictionary) -> bool | None:
        """Whether a gate lets through, or a contact rule suppresses."""
        gate, values = self.gate, self.values(question, dictionary)
        if gate is not None and not self._applies(gate, question, values):
            return True
        result = self.expression.ask(values)
        return result if isinstance(result, bool) else None

    def values(self, question: Question, dictionary: Dictionary) -> Values:
        """The values that it reads."""
        given = question.values if self.gate is not None and not self.gate.lawful else question.unmasked
        return given if self.own is None else own_values(self.own, None, given, dictionary)

    def against(self, question: Question, dictionary: Dictionary) -> frozenset[str]:
        """The attributes that its parts read which are not true."""
        values = self.values(question, dictionary)
        parts = (each for each in parts_of(self.expression) if each.ask(values) is not True)
        return frozenset(attribute.name for part in parts for attribute in part.reads)

    @staticmethod
    def _applies(gate: Gate, question: Question, values: Values) -> bool:
        if gate.channels is not None and question.channel not in gate.channels:
            return False
        if gate.in_force is not None and question.today is not None and not gate.in_force.covers(question.today):
            return False
        return gate.scope is None or gate.scope.ask(values) is not False


def shared_gates(gates: Iterable[Gate], offers: Sequence[Offer], bounds: bits.Bounds) -> list[Shared]:
    """The gates before the pitch that can stop an offer, in their order."""
    found = []
    for gate in gates:
        if gate.at == "pitch" and gate.severity == "block":
            read = [gate.clause.expression, *([] if gate.scope is None else [gate.scope])]
            for own, masks in _concerned(gate, read, offers, bounds):
                found.append(Shared(gate.clause.expression, gate, own, masks))
    return found


def shared_contact(rules: Iterable[ContactRule], offers: Sequence[Offer], bounds: bits.Bounds) -> list[Shared]:
    """The contact rules."""
    return [
        Shared(rule.suppress.expression, None, own, masks)
        for rule in rules
        for own, masks in _concerned(rule, [rule.suppress.expression], offers, bounds)
    ]


def _concerned(
    rule: Gate | ContactRule, read: Sequence[Expression], offers: Sequence[Offer], bounds: bits.Bounds
) -> Iterator[tuple[Offer | None, tuple[int, ...]]]:
    """The offers that a rule is about, together where it reads the same of them."""
    names = {each.name for expression in read for each in expression.reads if each.name.startswith(OWN)}
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, offer in enumerate(offers):
        if offer.kind in rule.kinds and (rule.families is None or offer.family in rule.families):
            own = {"offer.offer_id": offer.id, "offer.family": offer.family}
            groups.setdefault(tuple(own[name] for name in sorted(names)), []).append(place)
    for places in groups.values():
        mask = bits.of(places, len(offers))
        masks = tuple(mask >> start & (1 << stop - start) - 1 for start, stop in bounds)
        yield offers[places[0]] if names else None, masks
