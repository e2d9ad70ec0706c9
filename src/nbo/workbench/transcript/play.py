"""A transcript's event as a session observes it: its id and its time worked out by the call's own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from nbo.call.session import Session
from nbo.source.nodes import to_plain
from nbo.workbench.transcript.form import PlayedFile

Time = datetime | timedelta | None
"""A time with its zone, or how long after the beginning; None: when the event before happened."""


def event_of(played: PlayedFile, session: Session) -> dict[str, object]:
    """The event of a transcript."""
    fields: object = {} if played.fields is None else to_plain(played.fields)
    at = next_event_at(session, played.at, played.after)
    return event_at(session, played.kind.text, fields, at, None if played.id is None else played.id.text)


def event_at(
    session: Session, kind: str, fields: object, at: datetime | None, name: str | None = None
) -> dict[str, object]:
    """An event in its plain form; one without an id is numbered, by how many were observed before it."""
    return {"id": name or f"e{session.state.events + 1}", "kind": kind, "at": at, "fields": fields}


def next_event_at(session: Session, at: Time, after: timedelta | None = None) -> datetime | None:
    """When an event happens; None past the end of the calendar."""
    state = session.state
    try:
        if isinstance(at, timedelta):
            return state.started_at + at
        return state.at + (after or timedelta()) if at is None else at
    except OverflowError:
        return None


def seconds_of(session: Session, at: datetime) -> int:
    """How many seconds of the call have passed."""
    return int((at - session.state.started_at).total_seconds())
