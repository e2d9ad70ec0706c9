"""The figures that the floors of a contact policy look at, family by family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction

from nbo.history.store import Store
from nbo.workbench.figures.collect import collect
from nbo.workbench.figures.rates import rounded
from nbo.workbench.figures.report import By

_PLACES = 4


@dataclass(frozen=True, slots=True)
class FamilyFigures:
    """Of the presentations of a family: how many, and what became of them.

    `csat_mean` is of `csat_count` ratings; `cancellation` a fraction of the `booked`, `complaints` one of the `presented`. Each
    is rounded to 4 places, and None where there is nothing that it could be of: a floor does not pause an offer for that.
    """

    presented: int
    booked: int
    csat_count: int
    csat_mean: Decimal | None
    cancellation: Decimal | None
    complaints: Decimal | None


def figures_by_family(store: Store, today: date, days: int, *, zone: tzinfo) -> Mapping[str, FamilyFigures]:
    """By family, what was presented on the `days` days of a zone before `today`; a family without any is not in it.

    Today is not in it, so that the answer stays the same for a day but for late events. It takes as long as `nbo report` does:
    a service asks once a day and keeps the answer. Raises `ValueError` for less than one day, and `StoreError`.
    """
    if days < 1:
        raise ValueError("`days` has to be at least 1")
    report = collect(store, by=By.FAMILY, first=today - timedelta(days), last=today - timedelta(1), zone=zone)
    return {
        each.name: FamilyFigures(
            presented=each.figures.presented,
            booked=each.figures.booked,
            csat_count=each.figures.rated,
            csat_mean=_shown(each.figures.csat),
            cancellation=_shown(each.figures.cancellation),
            complaints=_shown(each.figures.complaints),
        )
        for each in report.groups
        if each.name is not None
    }


def _shown(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value, _PLACES)
