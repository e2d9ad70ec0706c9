"""Stage 3: whether this customer may have the offer."""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.conditions import check_clauses


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Every clause of `eligibility` must be true."""
    return check_clauses("eligibility", candidate.offer.eligibility, candidate.values, setting.pack.dictionary)
