"""What became of offers over all customers, where the calling system keeps it: read aside, kept for a while.

In: a day, how far back to look, and in which zone the days are. Out: figures an offer, or nothing. Reading them takes as long as
a report does, so a thread of its own reads them, one at a time, and decisions take what it read last; only where there is nothing
yet does a decision wait, for its share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date, timedelta, tzinfo
from threading import Event, Lock, Thread
from time import monotonic
from typing import Protocol

from nbo.outside.budget import Budget, milliseconds

MOST_KEPT = 4
"""Days of which figures are kept at a time; all but the last are of decisions that were made as of another day."""


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """What was presented of an offer, and what became of it: counts; `csat_sum` adds the last ratings of the `rated`.

    Raises `ValueError` for what is no count.
    """

    offer: str
    family: str
    presented: int = 0
    complained: int = 0
    booked: int = 0
    cancelled: int = 0
    rated: int = 0
    csat_sum: int = 0

    def __post_init__(self) -> None:
        for name in _COUNTS:
            count = getattr(self, name)
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise ValueError(f"`{name}` has to be a count")


_COUNTS = tuple(each.name for each in fields(OfferFigures))[2:]
Counted = Mapping[int, Sequence[OfferFigures]]
"""By how many days were looked back, the figures of every offer that was presented on one of them."""


class FiguresStore(Protocol):
    """Whoever knows what became of offers."""

    def figures(self, today: date, days: Sequence[int], zone: tzinfo) -> Counted:
        """For each of `days` the figures of so many days of a zone before `today`; today itself is not in them."""


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """A store of figures; a plain store stands for one with the usual times.

    What was read counts as new for `fresh_minutes`; after that it is read again while decisions still go by it, for at most
    `kept_hours`. Where nothing is there, a decision waits for `share` of its budget and at most `timeout_ms`. After a failure
    it is not read for `pause_ms`. `clock` tells these times, in seconds; it is for tests. Raises `ValueError` for a number that
    is not over 0, and where `kept_hours` are less than `fresh_minutes`.
    """

    store: FiguresStore
    fresh_minutes: float = field(default=60, kw_only=True)
    kept_hours: float = field(default=26, kw_only=True)
    share: float = field(default=0.1, kw_only=True)
    timeout_ms: float = field(default=1_000, kw_only=True)
    pause_ms: float = field(default=10_000, kw_only=True)
    clock: Callable[[], float] = field(default=monotonic, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError("`share` must be over 0 and at most 1")
        for name in ("timeout_ms", "pause_ms"):
            milliseconds(name, getattr(self, name))
        if not 0 < self.fresh_minutes * 60 <= self.kept_hours * 3_600:
            raise ValueError("`fresh_minutes` must be over 0 and within `kept_hours`")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a store."""

    today: date
    days: tuple[int, ...]
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class _Known:
    counted: Counted
    read_at: float


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    asked: Asked
    ended: Event = field(default_factory=Event)


class FiguresReader:
    """A store of figures, and what was read of it last."""

    def __init__(self, stored: ReadFigures | FiguresStore) -> None:
        self._by = stored if isinstance(stored, ReadFigures) else ReadFigures(stored)
        self._lock = Lock()  # never held while the store reads
        self._known: dict[Asked, _Known] = {}  # the one that was read last comes last
        self._reading: _Reading | None = None
        self._not_before: float | None = None  # after a failure
        self._closed = False

    def figures(self, asked: Asked, budget: Budget) -> Counted | None:
        """What is known for a day: new, or being read again; None where nothing that may count was read in time."""
        now = self._by.clock()
        with self._lock:
            known = self._usable(asked, now)
            if known is not None and known[0] == asked and now - known[1].read_at < self._by.fresh_minutes * 60:
                return known[1].counted
            reading = self._reading_of(asked, now)
        if known is not None:
            return known[1].counted
        if reading is None:
            return None
        deadline = budget.deadline(self._by.share, self._by.timeout_ms / 1_000)
        reading.ended.wait(max(0.0, deadline - monotonic()))
        with self._lock:
            known = self._usable(asked, now)
        return None if known is None else known[1].counted

    def begin(self, asked: Asked) -> None:
        """Read it before anybody asks."""
        with self._lock:
            self._reading_of(asked, self._by.clock())

    def close(self) -> None:
        """Read no more; a reading that is under way ends by itself."""
        self._closed = True  # no lock: the collector of garbage may call this in a thread that holds it

    def _usable(self, asked: Asked, now: float) -> tuple[Asked, _Known] | None:
        """What was read for the day, or for the day before: a new day begins before it is read."""
        for day in _days_back_to_yesterday(asked.today):
            before = Asked(day, asked.days, asked.zone)
            known = self._known.get(before)
            if known is not None and now - known.read_at < self._by.kept_hours * 3_600:
                return before, known
        return None

    def _reading_of(self, asked: Asked, now: float) -> _Reading | None:
        """The reading that is under way, or one that begins; None where there is to be none now."""
        if self._reading is not None:
            return self._reading if self._reading.asked == asked else None
        if self._closed or (self._not_before is not None and now < self._not_before):
            return None
        reading = _Reading(asked)
        with suppress(RuntimeError):  # no thread is to be had
            Thread(target=self._read, args=(reading,), name="nbo figures", daemon=True).start()
            self._reading = reading
        return self._reading

    def _read(self, reading: _Reading) -> None:
        asked = reading.asked
        counted: Counted | None = None
        with suppress(BaseException):  # whatever foreign code raises, it is read again later
            counted = _checked(self._by.store.figures(asked.today, asked.days, asked.zone), asked.days)
        now = self._by.clock()
        with self._lock:
            self._reading = None
            if counted is None:
                self._not_before = now + self._by.pause_ms / 1_000
            else:
                self._not_before = None
                self._known.pop(asked, None)
                self._known[asked] = _Known(counted, now)
                while len(self._known) > MOST_KEPT:
                    del self._known[next(iter(self._known))]
        reading.ended.set()


def _checked(given: object, days: Iterable[int]) -> Counted:
    """The same in types that do not change; raises where it is something else than figures."""
    if not isinstance(given, Mapping):
        raise TypeError("figures are a mapping by days")
    found = {each: tuple(given[each]) for each in days}
    if not all(isinstance(row, OfferFigures) for rows in found.values() for row in rows):
        raise TypeError("figures are of offers")
    return found


def _days_back_to_yesterday(today: date) -> tuple[date, ...]:
    return (today,) if today == date.min else (today, today - timedelta(1))
