"""At which stage a call is, by what has happened on it."""

from __future__ import annotations

from nbo.call.state import State


def stage_of(state: State, *, verified: bool, most_pitches: int) -> str:
    """Of `opening verify service need offer confirm closing` the one that the call is in.

    `most_pitches` is how many offers may be brought up on one call.
    """
    at_hand = state.at_hand
    if state.ended:
        return "closing"
    if at_hand is not None:
        return "confirm" if at_hand.accepted else "offer"
    if not verified:
        return "verify" if state.events else "opening"
    if state.booked or (state.pitches >= most_pitches and state.off is None):
        return "closing"
    return "need" if state.window.is_open and state.off is None else "service"
