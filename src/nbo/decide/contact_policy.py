"""Stage 5: whether the customer was asked too often, refused, or wants no contact; and whether the offer rests for everybody.

It reads what an opt-out hides: an opt-out keeps history from choosing, not refusals from counting.
"""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.floors import resting


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """The first rule that suppresses, then the first floor for which the offer rests; one that cannot be told does.

    PERF: rules are asked together, once for all candidates of which they read the same (benchmarks/contact_policy.py).
    """
    offer, known = candidate.offer, setting.suppressed
    stopped: int | None = None
    for group in setting.pack.contact_groups_of(offer):
        asked = group.asks_for_each
        key = (group, offer.id if asked == "offer" else offer.family if asked == "family" else "")
        if key not in known:
            known[key] = group.first(candidate.unmasked)
        place = known[key]
        if place is not None and (stopped is None or place < stopped):
            stopped = place
    if stopped is None:
        return resting(setting.pack, offer, setting.facts)
    rule = (setting.pack.contact or ())[stopped]
    clause = rule.suppress
    unknown = clause.expression.ask(candidate.unmasked) is None
    missing = clause.expression.missing(candidate.unmasked, setting.pack.dictionary) if unknown else ()
    return Blocked("contact_policy", rule.id, clause.reason, clause.span, clause, missing, undecided=unknown)
