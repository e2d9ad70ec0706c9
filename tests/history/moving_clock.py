"""A clock that stands until a test moves it, and interactions by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from nbo.history.interaction import Interaction

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


class Clock:
    """What time it is."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def happened(kind: str = "presented", *, key: str = "k1", minutes: float = 0, **more: Any) -> Interaction:
    """One of customer C1 about the loan of decision d1, so many minutes after noon."""
    given: dict[str, Any] = {
        "customer_id": "C1", "decision_id": "d1", "offer": "loan", "family": "loans", "kind": kind,
        "at": NOON + timedelta(minutes=minutes), **more,
    }  # fmt: skip
    return Interaction(key=key, **given)
