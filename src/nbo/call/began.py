"""How a call began: when, on which channel, in which language, and what of the customer's history was known then.

It is the first row of the stored form of a call. Read from there it is checked; what is in the events is not looked at here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from nbo.language.calendar import on_wall_clock
from nbo.profiles import plain_profile

_KIND = "began"


@dataclass(frozen=True, slots=True)
class Began:
    """`at` is in UTC. `known_until`: the latest row of the history that was known, where it is later than `at`.

    Rows that are later than that are those that the call has added since.
    """

    at: datetime
    channel: str
    language: str
    known_until: datetime | None = None

    def to_dict(self, pack_hash: str) -> dict[str, object]:
        """The stored form."""
        known = {} if self.known_until is None else {"known_until": self.known_until.isoformat()}
        plain = {"kind": _KIND, "at": self.at.isoformat(), "channel": self.channel, "language": self.language}
        return {**plain, **known, "pack": pack_hash}


def began(events: object) -> tuple[Began, list[object]]:
    """How a stored call began, and its events. Raises `ValueError` for another form."""
    stored = plain_profile(events)
    if not isinstance(stored, list | tuple):
        raise ValueError("a stored call is a list of events, as `Session.events` gives them")
    first = stored[0] if stored else None
    if not isinstance(first, Mapping) or first.get("kind") != _KIND:
        raise ValueError("a stored call begins with how it began, as `Session.events` gives it")
    at, channel, language = _moment(first.get("at")), first.get("channel"), first.get("language")
    if at is None or not isinstance(channel, str) or not isinstance(language, str):
        raise ValueError("a stored call says when it began, with a zone, on which channel and in which language")
    return Began(at, channel, language, _moment(first.get("known_until"))), list(stored[1:])


def _moment(written: object) -> datetime | None:
    try:
        moment = written if isinstance(written, datetime) else datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return None if moment.utcoffset() is None else on_wall_clock(moment, UTC)
