"""Stage 9: which offer first. Score = P · C · V · L inside a tier; the order is total and never random.

P is how likely a yes is; C = 1 + the weights of what this call says; V joins the value to the bank and to the customer,
each on its own absolute scale; L = 1 + the family's lever. Each factor is clamped to its bounds, then rounded half up to 4
places, so that every evaluator ties alike.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from nbo.decide.candidate import SCORE_CONTEXT, Blocked, Candidate, Factors, Setting
from nbo.diagnostics.diagnostic import Text
from nbo.language.types import Value
from nbo.pack.rulepack import Arbitration, SideValue

_PLACES = Decimal("0.0001")
_ONE = Decimal(1)
_ZERO = Decimal(0)
_BANK_ONLY = Text("good for the bank only", "只对银行有利")
_NO_PROPENSITY = Text("its propensity is unknown and has no fallback", "意愿未知且没有备用值")


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Gives the candidate its factors; an offer that is good for the bank only is suppressed or takes another angle."""
    arbitration = setting.pack.arbitration
    offer = candidate.offer
    value = _value(candidate, arbitration)
    if value is None:
        if arbitration.bank_only == "suppress":
            return Blocked("arbitration", "bank_only", {"en": _BANK_ONLY.en, "zh": _BANK_ONLY.zh}, offer.span)
        candidate.bank_only = True
        value = _side(candidate, offer.bank_value, arbitration.bank)
    propensity = _propensity(candidate)
    if propensity is None:
        return Blocked("arbitration", "no_propensity", {"en": _NO_PROPENSITY.en, "zh": _NO_PROPENSITY.zh}, offer.span)
    lever = (arbitration.levers or {}).get(offer.family, _ZERO)
    bounds = arbitration.bounds
    candidate.factors = Factors(
        p=_factor(propensity, bounds.p),
        c=_factor(_context(candidate, arbitration), bounds.c),
        v=_factor(value, bounds.v),
        l=_factor(SCORE_CONTEXT.add(_ONE, lever), bounds.l),
    )
    return None


def rank_key(candidate: Candidate, setting: Setting) -> tuple[int, Decimal, int, str, str, int]:
    """Tier, score, priority, offer id; between records of one offer the record's name, then its place."""
    factors = candidate.factors
    score = factors.score if factors is not None else _ZERO
    offer = candidate.offer
    return (
        offer.tier,
        score.copy_negate(),
        -offer.priority,
        offer.id,
        subject_key(candidate, setting),
        candidate.record or 0,
    )


def subject_key(candidate: Candidate, setting: Setting) -> str:
    """The name of the record that the candidate is for; empty where there is none."""
    for_each = candidate.offer.for_each
    if for_each is None or for_each.key_slot is None or candidate.record is None:
        return ""
    records = setting.facts.values[for_each.records.slot]
    return str(records[candidate.record][for_each.key_slot]) if isinstance(records, tuple) else ""


def _context(candidate: Candidate, arbitration: Arbitration) -> Decimal:
    """A positive weight needs its condition true; a negative one applies unless it is false."""
    total = _ONE
    for weight in arbitration.context:
        if candidate.offer.family in weight.families:
            result = weight.when.ask(candidate.values)
            if result is True or (result is None and weight.weight < 0):
                total = SCORE_CONTEXT.add(total, weight.weight)
    return total


def _value(candidate: Candidate, arbitration: Arbitration) -> Decimal | None:
    """V; None when the offer is good for the bank only. An offer without values (service) counts 1."""
    offer = candidate.offer
    if offer.bank_value is None or offer.customer_value is None:
        return _ONE
    bank = _side(candidate, offer.bank_value, arbitration.bank)
    customer = _side(candidate, offer.customer_value, arbitration.customer)
    if bank > 0 and customer <= 0:
        return None
    return SCORE_CONTEXT.add(bank, customer)


def _side(candidate: Candidate, side: SideValue | None, share: Decimal) -> Decimal:
    """One side's value on its scale, times its share; an unknown amount is worth nothing."""
    amount = None if side is None else cast("Decimal | None", side.amount.ask(candidate.values))
    if side is None or amount is None:
        return _ZERO
    span = SCORE_CONTEXT.subtract(side.high, side.low)
    scaled = SCORE_CONTEXT.divide(SCORE_CONTEXT.subtract(amount, side.low), span)
    return SCORE_CONTEXT.multiply(share, min(max(scaled, _ZERO), _ONE))


def _propensity(candidate: Candidate) -> Decimal | None:
    """P as stated; its fallback where it is unknown or needs a scorer that is not there. Service has P = 1."""
    propensity = candidate.offer.propensity
    if propensity is None:
        return _ONE
    stated: Value | None = None
    if propensity.expression is not None:
        stated = propensity.expression.ask(candidate.values)
    if isinstance(stated, int | float | Decimal):
        return Decimal(stated)  # a double's exact value, so that rounding is the same everywhere
    return propensity.fallback


def _factor(value: Decimal, bounds: tuple[Decimal, Decimal]) -> Decimal:
    low, high = bounds
    return SCORE_CONTEXT.quantize(min(max(value, low), high), _PLACES)
