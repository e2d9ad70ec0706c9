"""Stage 6: whether this offer may be given (again), by what the customer's own history says."""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.conditions import check_clauses


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Every clause of `volume` must be true; a cap holds for customers who opted out, too."""
    return check_clauses("volume", candidate.offer.volume, candidate.unmasked, setting.pack.dictionary)
