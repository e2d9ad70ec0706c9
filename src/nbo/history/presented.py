"""A store → what was presented on some days, with what became of it by now.

Presentations count to the day, in a zone, on which they were first made; whatever became of them counts with them, also when
it came later. So what is counted of a day can still change while answers, cancellations and late events come in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from nbo.history.customers import Readable, customers
from nbo.history.exact import from_microseconds, to_microseconds
from nbo.history.presentation import Presentation, presentations

_DAY = timedelta(days=1)


def presented(
    store: Readable, first: date | None, last: date | None, zone: tzinfo
) -> Iterator[tuple[Presentation, date]]:
    """Each presentation from the day `first` through the day `last` of a zone (None is without an end), with its day.

    Those of a customer come one after the other; those where nobody was reached are among them.
    """
    # A day more on either side, so that no zone's midnight is missed; the day itself is what decides.
    start = None if first is None or first <= date.min + _DAY else _midnight(first - _DAY)
    end = None if last is None or last >= date.max - 2 * _DAY else _midnight(last + 2 * _DAY)
    for events in customers(store, start, end):
        for each in presentations(events):
            day = _day(each.at_us, zone)
            if (first is None or first <= day) and (last is None or day <= last):
                yield each, day


def _midnight(day: date) -> int:
    return to_microseconds(datetime.combine(day, time.min, UTC))


def _day(at_us: int, zone: tzinfo) -> date:
    at = from_microseconds(at_us)
    try:
        return at.astimezone(zone).date()
    except OverflowError:  # the first and last day of the calendar have no other zone
        return at.date()
