"""What the last load of a pack made, so that a reload makes only what depends on a file that changed.

A value is kept under everything that it was made of: the content of files, and objects that were themselves kept. So a
value that is found is the one that would be made again, and nothing has to be declared stale. What a load does not ask for
is forgotten with it: a memory is never larger than the pack.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")
_NOTHING = object()


class Memory:
    """The values of one load. A load writes to a memory of its own, and reads that of the load before."""

    def __init__(self, before: Memory | None = None) -> None:
        """An empty memory, or one that a reload may fill from `before`."""
        self._before: dict[Hashable, object] = {} if before is None else before._now
        self._now: dict[Hashable, object] = {}

    def made(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value under a key, made where neither this load nor the one before has it.

        The key holds everything that the value depends on; of objects that are compared by identity the very same.
        """
        found = self.find(key)
        return self.keep(key, make()) if found is _NOTHING else cast("T", found)

    def find(self, key: Hashable) -> object:
        """The value under a key, or `Memory.NOTHING`."""
        found = self._now.get(key, _NOTHING)
        if found is _NOTHING:
            found = self._before.get(key, _NOTHING)
            if found is not _NOTHING:
                self._now[key] = found
        return found

    def keep(self, key: Hashable, value: T) -> T:
        """Put a value under a key; gives the value."""
        self._now[key] = value
        return value

    def __len__(self) -> int:
        return len(self._now)

    def closed(self) -> Memory:
        """The memory without that of the load before."""
        self._before = {}
        return self

    NOTHING = _NOTHING
