"""A store → the figures of a period, of what was presented on its days (`nbo.history.presented`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, tzinfo
from functools import lru_cache, reduce
from operator import attrgetter

from nbo.history.errors import StoreDamagedError
from nbo.history.exact import plus
from nbo.history.presentation import Presentation
from nbo.history.presented import presented
from nbo.history.store import Store
from nbo.workbench.figures.report import LEAST, By, Group, Reason, Refusal, Report, Sort
from nbo.workbench.figures.tally import Figures, Tally

MOST_GROUPS = 10_000
CACHED_NEEDS = 10_000

_NAMES: Mapping[By, Callable[[Presentation], str | None]] = {
    each: attrgetter(each.value) for each in (By.OFFER, By.FAMILY, By.SCRIPT, By.AGENT, By.CHANNEL)
}


def collect(
    store: Store,
    *,
    by: By = By.OFFER,
    first: date | None = None,
    last: date | None = None,
    zone: tzinfo = UTC,
    least: int = LEAST,
) -> Report:
    """The figures of what was presented from the day `first` through the day `last` of a zone, told apart `by` something.

    None is without an end. Agents with fewer than `least` presentations are counted together, other groups are marked.
    Raises `StoreError`.
    """
    total, unreached = Tally(), 0
    groups, days, needs, reasons = _Groups(), _Groups(), _Groups(), _Reasons()
    for each, day in presented(store, first, last, zone):
        if not each.presented:
            unreached += 1
            continue
        total.add(each)
        days.of(day.isoformat()).add(each)
        if by is not By.DAY:
            groups.of(_NAMES[by](each)).add(each)
        for need in _tags(each.needs):
            needs.of(need).add(each)
        reasons.add(each)
    in_order = tuple(sorted(days.groups(least), key=lambda group: group.name or "~"))
    return Report(
        first, last, str(zone), by, least, total.figures(), unreached,
        in_order if by is By.DAY else groups.groups(least, hide_small=by is By.AGENT),
        in_order, reasons.in_order(), needs.groups(least),
    )  # fmt: skip


@lru_cache(CACHED_NEEDS)
def _tags(needs: str | None) -> tuple[str | None, ...]:
    if needs is None:
        return (None,)
    try:
        return tuple(map(str, json.loads(needs)))
    except (TypeError, ValueError):
        raise StoreDamagedError("needs") from None


class _Groups:
    """A tally a name; names past the first 10,000 share one."""

    def __init__(self) -> None:
        self._tallies: dict[str | None, Tally] = {}
        self._others: Tally | None = None

    def of(self, name: str | None) -> Tally:
        known = self._tallies.get(name)
        if known is not None:
            return known
        if len(self._tallies) < MOST_GROUPS:
            known = self._tallies[name] = Tally()
            return known
        self._others = self._others or Tally()
        return self._others

    def groups(self, least: int, *, hide_small: bool = False) -> tuple[Group, ...]:
        """The largest first, then by name; those without one after them."""
        found, few = [], []
        for name, tally in self._tallies.items():
            figures = tally.figures()
            small = figures.presented < least
            if small and hide_small and name is not None:
                few.append(figures)
            else:
                found.append(Group(name, "unrecorded" if name is None else "one", figures, small))
        found.sort(key=lambda group: (group.name is None, -group.figures.presented, group.name or ""))
        together: list[tuple[Sort, Figures, int | None]] = []
        if few:
            together.append(("few", _sum(few), len(few)))
        if self._others is not None:
            together.append(("others", self._others.figures(), None))
        found.extend(Group(None, sort, each, each.presented < least, count) for sort, each, count in together)
        return tuple(found)


def _sum(several: list[Figures]) -> Figures:
    """All together; a call with presentations of two of them counts for each."""
    counts = {each.name: sum(getattr(one, each.name) for one in several) for each in _COUNTS}
    return Figures(**counts, revenue=reduce(plus, (one.revenue for one in several)))


_COUNTS = tuple(each for each in fields(Figures) if each.name != "revenue")


class _Reasons:
    """How often each offer was declined, deferred or cancelled for each reason."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str | None, Refusal, str | None]] = Counter()

    def add(self, each: Presentation) -> None:
        if each.answer in ("declined", "deferred"):
            self._count(each.offer, "declined" if each.answer == "declined" else "deferred", each.reason)
        if each.cancelled:
            self._count(each.offer, "cancelled", each.cancellation_reason)

    def _count(self, offer: str, refusal: Refusal, reason: str | None) -> None:
        name = (offer, refusal, reason)
        room = len(self._counts) < MOST_GROUPS or name in self._counts
        self._counts[name if room else (None, refusal, None)] += 1

    def in_order(self) -> tuple[Reason, ...]:
        """The most frequent first, then by offer, refusal and reason."""
        whole: Counter[tuple[str | None, Refusal]] = Counter()
        for (offer, refusal, _), count in self._counts.items():
            whole[offer, refusal] += count
        found = [Reason(*name, count, whole[name[:2]]) for name, count in self._counts.items()]
        return tuple(sorted(found, key=lambda each: (-each.count, each.offer or "", each.refusal, each.reason or "")))
