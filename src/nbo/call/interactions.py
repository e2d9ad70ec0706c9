"""What happened on a call → interactions for a history store; who records them is the integrator's business."""

from __future__ import annotations

import hashlib

from nbo.call.state import Happened, State
from nbo.history.exact import LONGEST_TEXT
from nbo.history.interaction import Interaction
from nbo.history.of_decision import More, interaction_of, referral_of


def interactions_of(state: State, call_id: str, more: More) -> tuple[Interaction, ...]:
    """One for each thing that happened with an offer, in order; the same events give the same keys."""
    return tuple(_interaction(each, call_id, more) for each in state.happened)


def _interaction(each: Happened, call_id: str, more: More) -> Interaction:
    known: More = {
        **more,
        "call_id": call_id,
        "key": _key(each.key),
        "needs": each.needs,
    }
    if each.kind == "referred":
        if each.note is not None:
            known["ticket_note"] = each.note
        return referral_of(each.decision, at=each.at, **known)
    known = {
        **known,
        "reason": each.reason,
        "csat": each.csat,
        "amount": each.amount,
        "complaint_id": each.complaint_id,
        "ask_again_at": each.ask_again_at,
    }
    return interaction_of(each.decision, each.offer, each.kind, at=each.at, **known)


def _key(key: str) -> str:
    return key if len(key) <= LONGEST_TEXT else hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()
