"""Calendar steps and elapsed time, in the pack's zone.

`hours` is elapsed time; `days`, `months` and `years` are steps on the calendar. A step that would land on a day that its
month lacks lands on the first of the next month: 29 February plus a year is 1 March, 31 January plus a month is 1 March.
Points in time are kept in UTC, because Python compares two times of the same zone by their wall clocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_ISO = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A step of calendar months and days, and elapsed seconds; each part keeps its own meaning."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    def plus(self, other: Duration, sign: int = 1) -> Duration:
        """One step and another (or its opposite) after it."""
        return Duration(
            self.months + sign * other.months, self.days + sign * other.days, self.seconds + sign * other.seconds
        )

    @classmethod
    def parse(cls, text: str) -> Duration | None:
        """An ISO 8601 duration such as `P3M` or `PT36H`; None for anything else."""
        match = _ISO.fullmatch(text)
        if match is None or not any(match.groups()):
            return None
        years, months, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return cls(years * 12 + months, days, hours * 3600 + minutes * 60 + seconds)


def step_date(day: date, step: Duration, sign: int = 1) -> date | None:
    """The day after a step; None past the calendar's ends or when the step has elapsed time in it."""
    if step.seconds:
        return None
    try:
        return _add_months(day, sign * step.months) + timedelta(days=sign * step.days)
    except (OverflowError, ValueError):
        return None


def step_datetime(moment: datetime, step: Duration, zone: tzinfo, sign: int = 1) -> datetime | None:
    """The point in time after a step: calendar parts on the zone's wall clock, then elapsed seconds; UTC.

    Where the wall clock shows that time twice, the first one is meant; where it skips it, the time after the gap.
    """
    try:
        if step.months:
            local = moment.astimezone(zone)
            day = step_date(local.date(), Duration(step.months, step.days), sign)
            if day is None:
                return None
            moment = datetime.combine(day, local.time().replace(fold=0), zone).astimezone(UTC)
        elif step.days:  # a sum stays on the wall clock of its zone, and is the first of two times that it shows
            moment = (moment.astimezone(zone) + timedelta(days=sign * step.days)).astimezone(UTC)
        return moment + timedelta(seconds=sign * step.seconds) if step.seconds else moment
    except (OverflowError, ValueError):
        return None


def start_of_day(moment: datetime, zone: tzinfo) -> datetime | None:
    """When the moment's day began on the zone's wall clock; where it skips midnight, the time after the gap; UTC."""
    local = on_wall_clock(moment, zone)
    return None if local is None else _midnight(local.date(), zone)


def start_of_week(moment: datetime, zone: tzinfo) -> datetime | None:
    """When the Monday of the moment's week began, as `start_of_day`."""
    local = on_wall_clock(moment, zone)
    return None if local is None else _midnight(monday_of(local.date()), zone)


def start_of_month(moment: datetime, zone: tzinfo) -> datetime | None:
    """When the first of the moment's month began, as `start_of_day`."""
    local = on_wall_clock(moment, zone)
    return None if local is None else _midnight(local.date().replace(day=1), zone)


def monday_of(day: date) -> date:
    """The Monday on or before a day; 0001-01-01 is one, so that every day has one."""
    return day - timedelta(days=day.weekday())


def _midnight(day: date, zone: tzinfo) -> datetime | None:
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def full_months(start: date, end: date) -> int:
    """Whole months from `start` to `end`, negative when `end` is earlier; what `months(a, b)` gives."""
    if end < start:
        return -full_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if _add_months(start, months) <= end else months - 1


def full_years(start: date, end: date) -> int:
    """Whole years from `start` to `end`: the age of somebody born on `start`; negative when `end` is earlier."""
    if end < start:
        return -full_years(end, start)
    years = end.year - start.year
    return years if _add_months(start, years * 12) <= end else years - 1


def date_of(moment: datetime, zone: tzinfo) -> date:
    """The day on the zone's wall clock; raises `OverflowError` past the calendar's ends."""
    return moment.astimezone(zone).date()


def on_wall_clock(moment: datetime, zone: tzinfo) -> datetime | None:
    """The point in time as the zone's wall clock shows it; None past the calendar's ends."""
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError):
        return None


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        if not 1 <= year <= 9999:
            raise
        following = year * 12 + month + 1
        return date(following // 12, following % 12 + 1, 1)
