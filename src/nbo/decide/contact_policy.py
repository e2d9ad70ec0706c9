"""Stage 5: whether the customer was asked too often, refused, or wants no contact.

It reads what an opt-out hides: an opt-out keeps history from choosing, not refusals from counting.
"""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """The first rule that suppresses; one that cannot be told does."""
    offer = candidate.offer
    for rule in setting.pack.contact or ():
        if offer.kind not in rule.kinds or (rule.families is not None and offer.family not in rule.families):
            continue
        clause = rule.suppress
        result = clause.expression.ask(candidate.unmasked)
        if result is not False:
            missing = () if result else clause.expression.missing(candidate.unmasked, setting.pack.dictionary)
            return Blocked(
                "contact_policy", rule.id, clause.reason, clause.span, clause, missing, undecided=result is None
            )
    return None
