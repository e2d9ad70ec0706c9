"""Scorers: functions of the calling system that say how likely a yes is.

A scorer is foreign code: whatever it raises or returns, the decision goes on with the offer's fallback and says so. How long
one may take is not bounded here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite

Scorer = Callable[[object, str], object]
"""Takes the profile as it was handed in and an offer's id; gives a probability from 0 to 1, or None."""

NO_SCORERS: Mapping[str, Scorer] = {}


def ask_scorer(scorer: Scorer, profile: object, offer: str) -> Decimal | None:
    """The probability that a scorer gives, exactly; None where it fails, or gives anything else."""
    try:
        value = scorer(profile, offer)
    except Exception:  # noqa: BLE001 - foreign code must not end a decision
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if not (value.is_finite() if isinstance(value, Decimal) else isfinite(value)):
        return None
    exact = Decimal(value)
    return exact if 0 <= exact <= 1 else None
