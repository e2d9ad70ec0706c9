"""What can be observed on a call now: the kinds of events that make sense in its state, and the values that their fields have.

In: the session. Out: kinds and values. It only advises: what an event means, and whether it is possible, the session says.
"""

from __future__ import annotations

from collections.abc import Mapping

from nbo.call.next_step import Next
from nbo.call.session import Session
from nbo.call.state import AtHand
from nbo.call.steps import CONFIRM, ORDER, PUSH, open_steps
from nbo.language.types import Attribute
from nbo.pack.call import CallRules

Values = Mapping[str, tuple[str, ...]]
_STEP_OF = {"cost_statement_pushed": PUSH, "cost_statement_confirmed": CONFIRM, "order": ORDER}
_AFTER_THE_END = ("score", "complaint", "referred")
_OFFER, _PRESENTED, _REQUOTED, _ANSWER, _OBJECTION, _STEP, _REFERRED = (
    "offer", "offer_presented", "requoted", "answer", "objection", "step_done", "referred",
)  # fmt: skip
_NOT_ALWAYS = frozenset({_PRESENTED, _REQUOTED, _ANSWER, _OBJECTION, _STEP, _REFERRED, *_STEP_OF})


def possible_now(rules: CallRules, session: Session) -> dict[str, Values]:
    """By kind, the values that its fields have here beyond those of their types."""
    if session.state.ended:
        return {kind: {} for kind in _AFTER_THE_END if kind in rules.events}
    about = _about_offers(session.next)
    if session.next.tickets:
        about[_REFERRED] = {}
    known = {kind: about.get(kind) for kind in rules.events if kind in about or kind not in _NOT_ALWAYS}
    return {kind: values or {} for kind, values in known.items()}


def _about_offers(said: Next) -> dict[str, Values]:
    found: dict[str, Values] = {}
    if said.offers:
        found[_PRESENTED] = {_OFFER: tuple(each.offer for each in said.offers)}
    at_hand = said.state.at_hand
    if at_hand is None:
        return found
    own = {_OFFER: (at_hand.offer.offer,)}
    if at_hand.offer.offer not in said.state.booked:
        script = at_hand.offer.script
        objections = () if script is None else tuple(name for name, _, _ in script.objections)
        found |= {_REQUOTED: own, _ANSWER: own, _OBJECTION: {"objection": objections, **own}}
    return found | (_steps(at_hand, own) if at_hand.accepted else {})


def _steps(at_hand: AtHand, own: Values) -> dict[str, Values]:
    still_open = [each.id for each in open_steps(at_hand)]
    found: dict[str, Values] = {kind: own for kind, step in _STEP_OF.items() if step in still_open}
    others = tuple(each for each in still_open if each not in _STEP_OF.values())
    return found | ({_STEP: {"step": others, **own}} if others else {})


def event_of_step(said: Next) -> tuple[str, dict[str, object]] | None:
    """The event that says that what the agent is to do now was done; None where that is no single event."""
    step = said.step
    if step.code == "present" and step.offer is not None:
        return _PRESENTED, {_OFFER: step.offer.offer}
    if step.code in _STEP_OF.values():
        return next(kind for kind, own in _STEP_OF.items() if own == step.code), _own(said)
    if step.code == "step" and step.step is not None:
        return _STEP, {"step": step.step}
    return {"serve": ("service_resolved", {}), "hand_over": (_REFERRED, {}), "close": ("ended", {})}.get(step.code)


def _own(said: Next) -> dict[str, object]:
    at_hand = said.state.at_hand
    return {} if at_hand is None else {_OFFER: at_hand.offer.offer}


def offer_meant(kind: str, said: Next) -> str | None:
    """The offer that an event is about where nobody names one: the one at hand, or the one to present."""
    at_hand = said.state.at_hand
    if kind == _PRESENTED and said.offers:
        return said.offers[0].offer
    return None if at_hand is None else at_hand.offer.offer


def choices_of(field: Attribute, values: Values, name: str) -> tuple[str, ...]:
    """The values of a field: those that make sense now, or all of its type."""
    domain = field.type.domain
    return values.get(name) or (() if domain is None else domain.values)
