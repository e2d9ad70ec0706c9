"""An interaction about an offer of a decision, with what the decision knows filled in.

In: a decision, the offer, what happened. Out: an `Interaction` with a key that is the same whenever it is made of the same
event. A caller whose system names its events gives that name as `key` instead.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from nbo.decide.decision import DecidedOffer, Decision
from nbo.history.exact import LONGEST_TEXT
from nbo.history.interaction import Interaction, InteractionError, Kind

SEVERAL: frozenset[Kind] = frozenset({"deferred", "no_answer", "refunded", "complained", "rated"})
"""What can happen several times with one offer of a decision, so that the time is part of the key."""


class More(TypedDict, total=False):
    """What the decision does not know, or is to be told otherwise."""

    key: str
    customer_id: str
    family: str
    channel: str | None
    agent: str | None
    call_id: str | None
    script: str | None
    reason: str | None
    csat: int | None
    amount: Decimal | None
    complaint_id: str | None
    ask_again_at: datetime | None
    needs: tuple[str, ...]


def interaction_of(
    decision: Decision, offer: DecidedOffer | str, kind: Kind, *, at: datetime, **more: Unpack[More]
) -> Interaction:
    """What happened with an offer that a decision gave: customer, call, channel, script and needs are the decision's.

    `offer` is one of `decision.offers` or its id; `at` comes with a zone. Raises `InteractionError` where the decision did not
    give the offer, or nobody says who the customer is.
    """
    given = _given(decision, offer if isinstance(offer, str) else offer.offer)
    script = given.script
    known: More = {
        "family": given.family,
        "channel": decision.channel,
        "call_id": decision.call_id,
        "script": None if script is None else f"{script.treatment.id}/{script.treatment.version}",
        "needs": _needs(_supplied(decision, "call.need_tags")),
        **more,
    }
    if "customer_id" not in known:
        customer = _supplied(decision, "customer.customer_id")
        if not isinstance(customer, str):
            raise InteractionError("customer_id", "is neither in the decision's profile nor given")
        known["customer_id"] = customer
    if "key" not in known:
        known["key"] = _key(decision.decision_id, given.offer, kind, at)
    return Interaction(decision_id=decision.decision_id, offer=given.offer, kind=kind, at=at, **known)


def _given(decision: Decision, name: str) -> DecidedOffer:
    for each in decision.offers:
        if each.offer == name:
            return each
    raise InteractionError("offer", "is not one that the decision gave")


def _supplied(decision: Decision, name: str) -> object:
    """What the profile said, as the pack's dictionary reads it."""
    attribute = decision.outcome.setting.pack.dictionary.find(name)
    return None if attribute is None else decision.facts.supplied[attribute.slot]


def _needs(tags: object) -> tuple[str, ...]:
    return tuple(tags) if isinstance(tags, frozenset) else ()


def _key(decision_id: str, offer: str, kind: Kind, at: datetime) -> str:
    key = f"{decision_id}:{offer}:{kind}"
    if kind in SEVERAL:
        if at.utcoffset() is None:
            raise InteractionError("at", "has to be a time with its zone")
        key = f"{key}:{at.timestamp():.6f}"
    return key if len(key) <= LONGEST_TEXT else hashlib.sha256(key.encode()).hexdigest()
