"""The engine: load a pack, decide for a customer, explain.

One engine is shared by many threads: what it decides by is immutable, and `reload` swaps all of it at once. Scorers and a
store keep their pools and breakers over a reload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self
from weakref import finalize

from nbo.call.asking import Outside
from nbo.call.began import Began, began
from nbo.call.matching.choose import MatcherName, make_matcher
from nbo.call.session import CallKit, Session
from nbo.decide.candidate import Scoring, Setting, no_scores
from nbo.decide.decide import decide
from nbo.decide.decision import Decision
from nbo.decide.facts import Facts, Store, on_channel, prepare_facts, with_used
from nbo.decide.floors import figures_of, resting_offers, with_figures
from nbo.decide.ordering import OrderAnswer, may_order
from nbo.decide.quoted import what_is_said
from nbo.decide.requote import Requote, requote
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Severity
from nbo.explain.explain import Explanation, explain
from nbo.explain.requirements import Requirement, requirements
from nbo.explain.steps import Evaluation, evaluate_text
from nbo.history.claims import CountedVolume, VolumeStore, claims_of, customer_of, reservation_key
from nbo.history.exact import text
from nbo.history.reservation import Refused, Reservation
from nbo.index.index import MatchIndex
from nbo.index.why_not import WhyNot
from nbo.lint.lints import run_lints
from nbo.once import once
from nbo.outside.budget import Budget
from nbo.outside.figures import Asked, Counted, FiguresReader, FiguresStore, ReadFigures
from nbo.outside.history import HistoryStore, StoredHistory, StoreReader
from nbo.outside.scorers import Scorer, Scorers, ScoringFunction
from nbo.outside.volume import VolumeReader
from nbo.pack.collector import resting
from nbo.pack.floor import FloorFigures
from nbo.pack.load import load_pack
from nbo.pack.memory import Memory
from nbo.pack.rulepack import RulePack
from nbo.profiles import plain_profile
from nbo.quote.choices import read_choices
from nbo.script.check_text import MOST_CHARACTERS, Finding, TextCheck
from nbo.script.compliance import ScriptChecker
from nbo.script.proof.prove import prove

if TYPE_CHECKING:  # it needs an extra, which is not installed everywhere
    from nbo.log.decision_log import DecisionLog

Clock = Callable[[], datetime]
_NO_SCORERS: Mapping[str, Scorer | ScoringFunction] = {}


class PackError(DiagnosticError):
    """A pack has mistakes and was not loaded; `diagnostics` has them all, with their places."""


@dataclass(frozen=True, slots=True)
class ReloadResult:
    """Whether the pack was swapped; when it was refused, the old one keeps serving and `diagnostics` says why."""

    ok: bool
    old_hash: str
    new_hash: str | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)  # no slots: what calls share is made when the first call begins
class _Loaded:
    """What belongs together and is swapped together."""

    pack: RulePack
    checker: ScriptChecker
    index: MatchIndex
    memory: Memory  # of the load, for the next one
    matcher: MatcherName | None

    @once
    def calls(self) -> CallKit:
        """What all calls by this version share."""
        moments = self.pack.moments
        return CallKit(self.pack, moments, make_matcher(moments, self.matcher) if moments else None)

    def close(self) -> None:
        """End the processes of the matcher, if a call has begun."""
        calls = vars(self).get("calls")
        if isinstance(calls, CallKit) and calls.matcher is not None:
            calls.matcher.close()


def _load(pack: RulePack, memory: Memory, matcher: MatcherName | None) -> _Loaded:
    index = MatchIndex(pack.dictionary, pack.offers, pack.gates, pack.contact or (), memory)
    return _Loaded(pack, ScriptChecker(pack), index, memory.closed(), matcher)


def system_clock() -> datetime:
    """The machine's time, with a zone."""
    return datetime.now(UTC)


def check(
    path: str | Path, *, at: datetime | None = None, clock: Clock = system_clock
) -> tuple[RulePack | None, list[Diagnostic]]:
    """Everything that can be found wrong with a pack: its files, its conditions, the proof of its scripts, and the lints.

    The pack is None when there is an error. `at` (default: now) decides which offers count as ended or not yet started;
    one without a zone raises `ValueError`.
    """
    with resting():
        return _check(Path(path), at or clock(), Memory())


def _check(path: Path, moment: datetime, memory: Memory) -> tuple[RulePack | None, list[Diagnostic]]:
    """Fills the memory of a load, from that of the load before."""
    if moment.utcoffset() is None:
        raise ValueError("`at` is a time without a zone; give one, for instance datetime.now(UTC)")
    pack, found = load_pack(path, moment, memory)
    if pack is not None:
        today = moment.astimezone(pack.zone).date()
        found = sorted(
            [*found, *prove(pack, today, memory), *run_lints(pack, today, memory)], key=lambda each: each.sort_key
        )
        if any(each.severity is Severity.ERROR for each in found):
            pack = None
    return pack, found


class Engine:
    """Decides by one rule pack. Thread-safe."""

    def __init__(
        self,
        pack: RulePack,
        *,
        clock: Clock = system_clock,
        scorers: Mapping[str, Scorer | ScoringFunction] = _NO_SCORERS,
        history: StoredHistory | HistoryStore | None = None,
        volume: CountedVolume | VolumeStore | None = None,
        figures: ReadFigures | FiguresStore | None = None,
        log: DecisionLog | None = None,
        matcher: MatcherName | None = None,
        memory: Memory | None = None,
    ) -> None:
        """An engine for a pack that `check` has passed; use `Engine.load` for a folder.

        `memory` is what that load kept for the next one.
        """
        self._clock = clock
        self._reloading = Lock()
        self._matcher = matcher
        self._loaded = _load(pack, Memory() if memory is None else memory, matcher)
        self._store = None if history is None else StoreReader(history)
        counted = volume if volume is None or isinstance(volume, CountedVolume) else CountedVolume(volume)
        self._volume = None if counted is None else counted.store
        self._usage = None if counted is None else VolumeReader(counted.store, counted)
        self._figures = None if figures is None else FiguresReader(figures)
        self._looked_at: tuple[RulePack, Counted, FloorFigures] | None = None
        self._scorers = Scorers(scorers)
        self._log = log
        self._let_texts_go(pack)
        self._end = finalize(self, _close, self._scorers, self._store, self._usage, self._figures)
        self._read_figures()

    @classmethod
    def load(
        cls,
        path: str | Path,
        *,
        clock: Clock = system_clock,
        scorers: Mapping[str, Scorer | ScoringFunction] = _NO_SCORERS,
        history: StoredHistory | HistoryStore | None = None,
        volume: CountedVolume | VolumeStore | None = None,
        figures: ReadFigures | FiguresStore | None = None,
        log: DecisionLog | None = None,
        matcher: MatcherName | None = None,
    ) -> Engine:
        """The engine for a pack's folder; mistakes raise `PackError` with all of them.

        `scorers` are those that offers name (`propensity: {scorer: NAME, fallback: …}`): functions of the profile and an
        offer's id to a probability, or a `Scorer` that also says how much time and room it has. One that is missing, late,
        raises or gives something else leaves the fallback, and the decision is `degraded`. Threads call them at the same
        time. `history` is asked for the history of a customer whose profile has none and names `customer.customer_id`.
        `volume` counts the caps of the pack's `volume.yaml`: decisions ask it what is used, and orders are reserved there.
        `figures` says what became of offers over all customers, for the floors of `contact.yaml`: it is read now and then, beside
        the decisions, and first when the engine is made.
        `log` records every decision; whoever made it closes it. `matcher` finds the moments of calls: `durable` (in processes
        of its own; used where durable_rules is installed) or `plain` (in this process). A scorer that cannot be registered
        raises `ValueError`.
        """
        memory = Memory()
        with resting():
            pack, found = _check(Path(path), clock(), memory)
            if pack is None:
                raise PackError(*(each for each in found if each.severity is Severity.ERROR))
            return cls(
                pack,
                clock=clock,
                scorers=scorers,
                history=history,
                volume=volume,
                figures=figures,
                log=log,
                matcher=matcher,
                memory=memory,
            )

    def close(self) -> None:
        """End the threads and processes of scorers, store and matcher; decisions go on without them, `degraded`.

        An engine that nobody holds any more is closed, too, and so is every engine when the program ends.
        """
        self._end()
        self._loaded.close()

    def moment_metrics(self) -> Mapping[str, int]:
        """What the matcher of moments says of itself (docs/moments.md); nothing for a pack without moments."""
        matcher = self._loaded.calls.matcher
        return {} if matcher is None else matcher.metrics()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pack(self) -> RulePack:
        """The pack that decides now."""
        return self._loaded.pack

    def reload(self) -> ReloadResult:
        """Read the pack's folder again; a broken pack is refused and the old one keeps serving.

        Reloads wait for each other, so that the last one to begin is the last one to swap; decisions wait for none.
        """
        with self._reloading:
            old, memory = self._loaded.pack, Memory(self._loaded.memory)
            with resting():
                pack, found = _check(old.root, self._clock(), memory)
                if pack is not None:
                    self._loaded = _load(pack, memory, self._matcher)
                    self._read_figures()
                self._let_texts_go(old if pack is None else pack)
        return ReloadResult(pack is not None, old.hash, None if pack is None else pack.hash, tuple(found))

    def _let_texts_go(self, pack: RulePack) -> None:
        if self._log is None:  # a log lets them go when they are in its archive
            pack.let_texts_go()

    def prepare(
        self,
        profile: object,
        *,
        at: datetime | None = None,
        channel: str = "phone",
        budget_ms: float | None = None,
    ) -> Facts:
        """The customer made ready once for several questions: clock fixed, values checked, derived ones computed.

        `profile` is nested by namespace: a mapping, JSON (bytes or text), or a pydantic model. Bad data never raises: it is
        missing, with a warning. A store is asked for a history that the profile does not have, for its share of `budget_ms`.
        Raises `ValueError` for a naive `at`, and for a budget that is not over 0.
        """
        return self._facts(self.pack, profile, at, Budget.starting_now(budget_ms), channel)

    def decide(
        self,
        profile: object,
        *,
        at: datetime | None = None,
        channel: str = "phone",
        language: str | None = None,
        limit: int = 3,
        budget_ms: float | None = None,
        decision_id: str | None = None,
    ) -> Decision:
        """What to offer this customer now, and what to say; or why nothing, and how to serve.

        `profile` is nested by namespace: a mapping, JSON (bytes or text), a pydantic model, or what `prepare` gave. `at` is
        the clock with its zone (default: now). `language` is one of the pack's (default: its first). `limit` is the most
        offers in the answer, at least 1.
        `budget_ms` bounds the time: a store and scorers are waited for no longer than their share of it, and what they did
        not give is in `skipped`; rules and compliance are never skipped. Without it only their own time-outs count. Raises
        `ValueError` for a wrong `at`, `language`, `limit` or `budget_ms`; never for what is in the profile.
        """
        budget = Budget.starting_now(budget_ms)
        if limit < 1:
            raise ValueError("`limit` must be at least 1")
        setting = self._setting(profile, at, channel, language, budget)
        decision = decide(setting, limit=limit, decision_id=decision_id)
        return decision if self._log is None else self._log.decided(decision, limit, budget)

    def requote(self, decision: Decision, *, offer: str, choices: Mapping[str, object]) -> Requote:
        """An offer of a decision once more, as the customer would have it ("and over six months?").

        `choices` are of what the offer lets choose: `periods`, `principal` (text or decimal), `budget`, `components` (ids),
        `new_limit`, `days`.
        Facts, clock and rules are the decision's; quote, suitability, script and compliance are made and checked again. What
        cannot be had is an answer with a reason. Raises `ValueError` for an offer that the decision does not make, a choice
        that the offer does not have, a value of another type, and a decision that another version of the pack made.
        """
        setting = self._again(decision, decision.language)
        answer = _requoted(setting, decision, offer, choices)
        self._log_requote(setting, decision, offer, choices, answer, logged=True)
        return answer

    def _log_requote(
        self,
        setting: Setting,
        decision: Decision,
        offer: str,
        choices: Mapping[str, object],
        answer: Requote,
        *,
        logged: bool,
    ) -> None:
        if self._log is not None and logged:
            asked = {"offer": offer, "choices": {name: str(each) for name, each in choices.items()}}
            self._log.answered("requote", setting, lambda: decision.decision_id, asked, answer)

    def may_order(
        self,
        profile: object,
        *,
        offer: str,
        at: datetime | None = None,
        channel: str = "phone",
        language: str | None = None,
    ) -> OrderAnswer:
        """Whether the gates before the order hold for an offer now that the customer has said yes.

        `profile` has the facts as they are then (the cost statement confirmed, the yes recorded); `at`, `channel` and
        `language` are as for `decide`. Unknown does not hold. Raises `ValueError` for an unknown offer.
        """
        setting = self._setting(profile, at, channel, language)
        if offer not in setting.pack.offer_by_id:
            raise ValueError(f"the pack has no offer `{offer}`")
        return self._may_order(setting, offer, logged=True)

    def _may_order(self, setting: Setting, offer: str, *, logged: bool) -> OrderAnswer:
        answer = may_order(setting, setting.pack.offer_by_id[offer])
        if self._log is not None and logged:
            decision_id = partial(setting.facts.decision_id, setting.channel, offer)
            self._log.answered("order", setting, decision_id, {"offer": offer}, answer)
        return answer

    def call(
        self,
        call_id: str,
        profile: object,
        *,
        channel: str = "phone",
        language: str | None = None,
        at: datetime | None = None,
        budget_ms: float | None = None,
    ) -> Session:
        """A call that begins: it observes events and says what the agent does next.

        `call_id` names the call, a text of at most 200 characters. `profile`, `channel`, `language` and `at`, the time at
        which the call begins, are as for `decide`; `budget_ms` bounds each of its decisions. The call stays with this version
        of the pack. A pack without `call.yaml` has the standard events and one pitch a call. Raises `ValueError` as `decide`,
        and for a `call_id` that is none.
        """
        loaded, budget = self._loaded, Budget.starting_now(budget_ms)
        facts = self._facts(loaded.pack, profile, at, budget, channel, counted=False)
        spoken = _spoken(loaded.pack, language)
        start = Began(facts.at, channel, spoken, loaded.calls.attributes.known_until(facts))
        return self._session(loaded, call_id, facts, start, (), budget_ms)

    def resume(self, call_id: str, profile: object, events: object, *, budget_ms: float | None = None) -> Session:
        """A call that goes on, here or on another machine: the same events give the same state.

        `events` is what `Session.events` gave, or its JSON; `profile` is the one that the call began with. What the store has
        recorded since the call began is left aside: the events say it. By another version of the pack the events are folded by
        that version's rules; `Session.left_out` says which of them these do not allow. Raises `ValueError` as `call`, and for
        events of another form.
        """
        loaded, budget = self._loaded, Budget.starting_now(budget_ms)
        start, stored = began(events)
        facts = self._facts(loaded.pack, profile, start.at, budget, start.channel, counted=False)
        spoken = _spoken(loaded.pack, start.language)
        return self._session(loaded, call_id, facts, replace(start, language=spoken), stored, budget_ms)

    def _session(
        self,
        loaded: _Loaded,
        call_id: str,
        facts: Facts,
        start: Began,
        events: Sequence[object],
        budget_ms: float | None,
    ) -> Session:
        try:
            named = text(call_id)
        except ValueError as error:
            raise ValueError(f"`call_id` {error}") from None
        asking = _Asked(self, loaded, start.channel, start.language, budget_ms)
        return Session(loaded.calls, asking, named, facts, start, replay=events)

    def reserve(
        self, decision: Decision, *, offer: str, ttl: timedelta, requoted: Requote | None = None
    ) -> Reservation | Refused | None:
        """Take what ordering an offer of a decision takes of the pack's caps, for so long; None where no cap is about it.

        `requoted` is the offer as the customer would have it. The key, in the answer, is the same each time: who asks again
        takes nothing more, and `confirm` or `release` settles it. Raises `ValueError` for an offer that the decision does not
        make, without a customer's id in its facts, and without a store; and what the store raises.
        """
        store, claims = self._counting(), claims_of(decision, offer, requoted)
        customer = customer_of(decision)
        if not claims:
            return None
        if customer is None:
            raise ValueError("a reservation is a customer's, and the decision has no `customer.customer_id`")
        return store.reserve(reservation_key(decision, offer), claims, customer_id=customer, ttl=ttl)

    def confirm(self, key: str) -> Reservation | Refused:
        """The order was booked: what was reserved under a key stays taken. Raises as `reserve`."""
        return self._counting().confirm(key)

    def release(self, key: str) -> Reservation | Refused:
        """There is no order: what was reserved under a key is free again. Raises as `reserve`."""
        return self._counting().release(key)

    def _counting(self) -> VolumeStore:
        if self._volume is None:
            raise ValueError("nothing counts the caps; give the engine a store, `Engine.load(…, volume=store)`")
        return self._volume

    def explain(
        self,
        subject: Decision | object,
        offer: str | None = None,
        *,
        at: datetime | None = None,
        channel: str = "phone",
        language: str | None = None,
        nearest: bool = True,
    ) -> Explanation:
        """For every offer (or one) where it ended and every clause of the stage that stopped it.

        `subject` is a decision of this pack, or a profile. `nearest` asks for the smallest change that would have let an
        offer pass, which is most of the time that an explanation takes. Raises `ValueError` for an unknown offer, and for
        a decision that another pack made.
        """
        if isinstance(subject, Decision):
            setting = self._again(subject, language or subject.language)
        else:
            setting = self._setting(subject, at, channel, language)
        if offer is not None and offer not in setting.pack.offer_by_id:
            raise ValueError(f"the pack has no offer `{offer}`")
        return explain(setting, offer, nearest=nearest)

    def check_text(
        self,
        text: str,
        *,
        language: str | None = None,
        channel: str = "phone",
        family: str | None = None,
        at: datetime | None = None,
        decision: Decision | None = None,
        messages: str | None = None,
    ) -> tuple[Finding, ...]:
        """What the pack's compliance rules say of any text, by place; nothing when it may be said.

        `language` is the text's (default: the pack's first), `family` what it is about (default: no offer). `at` is the
        day on which it is said (default: now). With `decision` the text may say the numbers of its offers, and must say
        the fields that rules ask for. `messages` is the language of the findings (default: the text's). Raises
        `ValueError` for a language or a family that the pack does not have, an `at` without a zone, a decision of another
        pack, and a text of more than 2,000,000 characters.
        """
        loaded = self._loaded
        pack, spoken = loaded.pack, _spoken(loaded.pack, language)
        if family is not None and family not in {each.family for each in pack.offers}:
            raise ValueError(f"the pack has no family `{family}`")
        if len(text) > MOST_CHARACTERS:
            raise ValueError(f"a text to check has at most {MOST_CHARACTERS:,} characters, not {len(text):,}")
        moment = at or self._clock()
        if moment.utcoffset() is None:
            raise ValueError("`at` is a time without a zone; give one, for instance datetime.now(UTC)")
        if decision is not None and decision.pack_hash != pack.hash:
            raise ValueError("another version of the pack made this decision; ask the engine of that version")
        said = None if decision is None else what_is_said(decision, family, pack.dictionary, spoken)
        today = moment.astimezone(pack.zone).date()
        return TextCheck(loaded.checker, text, spoken, channel, family, today, said, messages or spoken).findings()

    def evaluate(self, expression: str, profile: object, *, at: datetime | None = None) -> Evaluation:
        """What a condition gives for a customer, step by step; mistakes in it raise `DiagnosticError`."""
        setting = self._setting(profile, at, "phone", None)
        return evaluate_text(setting.pack, setting.facts, expression)

    def requirements(self) -> tuple[Requirement, ...]:
        """Every attribute that the pack reads, who reads it, and what a missing one costs."""
        return requirements(self.pack)

    def match(
        self, facts: object, limit: int | None = None, *, at: datetime | None = None, channel: str = "phone"
    ) -> list[str]:
        """The ids of the offers that pass gates, validity, eligibility and applicability, in static order.

        `facts` is what `prepare` gave, or a profile. Static order is tier, `priority`, id; with `limit` (at least 1) at most
        so many, without a look at the offers after them. Nothing is quoted, scored or worded, and the contact policy is not
        asked (see `why_not(…).suppressed()`). Raises `ValueError` for a wrong `at` or `limit`.
        """
        if limit is not None and limit < 1:
            raise ValueError("`limit` must be at least 1")
        loaded, prepared = self._indexed(facts, at, channel)
        return loaded.index.match(prepared.values, prepared.unmasked, channel=channel, limit=limit)

    def why_not(self, facts: object, *, at: datetime | None = None, channel: str = "phone") -> WhyNot:
        """For every offer whether it is `eligible`, `failed` or `unknown` up to applicability: a mapping by offer id.

        Nothing is computed before it is read. `missed_by_one()` gives the offers against which conditions on one attribute
        alone stand, `suppressed()` those that the contact policy holds back. For clauses and reasons ask `explain`.
        """
        loaded, prepared = self._indexed(facts, at, channel)
        held_back = partial(resting_offers, loaded.pack, prepared)
        return loaded.index.why_not(prepared.values, prepared.unmasked, channel=channel, held_back=held_back)

    def _indexed(self, facts: object, at: datetime | None, channel: str) -> tuple[_Loaded, Facts]:
        loaded = self._loaded
        return loaded, self._facts(loaded.pack, facts, at, Budget.starting_now(None), channel)

    def _again(self, decision: Decision, language: str) -> Setting:
        """The setting that a decision was made in."""
        setting = self._setting(decision.facts, None, decision.channel, language)
        if decision.pack_hash != setting.pack.hash:
            raise ValueError("another version of the pack made this decision; ask the engine of that version")
        scoring: Scoring = lambda _profile, _wanted: decision.scores  # noqa: E731 - what was said then, not what would be now
        return replace(setting, scoring=scoring)

    def _setting(
        self, profile: object, at: datetime | None, channel: str, language: str | None, budget: Budget | None = None
    ) -> Setting:
        loaded, within = self._loaded, budget or Budget.starting_now(None)
        spoken = _spoken(loaded.pack, language)
        facts = self._facts(loaded.pack, profile, at, within, channel)
        scoring = partial(self._scorers.ask, budget=within)
        return Setting(loaded.pack, facts, channel, spoken, loaded.checker, loaded.index, scoring)

    def _facts(
        self,
        pack: RulePack,
        profile: object,
        at: datetime | None,
        budget: Budget,
        channel: str,
        *,
        counted: bool = True,
    ) -> Facts:
        """`counted`: with what is used of the pack's caps."""
        if isinstance(profile, Facts) and profile.pack_hash == pack.hash:
            return on_channel(pack, profile, channel)
        if isinstance(profile, Facts):
            # prepared before a reload: the same customer, history and clock, by the new dictionary
            asked: Store | None = (lambda _: profile.stored) if profile.skipped or profile.stored is not None else None
            prepared = prepare_facts(pack, profile.profile, profile.at, asked, channel)
        else:
            store = None if self._store is None else partial(self._store.history, budget=budget)
            prepared = prepare_facts(pack, plain_profile(profile), at or self._clock(), store, channel)
        return self._with_counts(pack, prepared, budget) if counted else prepared

    def _with_counts(self, pack: RulePack, facts: Facts, budget: Budget) -> Facts:
        """The facts with what is counted over all customers."""
        if self._usage is not None and pack.caps:
            windows = [(cap.id, cap.window(facts.today)) for cap in pack.caps]
            facts = with_used(facts, self._usage.used(windows, budget))
        if self._figures is not None and pack.floors:
            counted = self._figures.figures(_asked(pack, facts.today), budget)
            facts = with_figures(facts, None if counted is None else self._looking_at(pack, counted))
        return facts

    def _read_figures(self) -> None:
        """Begin to read what the floors need today, so that few decisions wait for it."""
        pack = self.pack
        if self._figures is not None and pack.floors:
            self._figures.begin(_asked(pack, self._clock().astimezone(pack.zone).date()))

    def _looking_at(self, pack: RulePack, counted: Counted) -> FloorFigures:
        """What the floors look at.

        PERF: worked out once a reading and pack; two threads that do it at once give the same.
        """
        known = self._looked_at
        if known is None or known[0] is not pack or known[1] is not counted:
            known = self._looked_at = pack, counted, figures_of(pack.floors, counted)
        return known[2]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The engine as the session of one call asks it: by the version of the pack that the call began with."""

    engine: Engine
    loaded: _Loaded
    channel: str
    language: str
    budget_ms: float | None

    def decide(self, facts: Facts, limit: int, told: Outside | None) -> Decision:
        engine = self.engine
        if told is not None:
            facts = facts if told.used is None else with_used(facts, told.used)
            facts = facts if told.figures is None else with_figures(facts, told.figures)
            return decide(self._setting(facts, lambda _profile, _wanted: told.scores), limit=limit, decision_id=None)
        budget = Budget.starting_now(self.budget_ms)
        facts = engine._with_counts(self.loaded.pack, facts, budget)
        setting = self._setting(facts, partial(engine._scorers.ask, budget=budget))
        decision = decide(setting, limit=limit, decision_id=None)
        log = engine._log
        return decision if log is None else log.decided(decision, limit, budget)

    def may_order(self, facts: Facts, offer: str, *, replayed: bool) -> OrderAnswer:
        return self.engine._may_order(self._setting(facts, no_scores), offer, logged=not replayed)

    def requote(self, decision: Decision, offer: str, choices: Mapping[str, object], *, replayed: bool) -> Requote:
        setting = self._setting(decision.facts, lambda _profile, _wanted: decision.scores)
        answer = _requoted(setting, decision, offer, choices)
        self.engine._log_requote(setting, decision, offer, choices, answer, logged=not replayed)
        return answer

    def _setting(self, facts: Facts, scoring: Scoring) -> Setting:
        loaded = self.loaded
        return Setting(loaded.pack, facts, self.channel, self.language, loaded.checker, loaded.index, scoring)


def _requoted(setting: Setting, decision: Decision, offer: str, choices: Mapping[str, object]) -> Requote:
    before = next((each for each in decision.offers if each.offer == offer), None)
    if before is None:
        made = ", ".join(each.offer for each in decision.offers) or "none"
        raise ValueError(f"the decision does not offer `{offer}`; its offers: {made}")
    terms = setting.pack.offer_by_id[offer].quote
    return requote(setting, before, read_choices(choices, () if terms is None else terms.choices))


def _asked(pack: RulePack, today: date) -> Asked:
    """The figures that the floors of a pack need on a day."""
    return Asked(today, tuple(sorted({each.days for each in pack.floors})), pack.zone)


def _close(
    scorers: Scorers, store: StoreReader | None, usage: VolumeReader | None, figures: FiguresReader | None
) -> None:
    for each in (scorers, store, usage, figures):
        if each is not None:
            each.close()


def _spoken(pack: RulePack, language: str | None) -> str:
    """The language asked for, or the pack's first."""
    spoken = language or pack.languages[0]
    if spoken not in pack.languages:
        raise ValueError(f"the pack speaks {', '.join(pack.languages)}, not `{spoken}`")
    return spoken
