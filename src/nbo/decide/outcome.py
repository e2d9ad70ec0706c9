"""Why there is no offer, and how to serve instead.

The reason is that of the offer that came closest to what this call is about: among the offers whose applicability holds the
one that got furthest, else the one that got furthest at all. Ties go by rank order.
"""

from __future__ import annotations

from nbo.decide.candidate import Candidate
from nbo.decide.decision import Reason
from nbo.decide.run import Outcome
from nbo.decide.stages import NAMES
from nbo.diagnostics.diagnostic import Text
from nbo.language.intake import Values
from nbo.pack.clause import Serve
from nbo.pack.offer import Offer

_NOTHING = Text("the pack has no offers", "规则包中没有产品")
_NO_NEED = Text("no offer answers what this call is about", "没有产品符合本次通话的需求")


def no_offer_reason(outcome: Outcome) -> tuple[Reason, tuple[Serve, ...]]:
    """The reason in the decision's language, and the ways to serve that hold for it."""
    setting = outcome.setting
    facts, offers, language = setting.facts, setting.pack.offers, setting.language
    default = setting.pack.arbitration.serve
    if not offers:
        return Reason("no_offers", _NOTHING.fill(language), None), default
    gated = not outcome.matched and setting.index.all_gated(facts.values, facts.unmasked, channel=setting.channel)
    relevant = offers[:1] if gated else [each for each in offers if _may_be_to_the_point(each, facts.values)]
    stops = [
        each.blocked
        for offer in relevant
        for each in outcome.candidates_of(offer)
        if each.blocked is not None and (gated or _is_to_the_point(each))
    ]
    if not stops:
        return Reason("no_need", _NO_NEED.fill(language), None), default
    stop = max(stops, key=lambda each: NAMES.index(each.stage))  # the first of equals: rank order
    return Reason(stop.code, stop.text(language), None if stop.span is None else str(stop.span)), stop.serve or default


def _may_be_to_the_point(offer: Offer, values: Values) -> bool:
    """Whether nothing that is the same for all its records says that it is not to the point."""
    if offer.for_each is not None:
        return True
    return all(
        clause.expression.ask(values) is True or any(read.name.startswith("offer.") for read in clause.expression.reads)
        for clause in offer.applicability
    )


def _is_to_the_point(candidate: Candidate) -> bool:
    return all(clause.expression.ask(candidate.values) is True for clause in candidate.offer.applicability)
