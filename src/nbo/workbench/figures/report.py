"""The figures of a period, between their counting and their writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from nbo.workbench.figures.tally import Figures

LEAST = 30
"""Fewer presentations are too few to judge by, unless a caller says otherwise."""


class By(StrEnum):
    """What presentations are told apart by."""

    OFFER = "offer"
    FAMILY = "family"
    SCRIPT = "script"
    AGENT = "agent"
    DAY = "day"
    CHANNEL = "channel"


Sort = Literal["one", "unrecorded", "few", "others"]
Refusal = Literal["declined", "deferred", "cancelled"]


@dataclass(frozen=True, slots=True)
class Group:
    """Presentations that are counted together.

    `sort` is `one` for those of one `name`; else there is no name: nobody recorded it, or several agents with `few`
    presentations each are counted together, or it is what came past the number of groups that are told apart. `together` is
    how many were counted together where that is known. `small`: too few presentations to judge by.
    """

    name: str | None
    sort: Sort
    figures: Figures
    small: bool
    together: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """How often an offer met a reason; `whole` is how often it was declined, deferred or cancelled at all.

    `reason` is None where nobody recorded one; `offer` and `reason` both are for what came past the number of groups.
    """

    offer: str | None
    refusal: Refusal
    reason: str | None
    count: int
    whole: int

    @property
    def share(self) -> Fraction:
        """Of all refusals of the offer of this kind."""
        return Fraction(self.count, self.whole)


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of presentations from a day through another; None is without an end.

    `unreached` were left out everywhere else: nothing is known of them but that nobody answered.
    """

    first: date | None
    last: date | None
    zone: str
    by: By
    least: int
    total: Figures
    unreached: int
    groups: tuple[Group, ...]
    days: tuple[Group, ...]
    reasons: tuple[Reason, ...]
    needs: tuple[Group, ...]
