"""Stage 6: whether this offer may be given (again), by the customer's own history, and whether there is any left for anybody."""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.caps import exhausted
from nbo.decide.conditions import check_clauses


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Every clause of `volume` must be true, for customers who opted out, too; and no cap of the pack is known to be used up."""
    pack, offer = setting.pack, candidate.offer
    blocked = check_clauses("volume", offer.volume, candidate.unmasked, pack.dictionary)
    return blocked or exhausted(pack.caps_of(offer), setting.facts)
