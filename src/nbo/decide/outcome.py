"""Why there is no offer, and how to serve instead.

The reason is that of the offer that came closest to what this call is about: among the offers whose applicability holds the
one that got furthest, else the one that got furthest at all. Ties go by rank order.
"""

from __future__ import annotations

from collections.abc import Sequence

from nbo.decide.candidate import Candidate, Setting
from nbo.decide.decision import Reason
from nbo.decide.stages import NAMES
from nbo.diagnostics.diagnostic import Text
from nbo.pack.rulepack import Serve

_NOTHING = Text("the pack has no offers", "规则包中没有产品")
_NO_NEED = Text("no offer answers what this call is about", "没有产品符合本次通话的需求")


def no_offer_reason(candidates: Sequence[Candidate], setting: Setting) -> tuple[Reason, tuple[Serve, ...]]:
    """The reason in the decision's language, and the ways to serve that hold for it."""
    language = setting.language
    blocked = [(each, each.blocked) for each in candidates if each.blocked is not None]
    default = setting.pack.arbitration.serve
    if not blocked:
        return Reason("no_offers", _NOTHING.fill(language), None), default
    gated = all(stop.stage == "gates" for _, stop in blocked)
    relevant = [(each, stop) for each, stop in blocked if gated or _is_to_the_point(each)]
    if not relevant:
        return Reason("no_need", _NO_NEED.fill(language), None), default
    _, stop = max(relevant, key=lambda pair: NAMES.index(pair[1].stage))  # the first of equals: rank order
    return Reason(stop.code, stop.text(language), None if stop.span is None else str(stop.span)), stop.serve or default


def _is_to_the_point(candidate: Candidate) -> bool:
    return all(clause.expression.ask(candidate.values) is True for clause in candidate.offer.applicability)
