"""On which days a plan is paid: from the first due date, one a month. The calendar alone; banking days are the bank's."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def due_dates(first: date | None, periods: int) -> list[date | None]:
    """One due date a month from the first on; a day that a month lacks is its last (the 31st falls on 30 April).

    None where nobody knows the first one, and past the year 9999.
    """
    if first is None:
        return [None] * periods
    return [months_after(first, number) for number in range(periods)]


def months_after(day: date, months: int) -> date | None:
    """The same day of another month; None outside of the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    last = day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, last)
