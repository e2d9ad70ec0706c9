"""One of a pack's own tests, linked: the customer and the call in full, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from nbo.diagnostics.place import Span
from nbo.pack.floor import FloorFigures


@dataclass(frozen=True, slots=True)
class Named:
    """An offer as a case names it: by its id, or by its family, which stands for every offer of the family."""

    name: str
    offers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stop:
    """Where an offer must be stopped; `because` is an attribute that the stopping condition reads, its id, or a code."""

    offer: Named
    stage: str
    because: str | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of a case; what is None or empty was not asked.

    `quote` has exact numbers, dates as text, and None for what must be absent. `missing` is everything that the decision
    may name. `warnings` are pairs of attribute and code, all that may come. `places` has the span of each expectation by
    its key.
    """

    no_offer: bool = False
    winner: Named | None = None
    reason: str | None = None
    serve: Mapping[str, str] | None = None
    order: tuple[Named, ...] = ()
    blocked: tuple[Stop, ...] = ()
    unknown: tuple[tuple[Named, frozenset[str]], ...] = ()
    missing: frozenset[str] | None = None
    quote: Mapping[str, Decimal | str | None] = field(default_factory=dict)
    subject: Mapping[str, str] = field(default_factory=dict)
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    treatment: str | None = None
    compliance: str | None = None
    nowhere: tuple[str, ...] = ()
    degraded: bool | None = None
    warnings: frozenset[tuple[str, str]] = frozenset()
    moments: frozenset[str] | None = None
    needs: frozenset[str] | None = None
    window: str | None = None
    selling: str | None = None
    places: Mapping[str, Span] = field(default_factory=dict)

    @property
    def offers(self) -> frozenset[str]:
        """Every offer that the case is about."""
        named = [self.winner, *self.order, *(stop.offer for stop in self.blocked), *(name for name, _ in self.unknown)]
        return frozenset(offer for each in named if each is not None for offer in each.offers)


@dataclass(frozen=True, eq=False)
class Case:
    """One test. `profile` is the persona's with the case's own changes; `language` None is the pack's first.

    `events` happen on the call, each as a session reads it, before what is expected.
    `used` is what is used of caps, by their ids (of the others nothing), `figures` what floors look at; None: nobody is asked.
    """

    id: str
    about: str
    at: datetime
    channel: str
    language: str | None
    persona: str | None
    profile: Mapping[str, object]
    expected: Expected
    span: Span
    events: tuple[Mapping[str, object], ...] = ()

    @property
    def is_a_call(self) -> bool:
        """Whether it is about what happens on a call, and not about one decision."""
        expected = self.expected
        told = (expected.moments, expected.needs, expected.window, expected.selling)
        return bool(self.events) or any(each is not None for each in told)

    used: Mapping[str, Decimal] | None = None
    figures: FloorFigures | None = None
