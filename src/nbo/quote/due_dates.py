"""On which days a plan is paid: from the first due date, one a month. The calendar alone; banking days are the bank's."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache
from itertools import pairwise


def due_dates(first: date | None, periods: int) -> list[date | None]:
    """One due date a month from the first on; a day that a month lacks is its last (the 31st falls on 30 April).

    None where nobody knows the first one, and past the year 9999.
    """
    if first is None:
        return [None] * periods
    return [months_after(first, number) for number in range(periods)]


@lru_cache(maxsize=4_096)  # PERF: a bank has few due dates, so 13 sums of dates (7 µs) are done once a date and term
def days_between_dues(first: date, periods: int) -> tuple[int, ...] | None:
    """The days of each period, the first from one month before the first due date; None outside of the calendar."""
    dues = [months_after(first, number) for number in range(-1, periods)]
    days = tuple((after - before).days for before, after in pairwise(dues) if after is not None and before is not None)
    return days if len(days) == periods else None


def months_after(day: date, months: int) -> date | None:
    """The same day of another month; None outside of the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    last = day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, last)
