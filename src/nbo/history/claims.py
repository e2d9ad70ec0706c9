"""What ordering an offer of a decision would take of the pack's caps, as a store reserves it.

In: a decision, one of its offers, perhaps quoted again. Out: claims, and the key under which they are reserved. Nothing is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from nbo.decide.caps import shares
from nbo.decide.decision import DecidedOffer, Decision
from nbo.decide.requote import Requote
from nbo.decide.run import candidate_for
from nbo.history.reservation import Claim, Refused, Reservation
from nbo.outside.limits import Limits


class VolumeStore(Protocol):
    """A store that counts caps; see `nbo.history.store`. `used` is read by decisions, the rest is for orders."""

    def reserve(self, key: str, claims: Sequence[Claim], *, customer_id: str, ttl: timedelta) -> Reservation | Refused:
        """Hold all claims or none."""

    def confirm(self, key: str) -> Reservation | Refused:
        """Keep what is held."""

    def release(self, key: str) -> Reservation | Refused:
        """Give back what is held."""

    def used(self, cap: str, window: str) -> Decimal:
        """What is confirmed and reserved of a cap in a period."""


@dataclass(frozen=True, slots=True)
class CountedVolume(Limits):
    """A store of caps, and how long decisions wait for it; a plain store has the usual limits, and a tenth of a budget."""

    store: VolumeStore
    share: float = field(default=0.1, kw_only=True)


def reservation_key(decision: Decision, offer: str) -> str:
    """The same for the same offer of the same decision, so that an order that is sent twice takes once."""
    return f"{decision.decision_id}/{offer}"


def customer_of(decision: Decision) -> str | None:
    """The customer's id, an opt-out or not; None where the facts have none."""
    found = decision.outcome.setting.pack.dictionary.find("customer.customer_id")
    customer = None if found is None else decision.facts.supplied[found.slot]
    return customer if isinstance(customer, str) else None


def claims_of(decision: Decision, offer: str, requoted: Requote | None = None) -> tuple[Claim, ...]:
    """What ordering an offer takes of each cap, in the periods of the decision's day; nothing where no cap is about it.

    `requoted` is the offer as the customer would have it. Raises `ValueError` for an offer that the decision does not make.
    """
    made = decided_offer(decision, offer, requoted)
    setting = decision.outcome.setting
    pack, facts = setting.pack, setting.facts
    found = pack.offer_by_id[offer]
    values = candidate_for(found, made.record, facts, pack.dictionary).values
    fields = {} if made.quote is None else made.quote.fields()
    for name, slot in pack.quote_fields_read(found):
        values[slot] = fields[name]
    taken = ((each, each.amount) for each in shares(pack, found, facts, values))
    # one whose share cannot be told was not offered
    return tuple(
        Claim(each.cap.id, each.window, each.cap.limit, amount) for each, amount in taken if amount is not None
    )


def decided_offer(decision: Decision, offer: str, requoted: Requote | None) -> DecidedOffer:
    """The offer as it was decided, or quoted again; raises `ValueError` where it is not to be had."""
    made = next((each for each in decision.offers if each.offer == offer), None)
    if made is None:
        names = ", ".join(each.offer for each in decision.offers) or "none"
        raise ValueError(f"the decision does not offer `{offer}`; its offers: {names}")
    if requoted is None:
        return made
    if requoted.offer is None or requoted.offer.offer != offer:
        raise ValueError(f"the new quote is not of `{offer}`")
    return requoted.offer
