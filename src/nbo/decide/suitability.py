"""Stage 8: whether the offer, at its price, is good for this customer."""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.conditions import check_clauses


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Every clause of `suitability` must be true; it may read the quote."""
    return check_clauses("suitability", candidate.offer.suitability, candidate.values, setting.pack.dictionary)
