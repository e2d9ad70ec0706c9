"""The state of a call: small, immutable, and the same whenever the same events are folded in the same order.

What may be sold is not in here. It is decided by the engine's rules on the attributes that the state stands for (`facts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from nbo.call.why import Why
from nbo.decide.decision import DecidedOffer, Decision
from nbo.decide.requote import Requote
from nbo.history.interaction import Kind
from nbo.language.types import Scalar, Value
from nbo.script.render import RenderedSegment

Row = tuple[Scalar | None, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Whether the call has come to a point at which something may be offered, since when, and what made it so."""

    is_open: bool
    since: datetime
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection that waits for its answer; `answer` None where there is none, or none that may be tried again."""

    objection: str
    answer: RenderedSegment | None


@dataclass(frozen=True, slots=True)
class AtHand:
    """The offer that was presented last and is not settled yet.

    `offer` has its numbers and words as they were quoted last; `requoted` is that quote where it is not the first. The yes, and
    a pushed and a confirmed cost statement, are of this offer and this quote.
    """

    decision: Decision
    offer: DecidedOffer
    since: datetime
    requoted: Requote | None = None
    accepted: bool = False
    recorded: bool = False
    pushed: bool = False
    confirmed: bool = False
    done: frozenset[str] = frozenset()
    objected: Objected | None = None

    @property
    def is_sale(self) -> bool:
        """Whether it is sold, and not a service or something that the bank must offer."""
        return self.offer.kind == "sales"


@dataclass(frozen=True, slots=True)
class Left:
    """What came of the offer that was settled by the last event: `declined`, `deferred` or `booked`."""

    how: str
    offer: str
    ask_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """What the history is to know of an offer; `key` names it in the call. What is `referred` is a decision's ticket."""

    kind: Kind
    key: str
    at: datetime
    decision: Decision
    offer: str
    needs: tuple[str, ...]
    reason: str | None = None
    csat: int | None = None
    amount: Decimal | None = None
    complaint_id: str | None = None
    ask_again_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A call so far; times are in UTC. `at` is its clock, `values` what its events set, by slot.

    `off` ends selling for the rest of the call; `paused` holds it up while something is not known. `pitches` counts offers
    of sales that were brought up, `rows` are those of the customer's history that this call adds.
    """

    started_at: datetime
    at: datetime
    needs: frozenset[str]
    window: Window
    events: int = 0
    values: Mapping[int, Value | None] = field(default_factory=dict)
    off: Why | None = None
    paused: Why | None = None
    at_hand: AtHand | None = None
    pitches: int = 0
    declined: frozenset[str] = frozenset()
    booked: frozenset[str] = frozenset()
    tries: Mapping[tuple[str, str], int] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    left: Left | None = None
    last: tuple[Decision, str] | None = None
    referred: bool = False
    happened: tuple[Happened, ...] = field(default=(), repr=False)
    ended: bool = False
