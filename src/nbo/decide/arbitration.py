"""Stage 9: which offer first. Score = P · C · V · L inside a tier; the order is total and never random.

P is how likely a yes is; C = 1 + the weights of what this call says; V joins the value to the bank and to the customer,
each on its own absolute scale; L = 1 + the family's lever. Each factor is clamped to its bounds, then rounded half up to 4
places, so that every evaluator ties alike.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from nbo.decide.candidate import SCORE_CONTEXT, Blocked, Candidate, Factors, Setting
from nbo.decide.facts import canonical
from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.types import Value
from nbo.pack.arbitration import Arbitration
from nbo.pack.offer import SideValue

_PLACES = Decimal("0.0001")
_ONE = Decimal(1)
_ZERO = Decimal(0)
_BANK_ONLY = Text("good for the bank only", "只对银行有利")
_NO_VALUE = Text("of no value to the bank or to the customer", "对银行和客户都没有价值")
_NO_PROPENSITY = Text("its propensity is unknown and has no fallback", "意愿未知且没有备用值")


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Gives the candidate its factors; an offer that is good for the bank only is suppressed or takes another angle."""
    arbitration, dictionary = setting.pack.arbitration, setting.pack.dictionary
    offer = candidate.offer
    value = _ONE  # an offer without values (service)
    if offer.bank_value is not None and offer.customer_value is not None:
        bank, customer = _scaled(candidate, offer.bank_value), _scaled(candidate, offer.customer_value)
        # INVARIANT: an unknown value to the customer is none, and no angle helps an offer whose value to the bank is unknown
        if not customer:
            if arbitration.bank_only == "suppress" or not bank:
                code, words = ("no_value", _NO_VALUE) if bank == 0 else ("bank_only", _BANK_ONLY)
                sides = ((offer.customer_value, customer), (offer.bank_value, bank))
                unknown = [side.amount for side, known in sides if known is None]
                return _blocked(candidate, code, words, unknown, dictionary)
            candidate.bank_only = True
        value = SCORE_CONTEXT.add(
            SCORE_CONTEXT.multiply(arbitration.bank, bank or _ZERO),
            SCORE_CONTEXT.multiply(arbitration.customer, customer or _ZERO),
        )
    propensity = _propensity(candidate, setting)
    if propensity is None:
        stated = None if offer.propensity is None else offer.propensity.expression
        return _blocked(candidate, "no_propensity", _NO_PROPENSITY, [] if stated is None else [stated], dictionary)
    lever = (arbitration.levers or {}).get(offer.family, _ZERO)
    bounds = arbitration.bounds
    candidate.factors = Factors(
        p=_factor(propensity, bounds.p),
        c=_factor(_context(candidate, arbitration), bounds.c),
        v=_factor(value, bounds.v),
        l=_factor(SCORE_CONTEXT.add(_ONE, lever), bounds.l),
    )
    return None


def _blocked(
    candidate: Candidate, code: str, words: Text, unknown: list[Expression], dictionary: Dictionary
) -> Blocked:
    """The absent attributes of what is `unknown` are to blame, if anything is."""
    missing = dict.fromkeys(name for each in unknown for name in each.missing(candidate.values, dictionary))
    return Blocked("arbitration", code, {"en": words.en, "zh": words.zh}, candidate.offer.span, None, tuple(missing))


def rank_key(candidate: Candidate, setting: Setting) -> tuple[int, Decimal, int, str, str, str]:
    """Tier, score, priority, offer id; between records of one offer the record's name, then what it holds."""
    factors = candidate.factors
    score = factors.score if factors is not None else _ZERO
    offer = candidate.offer
    return (
        offer.tier,
        score.copy_negate(),
        -offer.priority,
        offer.id,
        *_record_key(candidate, setting),
    )


def _record_key(candidate: Candidate, setting: Setting) -> tuple[str, str]:
    """The name and the content of the record that the candidate is for; records alike in both are the same to anybody."""
    for_each = candidate.offer.for_each
    records = None if for_each is None else setting.facts.values[for_each.records.slot]
    if for_each is None or candidate.record is None or not isinstance(records, tuple):
        return "", ""
    row = records[candidate.record]
    name = None if for_each.key_slot is None else row[for_each.key_slot]
    return "" if name is None else str(name), canonical(row)


def _context(candidate: Candidate, arbitration: Arbitration) -> Decimal:
    """A positive weight needs its condition true; a negative one applies unless it is false."""
    total = _ONE
    for weight in arbitration.weights_of(candidate.offer.family):
        result = weight.when.ask(candidate.values)
        if result is True or (result is None and weight.weight < 0):
            total = SCORE_CONTEXT.add(total, weight.weight)
    return total


def _scaled(candidate: Candidate, side: SideValue) -> Decimal | None:
    """One side's value on its scale, from 0 to 1; None where the amount is unknown."""
    amount = cast("Decimal | None", side.amount.ask(candidate.values))
    if amount is None:
        return None
    span = SCORE_CONTEXT.subtract(side.high, side.low)
    scaled = SCORE_CONTEXT.divide(SCORE_CONTEXT.subtract(amount, side.low), span)
    return min(max(scaled, _ZERO), _ONE)


def _propensity(candidate: Candidate, setting: Setting) -> Decimal | None:
    """P as stated or scored; its fallback where it is unknown, its scorer gives nothing, or it may not be personal.

    Service has P = 1.
    """
    propensity = candidate.offer.propensity
    if propensity is None:
        return _ONE
    if setting.facts.opted_out and propensity.fallback is not None:
        return propensity.fallback
    if propensity.scorer is not None:
        candidate.unscored = candidate.scored is None
        return propensity.fallback if candidate.scored is None else candidate.scored
    stated: Value | None = None
    if propensity.expression is not None:
        stated = propensity.expression.ask(candidate.values)
    if isinstance(stated, int | float | Decimal):
        return Decimal(stated)  # a double's exact value, so that rounding is the same everywhere
    return propensity.fallback


def _factor(value: Decimal, bounds: tuple[Decimal, Decimal]) -> Decimal:
    low, high = bounds
    return SCORE_CONTEXT.quantize(min(max(value, low), high), _PLACES)
