"""What can be an interaction, and what is said to the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from moving_clock import NOON, happened

from nbo.history.interaction import InteractionError

TICKET = {"ticket_owner": "desk", "ticket_due_at": NOON}


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("sold", {}, "kind"),
        ("presented", {"key": ""}, "key"),
        ("presented", {"key": "k" * 201}, "key"),
        ("presented", {"customer_id": None}, "customer_id"),
        ("presented", {"customer_id": "C\x00"}, "customer_id"),
        ("presented", {"offer": "\ud800"}, "offer"),
        ("presented", {"agent": 7}, "agent"),
        ("presented", {"at": datetime(2026, 11, 16, 12)}, "at"),  # noqa: DTZ001 - that it has no zone is the mistake
        ("presented", {"at": datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))}, "at"),
        ("presented", {"csat": 5}, "csat"),
        ("rated", {}, "csat"),
        ("rated", {"csat": True}, "csat"),
        ("rated", {"csat": 11}, "csat"),
        ("refunded", {}, "amount"),
        ("refunded", {"amount": 1.5}, "amount"),
        ("refunded", {"amount": Decimal("-0.01")}, "amount"),
        ("refunded", {"amount": Decimal("NaN")}, "amount"),
        ("refunded", {"amount": Decimal("0.00000000001")}, "amount"),
        ("complained", {}, "complaint_id"),
        ("presented", {"reason": "not_needed"}, "reason"),
        ("accepted", {"ask_again_at": NOON}, "ask_again_at"),
        ("accepted", {"ticket_note": "call back"}, "ticket_note"),
        ("referred", {"ticket_due_at": NOON}, "ticket_owner"),
        ("referred", {"ticket_owner": "desk"}, "ticket_due_at"),
        ("referred", {**TICKET, "ticket_note": "n" * 501}, "ticket_note"),
        ("referred", {**TICKET, "ticket_note": "one\ntwo"}, "ticket_note"),
        ("referred", {**TICKET, "ticket_due_at": "tomorrow"}, "ticket_due_at"),
        ("presented", {"needs": "travel"}, "needs"),
        ("presented", {"needs": tuple(str(each) for each in range(51))}, "needs"),
    ],
)
def test_what_cannot_be_an_interaction_is_refused_by_its_field(kind: str, more: dict[str, Any], field: str) -> None:
    with pytest.raises(InteractionError) as caught:
        happened(kind, **more)
    assert caught.value.field == field


def test_a_refused_value_is_not_repeated() -> None:
    with pytest.raises(InteractionError) as caught:
        happened(customer_id="6222\n0200")
    assert "6222" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_time_is_kept_in_utc_also_one_that_comes_twice_a_year() -> None:
    twice = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    assert happened(at=twice).at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert happened(at=twice) == happened(at=twice)


def test_the_same_needs_in_another_order_are_the_same() -> None:
    assert happened(needs=("travel", "ease_payment", "travel")) == happened(needs=("ease_payment", "travel"))
