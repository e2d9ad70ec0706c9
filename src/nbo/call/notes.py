"""Tickets of earlier calls, as notes for the agent of this one: rows of the history that have them."""

from __future__ import annotations

from datetime import datetime

from nbo.call.next_step import Note
from nbo.decide.facts import Facts
from nbo.language.calendar import on_wall_clock
from nbo.pack.rulepack import RulePack

_OF_A_TICKET = ("ticket_owner", "ticket_due_at", "ticket_note")


def notes_of(facts: Facts, pack: RulePack) -> tuple[Note, ...]:
    """One a row with a ticket, in the order of the history. They are service, so an opt-out from personalization hides none."""
    history = pack.dictionary.find("history")
    record = None if history is None else history.type.record
    rows = None if history is None else facts.supplied[history.slot]
    if record is None or not isinstance(rows, tuple):
        return ()
    slots = {name: record.fields[name].slot for name in (*_OF_A_TICKET, "offer_id") if name in record.fields}
    if slots.keys().isdisjoint(_OF_A_TICKET):
        return ()
    found = []
    for row in rows:
        values = {name: row[slot] for name, slot in slots.items()}
        if any(values.get(name) is not None for name in _OF_A_TICKET):
            due = values.get("ticket_due_at")
            found.append(
                Note(
                    _word(values.get("ticket_owner")),
                    on_wall_clock(due, pack.zone) or due if isinstance(due, datetime) else None,
                    _word(values.get("ticket_note")),
                    _word(values.get("offer_id")),
                )
            )
    return tuple(found)


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None
