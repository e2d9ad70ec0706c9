"""A call as an integrator drives it: events in, what the agent does next out.

A session holds the state of one call and the events that made it. The same events give the same state, so a call is resumed on
another machine from its stored events. It stays with the version of the pack that it began with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from threading import Lock
from typing import Unpack
from weakref import finalize

from nbo.call.asking import NOTHING_OUTSIDE, Asking, Deciding, Outside
from nbo.call.began import Began
from nbo.call.event import Heard, read_event
from nbo.call.facts import CallAttributes
from nbo.call.fold import Around, fold
from nbo.call.found import closed, with_moments, with_standard_window, with_stops, with_waiting
from nbo.call.interactions import interactions_of
from nbo.call.matching.matcher import Matcher, Seen
from nbo.call.moment import Moment, may_pitch, share_of
from nbo.call.next_step import Next
from nbo.call.notes import notes_of
from nbo.call.state import AtHand, State, Window
from nbo.call.vocabulary import call_rules
from nbo.call.why import Refusal, Why, refused, why
from nbo.decide.decision import Decision
from nbo.decide.facts import Facts
from nbo.history.interaction import Interaction
from nbo.history.of_decision import More
from nbo.pack import moments as moments_of_pack
from nbo.pack.rulepack import RulePack

MOST_EVENTS = 10_000
LONGEST_CALL = timedelta(hours=24)
_OFFERS = 3  # of a decision in a call
_PRESENTED = "offer_presented"
_MORE_COMPLAINTS = 100  # that are heard after so many events; the first one has ended selling
_numbers = count()


class CallKit:
    """What all calls by one version of a pack share."""

    def __init__(self, pack: RulePack, moments: Iterable[moments_of_pack.Moment], matcher: Matcher | None) -> None:
        """`matcher` says which of the pack's moments happen; None where it has none."""
        self.pack = pack
        self.rules = call_rules(pack)
        self.attributes = CallAttributes(pack, 1 + self.rules.more_tries)
        self.moments: Mapping[str, moments_of_pack.Moment] = {each.id: each for each in moments}
        self.matcher = matcher
        self.standard_window = all(each.window != "open" for each in self.moments.values())


class Session:
    """One call. Threads may share it: what one observes the next one sees."""

    def __init__(
        self,
        kit: CallKit,
        asking: Asking,
        call_id: str,
        facts: Facts,
        began: Began,
        *,
        replay: Iterable[object] = (),
    ) -> None:
        """As `Engine.call` and `Engine.resume` make it; `facts` are what is known of the customer."""
        self.call_id = call_id
        self.channel = began.channel
        self.language = began.language
        self.left_out: tuple[Refusal, ...]
        self._kit = kit
        self._asking = asking
        self._share = share_of(call_id)
        self._lock = Lock()
        self._closed = False
        self._heard: dict[str, Heard] = {}
        self._outside: dict[str, Outside] = {}
        self._moments: dict[str, None] = {}  # those that happened, in the order in which they first did
        self._began = began
        self._base = kit.attributes.base(facts, call_id, began)
        self._notes = notes_of(self._base, kit.pack)
        # INVARIANT: a key is never used twice, so that a call that is resumed beside another of its id disturbs neither
        self._key = f"{call_id}#{next(_numbers)}"
        if kit.matcher is not None:
            self._forget: Callable[[], object] = finalize(self, kit.matcher.forget, self._key)
        else:
            self._forget = _nothing
        self._state, self._facts = self._settled(self._begun(began.at), None, None)
        self._next = self._now(())
        self._replay(replay)

    # --- what an integrator asks --------------------------------------------------------------------------------------

    def observe(self, event: object) -> Next:
        """What is next after an event: an `Event`, a mapping of the same form, or its JSON.

        An event that was observed already changes nothing. One that is not possible changes nothing either, is not kept, and
        `refused` says why; its id may be used again. Nothing that is in an event raises.
        """
        with self._lock:
            heard = read_event(self._kit.rules, event)
            if isinstance(heard, Refusal):
                return self._not_possible(heard)
            known = self._heard.get(heard.id)
            if known is not None:
                return self._next if _same(known, heard) else self._not_possible(refused("same_id"))
            if self._closed:
                return self._not_possible(refused("closed"))
            warnings = tuple(Why(each.code, each.words) for each in heard.warnings)
            return self._observed(heard, warnings, None)

    @property
    def next(self) -> Next:
        """What is next now: what the last `observe` gave."""
        return self._next

    @property
    def state(self) -> State:
        """The state of the call."""
        return self._state

    @property
    def moments(self) -> tuple[str, ...]:
        """The ids of the moments that happened so far, in the order in which they first did."""
        return tuple(self._moments)

    @property
    def at_hand(self) -> AtHand | None:
        """The offer at hand with its decision and, if it was quoted anew, that quote: what `Engine.reserve` asks for."""
        return self._state.at_hand

    @property
    def events(self) -> tuple[dict[str, object], ...]:
        """The stored form of the call, as plain values: how it began, and every event that was observed, in that order."""
        with self._lock:
            return (self._began.to_dict(self._kit.pack.hash), *(self._stored(each) for each in self._heard.values()))

    def interactions(self, **more: Unpack[More]) -> tuple[Interaction, ...]:
        """What the history is to know, in order, each with a key: to record all of them again records nothing twice.

        `more` is what the session does not know, such as `agent`. Raises `InteractionError` where nobody says who the customer
        is.
        """
        return interactions_of(self._state, self.call_id, more)

    def close(self) -> None:
        """Nothing more is observed: every event is refused. Whoever goes on with the call resumes it from its events."""
        with self._lock:
            self._closed = True
            self._forget()

    # --- folding ------------------------------------------------------------------------------------------------------

    def _begun(self, at: datetime) -> State:
        needs = self._kit.attributes.needs(self._base)
        resolved = self._kit.standard_window and self._kit.attributes.is_resolved(self._base)
        return State(at, at, needs, Window(is_open=True, since=at) if resolved else closed(at))

    def _observed(self, heard: Heard, warnings: tuple[Why, ...], told: Outside | None) -> Next:
        if self._is_full_for(heard.kind):
            return self._not_possible(refused("too_many_events"))
        at, untimely = self._clock(heard.at)
        presented: Decision | None = None

        def decision() -> Decision:
            nonlocal presented
            presented = (
                _decide(self._asking, self._facts, self._state, told) if told is not None else self._next.decision
            )
            return presented

        around = Around(
            call_id=self.call_id,
            pack=self._kit.pack,
            rules=self._kit.rules,
            attributes=self._kit.attributes,
            asking=self._asking,
            base=self._base,
            facts=self._facts,
            share=self._share,
            decision=decision,
            replayed=told is not None,
        )
        folded = fold(self._state, at, heard, around)
        if isinstance(folded, Refusal):
            return self._not_possible(folded, warnings)
        self._state, self._facts = self._settled(folded, heard, self._facts)
        self._heard[heard.id] = heard
        if presented is not None and not (outside := Outside.of(presented)).is_nothing:
            self._outside[heard.id] = outside
        if self._state.ended:
            self._forget()
        self._next = self._now(warnings if untimely is None else (*warnings, untimely))
        return self._next

    def _is_full_for(self, kind: str) -> bool:
        if kind == "ended" and not self._state.ended:
            return False
        return len(self._heard) >= MOST_EVENTS + (_MORE_COMPLAINTS if kind == "complaint" else 0)

    def _clock(self, at: datetime) -> tuple[datetime, Why | None]:
        """The call's clock at an event; it never goes back, and no event takes it a day away from the beginning."""
        state = self._state
        if abs(at - state.started_at) > LONGEST_CALL:
            return state.at, why("far_off")
        return (at, None) if at >= state.at else (state.at, why("late"))

    def _settled(self, state: State, heard: Heard | None, before: Facts | None) -> tuple[State, Facts]:
        """The state with what moments and stops make of it, and its facts."""
        kit = self._kit
        if heard is not None and kit.standard_window:
            state = with_standard_window(state, heard.kind)
        facts = kit.attributes.facts(self._base, state, before)
        if heard is not None and kit.matcher is not None and not self._state.ended:
            seen = Seen(heard.id, state.at, heard.kind, heard.row, facts.values)
            happened = kit.matcher.observe(self._key, seen)
            self._moments.update(dict.fromkeys(happened))
            found = with_moments(state, happened, kit.moments)
            if found is not state:
                state, facts = found, kit.attributes.facts(self._base, found, facts)
        if not kit.standard_window and kit.attributes.is_resolved(facts):
            state = with_waiting(state)
        stopped = with_stops(state, kit.rules, facts, kit.pack)
        if stopped.at_hand is not state.at_hand or stopped.off is not state.off:
            facts = kit.attributes.facts(self._base, stopped, facts)
        return stopped, facts

    def _not_possible(self, refused: Refusal, warnings: tuple[Why, ...] = ()) -> Next:
        return replace(self._next, refused=refused, warnings=warnings)

    def _now(self, warnings: tuple[Why, ...]) -> Next:
        kit, state, facts = self._kit, self._state, self._facts
        verified = kit.attributes.is_verified(facts)
        stands = (
            why("offer_at_hand")
            if state.at_hand is not None and not state.ended
            else may_pitch(state, kit.rules, facts, self._share, state.at, verified=verified)
        )
        return Next(
            stage=kit.attributes.stage(self._base, state),
            needs=tuple(sorted(state.needs)),
            moment=Moment(stands is None, stands, self.language),
            refused=None,
            notes=self._notes,
            warnings=warnings,
            language=self.language,
            state=state,
            deciding=Deciding(partial(_decide, self._asking, facts, state, None)),
            verified=verified,
        )

    # --- storing ------------------------------------------------------------------------------------------------------

    def _stored(self, heard: Heard) -> dict[str, object]:
        outside = self._outside.get(heard.id)
        return heard.to_dict() if outside is None else {**heard.to_dict(), "outside": outside.to_dict()}

    def _replay(self, events: Iterable[object]) -> None:
        """Fold stored events; what the pack of this engine does not allow is left out."""
        left_out: list[Refusal] = []
        for stored in events:
            event = dict(stored) if isinstance(stored, Mapping) else stored
            outside = event.pop("outside", None) if isinstance(event, dict) else None
            heard = read_event(self._kit.rules, event)
            told = NOTHING_OUTSIDE if outside is None else Outside.read(outside)
            if isinstance(heard, Heard) and heard.id in self._heard:
                continue
            refused = heard if isinstance(heard, Refusal) else self._observed(heard, (), told).refused
            if refused is not None:
                left_out.append(refused)
        self.left_out = tuple(left_out)


def _decide(asking: Asking, facts: Facts, state: State, told: Outside | None) -> Decision:
    return asking.decide(facts, _OFFERS + len(state.declined | state.booked), told)


def _same(known: Heard, heard: Heard) -> bool:
    return (known.kind, known.at, known.row) == (heard.kind, heard.at, heard.row)


def _nothing() -> None:
    return None
