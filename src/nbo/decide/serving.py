"""How a customer without an offer is served: by which way, on which channel, with which ticket for the second line.

In: the ways of the gate, authority or arbitration that speak for the decision, and the facts. Out: the first way whose
condition is true. What is unknown is not true, so nobody is served by a rule for customers whom one cannot tell apart; the
last way is for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nbo.decide.candidate import Setting
from nbo.pack.clause import Serve


@dataclass(frozen=True, slots=True)
class ServedTicket:
    """What somebody else is to do: `need` in the decision's language, `owner` a queue, `due` in the pack's zone."""

    need: str
    owner: str
    due: datetime

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"need": self.need, "owner": self.owner, "due": self.due.isoformat()}


@dataclass(frozen=True, slots=True)
class Served:
    """How the customer is served instead of an offer; `ticket` None where nobody else has to do anything."""

    outcome: str
    channel: str
    ticket: ServedTicket | None

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        ticket = None if self.ticket is None else self.ticket.to_dict()
        return {"outcome": self.outcome, "channel": self.channel, "ticket": ticket}


def serve(ways: Sequence[Serve], setting: Setting) -> Served | None:
    """The first way that is for this customer; None where the pack names none."""
    values = setting.facts.values
    way = next((each for each in ways if each.when is None or each.when.ask(values) is True), None)
    return None if way is None else Served(way.outcome, way.channel, _ticket(way, setting))


def _ticket(way: Serve, setting: Setting) -> ServedTicket | None:
    ticket = way.ticket
    if ticket is None:
        return None
    # INVARIANT: elapsed hours are counted in universal time, so that a change of the clocks moves no due time
    due = setting.facts.at + timedelta(hours=ticket.within_hours)
    need = ticket.need.get(setting.language, "")
    return ServedTicket(need, ticket.owner, due.astimezone(setting.pack.zone))
