"""Which segments of a treatment can be said to one customer, and to whom.

In: segments that are to be on, and segments that are to be off, together. Out: such a customer in words, or None where
nobody can be: no one to whom the offer is made, by its clauses, its treatment and the gates, hears just that. What a
segment's condition cannot be reduced to comparisons is taken to come out either way, so None is certain, and the words say
`perhaps`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nbo.diagnostics.diagnostic import Text
from nbo.language.expression import Expression
from nbo.language.rewrite import read_through, segment_formulas
from nbo.language.tree import attributes_read
from nbo.language.witness import Result, Wish, find_witness
from nbo.pack.rulepack import ComplianceRule, Offer, RulePack, Segment, Treatment

SOMEBODY = Text("", "")
_FOR = Text(" for a customer with {values}", "（例如客户：{values}）")
_PERHAPS = Text(" perhaps for a customer with {values}", "（可能的客户：{values}）")
_TRUE: frozenset[Result] = frozenset({True})
_FALSE: frozenset[Result] = frozenset({False})
_NOT_FALSE: frozenset[Result] = frozenset({True, None})
_NOT_TRUE: frozenset[Result] = frozenset({False, None})


class Occurrence:
    """The customers of one offer under one treatment."""

    def __init__(self, pack: RulePack, offer: Offer, treatment: Treatment) -> None:
        self._formulas = segment_formulas(pack.dictionary)
        self._reached = list(_reached(pack, offer, treatment))
        self._known: dict[object, Text | None] = {}

    def customer(self, rule: ComplianceRule, *, on: Iterable[Segment] = (), off: Iterable[Segment] = ()) -> Text | None:
        """A customer whom the rule concerns and who hears all of `on` and nothing of `off`; None where there is none.

        The text is empty where anybody is such a customer.
        """
        said, unsaid = tuple(on), tuple(off)
        key = (rule.scope, frozenset(map(id, said)), frozenset(map(id, unsaid)))
        if key not in self._known:
            self._known[key] = self._sought(rule, said, unsaid)
        return self._known[key]

    def _sought(self, rule: ComplianceRule, said: tuple[Segment, ...], unsaid: tuple[Segment, ...]) -> Text | None:
        if any(segment.when is None and not segment.optional for segment in unsaid):
            return None
        wishes = [wish for segment in said for wish in _on(segment)]
        wishes += [wish for segment in unsaid for wish in _off(segment)]
        if rule.scope is not None:
            wishes.append(Wish(rule.scope.tree, _NOT_FALSE))
        if not wishes:
            return SOMEBODY
        alone = find_witness(wishes, self._formulas)
        if alone is None:  # most often settled without asking who gets the offer
            return None
        found = find_witness([*wishes, *self._reached], self._formulas)
        if found is None:
            return None
        read = (attributes_read(read_through(wish.tree, self._formulas)) for wish in wishes)
        told = found.told(frozenset(attribute.name for attributes in read for attribute in attributes))
        words = _PERHAPS if alone.assumed else _FOR
        return (
            Text(words.fill("en", {"values": told.en}), words.fill("zh", {"values": told.zh})) if told.en else SOMEBODY
        )


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
