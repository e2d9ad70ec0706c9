"""Interactions → the rows of a profile's `history`, one a decision and offer.

In: the interactions of one customer, in any order. Out: rows with the names and values that the sample dictionary's `history`
has. Whether a pack's own dictionary accepts them is told where profiles are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from nbo.history.exact import plus
from nbo.history.interaction import Interaction, Kind

_RESPONSES: Mapping[Kind, str] = {"accepted": "accept", "booked": "accept", "declined": "decline", "deferred": "defer"}
_NOBODY_ANSWERED: frozenset[Kind] = frozenset({"no_answer", "referred"})
_IN_ORDER = attrgetter("at", "key")


def fold(interactions: Iterable[Interaction]) -> list[dict[str, object]]:
    """The rows by the time at which each was presented; what is not known of a row is not in it.

    INVARIANT: what comes out hangs on what happened and when, never on when it was told: all that counts is the order of
    (at, key).
    """
    threads: dict[tuple[str, str], list[Interaction]] = {}
    for each in sorted(interactions, key=_IN_ORDER):
        threads.setdefault((each.decision_id, each.offer), []).append(each)
    folded = [(_presented(thread), names, thread) for names, thread in threads.items()]
    folded.sort(key=lambda each: (each[0].at, each[1]))
    return [_row(presented, thread) for presented, _, thread in folded]


def _presented(thread: Sequence[Interaction]) -> Interaction:
    """When it was last presented; where nobody said so, the first that is known of it: it was presented by then."""
    return next((each for each in reversed(thread) if each.kind == "presented"), thread[0])


def _row(presented: Interaction, thread: Sequence[Interaction]) -> dict[str, object]:
    answer = _answer(thread)
    last = {each.kind: each for each in thread}
    rated, complained, deferred = last.get("rated"), last.get("complained"), last.get("deferred")
    ticket = _ticket(thread)
    row: dict[str, object | None] = {
        "decision_id": presented.decision_id,
        "offer_id": presented.offer,
        "family": thread[0].family,
        "channel": presented.channel or next((each.channel for each in thread if each.channel), None),
        "presented_at": presented.at,
        "response": None if answer is None else _RESPONSES.get(answer.kind, "no_answer"),
        "refusal_reason": None if answer is None else answer.reason,
        "csat": None if rated is None else rated.csat,
        "cancelled_at": _cancelled_at(thread),
        "refund": _refund(thread),
        "complaint_id": None if complained is None else complained.complaint_id,
        "script_version": presented.script or next((each.script for each in thread if each.script), None),
        "ask_again_at": deferred.ask_again_at if deferred is not None and deferred is answer else None,
        "ticket_owner": None if ticket is None else ticket.ticket_owner,
        "ticket_due_at": None if ticket is None else ticket.ticket_due_at,
        "ticket_note": None if ticket is None else ticket.ticket_note,
    }
    return {name: value for name, value in row.items() if value is not None}


def _answer(thread: Sequence[Interaction]) -> Interaction | None:
    """The last answer; that somebody could not be reached, or was referred, is one only where nothing was ever answered."""
    last = None
    for each in thread:
        if each.kind in _RESPONSES or (
            each.kind in _NOBODY_ANSWERED and (last is None or last.kind in _NOBODY_ANSWERED)
        ):
            last = each
    return last


def _ticket(thread: Sequence[Interaction]) -> Interaction | None:
    """The last ticket that nobody has settled: it is settled when the customer answers after it, whatever the answer."""
    ticket = None
    for each in thread:
        if each.kind == "referred":
            ticket = each
        elif each.kind in _RESPONSES:
            ticket = None
    return ticket


def _cancelled_at(thread: Sequence[Interaction]) -> datetime | None:
    """When it was cancelled, unless the customer took it again after that."""
    at = None
    for each in thread:
        if each.kind == "cancelled":
            at = each.at
        elif _RESPONSES.get(each.kind) == "accept":
            at = None
    return at


def _refund(thread: Sequence[Interaction]) -> Decimal | None:
    total = None
    for each in thread:
        if each.kind == "refunded" and each.amount is not None:
            total = each.amount if total is None else plus(total, each.amount)
    return total
