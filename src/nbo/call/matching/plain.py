"""The matcher of our own: it serves every Python, and the other one is held to it.

In: events of calls. Out: the moments that happen. An event costs what the roles of its kind ask; one that fills none costs
nothing more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

from nbo.call.matching.call_memory import CallMemory, Touched
from nbo.call.matching.matcher import Seen
from nbo.call.matching.plan import Plan
from nbo.call.matching.search import happens
from nbo.pack.moments import Moment

# that a matcher remembers at a time; beyond, the one that was silent longest is taken for abandoned
MOST_CALLS = 20_000


class PlainMatcher:
    """Moments matched in this process."""

    def __init__(self, moments: Sequence[Moment], most_calls: int = MOST_CALLS) -> None:
        self._calls = Calls(Plan(moments), most_calls)

    def observe(self, call_id: str, seen: Seen) -> tuple[str, ...]:
        """As `Matcher` says."""
        memory = self._calls.memory(call_id)
        touched = memory.see(seen)
        if not touched:
            return ()
        found = [each for each in touched if each.possible and found_by_search(memory, each)]
        memory.keep(touched)
        return in_file_order(found)

    def forget(self, call_id: str) -> None:
        """As `Matcher` says."""
        self._calls.forget(call_id)

    def metrics(self) -> Mapping[str, int]:
        """How many calls are remembered, and how many were taken for abandoned."""
        return {"calls": len(self._calls), "abandoned": self._calls.abandoned}

    def close(self) -> None:
        """As `Matcher` says."""


class Calls:
    """The calls that are going on; the one that was silent longest makes room for a new one."""

    def __init__(self, plan: Plan, most: int) -> None:
        self.plan = plan
        self.abandoned = 0
        self._most = most
        self._memories: OrderedDict[str, CallMemory] = OrderedDict()
        self._lock = Lock()

    def memory(self, call_id: str) -> CallMemory:
        """What is kept of a call."""
        with self._lock:
            memory = self._memories.get(call_id)
            if memory is None:
                memory = self._memories[call_id] = CallMemory(self.plan)
                if len(self._memories) > self._most:
                    self._memories.popitem(last=False)
                    self.abandoned += 1
            else:
                self._memories.move_to_end(call_id)
            return memory

    def forget(self, call_id: str) -> bool:
        """Whether the call was remembered."""
        with self._lock:
            return self._memories.pop(call_id, None) is not None

    def __len__(self) -> int:
        return len(self._memories)


def found_by_search(memory: CallMemory, touched: Touched) -> bool:
    """Whether a moment happens, by the search of our own."""
    return happens(touched.shape, touched.now, memory.kept.get(touched.shape.index, ()))


def in_file_order(found: Sequence[Touched]) -> tuple[str, ...]:
    """The moments' ids, in the order in which they are written."""
    return tuple(each.shape.moment.id for each in sorted(found, key=lambda each: each.shape.index))
