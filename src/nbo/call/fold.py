"""The fold: a state and an event give the next state, or the reason why the event was not possible. One function a kind of event.

Nothing here reads a clock, draws a number or keeps anything. What may be sold and ordered is asked of the engine's rules; what
stands here whatever a pack says are the floors of a conversation: nothing sold after a complaint, to a customer who is not
verified, or again after a no; no required step left out; a confirmation for the offer and the quote at hand alone; one order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from nbo.call.asking import Asking
from nbo.call.event import Heard
from nbo.call.facts import CallAttributes
from nbo.call.moment import may_pitch, may_sell
from nbo.call.state import AtHand, Happened, Left, Objected, State
from nbo.call.steps import CONFIRM, ORDER, PUSH, before, open_steps, steps_of
from nbo.call.why import Refusal, Why, refused, why
from nbo.decide.decision import DecidedOffer, Decision
from nbo.decide.facts import Facts
from nbo.diagnostics.diagnostic import Text
from nbo.history.interaction import Kind
from nbo.language.calendar import Duration, step_datetime
from nbo.language.intake import Values
from nbo.language.types import Value
from nbo.pack.call import CallRules
from nbo.pack.rulepack import RulePack
from nbo.quote.choices import Choices


@dataclass(frozen=True, slots=True)
class Around:
    """What one event is folded in: the rules, the facts before it, and the engine's answers.

    `decision` is the one that the agent saw before the event; it is made when it is asked for first.
    """

    call_id: str
    pack: RulePack
    rules: CallRules
    attributes: CallAttributes
    asking: Asking
    base: Facts
    facts: Facts
    share: float
    decision: Callable[[], Decision]
    replayed: bool

    @property
    def verified(self) -> bool:
        """Whether the customer was verified before the event."""
        return self.attributes.is_verified(self.facts)


Answer = State | Refusal
Fold = Callable[[State, Heard, Around], Answer]


def fold(state: State, at: datetime, heard: Heard, around: Around) -> Answer:
    """The state after an event; `at` is the call's clock then."""
    if state.ended and heard.kind not in _AFTER_THE_END:
        return refused("ended")
    changed = replace(state, at=at, events=state.events + 1, left=None, values=values_set(state, heard, around))
    special = FOLDS.get(heard.kind)
    return changed if special is None else special(changed, heard, around)


def values_set(state: State, heard: Heard, around: Around) -> Mapping[int, Value | None]:
    """What is set after an event; its expressions read the call as it was before."""
    sets = heard.type.sets
    if not sets:
        return state.values
    known = around.facts.values
    row = Values((*known, *heard.row), known.refused)
    values = dict(state.values)
    for each in sets:
        value = each.expression.ask(row)
        values[each.attribute.slot] = value if value is not None and each.attribute.in_range(value) else None
    return MappingProxyType(values)


# --- what is said of the call -----------------------------------------------------------------------------------------


def _need(state: State, heard: Heard, around: Around) -> Answer:
    return replace(state, needs=state.needs | {str(heard.value("need"))})


def _complaint(state: State, heard: Heard, around: Around) -> Answer:
    stopped = stopped_by(state, why("complaint"))
    last = state.last
    if last is None:
        return stopped
    named = heard.word("complaint_id") or heard.id
    return _with(stopped, _happened("complained", heard, stopped, around, *last, complaint_id=named))


def _score(state: State, heard: Heard, around: Around) -> Answer:
    if state.last is None:
        return state
    return _with(state, _happened("rated", heard, state, around, *state.last, csat=heard.value("csat")))


def _referred(state: State, heard: Heard, around: Around) -> Answer:
    """The second line has what the decision asks it to do; once a call."""
    decision = around.decision()
    if decision.serve is None or decision.serve.ticket is None:
        return refused("no_ticket")
    if state.referred:
        return state
    taken = replace(state, referred=True)
    return _with(taken, _happened("referred", heard, taken, around, decision, "", note=heard.word("note")))


def _ended(state: State, heard: Heard, around: Around) -> Answer:
    return replace(_unanswered(state, heard, around), ended=True)


def stopped_by(state: State, reason: Why) -> State:
    """Selling is off for the rest of the call: what was for sale is let go, whatever was said to it."""
    at_hand = state.at_hand
    let_go = at_hand is not None and at_hand.is_sale and at_hand.offer.offer not in state.booked
    return replace(state, off=state.off or reason, at_hand=None if let_go else at_hand)


# --- offers -----------------------------------------------------------------------------------------------------------


def _presented(state: State, heard: Heard, around: Around) -> Answer:
    name = str(heard.value("offer"))
    at_hand = state.at_hand
    if at_hand is not None and at_hand.offer.offer == name:
        return state  # it is at hand: to say it twice is to say it once
    first = None if at_hand is None or at_hand.offer.offer not in state.booked else before(at_hand, None)
    if first is not None:
        return refused("step_before", name=first.id)
    known = around.pack.offer_by_id.get(name)
    if known is None:
        return refused("unknown_offer", name=name)
    if name in state.declined:
        return refused("answered_before", name=name)
    if name in state.booked:
        return refused("already_booked")
    if not around.verified:
        return refused("not_verified")
    is_sale = known.kind == "sales"
    if is_sale:
        stands = may_pitch(state, around.rules, around.facts, around.share, state.at, verified=around.verified)
        if stands is not None:
            return _because(stands)
    decision = around.decision()
    found = next((each for each in offered(decision, state) if each.offer == name), None)
    if found is None:
        stop = decision.blocked.get(name)
        if stop is None:
            return refused("not_offered", name=name)
        words = Text(stop.text("en"), stop.text("zh"))
        return Refusal(stop.code, words, None if stop.span is None else str(stop.span))
    left = _unanswered(state, heard, around)
    taken = replace(
        left,
        at_hand=AtHand(decision, found, state.at),
        pitches=state.pitches + is_sale,
        last=(decision, name),
    )
    return _with(taken, _happened("presented", heard, taken, around, decision, name))


def offered(decision: Decision, state: State) -> tuple[DecidedOffer, ...]:
    """The offers of a decision that may be brought up on this call: none that was declined, put off or ordered on it."""
    settled = state.declined | state.booked
    return tuple(each for each in decision.offers if each.offer not in settled)


def _requoted(state: State, heard: Heard, around: Around) -> Answer:
    found = _at_hand(state, heard, around)
    if isinstance(found, Refusal):
        return found
    stands = _against(state, found, around)
    if stands is not None:
        return _because(stands)
    choices: dict[str, object] = {name: value for name, value in heard.fields.items() if name in _CHOICES}
    try:
        answer = around.asking.requote(found.decision, found.offer.offer, choices, replayed=around.replayed)
    except ValueError:
        return refused("no_choice", name=", ".join(choices) or "-")
    if answer.offer is None:
        reason = answer.reason
        if reason is None:
            return refused("no_choice", name=", ".join(choices))
        return Refusal(reason.code, Text(reason.text, reason.text), reason.source)
    # INVARIANT: what was said yes to and what was confirmed had other numbers
    return replace(state, at_hand=AtHand(found.decision, answer.offer, state.at, answer))


# --- answers ----------------------------------------------------------------------------------------------------------


def _answer(state: State, heard: Heard, around: Around) -> Answer:
    if heard.value("response") != "accept" and str(heard.value("offer")) in state.declined:
        return state  # a no is a no, however often it is said
    found = _at_hand(state, heard, around)
    if isinstance(found, Refusal) and heard.value("response") != "accept":
        found = _stopped(state, heard) or found
    if isinstance(found, Refusal):
        return found
    match heard.value("response"):
        case "accept":
            return _accepted(state, found, heard, around)
        case "decline":
            return _let_go(state, found, heard, around, "declined", None)
        case _:
            return _let_go(state, found, heard, around, "deferred", _ask_again_at(heard, state.at, around))


def _stopped(state: State, heard: Heard) -> AtHand | None:
    """The offer that was let go when selling was turned off: a no to it is heard all the same, and kept."""
    if state.off is None or state.at_hand is not None or state.last is None or state.last[1] != heard.word("offer"):
        return None
    decision, name = state.last
    offer = next((each for each in decision.offers if each.offer == name), None)
    return None if offer is None or name in state.booked else AtHand(decision, offer, state.at)


def _accepted(state: State, at_hand: AtHand, heard: Heard, around: Around) -> Answer:
    stands = _against(state, at_hand, around)
    if stands is not None:
        return _because(stands)
    recorded = at_hand.recorded or heard.value("recorded") is True or around.attributes.is_recorded(around.facts)
    taken = replace(state, at_hand=replace(at_hand, accepted=True, recorded=recorded, objected=None))
    if at_hand.accepted:
        return taken  # it is the same yes; said once more on a recorded line it is on record
    return _with(taken, _happened("accepted", heard, taken, around, at_hand.decision, at_hand.offer.offer))


def _let_go(
    state: State, at_hand: AtHand, heard: Heard, around: Around, how: Kind, ask_again_at: datetime | None
) -> State:
    """The offer is left alone for the rest of the call."""
    name = at_hand.offer.offer
    row = around.attributes.row(
        {
            "decision_id": at_hand.decision.decision_id,
            "offer_id": name,
            "family": at_hand.offer.family,
            "channel": at_hand.decision.channel,
            "presented_at": at_hand.since,
            "response": "decline" if how == "declined" else "defer",
            "refusal_reason": heard.value("reason"),
            "ask_again_at": ask_again_at,
        }
    )
    left = replace(
        state,
        at_hand=None,
        declined=state.declined | {name},
        rows=state.rows if row is None else (*state.rows, row),
        left=Left(how, name, ask_again_at),
    )
    happened = _happened(
        how, heard, left, around, at_hand.decision, name, reason=heard.word("reason"), ask_again_at=ask_again_at
    )
    return _with(left, happened)


def _ask_again_at(heard: Heard, at: datetime, around: Around) -> datetime | None:
    """When the customer said, or as many days later as the pack says."""
    said = heard.value("ask_again_at")
    if isinstance(said, datetime):
        return said
    days = around.rules.ask_again_days
    return None if days is None else step_datetime(at, Duration(days=days), around.pack.zone)


def _objection(state: State, heard: Heard, around: Around) -> Answer:
    found = _at_hand(state, heard, around)
    if isinstance(found, Refusal):
        return found
    name, script = str(heard.value("objection")), found.offer.script
    known = {} if script is None else {each: (tries, answer) for each, tries, answer in script.objections}
    most, answer = known.get(name, (0, None))
    tried = state.tries.get((found.offer.offer, name), 0)
    tries = MappingProxyType({**state.tries, (found.offer.offer, name): tried + 1})
    objected = Objected(name, answer if tried < most else None)
    return replace(state, tries=tries, at_hand=replace(found, objected=objected))


# --- steps after a yes ------------------------------------------------------------------------------------------------


def _pushed(state: State, heard: Heard, around: Around) -> Answer:
    return _step(state, heard, around, PUSH)


def _confirmed(state: State, heard: Heard, around: Around) -> Answer:
    return _step(state, heard, around, CONFIRM)


def _done(state: State, heard: Heard, around: Around) -> Answer:
    name = str(heard.value("step"))
    known = () if state.at_hand is None else steps_of(state.at_hand)
    if state.at_hand is not None and (name in _OF_OTHER_EVENTS or name not in {each.id for each in known}):
        return refused("unknown_step", name=name)
    return _step(state, heard, around, name)


def _step(state: State, heard: Heard, around: Around, step: str) -> Answer:
    """A step is done; one that was done before stays done."""
    found = _ready(state, heard, around, booked=True)
    if isinstance(found, Refusal):
        return found
    if step in found.done:
        return state
    known = {each.id for each in steps_of(found)}
    if step in known or step == CONFIRM:
        first = before(found, step if step in known else ORDER)
        if first is not None:
            return refused("step_before", name=first.id)
    if ORDER not in known and found.offer.offer not in state.booked:
        forbidden = _forbidden(state, found, around)  # one of the steps is the order
        if forbidden is not None:
            return forbidden
    taken = replace(
        found,
        pushed=found.pushed or step == PUSH,
        confirmed=found.confirmed or step == CONFIRM,
        done=found.done | {step},
    )
    changed = replace(state, at_hand=taken)
    is_required = any(each.required for each in steps_of(found) if each.id == step)
    if is_required and ORDER not in known and before(taken, ORDER) is None:
        changed = _booked(changed, taken, heard, around)
    return _settled(changed)


def _order(state: State, heard: Heard, around: Around) -> Answer:
    name = str(heard.value("offer"))
    if name in state.booked:
        return state  # an order is booked once
    found = _ready(state, heard, around, booked=False)
    if isinstance(found, Refusal):
        return found
    first = before(found, ORDER)
    if first is not None:
        return refused("step_before", name=first.id)
    forbidden = _forbidden(state, found, around)
    if forbidden is not None:
        return forbidden
    return _settled(_booked(state, replace(found, done=found.done | {ORDER}), heard, around))


def _forbidden(state: State, at_hand: AtHand, around: Around) -> Refusal | None:
    """Why the gates before the order keep it from being booked; None where they hold."""
    facts = around.attributes.facts(around.base, state)
    answer = around.asking.may_order(facts, at_hand.offer.offer, replayed=around.replayed)
    if answer.allowed:
        return None
    reason = answer.reason
    if reason is None:
        return refused("may_not_order")
    return Refusal(reason.code, Text(reason.text, reason.text), reason.source)


def _booked(state: State, at_hand: AtHand, heard: Heard, around: Around) -> State:
    name = at_hand.offer.offer
    if name in state.booked:
        return replace(state, at_hand=at_hand)
    amount = heard.value("amount")
    taken = replace(state, at_hand=at_hand, booked=state.booked | {name})
    return _with(taken, _happened("booked", heard, taken, around, at_hand.decision, name, amount=amount))


def _settled(state: State) -> State:
    """An offer that is ordered, with every step done, is at hand no more."""
    at_hand = state.at_hand
    if at_hand is None or at_hand.offer.offer not in state.booked or open_steps(at_hand):
        return state
    return replace(state, at_hand=None, left=Left("booked", at_hand.offer.offer))


# --- what several have in common --------------------------------------------------------------------------------------


def _at_hand(state: State, heard: Heard, around: Around) -> AtHand | Refusal:
    """The offer that an event is about, which has to be at hand and not ordered yet."""
    at_hand, name = state.at_hand, heard.word("offer")
    if at_hand is None:
        return _because(state.off) if state.off is not None else refused("not_at_hand")
    if name is not None and name != at_hand.offer.offer:
        return refused("other_at_hand", name=at_hand.offer.offer)
    return refused("already_booked") if at_hand.offer.offer in state.booked else at_hand


def _ready(state: State, heard: Heard, around: Around, *, booked: bool) -> AtHand | Refusal:
    """The offer at hand, to which the customer has said yes and which may be sold still; `booked`: also one that is ordered."""
    at_hand = state.at_hand
    if booked and at_hand is not None and at_hand.offer.offer in state.booked:
        return at_hand
    found = _at_hand(state, heard, around)
    if isinstance(found, Refusal):
        return found
    stands = _against(state, found, around)
    if stands is not None:
        return _because(stands)
    return found if found.accepted else refused("not_accepted")


def _against(state: State, at_hand: AtHand, around: Around) -> Why | None:
    """What stands against going on with the offer at hand."""
    if at_hand.is_sale:
        return may_sell(state, verified=around.verified)
    return None if around.verified else why("not_verified")


def _unanswered(state: State, heard: Heard, around: Around) -> State:
    """The offer at hand is let go without an answer."""
    at_hand = state.at_hand
    if at_hand is None:
        return state
    left = replace(state, at_hand=None)
    if at_hand.accepted or at_hand.offer.offer in state.booked:
        return left
    return _with(left, _happened("no_answer", heard, left, around, at_hand.decision, at_hand.offer.offer))


def _happened(
    kind: Kind, heard: Heard, state: State, around: Around, decision: Decision, offer: str, **more: object
) -> Happened:
    key = f"{around.call_id}:{heard.id}:{kind}"
    needs = tuple(sorted(state.needs))
    return Happened(kind, key, state.at, decision, offer, needs, **more)  # type: ignore[arg-type]  # as its fields are


def _with(state: State, *happened: Happened) -> State:
    return replace(state, happened=(*state.happened, *happened))


def _because(stands: Why) -> Refusal:
    return Refusal(stands.code, stands.words, stands.source)


_CHOICES = frozenset(Choices.__dataclass_fields__)
_OF_OTHER_EVENTS = frozenset({PUSH, CONFIRM, ORDER})
_AFTER_THE_END = frozenset({"score", "complaint", "referred", "ended"})
FOLDS: Mapping[str, Fold] = {
    "need_stated": _need,
    "complaint": _complaint,
    "referred": _referred,
    "score": _score,
    "ended": _ended,
    "offer_presented": _presented,
    "requoted": _requoted,
    "answer": _answer,
    "objection": _objection,
    "cost_statement_pushed": _pushed,
    "cost_statement_confirmed": _confirmed,
    "step_done": _done,
    "order": _order,
}
"""What the kinds do that mean more than what they set."""
