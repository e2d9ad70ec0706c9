"""A call that a test tells in short lines; every event comes a second after the one before, unless it says otherwise."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from nbo import Engine, Event, Next, Session

CUSTOMERS = Path(__file__).parents[2] / "examples" / "customers"
BEGAN = datetime.fromisoformat("2026-11-16T10:00:00+08:00")
BILL, PURCHASE = "bill_installment", "transaction_installment"


@cache
def _customer(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((CUSTOMERS / f"{name}.json").read_text(encoding="utf-8"))
    return read


def customer(name: str = "eases_payment", **changes: Any) -> dict[str, Any]:
    """A customer at the beginning of a call: what the call itself will tell is not known yet.

    `changes` are by `namespace__attribute`; one of None takes the attribute away.
    """
    profile = deepcopy(_customer(name))
    known = ("direction", "hold_s", "complaint_open", "hurry_flag", "agent_licenses", "agent_tier", "recording_on")
    profile["call"] = {key: profile["call"][key] for key in known} | {"queue_sl": 0.95}
    for key, value in changes.items():
        namespace, _, attribute = key.partition("__")
        if not attribute:
            profile[namespace] = value
        elif value is None:
            profile[namespace].pop(attribute, None)
        else:
            profile[namespace][attribute] = value
    return profile


class Talk:
    def __init__(
        self, engine: Engine, profile: dict[str, Any] | None = None, call_id: str = "K1", **options: Any
    ) -> None:
        self.engine = engine
        self.profile = customer() if profile is None else profile
        self.session: Session = engine.call(call_id, self.profile, **{"at": BEGAN, "language": "en", **options})
        self.seconds = 0
        self.number = 0

    def say(self, kind: str, after: int = 1, **fields: Any) -> Next:
        """What is next after an event of that kind."""
        self.seconds += after
        self.number += 1
        at = BEGAN + timedelta(seconds=self.seconds)
        return self.session.observe(Event(f"e{self.number}", kind, at, fields))

    def told(self, kind: str, after: int = 1, **fields: Any) -> Next:
        """The same for an event that has to be possible."""
        after_it = self.say(kind, after, **fields)
        assert after_it.refused is None, after_it.refused
        return after_it

    def serve(self, need: str = "ease_payment", reason: str = "balance_query") -> Next:
        """Verified, served, with a need: the moment for an offer."""
        self.told("identity_verified", level=2)
        self.told("reason_stated", reason=reason)
        self.told("need_stated", need=need)
        self.told("sentiment", value=0.5)
        return self.told("service_resolved")

    def present(self, offer: str = BILL) -> Next:
        return self.told("offer_presented", offer=offer)

    def answer(self, response: str, offer: str = BILL, **fields: Any) -> Next:
        return self.told("answer", offer=offer, response=response, **fields)

    def confirm(self) -> Next:
        self.told("cost_statement_pushed")
        return self.told("cost_statement_confirmed")

    def kinds(self) -> list[str]:
        return [each.kind for each in self.session.interactions()]

    def resumed(self) -> Session:
        """The same call from its stored events, by way of JSON."""
        return self.engine.resume(self.session.call_id, self.profile, json.dumps(self.session.events))


def refusal(after: Next) -> str | None:
    return None if after.refused is None else after.refused.code


def why_not(after: Next) -> str | None:
    return None if after.moment.why is None else after.moment.why.code
