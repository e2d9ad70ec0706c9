"""What a session says after an event: where the call is, what was found, what the agent does now.

A decision is made when it is asked for, or when the next step needs one; an event that nobody asks about costs none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from nbo.call.fold import offered
from nbo.call.moment import Moment
from nbo.call.state import AtHand, State
from nbo.call.steps import CONFIRM, ORDER, PUSH, open_steps
from nbo.call.why import Refusal, Why, filled
from nbo.call.wording import STEPS
from nbo.decide.decision import DecidedOffer, Decision
from nbo.decide.serving import ServedTicket
from nbo.language.calendar import on_wall_clock
from nbo.once import once

_OWN_WORDS = frozenset({PUSH, CONFIRM, ORDER})


@dataclass(frozen=True, slots=True)
class Note:
    """What the second line left for the next call: a ticket of an earlier one. Times are in the pack's zone."""

    owner: str | None
    due: datetime | None
    text: str | None
    offer: str | None

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        due = None if self.due is None else self.due.isoformat()
        return {"owner": self.owner, "due": due, "text": self.text, "offer": self.offer}


@dataclass(frozen=True, slots=True)
class Step:
    """What the agent does now: a stable code, and words in the agent's language.

    `offer` is the one that it is about. `says` is what is said to the customer: the script of an offer to present, the answer to
    an objection. `step` and `required` are of a step after a yes. `reason` is why, where that is not plain.
    """

    code: str
    text: str
    offer: DecidedOffer | None = None
    says: str | None = None
    step: str | None = None
    required: bool = True
    ask_again_at: datetime | None = None
    ticket: ServedTicket | None = None
    reason: Why | None = None
    language: str = field(default="en", repr=False)

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {
            "code": self.code,
            "text": self.text,
            "offer": None if self.offer is None else self.offer.offer,
            "says": self.says,
            "step": self.step,
            "required": self.required,
            "ask_again_at": None if self.ask_again_at is None else self.ask_again_at.isoformat(),
            "ticket": None if self.ticket is None else self.ticket.to_dict(),
            "reason": None if self.reason is None else self.reason.to_dict(self.language),
        }


@dataclass(frozen=True)  # no slots: offers and step are worked out when they are asked for, and once
class Next:
    """Where a call is after an event.

    `moment` says whether something may be brought up for sale now. `refused` is why the event was not possible: then nothing
    has changed. `notes` are tickets of earlier calls, `warnings` what was wrong with the event's data or time.
    """

    stage: str
    needs: tuple[str, ...]
    moment: Moment
    refused: Refusal | None
    notes: tuple[Note, ...]
    warnings: tuple[Why, ...]
    language: str
    state: State = field(repr=False)
    deciding: Callable[[], Decision] = field(repr=False, compare=False)
    verified: bool = field(repr=False)

    @property
    def decision(self) -> Decision:
        """What to offer now by the pack's rules, or why nothing and how to serve."""
        return self.deciding()

    @once
    def offers(self) -> tuple[DecidedOffer, ...]:
        """The offers that may be brought up now: of the decision those that this call leaves open."""
        if self.state.ended or not self.verified:
            return ()
        found = offered(self.decision, self.state)
        return found if self.moment.is_open else tuple(each for each in found if each.kind != "sales")

    @property
    def tickets(self) -> tuple[ServedTicket, ...]:
        """What somebody else is to do for the customer, by the step or beside its offer, until it is handed over."""
        step, at_hand = self.step, self.state.at_hand
        if step.ticket is not None:
            return (step.ticket,)
        about = at_hand.decision if at_hand is not None else self.decision if step.code == "present" else None
        served = None if about is None or self.state.referred else about.serve
        return () if served is None or served.ticket is None else (served.ticket,)

    @once
    def step(self) -> Step:
        """What the agent does now."""
        state = self.state
        if state.ended:
            return self._step("nothing")
        at_hand = state.at_hand
        if at_hand is not None and at_hand.offer.offer in state.booked:
            return self._with_offer(at_hand)
        if not self.verified:
            return self._step("verify_identity")
        if at_hand is not None:
            paused = state.paused if at_hand.is_sale else None
            return self._with_offer(at_hand) if paused is None else self._step("serve", reason=paused)
        if self.offers:
            best = self.offers[0]
            script = best.script
            return self._step("present", best.label, offer=best, says=None if script is None else script.text)
        left = state.left
        if left is not None and left.how == "declined":
            return self._step("leave_it")
        if left is not None and left.how == "deferred":
            again = left.ask_again_at
            if again is None:
                return self._step("ask_when")
            zone = self.decision.at.tzinfo
            local = again if zone is None else on_wall_clock(again, zone) or again
            return self._step("ask_again", local.date().isoformat(), ask_again_at=local)
        return self._service()

    def _service(self) -> Step:
        state = self.state
        if state.off is None and not state.window.is_open and self.stage != "closing":
            return self._step("serve", reason=self.moment.why)
        served = self.decision.serve if self.decision.status == "no_offer" else None
        if served is not None and served.ticket is not None and not state.referred:
            return self._step("hand_over", served.ticket.owner, ticket=served.ticket, reason=state.off or state.paused)
        if state.off is not None:
            return self._step("stop_selling", state.off.text(self.language), reason=state.off)
        return self._step("close" if self.stage == "closing" else "serve", reason=self.moment.why)

    def _with_offer(self, at_hand: AtHand) -> Step:
        offer = at_hand.offer
        if at_hand.accepted:
            steps = open_steps(at_hand)
            if not steps:
                is_booked = offer.offer in self.state.booked
                return self._step("nothing" if is_booked else "order", offer=offer)
            first = steps[0]
            code = first.id if first.id in _OWN_WORDS else "step"
            return self._step(code, first.id, offer=offer, step=first.id, required=first.required)
        objected = at_hand.objected
        if objected is None:
            return self._step("await_answer", offer=offer, says=None if offer.script is None else offer.script.text)
        if objected.answer is None:
            return self._step("leave_it", offer=offer)
        return self._step("answer_objection", offer=offer, says=objected.answer.text)

    def _step(
        self,
        code: str,
        name: str = "",
        *,
        offer: DecidedOffer | None = None,
        says: str | None = None,
        step: str | None = None,
        required: bool = True,
        ask_again_at: datetime | None = None,
        ticket: ServedTicket | None = None,
        reason: Why | None = None,
    ) -> Step:
        words = filled(STEPS[code], {"name": name}).fill(self.language)
        return Step(code, words, offer, says, step, required, ask_again_at, ticket, reason, self.language)

    def to_dict(self) -> dict[str, object]:
        """Plain values, the step and its offers among them; a decision is made for it where the step needs one."""
        state = self.state
        return {
            "stage": self.stage,
            "needs": list(self.needs),
            "moment": self.moment.to_dict(),
            "step": self.step.to_dict(),
            "offer_at_hand": None if state.at_hand is None else state.at_hand.offer.offer,
            "refused": None if self.refused is None else self.refused.to_dict(self.language),
            "notes": [each.to_dict() for each in self.notes],
            "tickets": [each.to_dict() for each in self.tickets],
            "warnings": [each.to_dict(self.language) for each in self.warnings],
        }
