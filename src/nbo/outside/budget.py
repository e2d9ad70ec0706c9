"""How long one call of the engine may take, and until when something slow is waited for.

In: milliseconds. Out: points of the monotonic clock. It ends nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from time import monotonic


@dataclass(frozen=True, slots=True)
class Budget:
    """So many seconds from `started` on, by the monotonic clock; with None no end is given."""

    seconds: float | None
    started: float

    @classmethod
    def starting_now(cls, budget_ms: float | None) -> Budget:
        """The budget of a call that begins; raises `ValueError` unless it is a finite number of milliseconds over 0."""
        return cls(None if budget_ms is None else milliseconds("budget_ms", budget_ms) / 1_000, monotonic())

    def deadline(self, share: float, most_seconds: float) -> float:
        """Until when to wait for what begins now and may take its share, and never more than `most_seconds`."""
        now = monotonic()
        if self.seconds is None:
            return now + most_seconds
        return min(now + min(self.seconds * share, most_seconds), self.started + self.seconds)


def milliseconds(name: str, value: float) -> float:
    """The same as a float; anything but a finite number over 0 raises `ValueError`."""
    try:
        fits = not isinstance(value, bool) and isinstance(value, int | float) and isfinite(value) and value > 0
    except OverflowError:
        fits = False
    if not fits:
        raise ValueError(f"`{name}` must be a finite number of milliseconds over 0")
    return float(value)
