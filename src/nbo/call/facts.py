"""From the state of a call to the facts that rules decide on: the profile with what the call has brought laid over it.

Made once a pack: which slots the attributes have that a session keeps. A dictionary that lacks one is decided without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from nbo.call.began import Began
from nbo.call.stage import stage_of
from nbo.call.state import Row, State
from nbo.decide.facts import Facts, with_changes
from nbo.language.accept import BadValueError, accepting
from nbo.language.calendar import date_of
from nbo.language.dictionary import NOW_SLOT, Dictionary
from nbo.language.intake import Values
from nbo.language.types import Attribute, Kind, Value
from nbo.pack.rulepack import RulePack

HISTORY = "history"


class CallAttributes:
    """The attributes of a pack that a session reads and keeps."""

    def __init__(self, pack: RulePack, most_pitches: int) -> None:
        """By the pack's dictionary; `most_pitches` is how many offers may be brought up on one call."""
        dictionary = pack.dictionary
        self.pack = pack
        self._most_pitches = most_pitches
        self.auth_level = _of(dictionary, "call.auth_level", Kind.INTEGER)
        self.resolved = _of(dictionary, "call.service_resolved", Kind.BOOLEAN)
        self.recording_on = _of(dictionary, "call.recording_on", Kind.BOOLEAN)
        self._call_id = _of(dictionary, "call.call_id", Kind.STRING)
        self._needs = _of(dictionary, "call.need_tags", Kind.SET)
        self._stage = _of(dictionary, "call.stage", Kind.ENUM)
        self._elapsed = _of(dictionary, "call.elapsed_s", Kind.INTEGER)
        self._confirmed = _of(dictionary, "call.cost_statement_confirmed", Kind.BOOLEAN)
        self._agreed = _of(dictionary, "call.agreement_recorded", Kind.BOOLEAN)
        self.history = _of(dictionary, HISTORY, Kind.RECORDS)
        self._read = _read_by_formulas(pack)

    # --- reading ------------------------------------------------------------------------------------------------------

    def is_verified(self, facts: Facts) -> bool:
        """Whether somebody has verified who is calling; for a pack without such a level its own gates say it."""
        if self.auth_level is None:
            return True
        level = facts.values[self.auth_level.slot]
        return isinstance(level, int) and level >= 1

    def is_recorded(self, facts: Facts) -> bool:
        """Whether the line is known to be recorded."""
        return self.recording_on is not None and facts.values[self.recording_on.slot] is True

    def is_resolved(self, facts: Facts) -> bool:
        """Whether what the customer called for is known to be done."""
        return self.resolved is not None and facts.values[self.resolved.slot] is True

    def needs(self, facts: Facts) -> frozenset[str]:
        """The needs that the profile names."""
        named = None if self._needs is None else facts.supplied[self._needs.slot]
        return (
            frozenset(each for each in named if isinstance(each, str)) if isinstance(named, frozenset) else frozenset()
        )

    def row(self, values: Mapping[str, object]) -> Row | None:
        """A row of the history of what this call knows; None where the pack has no history."""
        record = None if self.history is None else self.history.type.record
        if record is None:
            return None
        row: list[object] = [None] * len(record.fields)
        for name, value in values.items():
            field = record.fields.get(name)
            if field is not None and value is not None:
                try:
                    row[field.slot] = accepting(field)(value)
                except BadValueError:
                    continue
        return tuple(row)  # type: ignore[arg-type]  # each value was accepted by its field

    # --- laying over --------------------------------------------------------------------------------------------------

    def known_until(self, facts: Facts) -> datetime | None:
        """The latest row of the history, if it is of a time when the call had begun: clocks of two systems differ."""
        rows = None if self.history is None else facts.supplied[self.history.slot]
        times = [at for row in rows if (at := self._presented_at(row)) is not None] if isinstance(rows, tuple) else []
        latest = max(times, default=None)
        return None if latest is None or latest < facts.at else latest

    def base(self, facts: Facts, call_id: str, began: Began) -> Facts:
        """The facts that a call begins with: no yes and no confirmed statement, nothing of its own in the history."""
        changes: dict[int, Value | None] = {}
        for attribute in (self._confirmed, self._agreed):
            if attribute is not None:
                changes[attribute.slot] = False
        if self._call_id is not None:
            try:
                changes[self._call_id.slot] = accepting(self._call_id)(call_id)
            except BadValueError:
                changes[self._call_id.slot] = None
        if self.history is not None:
            rows = facts.supplied[self.history.slot]
            if isinstance(rows, tuple):
                changes[self.history.slot] = self._before(rows, began)
        return with_changes(self.pack, facts, changes, began.at)

    def _before(self, rows: tuple[Row, ...], began: Began) -> tuple[Row, ...]:
        """The rows without those that this call has added since: a resumed call folds its own."""
        until = began.known_until
        times = ((row, self._presented_at(row)) for row in rows)
        return tuple(row for row, at in times if at is None or at < began.at or (until is not None and at <= until))

    def _presented_at(self, row: Row) -> datetime | None:
        record = None if self.history is None else self.history.type.record
        field = None if record is None else record.fields.get("presented_at")
        at = None if field is None else row[field.slot]
        return at if isinstance(at, datetime) else None

    def facts(self, base: Facts, state: State, before: Facts | None = None) -> Facts:
        """The facts of a state; its clock is theirs. `before` are those of the state before it, if there is one."""
        changes = self._laid_over(base, state)
        if before is None or before.opted_out:
            return with_changes(self.pack, base, changes, state.at)
        changes[NOW_SLOT] = state.at
        supplied = before.supplied
        changed = {slot: value for slot, value in changes.items() if supplied[slot] != value}
        today = before.today if state.at == before.at else date_of(state.at, self.pack.zone)
        if today != before.today or not self._read.isdisjoint(changed) or not supplied.refused.isdisjoint(changed):
            return with_changes(self.pack, base, changes, state.at)
        # PERF: nothing that is derived reads what changed; an event takes 43 us so, 77 where all is derived again
        # (benchmarks/call.py, one after the other on a busy machine)
        return replace(
            before,
            at=state.at,
            supplied=_with(supplied, changed),
            values=(values := _with(before.values, changed)),
            unmasked=values,
        )

    def _laid_over(self, base: Facts, state: State) -> dict[int, Value | None]:
        """What the call has brought, by slot; a slot that was laid over once is so in every later state."""
        changes: dict[int, Value | None] = dict(state.values)
        if self._needs is not None and self._needs.slot not in base.supplied.refused:
            changes[self._needs.slot] = state.needs
        if self._stage is not None:
            stage = self.stage(base, state)
            domain = self._stage.type.domain
            changes[self._stage.slot] = stage if domain is not None and stage in domain.values else None
        if self._elapsed is not None:
            earlier = base.supplied[self._elapsed.slot]
            seconds = (earlier if isinstance(earlier, int) else 0) + int((state.at - state.started_at).total_seconds())
            changes[self._elapsed.slot] = seconds if self._elapsed.in_range(seconds) else None
        at_hand = state.at_hand
        if self._confirmed is not None:
            changes[self._confirmed.slot] = at_hand is not None and at_hand.pushed and at_hand.confirmed
        if self._agreed is not None:
            changes[self._agreed.slot] = at_hand is not None and at_hand.accepted and at_hand.recorded
        if state.rows and self.history is not None:
            rows = base.supplied[self.history.slot]
            if isinstance(rows, tuple):
                changes[self.history.slot] = (*rows, *state.rows)
        return changes

    def stage(self, base: Facts, state: State) -> str:
        """The stage that the call is in."""
        return stage_of(state, verified=self._verified_by(base, state), most_pitches=self._most_pitches)

    def _verified_by(self, base: Facts, state: State) -> bool:
        if self.auth_level is None:
            return True
        slot = self.auth_level.slot
        level = state.values[slot] if slot in state.values else base.supplied[slot]
        return isinstance(level, int) and level >= 1


def _read_by_formulas(pack: RulePack) -> frozenset[int]:
    """The slots of what is derived, of what that reads, and of what says who has opted out."""
    slots = {attribute.slot for attribute, _ in pack.dictionary.derived}
    slots |= {each.slot for _, formula in pack.dictionary.derived for each in formula.reads}
    slots |= {each.slot for each in (() if pack.opted_out is None else pack.opted_out.reads)}
    return frozenset(slots)


def _with(values: Values, changed: Mapping[int, Value | None]) -> Values:
    copied = values.copy()
    for slot, value in changed.items():
        copied[slot] = value
    return copied


def _of(dictionary: Dictionary, name: str, kind: Kind) -> Attribute | None:
    """The attribute of that name and type."""
    found = dictionary.attributes.get(name)
    return found if found is not None and found.type.kind is kind else None
