"""One scorer or store behind its pool, its circuit breaker and its deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic

from nbo.outside.breaker import CircuitBreaker
from nbo.outside.budget import Budget
from nbo.outside.limits import Limits
from nbo.outside.pool import Ask, Caller, Pool

_FAIR_SECONDS = 0.005
"""Nothing is held against what had less time than a thread may need to be scheduled."""


class Guard:
    """Asks outside code, and tells the breaker how it went."""

    def __init__(self, name: str, limits: Limits, callers: Sequence[Caller]) -> None:
        self._limits = limits
        self._pool = Pool(name, callers)
        self._breaker = CircuitBreaker(limits.failure_threshold, limits.pause_ms / 1_000, limits.clock)

    def start(self, calls: Mapping[str, tuple[object, ...]], budget: Budget) -> Ask | None:
        """Begin calls; None where the time is used up, the breaker is open, or all workers hang."""
        deadline = budget.deadline(self._limits.share, self._limits.timeout_ms / 1_000)
        if deadline <= monotonic() or not self._breaker.admits():
            return None
        ask = self._pool.start(calls, deadline)
        if ask is None:
            self._breaker.undecided()
        return ask

    def settle(self, ask: Ask) -> Mapping[str, object]:
        """The answers that are there, by the names of the calls; nothing more is taken. Every ask is settled, once."""
        self._pool.give_up(ask)
        late = not ask.finished.is_set()
        if late and (not ask.begun or ask.deadline - ask.started < _FAIR_SECONDS):
            self._breaker.undecided()
        elif late or (ask.raised and not ask.answers):
            self._breaker.failed()
        else:
            self._breaker.succeeded()
        return ask.answers

    def close(self) -> None:
        """Ask no more; processes end, and threads that are not inside a call."""
        self._pool.close()
