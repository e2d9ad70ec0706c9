"""Scorers: what the calling system says of how likely a yes is, asked once for all candidates that are still there.

In: the candidates before they are ranked. Out: a probability on each whose scorer gave one. Whatever else a scorer gives, or
fails to give, leaves the offer's fallback, and the decision says so. How long they may take is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from nbo.decide.candidate import Candidate, Setting


def score(candidates: Iterable[Candidate], setting: Setting) -> None:
    """Ask every scorer that an offer names for all its offers at once; nobody who has opted out is scored."""
    if setting.facts.opted_out:
        return
    waiting: dict[str, list[Candidate]] = {}
    wanted: dict[str, dict[str, None]] = {}  # offer ids in order, once each although several records ask
    for candidate in candidates:
        propensity = candidate.offer.propensity
        if propensity is not None and propensity.scorer is not None:
            waiting.setdefault(candidate.offer.id, []).append(candidate)
            wanted.setdefault(propensity.scorer, {})[candidate.offer.id] = None
    if not wanted:
        return
    answers = setting.scoring(setting.facts.profile, {scorer: [*offers] for scorer, offers in wanted.items()})
    for offer, those in waiting.items():
        scored = _probability(answers.get(offer))
        for candidate in those:
            candidate.scored = scored


def _probability(value: object) -> Decimal | None:
    """A number from 0 to 1, exactly; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(value)
    return exact if exact.is_finite() and 0 <= exact <= 1 else None
