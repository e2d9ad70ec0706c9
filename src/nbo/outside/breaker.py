"""A circuit breaker: what failed several times in a row is left alone for a while, then tried once.

Own code, because the libraries sleep, retry, or hold their lock while the guarded function runs; this one's lock is held for
a few instructions, and belongs to one scorer or store.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class CircuitBreaker:
    """Closed, open, or half-open: open after `threshold` failures in a row, half-open after `pause_seconds` more.

    Half-open, one caller is let through; by its result the breaker closes, or stays open for another pause. Whoever was let
    through says how it went, once: `succeeded`, `failed`, or `undecided`.
    """

    def __init__(self, threshold: int, pause_seconds: float, clock: Callable[[], float]) -> None:
        self._threshold = threshold
        self._pause_seconds = pause_seconds
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._open_until: float | None = None
        self._probing = False

    def admits(self) -> bool:
        """Whether a caller may go on."""
        with self._lock:
            if self._open_until is None:
                return True
            if self._probing or self._clock() < self._open_until:
                return False
            self._probing = True
            return True

    def succeeded(self) -> None:
        """It answered."""
        with self._lock:
            self._failures, self._open_until, self._probing = 0, None, False

    def failed(self) -> None:
        """It raised, or did not answer in time."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._threshold:
                self._open_until = self._clock() + self._pause_seconds
            self._probing = False

    def undecided(self) -> None:
        """It could not show whether it is well."""
        with self._lock:
            self._probing = False
