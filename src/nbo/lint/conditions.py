"""Every condition of a pack, and what an attribute is computed from: what several lints walk over.

In: a linked pack. Out: its compiled conditions and amounts with their places, in the order of the parts. Segments and
derived attributes are formulas of the dictionary, which keeps their trees but not their texts.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.types import Attribute
from nbo.pack.clause import Clause
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack, every_way
from nbo.pack.script import Treatment


def conditions(pack: RulePack) -> Iterator[Expression]:
    """Every expression that stands in a file of the pack, formulas of the dictionary and segments aside."""
    if pack.opted_out is not None:
        yield pack.opted_out
    for gate in pack.gates:
        yield gate.clause.expression
        if gate.scope is not None:
            yield gate.scope
    for rule in pack.contact or ():
        yield rule.suppress.expression
    for authority in pack.authorities.values():
        yield from authority.expressions()
    yield from (weight.when for weight in pack.arbitration.context)
    yield from (way.when for way in every_way(pack) if way.when is not None)
    if pack.call is not None:
        yield from (each.expression for event in pack.call.events.values() for each in event.sets if event.span)
        yield from (clause.expression for clause in pack.call.selling_off)
    for compliance in pack.compliance:
        if compliance.scope is not None:
            yield compliance.scope
        if compliance.must is not None:
            yield compliance.must.expression
    for offer in pack.offers:
        yield from _offer(offer)
    for script in pack.scripts.values():
        for treatment in script.treatments:
            yield from _treatment(treatment)
    for moment in pack.moments:
        yield from (role.where for role in moment.roles if role.where is not None)


def clauses(offer: Offer) -> Iterator[Clause]:
    """The clauses of all lists of an offer."""
    for name in ("eligibility", "applicability", "volume", "suitability"):
        yield from getattr(offer, name)


def permissions(offer: Offer) -> Iterator[Expression]:
    """What must be true for an offer to be made, as far as it is asked of what an opt-out leaves visible."""
    yield from (clause.expression for clause in (*offer.eligibility, *offer.applicability, *offer.suitability))


def sources(attribute: Attribute, dictionary: Dictionary) -> dict[str, Attribute]:
    """An attribute and everything that it is derived from, by name."""
    found: dict[str, Attribute] = {}
    waiting = [attribute]
    while waiting:
        each = waiting.pop()
        if each.name not in found:
            found[each.name] = each
            waiting.extend(dictionary.formulas[each.name].reads if each.name in dictionary.formulas else ())
    return found


def _offer(offer: Offer) -> Iterator[Expression]:
    yield from (clause.expression for clause in clauses(offer))
    if offer.quote is not None:
        yield from (each.expression for each in offer.quote.asked() if each.part == "quote")
    yield from (side.amount for side in (offer.bank_value, offer.customer_value) if side is not None)
    if offer.propensity is not None and offer.propensity.expression is not None:
        yield offer.propensity.expression


def _treatment(treatment: Treatment) -> Iterator[Expression]:
    if treatment.when is not None:
        yield treatment.when
    yield from (segment.when for segment in treatment.segments if segment.when is not None)
