"""What a pack reads: the interface list for whoever sends the customer's data.

In: a linked pack. Out: for every attribute who reads it and what its absence costs. A derived attribute counts for its
ingredients, because they can be sent instead of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary import NOW_SLOT, TODAY_SLOT
from nbo.language.expression import Expression
from nbo.language.types import Attribute
from nbo.pack.call import CallRules
from nbo.pack.moments import Moment
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack, every_way
from nbo.pack.script import Treatment

Cost = Literal["blocks", "suppresses", "unquoted", "ranks_lower", "unsaid", "unserved", "applies", "forgiven"]

_COSTS: dict[Cost, Text] = {
    "blocks": Text("the offer is not made", "不推荐该产品"),
    "suppresses": Text("the customer is not approached", "不接触该客户"),
    "unquoted": Text("a number of the quote is missing", "报价缺少一项数据"),
    "ranks_lower": Text("the offer ranks lower", "产品排名靠后"),
    "unsaid": Text("a sentence is left out, or another treatment is used", "省略一句话或改用其他话术"),
    "unserved": Text("the customer is served in the next way", "按下一种方式服务客户"),
    "applies": Text("the rule applies", "规则生效"),
    "forgiven": Text("the condition allows for it", "条件允许缺失"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads an attribute: a part of the pack, its id, the offer (if it is one's own), and what absence costs."""

    part: str
    id: str
    offer: str | None
    cost: Cost
    source: str

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"part": self.part, "id": self.id, "offer": self.offer, "cost": self.cost, "source": self.source}

    def cost_text(self, language: str) -> str:
        """What absence costs, in words."""
        return _COSTS[self.cost].fill(language)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One attribute with everybody who reads it, in the order of a decision."""

    attribute: Attribute
    readers: tuple[Reader, ...]

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values; `values` are those of an enum or set."""
        kind = self.attribute.type
        return {
            "attribute": self.attribute.name,
            "label": self.attribute.label(language),
            "type": str(kind.kind),
            "values": None if kind.domain is None else list(kind.domain.values),
            "personal": self.attribute.pii,
            "use": self.attribute.use,
            "readers": [reader.to_dict() for reader in self.readers],
        }


def requirements(pack: RulePack) -> tuple[Requirement, ...]:
    """Every attribute that the pack reads from outside, in the dictionary's order."""
    formulas = pack.dictionary.formulas
    readers: dict[str, dict[Reader, None]] = {}

    def note(attribute: Attribute, reader: Reader) -> None:
        """The attribute, and for a derived one its ingredients as well."""
        if not attribute.engine and attribute.slot not in (NOW_SLOT, TODAY_SLOT):
            readers.setdefault(attribute.name, {})[reader] = None
        if attribute.name in formulas:
            for each in formulas[attribute.name].reads:
                note(each, reader)

    for attribute, reader in _reads(pack):
        note(attribute, reader)
    return tuple(
        Requirement(attribute, tuple(readers[attribute.name]))
        for attribute in pack.dictionary
        if attribute.name in readers
    )


def _reads(pack: RulePack) -> Iterator[tuple[Attribute, Reader]]:
    if pack.opted_out is not None:
        yield from _expression(pack.opted_out, "personalization", "opted_out", None, "applies")
    for gate in pack.gates:
        yield from _expression(gate.clause.expression, "gates", gate.id, None, "blocks")
        if gate.scope is not None:
            yield from _expression(gate.scope, "gates", gate.id, None, "applies")
    for rule in pack.contact or ():
        yield from _expression(rule.suppress.expression, "contact", rule.id, None, "suppresses")
    for offer in pack.offers:
        yield from _offer(offer)
    for cap in pack.caps:
        if cap.amount is not None:
            yield from _expression(cap.amount, "volume", cap.id, None, "blocks")
    if pack.call is not None:
        yield from _call(pack.call)
    for weight in pack.arbitration.context:
        yield from _expression(weight.when, "arbitration", "context", None, "ranks_lower")
    for way in every_way(pack):
        if way.when is not None:
            yield from _expression(way.when, "serve", way.outcome, None, "unserved")
    for compliance in pack.compliance:
        if compliance.scope is not None:
            yield from _expression(compliance.scope, "compliance", compliance.id, None, "applies")
        if compliance.must is not None:
            yield from _expression(compliance.must.expression, "compliance", compliance.id, None, "blocks")
    for moment in pack.moments:
        yield from _moment(moment, pack)


def _moment(moment: Moment, pack: RulePack) -> Iterator[tuple[Attribute, Reader]]:
    """What is not known finds no need and opens no window, and closes one."""
    for role in moment.roles:
        if role.where is not None:
            asked = _expression(role.where, "moments", moment.id, None, "blocks")
            yield from (each for each in asked if each[0].name in pack.dictionary.attributes)


def _call(call: CallRules) -> Iterator[tuple[Attribute, Reader]]:
    """What nobody knows sets nothing, and sells nothing."""
    for event in call.events.values():
        for each in event.sets if event.span is not None else ():
            yield from _expression(each.expression, "call", event.kind, None, "blocks")
    if call.throttle is not None:
        yield from _expression(call.throttle.level, "call", "throttle", None, "blocks")
    for clause in call.selling_off:
        yield from _expression(clause.expression, "call", clause.id, None, "blocks")


def _offer(offer: Offer) -> Iterator[tuple[Attribute, Reader]]:
    if offer.for_each is not None:
        yield offer.for_each.records, Reader("offers", "for_each", offer.id, "blocks", str(offer.span))
    for stage in ("eligibility", "applicability", "volume", "suitability"):
        for clause in getattr(offer, stage):
            yield from _expression(clause.expression, stage, clause.id, offer.id, "blocks")
    for asked in () if offer.quote is None else offer.quote.asked():
        cost: Cost = "blocks" if asked.blocks else "unquoted"
        yield from _expression(asked.expression, asked.part, asked.name, offer.id, cost)
    for side in (offer.bank_value, offer.customer_value):
        if side is not None:
            yield from _expression(side.amount, "value", "amount", offer.id, "ranks_lower")
    if offer.propensity is not None and offer.propensity.expression is not None:
        yield from _expression(offer.propensity.expression, "propensity", "p", offer.id, "ranks_lower")
    for treatment in () if offer.script is None else offer.script.treatments:
        yield from _treatment(treatment, offer)


def _treatment(treatment: Treatment, offer: Offer) -> Iterator[tuple[Attribute, Reader]]:
    if treatment.when is not None:
        yield from _expression(treatment.when, "scripts", treatment.id, offer.id, "unsaid")
    for segment in treatment.segments:
        if segment.when is not None:
            yield from _expression(segment.when, "scripts", treatment.id, offer.id, "unsaid")
        for template in segment.texts.values():
            for placeholder in template.placeholders:
                yield placeholder.attribute, Reader("scripts", treatment.id, offer.id, "unsaid", str(treatment.span))


def _expression(
    expression: Expression, part: str, name: str, offer: str | None, cost: Cost
) -> Iterator[tuple[Attribute, Reader]]:
    """What is only asked whether it is missing costs nothing when it is."""
    source = str(expression.scalar.span)
    for attribute in expression.reads:
        forgiven = attribute.slot in expression.forgiven
        yield attribute, Reader(part, name, offer, "forgiven" if forgiven else cost, source)
