"""A floor of the contact policy: a figure over all customers beyond which offers are not brought up.

It is no condition: it reads nothing of the customer at hand. What it is held against is an input of a decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal
from typing import Literal

from nbo.diagnostics.place import Span
from nbo.pack.files.shared import Kind

Measure = Literal["csat", "cancellation", "complaints"]
Subject = Literal["offer", "family", "everything"]
_EXACT = Context(prec=60)  # products of counts and bounds; whatever the context of the caller
_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Figure:
    """So much of so many: the sum of the ratings of those that were rated, the cancelled of the booked."""

    part: Decimal
    of: int

    @classmethod
    def mean(cls, value: Decimal, of: int) -> Figure:
        """The figure that has this mean, or is this share."""
        return cls(_EXACT.multiply(value, Decimal(of)), of)

    @property
    def plain(self) -> str:
        """The part, the same text for the same amount."""
        return f"{self.part.normalize(_EXACT):f}"


FloorFigures = Mapping[str, Mapping[str, Figure]]
"""By floor, by what it looks at (an offer, a family, or nothing), the figures that are of enough to be judged by."""


@dataclass(frozen=True, eq=False)
class Floor:
    """Offers of some kinds and families rest while a figure is beyond the bound, and of at least so many.

    The figure is the mean of ratings (below the bound), the share of bookings that were cancelled or of presentations that
    were complained about (above it), over the `days` before today; of the `offer`, its `family`, `everything`, or some families.
    """

    id: str
    kinds: frozenset[Kind]
    families: frozenset[str] | None
    measure: Measure
    bound: Decimal
    at_least: int
    of: Subject | frozenset[str]
    days: int
    reason: Mapping[str, str]
    span: Span

    def is_about(self, kind: Kind, family: str) -> bool:
        """Whether offers of a kind and family rest for it."""
        return kind in self.kinds and (self.families is None or family in self.families)

    def subject(self, offer: str, family: str) -> str:
        """The name under which the figures that an offer is judged by are kept; empty where it is the same for all."""
        return offer if self.of == "offer" else family if self.of == "family" else ""

    def counts(self, family: str) -> bool:
        """Whether what was presented of a family is in its figures."""
        return not isinstance(self.of, frozenset) or family in self.of

    def is_beyond(self, figure: Figure) -> bool:
        """Whether a figure is worse than the bound; equal is not worse."""
        least = _EXACT.multiply(self.bound, figure.of)
        return figure.part < least if self.measure == "csat" else figure.part > least

    def shown(self, figure: Figure) -> str:
        """The figure for people: a mean, or a share in percent, cut after 2 places."""
        scale = 1 if self.measure == "csat" else 100
        scaled = _EXACT.multiply(figure.part, Decimal(scale))
        value = _EXACT.divide(scaled, Decimal(figure.of)).quantize(_PLACES, ROUND_DOWN, _EXACT)
        return f"{value:f}" if self.measure == "csat" else f"{value:f}%"

    @property
    def shown_bound(self) -> str:
        """The bound for people."""
        if self.measure == "csat":
            return f"{self.bound:f}"
        return f"{_EXACT.multiply(self.bound, Decimal(100)).normalize(_EXACT):f}%"

    @property
    def text(self) -> str:
        """The floor in one line."""
        of = ", ".join(sorted(self.of)) if isinstance(self.of, frozenset) else self.of
        sign = "<" if self.measure == "csat" else ">"
        return f"{self.measure} {sign} {self.shown_bound} ({of}; {self.days} d; n >= {self.at_least})"
