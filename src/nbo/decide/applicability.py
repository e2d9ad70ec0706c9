"""Stage 4: whether the offer is to the point in this call."""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.conditions import check_clauses


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Every clause of `applicability` must be true."""
    return check_clauses("applicability", candidate.offer.applicability, candidate.values, setting.pack.dictionary)
