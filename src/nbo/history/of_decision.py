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
from nbo.decide.serving import serve
from nbo.history.exact import LONGEST_TEXT
from nbo.history.interaction import Interaction, InteractionError, Kind
from nbo.pack.offer import Offer

SEVERAL: frozenset[Kind] = frozenset({"deferred", "no_answer", "refunded", "complained", "rated", "referred"})
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
    ticket_owner: str | None
    ticket_due_at: datetime | None
    ticket_note: str | None


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
        "script": None if script is None else f"{script.treatment.id}/{script.treatment.version}",
        **more,
    }
    return _known(decision, given.offer, kind, at, known)


def _known(decision: Decision, offer: str, kind: Kind, at: datetime, more: More) -> Interaction:
    """With the call, channel, needs and customer of the decision."""
    known: More = {
        "channel": decision.channel,
        "call_id": decision.call_id,
        "needs": _needs(_supplied(decision, "call.need_tags")),
        **more,
    }
    if "customer_id" not in known:
        customer = _supplied(decision, "customer.customer_id")
        if not isinstance(customer, str):
            raise InteractionError("customer_id", "is neither in the decision's profile nor given")
        known["customer_id"] = customer
    if "key" not in known:
        known["key"] = _key(decision.decision_id, offer, kind, at)
    return Interaction(decision_id=decision.decision_id, offer=offer, kind=kind, at=at, **known)


def referral_of(decision: Decision, *, at: datetime, **more: Unpack[More]) -> Interaction:
    """The ticket that a decision gave, so that its note shows on the next call: owner and due time are the decision's.

    It is about the offer whose quote was refused, else about no offer: offer and family are then named after the way to serve
    (`second_line`). The note is what the customer needs, in the decision's language, unless another is given; whoever writes
    one writes personal data. Raises `InteractionError` where the decision gave no ticket, or nobody says who the customer is.
    """
    served = decision.serve
    if served is None or served.ticket is None:
        raise InteractionError("ticket_owner", "is not given: the decision has no ticket")
    about = _refused(decision)
    known: More = {
        "family": served.outcome if about is None else about.family,
        "ticket_owner": served.ticket.owner,
        "ticket_due_at": served.ticket.due,
        "ticket_note": served.ticket.need or None,
        **more,
    }
    offer = served.outcome if about is None else about.id
    return _known(decision, offer, "referred", at, known)


def _refused(decision: Decision) -> Offer | None:
    """The offer above whose authority the ticket is."""
    setting, reason = decision.outcome.setting, decision.reason
    for candidate in decision.outcome.matched:
        stop = candidate.blocked
        if stop is None or stop.stage != "quote" or (reason is not None and stop.code != reason.code):
            continue
        if serve(stop.serve, setting) == decision.serve:
            return candidate.offer
    return None


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
