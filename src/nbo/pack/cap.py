"""A cap over all customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.pack.clause import Words
from nbo.pack.offer import Offer


@dataclass(frozen=True, eq=False)
class Cap:
    """How much of some offers there is a period for all customers: `limit` orders, or money where `amount` says what one takes.

    `offers` and `families` None: of any.
    """

    id: str
    labels: Words
    offers: frozenset[str] | None
    families: frozenset[str] | None
    per: Literal["day", "week", "month", "total"]
    limit: Decimal
    amount: Expression | None
    span: Span

    def is_about(self, offer: Offer) -> bool:
        """Whether an order of the offer takes of it."""
        return (self.offers is None or offer.id in self.offers) and (
            self.families is None or offer.family in self.families
        )

    def window(self, day: date) -> str:
        """The period that a day is in, as it is counted: `2026-11-16`, `2026-W47`, `2026-11` or `total`."""
        match self.per:
            case "day":
                return day.isoformat()
            case "week":
                year, week, _ = day.isocalendar()
                return f"{year:04}-W{week:02}"
            case "month":
                return f"{day.year:04}-{day.month:02}"
            case "total":
                return "total"
