"""Sessions of the calls that are going on in one process, for an integrator who has nowhere to keep them.

Bounded in number and in time: a call that nobody ends makes room by itself, and is resumed from its stored events if it goes on
after all. Thread-safe; a lock is held for a look-up, never while a session observes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from time import monotonic

from cachetools import TTLCache

from nbo.call.session import Session

MOST_SESSIONS = 20_000


class SessionKeeper:
    """At most `most` sessions, each until nobody has asked for it for a time."""

    def __init__(
        self,
        *,
        most: int = MOST_SESSIONS,
        idle: timedelta = timedelta(hours=1),
        timer: Callable[[], float] = monotonic,
    ) -> None:
        """`timer` gives seconds. Raises `ValueError` where `most` is not at least 1, or `idle` not more than nothing."""
        if most < 1 or idle <= timedelta(0):
            raise ValueError("`most` has to be at least 1, and `idle` more than nothing")
        self._lock = Lock()
        self._sessions: TTLCache[str, Session] = TTLCache(most, idle.total_seconds(), timer)

    def keep(self, session: Session) -> Session:
        """Keep a session under the id of its call, in place of one that was kept under it; gives the session."""
        with self._lock:
            self._sessions[session.call_id] = session
        return session

    def find(self, call_id: str) -> Session | None:
        """The session of a call; None where it ended, was idle for too long, or made room."""
        with self._lock:
            found = self._sessions.get(call_id)
            if found is not None:
                self._sessions[call_id] = found  # from now on it is idle anew
            return found

    def end(self, call_id: str) -> None:
        """The call is over: its session is let go."""
        with self._lock:
            found = self._sessions.pop(call_id, None)
        if found is not None:
            found.close()

    def __len__(self) -> int:
        with self._lock:
            return len(self._sessions)
