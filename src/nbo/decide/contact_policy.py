"""Stage 5: whether the customer was asked too often, refused, or wants no contact; and whether the offer rests for everybody.

It reads what an opt-out hides: an opt-out keeps history from choosing, not refusals from counting.
"""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.floors import resting


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """The first rule that suppresses, then the first floor for which the offer rests; one that cannot be told does.

    PERF: a rule is asked once for all candidates of which it reads the same (benchmarks/contact_policy.py).
    """
    offer, known = candidate.offer, setting.suppressed
    subjects = {"offer": offer.id, "family": offer.family, "all": ""}
    for rule in setting.pack.contact_of(offer):
        key = (rule.id, subjects[rule.asks_for_each])
        if key in known:
            result = known[key]
        else:
            result = known[key] = rule.suppress.expression.ask(candidate.unmasked)
        if result is not False:
            clause = rule.suppress
            missing = () if result else clause.expression.missing(candidate.unmasked, setting.pack.dictionary)
            return Blocked(
                "contact_policy", rule.id, clause.reason, clause.span, clause, missing, undecided=result is None
            )
    return resting(setting.pack, offer, setting.facts)
