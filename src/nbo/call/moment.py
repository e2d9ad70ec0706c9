"""Whether this is a moment to bring up something for sale, and why not.

In: the state and the rules of a call. Out: an answer with its reason. Which offer, and whether there is one, is for a decision to
say; it is asked only where the answer is yes. Nothing here is random: who has a pitch while callers wait is decided by the id of
the call, so a call that has one keeps it as long as the level does not fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from nbo.call.state import State
from nbo.call.why import Why, why
from nbo.decide.facts import Facts
from nbo.pack.call import CallRules, Throttle


@dataclass(frozen=True, slots=True)
class Moment:
    """`is_open`, or the reason why not."""

    is_open: bool
    why: Why | None
    language: str

    @property
    def reason(self) -> str | None:
        """The reason in words."""
        return None if self.why is None else self.why.text(self.language)

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"open": self.is_open, "reason": None if self.why is None else self.why.to_dict(self.language)}


def share_of(call_id: str) -> float:
    """Where a call stands among all calls, from 0 to below 1: the same call always at the same place."""
    digest = sha256(call_id.encode("utf-8", errors="backslashreplace")).digest()
    return int.from_bytes(digest[:7]) / 2**56


def may_sell(state: State, *, verified: bool) -> Why | None:
    """What stands against selling on this call, whatever the moment is: what is true of an order, too."""
    if state.ended:
        return why("ended")
    if state.off is not None:
        return state.off
    if state.paused is not None:
        return state.paused
    return None if verified else why("not_verified")


def may_pitch(
    state: State, rules: CallRules, facts: Facts, share: float, at: datetime, *, verified: bool
) -> Why | None:
    """What stands against bringing up something for sale at a time; None: nothing does."""
    stands = may_sell(state, verified=verified)
    if stands is not None:
        return stands
    window = state.window
    if not window.is_open:
        return window.why or why("window_closed")
    if state.booked:
        return why("booked")
    if state.pitches > rules.more_tries:
        return why("enough_tried", rules.tries_span)
    if rules.pitch_seconds is not None:
        left = rules.pitch_seconds - (at - window.since).total_seconds()
        if left < (rules.seconds_left if state.pitches else 0):
            return why("too_late", rules.tries_span if state.pitches else rules.pitch_span)
    return None if rules.throttle is None else _held_back(rules.throttle, facts, share)


def _held_back(throttle: Throttle, facts: Facts, share: float) -> Why | None:
    level = throttle.level.ask(facts.values)
    if not isinstance(level, float):
        return why("queue_unknown", throttle.span)
    low, high = float(throttle.none_under), float(throttle.all_from)
    if level >= high:
        return None
    return None if level >= low and share < (level - low) / (high - low) else why("queue", throttle.span)
