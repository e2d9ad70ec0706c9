"""A store → what became of each offer on the days before one: what the floors of a contact policy look at.

In: a store, a day, how many days to look back, their zone. Out: counts by offer and family. One pass over the longest of the
stretches; it takes as long as `nbo report` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from operator import add

from nbo.history.customers import Readable
from nbo.history.presentation import Presentation
from nbo.history.presented import presented
from nbo.outside.figures import OfferFigures

_DAY = timedelta(days=1)


def offer_figures(
    store: Readable, today: date, days: Sequence[int], zone: tzinfo
) -> Mapping[int, tuple[OfferFigures, ...]]:
    """For each of `days` what was presented on so many days of a zone before `today`, by offer and family.

    Whatever became of it by now counts with it. Today is not in it, so that the answer stays the same for a day but for late
    events. Raises `ValueError` for less than one day, and `StoreError`.
    """
    if any(each < 1 for each in days):
        raise ValueError("`days` have to be at least 1")
    tallies: dict[int, dict[tuple[str, str], tuple[int, ...]]] = {each: {} for each in days}
    if tallies and today > date.min:
        back = min(max(days), (today - date.min).days)
        for each, day in presented(store, today - timedelta(back), today - _DAY, zone):
            if each.presented:
                _count(each, (today - day).days, tallies)
    return {
        stretch: tuple(OfferFigures(*name, *counts) for name, counts in sorted(tally.items()))
        for stretch, tally in tallies.items()
    }


def _count(each: Presentation, age: int, tallies: Mapping[int, dict[tuple[str, str], tuple[int, ...]]]) -> None:
    name = (each.offer, each.family)
    cancelled = each.booked and each.cancelled
    one = (1, each.complained, each.booked, cancelled, each.csat is not None, each.csat or 0)
    for stretch, tally in tallies.items():
        if age <= stretch:
            tally[name] = tuple(map(add, tally.get(name, _NOTHING), one))


_NOTHING = (0, 0, 0, 0, 0, 0)
