"""How a customer without an offer is served: the first way that is certain to be for them, and the ticket with its due time."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tiny_pack import NOON, YES, codes, decide, load, offer, service, words

NEED = words("call back", "回电")
TICKET = {"need": NEED, "owner": "desk", "within_hours": 24}
WAYS = [
    {"when": "customer.tier == gold", "outcome": "callback", "channel": "phone", "ticket": TICKET},
    {"when": "customer.tier == mass", "outcome": "self_service", "channel": "ivr"},
    {"outcome": "self_service", "channel": "app"},
]
NOBODY = [offer(eligibility=["account.status == frozen"])]


def served(tmp_path: Path, ways: Any, changes: dict[str, Any] | None = None, **parts: Any) -> Any:
    engine = load(tmp_path, **{"offers": NOBODY, "arbitration": {**YES, "serve": ways}, **parts})
    decision = decide(engine, **(changes or {}))
    assert decision.status == "no_offer"
    return decision.to_dict()["serve"]


@pytest.mark.parametrize(
    ("tier", "way"),
    [
        ("gold", "callback/phone"),
        ("mass", "self_service/ivr"),
        (None, "self_service/app"),
        ("diamond", "self_service/app"),
    ],
)
def test_the_first_way_that_is_certain_is_taken_and_an_unknown_value_gets_the_default(
    tmp_path: Path, tier: str | None, way: str
) -> None:
    serve = served(tmp_path, WAYS, {"customer": {"tier": tier}})
    assert f"{serve['outcome']}/{serve['channel']}" == way


def test_who_has_opted_out_is_not_served_by_value(tmp_path: Path) -> None:
    serve = served(tmp_path, WAYS, {"customer": {"tier": "mass"}, "consent": {"opted_out": True}})
    assert serve["channel"] == "app"


def test_a_ticket_has_need_owner_and_due_time_in_the_zone_of_the_pack(tmp_path: Path) -> None:
    assert served(tmp_path, WAYS)["ticket"] == {
        "need": "call back",
        "owner": "desk",
        "due": "2026-11-17T12:00:00+08:00",
    }
    assert served(tmp_path, WAYS[2])["ticket"] is None


def test_the_hours_of_a_ticket_are_elapsed_hours_over_a_change_of_the_clocks(tmp_path: Path) -> None:
    zone = ZoneInfo("America/New_York")
    engine = load(tmp_path, offers=NOBODY, arbitration={**YES, "serve": WAYS}, timezone="America/New_York")
    decision = decide(engine, at=datetime(2026, 10, 31, 12, 0, tzinfo=zone))
    assert decision.serve is not None
    assert decision.serve.ticket is not None
    assert decision.serve.ticket.due.isoformat() == "2026-11-01T11:00:00-05:00"


def test_a_ticket_speaks_the_language_of_the_decision(tmp_path: Path) -> None:
    both = offer(label=words("Loan", "贷款"), eligibility=["account.status == frozen"])
    engine = load(tmp_path, offers=[both], arbitration={**YES, "serve": WAYS}, languages=["en", "zh"])
    decision = engine.decide({"customer": {"tier": "gold"}, "consent": {"opted_out": False}}, at=NOON, language="zh")
    assert decision.serve is not None
    assert decision.serve.ticket is not None
    assert decision.serve.ticket.need == "回电"


def test_gates_and_authorities_can_serve_by_list_too(tmp_path: Path) -> None:
    gate = {"id": "verified", "when": "call.verified", "reason": words("not verified"), "serve": WAYS}
    assert served(tmp_path, WAYS[2], {"call": {"verified": False}}, gates=[gate])["outcome"] == "callback"
    limits = [{"when": "call.agent_tier == 1", "up_to": 1}]
    authority = [{"id": "waive", "limits": limits, "reason": words("above"), "above": WAYS}]
    waiver = service(quote={"type": "waiver", "amount": "account.balance", "authority": "waive"})
    for tier in (1, None):
        changes = {"call": {"agent_tier": tier}}
        assert served(tmp_path, WAYS[2], changes, offers=[waiver], authority=authority)["ticket"]["owner"] == "desk"


@pytest.mark.parametrize(
    ("ways", "code"),
    [
        (WAYS[:2], "NBO360"),
        (WAYS[0], "NBO360"),
        ([WAYS[2], WAYS[0], WAYS[2]], "NBO361"),
        ([], "NBO132"),
        ([{"outcome": "callback"}], "NBO131"),
        ({"outcome": "callback"}, "NBO131"),
        ([{**WAYS[2], "ticket": {**TICKET, "within_hours": 0}}], "NBO133"),
        ([{**WAYS[2], "ticket": {"need": NEED, "owner": "desk"}}], "NBO131"),
        ([{**WAYS[0], "when": "customer.teir == gold"}, WAYS[2]], "NBO203"),
        ([{**WAYS[0], "when": "true"}, WAYS[2]], "NBO209"),
    ],
)
def test_ways_that_cannot_be_meant_are_found(tmp_path: Path, ways: Any, code: str) -> None:
    found = codes(tmp_path, arbitration={**YES, "serve": ways})
    assert code in found


def test_a_mistake_in_the_way_of_a_gate_ends(tmp_path: Path) -> None:
    gate = {
        "id": "verified",
        "when": "call.verified",
        "reason": words("not verified"),
        "serve": {"outcome": "callback"},
    }
    assert "NBO131" in codes(tmp_path, gates=[gate])
