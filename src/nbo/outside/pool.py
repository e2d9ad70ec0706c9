"""A bounded pool of workers for one piece of outside code, and what one decision asks of it.

In: calls with a deadline. Out: the answers that were there at the deadline. A call that hangs keeps its worker and nothing
else: whoever asked goes on, and when all workers hang nobody waits for them. Threads of the standard library's executors are
joined when the interpreter ends, so one that hangs would keep it from ending; these are daemons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, Lock, Semaphore, Thread
from time import monotonic
from typing import Protocol


class Caller(Protocol):
    """How a worker makes a call: in its own thread, or through a process."""

    broken: bool
    """Whether the call before left it unfit for another."""

    def __call__(self, arguments: tuple[object, ...]) -> object:
        """What the outside code gives; raises what it raises."""

    def mend(self) -> None:
        """Try to make it fit again; it may stay broken."""

    def close(self) -> None:
        """Give up what it holds, whatever is under way."""


@dataclass(slots=True, eq=False)
class Ask:
    """What one decision wants to know: calls by name. What is late is not in `answers`."""

    waiting: dict[str, tuple[object, ...]]
    deadline: float  # by the monotonic clock, as `started` is
    started: float = field(default_factory=monotonic)
    finished: Event = field(default_factory=Event)
    answers: dict[str, object] = field(default_factory=dict)
    begun: bool = False
    running: int = 0
    raised: int = 0
    given_up: bool = False

    def wait(self) -> None:
        """Until all calls have ended, or the deadline."""
        self.finished.wait(max(0.0, self.deadline - monotonic()))


class Pool:
    """As many workers as there are `callers`; a thread starts when it is needed first."""

    def __init__(self, name: str, callers: Sequence[Caller]) -> None:
        self._name = name
        self._callers = callers
        self._inbox: SimpleQueue[Ask | None] = SimpleQueue()
        self._idle = Semaphore(0)
        self._lock = Lock()  # of this scorer or store alone; never held while its code runs
        self._started = 0
        self._hanging = 0  # workers that are being mended, or inside a call that nobody waits for any more
        self._closed = False

    def start(self, calls: Mapping[str, tuple[object, ...]], deadline: float) -> Ask | None:
        """Begin calls, or queue them behind those under way; None at once where no worker can be expected to come free."""
        ask = Ask(dict(calls), deadline)
        with self._lock:
            if self._closed or self._hanging >= len(self._callers):
                return None
            for _ in range(min(len(calls), len(self._callers))):
                if not self._idle.acquire(blocking=False) and self._started < len(self._callers):
                    self._start_thread()
                self._inbox.put(ask)
            return ask if self._started else None

    def give_up(self, ask: Ask) -> None:
        """Take nothing more from it; what is under way hangs from now on."""
        with self._lock:
            ask.given_up = True
            ask.waiting.clear()
            self._hanging += ask.running

    def close(self) -> None:
        """No more calls; idle threads end, those that hang end when their call does."""
        # no lock: the collector of garbage may call this in a thread that holds it
        self._closed = True
        for caller in self._callers:
            caller.close()
        for _ in self._callers:
            self._inbox.put(None)

    def _start_thread(self) -> None:
        caller, number = self._callers[self._started], self._started + 1
        with suppress(RuntimeError):  # no thread is to be had
            Thread(target=self._work, args=(caller,), name=f"nbo {self._name} {number}", daemon=True).start()
            self._started = number

    def _work(self, caller: Caller) -> None:
        while (ask := self._inbox.get()) is not None:
            while (call := self._next(ask)) is not None:
                self._make(caller, ask, *call)
            del ask  # a customer's data is not kept while this waits
            self._idle.release()

    def _next(self, ask: Ask) -> tuple[str, tuple[object, ...]] | None:
        with self._lock:
            if not ask.waiting:
                return None
            ask.begun = True
            ask.running += 1
            name = next(iter(ask.waiting))
            return name, ask.waiting.pop(name)

    def _make(self, caller: Caller, ask: Ask, name: str, arguments: tuple[object, ...]) -> None:
        try:
            value, raised = caller(arguments), False
        except BaseException:  # noqa: BLE001 - whatever foreign code raises, its worker goes on
            value, raised = None, True
        with self._lock:
            ask.running -= 1
            self._hanging += caller.broken - ask.given_up
            if raised:
                ask.raised += 1
            elif not ask.given_up:
                ask.answers[name] = value
            if not ask.waiting and not ask.running:
                ask.finished.set()
        if caller.broken:
            caller.mend()
            with self._lock:
                self._hanging -= 1
