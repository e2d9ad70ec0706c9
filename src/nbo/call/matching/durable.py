"""The matcher on durable_rules, in processes of its own beside this one.

In: events of calls. Out: the moments that happen. What an event fills is found out here, in our language; where a moment could
happen, a process is asked whether the events fit together. While one is gone, the search of our own answers, with the same
result: the events are kept here, and a request brings all that it is about. So a crash costs no call anything, and it is said:
in the log `nbo.call.matching`, and in `metrics`.

A call's requests go to the same process, behind a lock of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from time import monotonic
from zlib import crc32

from nbo.call.matching.call_memory import CallMemory, Touched
from nbo.call.matching.child import Child, GoneError
from nbo.call.matching.matcher import Seen
from nbo.call.matching.plain import MOST_CALLS, Calls, found_by_search, in_file_order
from nbo.call.matching.plan import Plan
from nbo.call.matching.ruleset import BETWEEN_QUESTIONS, asks_of, definitions
from nbo.pack.moments import Moment

LIBRARY = "durable_rules_engine"
PATIENCE = 0.1  # seconds
PROCESSES = 2


def installed() -> bool:
    """Whether durable_rules can be asked here; it is not loaded for that."""
    return os.name == "posix" and _folder() is not None


def _folder() -> str | None:
    found = find_spec(LIBRARY)
    return None if found is None or found.origin is None else str(Path(found.origin).parent)


@dataclass(slots=True, eq=False)
class _Host:
    child: Child
    lock: Lock = field(default_factory=Lock)
    asked: int = 0
    stood_in: int = 0  # answers of the search of our own, because the process was gone


class DurableMatcher:
    """Moments matched by durable_rules. `patience`: how long an answer of a process may take, in seconds.

    Making one waits until the processes are ready, at most ten seconds.
    """

    def __init__(
        self,
        moments: Sequence[Moment],
        most_calls: int = MOST_CALLS,
        *,
        processes: int = PROCESSES,
        patience: float = PATIENCE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        plan = Plan(moments)
        self._calls = Calls(plan, most_calls)
        self._asks = asks_of(plan)
        rules = definitions([each for asks in self._asks.values() for each in asks])
        command = ("-I", "-S", str(Path(__file__).with_name("durable_process.py")), _folder() or "")
        self._hosts = tuple(_Host(Child(command, json.dumps(rules), patience, clock)) for _ in range(processes))
        if rules:
            for host in self._hosts:
                host.child.start()
            for host in self._hosts:
                host.child.await_ready()

    def observe(self, call_id: str, seen: Seen) -> tuple[str, ...]:
        """As `Matcher` says."""
        memory = self._calls.memory(call_id)
        touched = memory.see(seen)
        if not touched:
            return ()
        found = [each for each in touched if each.possible and each.shape.at_once]
        open_ = [each for each in touched if each.possible and not each.shape.at_once]
        if open_:
            found.extend(self._asked(call_id, memory, open_))
        memory.keep(touched)
        return in_file_order(found)

    def _asked(self, call_id: str, memory: CallMemory, open_: Sequence[Touched]) -> Sequence[Touched]:
        request = BETWEEN_QUESTIONS.join(
            ask.question(each.now, memory.kept[each.shape.index])
            for each in open_
            for ask in self._asks[each.shape.index]
            if ask.newest in each.now
        )
        host = self._hosts[crc32(call_id.encode(errors="replace")) % len(self._hosts)]
        with host.lock:
            try:
                answer = host.child.ask(request).split()
            except GoneError:
                host.stood_in += 1
                answer = None
            else:
                host.asked += 1
        if answer is None:
            return [each for each in open_ if found_by_search(memory, each)]
        return [each for each in open_ if str(each.shape.index) in answer]

    def forget(self, call_id: str) -> None:
        """As `Matcher` says."""
        self._calls.forget(call_id)

    def metrics(self) -> Mapping[str, int]:
        """Counts since it was made.

        `asked` were answered by a process, `stood_in` by the search of our own because it was gone; `processes` are there now.
        """
        children = [host.child for host in self._hosts]
        return {
            "calls": len(self._calls),
            "abandoned": self._calls.abandoned,
            "asked": sum(host.asked for host in self._hosts),
            "stood_in": sum(host.stood_in for host in self._hosts),
            "processes": sum(child.running for child in children),
            "starts": sum(child.starts for child in children),
            "deaths": sum(child.deaths for child in children),
        }

    @property
    def process_ids(self) -> tuple[int | None, ...]:
        """The numbers of the processes."""
        return tuple(host.child.pid for host in self._hosts)

    def close(self) -> None:
        """End the processes."""
        for host in self._hosts:
            with host.lock:
                host.child.close()
