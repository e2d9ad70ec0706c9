"""The interactions of a customer → what became of each offer that was presented.

In: what a store keeps of one customer, by time and key. Out: one `Presentation` a decision and offer. The rules are those of
`nbo.history.fold` (the last answer counts, a cancellation is undone by taking it again) but for the time: a presentation
counts to the first time at which it was made, so that the figures of a day that is past do not move when the offer is
mentioned again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from nbo.history.errors import StoreDamagedError
from nbo.history.exact import minus, plus

Answer = Literal["accepted", "declined", "deferred", "no_answer"]

_NOTHING = Decimal(0)


class Event(NamedTuple):
    """The columns of an interaction that figures need, in the order in which they are read."""

    customer_id: str
    at_us: int
    key: str
    decision_id: str
    offer: str
    family: str
    kind: str
    channel: str | None
    agent: str | None
    call_id: str | None
    script: str | None
    reason: str | None
    csat: int | None
    amount: str | None
    needs: str | None


@dataclass(slots=True)
class Presentation:
    """An offer of a decision, with what became of it by now.

    `presented` is false where nobody was reached: nothing is known but that there was no answer. `at_us` is the first
    presentation, or the first that is known. Who presented it, in which call, how and for which needs is taken from the first
    presentation; what that does not say, from the first other presentation or answer that does. A cancellation or refund
    says that it had been booked. `revenue` is what was booked less what was refunded; `unpriced` a booking without an amount.
    """

    customer_id: str
    decision_id: str
    offer: str
    family: str
    at_us: int
    presented: bool = False
    channel: str | None = None
    agent: str | None = None
    call_id: str | None = None
    script: str | None = None
    needs: str | None = None
    answer: Answer | None = None
    reason: str | None = None
    booked: bool = False
    unpriced: bool = False
    cancelled: bool = False
    cancellation_reason: str | None = None
    refunded: bool = False
    complained: bool = False
    csat: int | None = None
    revenue: Decimal = _NOTHING
    said: bool = field(default=False, repr=False)  # whether a `presented` was met


def presentations(events: Iterable[Event]) -> Iterable[Presentation]:
    """Those of one customer, whose events come by time and key.

    Raises `StoreDamagedError` for an amount that no store wrote.
    """
    found: dict[tuple[str, str], Presentation] = {}
    for event in events:
        if event.kind == "referred":  # somebody else is to see to it: nothing was presented or answered by that
            continue
        name = (event.decision_id, event.offer)
        known = found.get(name)
        if known is None:
            known = found[name] = Presentation(
                event.customer_id, event.decision_id, event.offer, event.family, event.at_us
            )
        _take(known, event)
    return found.values()


def _take(known: Presentation, event: Event) -> None:
    kind = event.kind
    if kind != "no_answer":
        known.presented = True
    if kind == "presented":
        _hear(known, event, first=not known.said)
        if not known.said:
            known.said, known.at_us, known.family = True, event.at_us, event.family
    elif kind == "accepted":
        _hear(known, event)
        known.answer, known.reason, known.cancelled = "accepted", None, False
    elif kind in ("declined", "deferred"):
        _hear(known, event)
        known.answer, known.reason = "declined" if kind == "declined" else "deferred", event.reason
    elif kind == "no_answer":
        _hear(known, event)
        known.answer = known.answer or "no_answer"
    elif kind == "booked":
        known.answer, known.reason, known.cancelled, known.booked = "accepted", None, False, True
        if event.amount is None:
            known.unpriced = True
        else:
            known.revenue = plus(known.revenue, _amount(event.amount))
    elif kind == "cancelled":
        known.booked = known.cancelled = True
        known.cancellation_reason = event.reason
    elif kind == "refunded":
        known.booked = known.refunded = True
        known.revenue = minus(known.revenue, _amount(event.amount))
    elif kind == "complained":
        known.complained = True
    elif kind == "rated":
        known.csat = event.csat


def _amount(written: str | None) -> Decimal:
    try:
        return Decimal(written or 0)
    except InvalidOperation:
        raise StoreDamagedError("amount") from None


def _hear(known: Presentation, event: Event, *, first: bool = False) -> None:
    """Who said it and how: what is known stays, unless this is the first presentation."""
    if first:
        known.channel = event.channel or known.channel
        known.agent = event.agent or known.agent
        known.call_id = event.call_id or known.call_id
        known.script = event.script or known.script
        known.needs = event.needs or known.needs
    else:
        known.channel = known.channel or event.channel
        known.agent = known.agent or event.agent
        known.call_id = known.call_id or event.call_id
        known.script = known.script or event.script
        known.needs = known.needs or event.needs
