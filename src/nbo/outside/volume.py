"""What is used of caps that all customers share, where the calling system keeps count.

In: caps and their periods. Out: how much of each is used, or nothing. Whether an order may be taken is asked of the store itself,
when it is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Protocol

from nbo.outside.budget import Budget
from nbo.outside.guard import Guard
from nbo.outside.limits import Limits

Counter = tuple[str, str]
"""A cap's id and a period."""


class UsageReader(Protocol):
    """Whoever knows what is used of a cap."""

    def used(self, cap: str, window: str) -> Decimal:
        """What is confirmed and reserved of a cap in a period; nothing for one it has not seen. Threads ask at once."""


class VolumeReader:
    """A store of caps behind its guard."""

    def __init__(self, store: UsageReader, limits: Limits) -> None:
        self._guard = Guard("volume", limits, limits.in_threads(lambda asked: _used(store, asked)))

    def used(self, counters: Iterable[Counter], budget: Budget) -> Mapping[Counter, Decimal] | None:
        """By cap and period what is used, as far as it is an amount; None where the store raised, was late, or is not asked."""
        ask = self._guard.start({"volume": (tuple(counters),)}, budget)
        if ask is None:
            return None
        try:
            ask.wait()
        finally:
            answers = self._guard.settle(ask)
        found = answers.get("volume")
        return found if isinstance(found, dict) else None

    def close(self) -> None:
        """Ask it no more."""
        self._guard.close()


def _used(store: UsageReader, asked: Iterable[Counter]) -> dict[Counter, Decimal]:
    found: dict[Counter, Decimal] = {}
    for cap, window in asked:
        used: object = store.used(cap, window)
        if isinstance(used, Decimal) and used.is_finite() and used >= 0:
            found[cap, window] = used
    return found
