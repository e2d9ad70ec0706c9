"""Which segments of a treatment can be said to one customer, and to whom.

In: segments that are to be on, and segments that are to be off, together. Out: such a customer in words, or None where
nobody can be: no one to whom the offer is made, by its clauses, its treatment and the gates, hears just that. What a
segment's condition cannot be reduced to comparisons is taken to come out either way, so None is certain, and the words say
`perhaps`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbo.diagnostics.diagnostic import Text
from nbo.language.expression import Expression
from nbo.language.rewrite import read_through, segment_formulas
from nbo.language.tree import attributes_read
from nbo.language.witness import Result, Wish, Witness, find_witness
from nbo.pack.compliance import ComplianceRule
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack
from nbo.pack.script import Segment, Treatment

SOMEBODY = Text("", "")
_FOR = Text(" for a customer with {values}", "（例如客户：{values}）")
_PERHAPS = Text(" perhaps for a customer with {values}", "（可能的客户：{values}）")
_TRUE: frozenset[Result] = frozenset({True})
_FALSE: frozenset[Result] = frozenset({False})
_NOT_FALSE: frozenset[Result] = frozenset({True, None})
_NOT_TRUE: frozenset[Result] = frozenset({False, None})


class Occurrence:
    """The customers of one offer under one treatment.

    `asked_who_gets_it` says whether an answer depended on whom the offer is made to; without that it holds for any offer.
    """

    def __init__(self, pack: RulePack, offer: Offer, treatment: Treatment) -> None:
        self._formulas = segment_formulas(pack.dictionary)
        self.asked_who_gets_it = False
        self._pack, self._offer, self._treatment = pack, offer, treatment
        self._known: dict[_Asked, Text | None] = {}
        self._known_alone: dict[_Asked, Witness | None] = {}

    def customer(self, rule: ComplianceRule, *, on: Iterable[Segment] = (), off: Iterable[Segment] = ()) -> Text | None:
        """A customer whom the rule concerns and who hears all of `on` and nothing of `off`; None where there is none.

        The text is empty where anybody is such a customer.
        """
        asked = _Asked.of(rule, on, off)
        if asked not in self._known:
            self._known[asked] = self._sought(asked)
        return self._known[asked]

    def anybody(self, rule: ComplianceRule, *, on: Iterable[Segment] = (), off: Iterable[Segment] = ()) -> bool:
        """Whether there is such a customer if the offer is made to everybody."""
        asked = _Asked.of(rule, on, off)
        return asked.can_be and (not asked.wishes() or self._alone(asked) is not None)

    def _alone(self, asked: _Asked) -> Witness | None:
        if asked not in self._known_alone:
            self._known_alone[asked] = find_witness(asked.wishes(), self._formulas)
        return self._known_alone[asked]

    def _sought(self, asked: _Asked) -> Text | None:
        if not asked.can_be:
            return None
        wishes = asked.wishes()
        if not wishes:
            return SOMEBODY
        alone = self._alone(asked)
        if alone is None:  # most often settled without asking who gets the offer
            return None
        self.asked_who_gets_it = True
        found = find_witness([*wishes, *_reached(self._pack, self._offer, self._treatment)], self._formulas)
        if found is None:
            return None
        read = (attributes_read(read_through(wish.tree, self._formulas)) for wish in wishes)
        told = found.told(frozenset(attribute.name for attributes in read for attribute in attributes))
        words = _PERHAPS if alone.assumed else _FOR
        return (
            Text(words.fill("en", {"values": told.en}), words.fill("zh", {"values": told.zh})) if told.en else SOMEBODY
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Segments that are to be on and off together, for a customer in a rule's scope."""

    scope: Expression | None
    said: tuple[Segment, ...]
    unsaid: tuple[Segment, ...]

    @classmethod
    def of(cls, rule: ComplianceRule, on: Iterable[Segment], off: Iterable[Segment]) -> _Asked:
        return cls(rule.scope, tuple(on), tuple(off))

    @property
    def can_be(self) -> bool:
        """Whether none of those that are to be off is always said."""
        return all(segment.when is not None or segment.optional for segment in self.unsaid)

    def wishes(self) -> list[Wish]:
        """What it takes; nothing where anybody will do."""
        wishes = [wish for segment in self.said for wish in _on(segment)]
        wishes += [wish for segment in self.unsaid for wish in _off(segment)]
        if self.scope is not None:
            wishes.append(Wish(self.scope.tree, _NOT_FALSE))
        return wishes


def _on(segment: Segment) -> Iterator[Wish]:
    """What it takes for a segment to be said; an obligation whose condition is refused is said too."""
    if segment.when is not None and not (segment.says and segment.when.forgiven):
        yield Wish(segment.when.tree, _NOT_FALSE if segment.says else _TRUE)


def _off(segment: Segment) -> Iterator[Wish]:
    """What it takes for a segment to be left out: nothing where it is optional, or where a refused value does it."""
    if segment.when is not None and not segment.optional and (segment.says or not segment.when.forgiven):
        yield Wish(segment.when.tree, _FALSE if segment.says else _NOT_TRUE)


def _reached(pack: RulePack, offer: Offer, treatment: Treatment) -> Iterator[Wish]:
    """What is true of everybody who hears the treatment."""
    asked: list[Expression] = [] if treatment.when is None else [treatment.when]
    for clause in (*offer.eligibility, *offer.applicability, *offer.volume, *offer.suitability):
        asked.append(clause.expression)
    for gate in pack.gates:
        everywhere = gate.scope is None and gate.channels is None and gate.in_force is None
        concerned = offer.kind in gate.kinds and (gate.families is None or offer.family in gate.families)
        if gate.at == "pitch" and everywhere and concerned:
            asked.append(gate.clause.expression)
    yield from (Wish(expression.tree, _TRUE) for expression in asked)
