"""Two offers that always rank alike, so that only their ids decide which one a customer hears of.

The order is total and never random, but an id is no policy: a renamed file changes what is offered. Only offers without
values are compared, whose score no customer's data moves, and only those that one customer can get both.

NBO617; wrong and right: docs/diagnostics/NBO617.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.tree import Constant
from nbo.lint.conditions import permissions
from nbo.lint.ground import Ground
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding an offer that ranks like one before it."""
    pack = ground.pack
    ranked: dict[object, Offer] = {}
    for offer in pack.offers:
        rank = _static_rank(offer, pack)
        if rank is None:
            continue
        other = ranked.setdefault(rank, offer)
        if other is not offer and ground.known("tie", (other, offer), partial(_can_meet, ground, other, offer)):
            yield catalog.TIE.at(offer.span, offer=offer.id, other=other.id)


def _static_rank(offer: Offer, pack: RulePack) -> object | None:
    """What the offer's place depends on; None where customers' data move it in a way of its own."""
    propensity = None if offer.propensity is None else offer.propensity.expression
    if offer.bank_value is not None or offer.for_each is not None:
        return None
    if offer.propensity is not None and not (propensity is not None and isinstance(propensity.tree, Constant)):
        return None
    arbitration = pack.arbitration
    weights = tuple(weight.moves(offer.family) for weight in arbitration.context)
    likely = None if propensity is None or not isinstance(propensity.tree, Constant) else propensity.tree.value
    lever = (arbitration.levers or {}).get(offer.family)
    return (offer.tier, offer.priority, likely, weights, lever)


def _can_meet(ground: Ground, first: Offer, second: Offer) -> bool:
    """Whether nothing is known to keep the two from the same customer."""
    days = (first.valid, second.valid)
    starts = [each.start for each in days if each.start is not None]
    ends = [each.through for each in days if each.through is not None]
    if starts and ends and max(starts) > min(ends):
        return False
    wanted = ground.demands([*permissions(first), *permissions(second)])
    return not any(ground.together.conflicts(wanted))
