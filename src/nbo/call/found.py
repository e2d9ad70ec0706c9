"""What the moments of an event, and the conditions that end selling, make of the state.

In: the ids of the moments that happened, in file order. Out: the state with their needs, their window, and selling off where one
of them says so. What happened stays found. A pack whose moments open no window has the standard one: it opens when what the
customer called for is done, and closes with a new reason, a transfer or an escalation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from nbo.call.fold import stopped_by
from nbo.call.state import State, Window
from nbo.call.why import Why, why
from nbo.call.wording import REASONS
from nbo.decide.facts import Facts
from nbo.diagnostics.diagnostic import Text
from nbo.pack.call import CallRules
from nbo.pack.clause import Clause
from nbo.pack.moments import Moment
from nbo.pack.rulepack import RulePack

_OPENS = "service_resolved"
_CLOSES = frozenset({"reason_stated", "transfer", "escalation"})


def closed(at: datetime) -> Window:
    """Before anything has opened it."""
    return Window(is_open=False, since=at, why=why("service_first"))


def with_waiting(state: State) -> State:
    """What the customer called for is done: a window that nothing has opened yet waits for a moment of the pack."""
    waits = state.window.why is not None and state.window.why.code == "service_first"
    return replace(state, window=replace(state.window, why=why("no_moment"))) if waits else state


def with_standard_window(state: State, kind: str) -> State:
    """The state with the window that a kind of event opens or closes by itself."""
    if kind == _OPENS:
        return _with_window(state, is_open=True, because=None)
    return _with_window(state, is_open=False, because=why("service_first")) if kind in _CLOSES else state


def with_moments(state: State, happened: Iterable[str], moments: Mapping[str, Moment]) -> State:
    """The state with what the moments say that happened at an event."""
    for name in happened:
        moment = moments[name]
        reason = _why(moment.id, moment.reason, moment.source, "window_closed")
        state = replace(state, needs=state.needs | set(moment.needs))
        if moment.window is not None:
            state = _with_window(state, is_open=moment.window == "open", because=reason)
        if moment.selling_off:
            state = stopped_by(state, reason)
    return state


def with_stops(state: State, rules: CallRules, facts: Facts, pack: RulePack) -> State:
    """The state after the conditions of `selling_off`: true ends selling, unknown holds it up as long as it is unknown.

    They forbid, so they see what an opt-out hides.
    """
    paused: Why | None = None
    for clause in rules.selling_off if state.off is None else ():
        stops = clause.expression.ask(facts.unmasked)
        if stops is True:
            return stopped_by(replace(state, paused=None), _why(clause.id, clause.reason, clause.source, "selling_off"))
        if stops is None and paused is None:
            paused = _unknown(clause, facts, pack)
    return state if paused == state.paused else replace(state, paused=paused)


def _with_window(state: State, *, is_open: bool, because: Why | None) -> State:
    """An open window that is opened again stays open since it was."""
    before = state.window
    if is_open and before.is_open:
        return state
    return replace(state, window=Window(is_open, state.at, None if is_open else because))


def _why(code: str, reason: Mapping[str, str], source: str, otherwise: str) -> Why:
    usual = REASONS[otherwise]
    return Why(code, Text(reason.get("en", usual.en), reason.get("zh", usual.zh)), source)


def _unknown(clause: Clause, facts: Facts, pack: RulePack) -> Why:
    missing = clause.expression.missing(facts.unmasked, pack.dictionary)
    reason = why("paused", name=", ".join(missing) or clause.id)
    return Why("paused", reason.words, clause.source)
