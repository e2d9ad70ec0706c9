"""How much of a decision's time, and of the process, one piece of outside code may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from nbo.outside.budget import milliseconds
from nbo.outside.callers import InProcess, InThread, pickled
from nbo.outside.pool import Caller

_HOUR_MS = 3_600_000
_THREADS = 8
_PROCESSES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for one scorer or store.

    `share` is the part of a decision's budget that it may take, over 0 and at most 1; `timeout_ms` (at most an hour) the
    longest that anybody waits for it, with a budget or without; `workers` how many of its calls may be under way, each in a
    thread (default: 8) or process (default: 1) of its own. After `failure_threshold` decisions in a row in which it raised or
    was late it is not asked for `pause_ms`, then by one decision that tries it. `clock` tells that pause, in seconds; it is
    for tests.
    """

    share: float = 0.5
    timeout_ms: float = 1_000
    workers: int | None = None
    failure_threshold: int = 5
    pause_ms: float = 10_000
    clock: Callable[[], float] = field(default=monotonic, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError("`share` must be over 0 and at most 1")
        if milliseconds("timeout_ms", self.timeout_ms) > _HOUR_MS:
            raise ValueError("`timeout_ms` must be at most an hour")
        milliseconds("pause_ms", self.pause_ms)
        if self.workers is not None and self.workers < 1:
            raise ValueError("`workers` must be at least 1")
        if self.failure_threshold < 1:
            raise ValueError("`failure_threshold` must be at least 1")

    def in_threads(self, function: Callable[..., object]) -> list[Caller]:
        """A caller for each thread."""
        return [InThread(function)] * (self.workers or _THREADS)

    def in_processes(self, function: Callable[..., object] | str) -> list[Caller]:
        """A caller for each process, all of them ready; raises `StartError`, or `ValueError` where it cannot be pickled."""
        message = pickled(function)
        started: list[InProcess] = []
        try:
            for _ in range(self.workers or _PROCESSES):
                started.append(InProcess(message, self.timeout_ms / 1_000))
            for each in started:
                each.wait_until_ready()
        except BaseException:
            for each in started:
                each.close()
            raise
        return [*started]
