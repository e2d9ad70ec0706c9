"""Stage 5: whether the customer was asked too often, refused, or wants no contact.

It reads what an opt-out hides: an opt-out keeps history from choosing, not refusals from counting.
"""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.pack.rulepack import ContactRule


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """The first rule that suppresses; one that cannot be told does."""
    offer = candidate.offer
    for rule in setting.pack.contact or ():
        if offer.kind not in rule.kinds or (rule.families is not None and offer.family not in rule.families):
            continue
        clause = rule.suppress
        result = _result(rule, candidate, setting)
        if result is not False:
            missing = () if result else clause.expression.missing(candidate.unmasked, setting.pack.dictionary)
            return Blocked(
                "contact_policy", rule.id, clause.reason, clause.span, clause, missing, undecided=result is None
            )
    return None


def _result(rule: ContactRule, candidate: Candidate, setting: Setting) -> bool | None:
    """What the rule gives, asked once for all candidates of which it reads the same."""
    offer = candidate.offer
    about = {"offer": offer.id, "family": offer.family, "all": None}[rule.asks_for_each]
    key = (rule.id, about)
    if key not in setting.suppressed:
        result = rule.suppress.expression.ask(candidate.unmasked)
        setting.suppressed[key] = result if isinstance(result, bool) else None
    return setting.suppressed[key]
