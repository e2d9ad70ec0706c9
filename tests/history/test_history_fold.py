"""What a customer's interactions come to: rows as conditions read them, whenever each was told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moving_clock import NOON, happened

from nbo.history.fold import fold
from nbo.history.interaction import KINDS, Interaction

Step = tuple[str, float, dict[str, Any]]


def row(*steps: Step) -> dict[str, object]:
    """What one offer of one decision comes to."""
    (found,) = fold(happened(kind, key=f"k{count}", minutes=at, **more) for count, (kind, at, more) in enumerate(steps))
    return found


def test_a_row_has_what_is_known_by_the_dictionarys_names() -> None:
    assert row(
        ("presented", 0, {"channel": "phone", "script": "ease/3"}),
        ("declined", 1, {"reason": "too_expensive"}),
        ("rated", 2, {"csat": 3}),
        ("complained", 3, {"complaint_id": "T9"}),
    ) == {
        "decision_id": "d1", "offer_id": "loan", "family": "loans", "channel": "phone", "presented_at": NOON,
        "response": "decline", "refusal_reason": "too_expensive", "csat": 3, "complaint_id": "T9",
        "script_version": "ease/3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "response"),
    [
        (["presented"], None),
        (["presented", "accepted"], "accept"),
        (["presented", "booked"], "accept"),
        (["presented", "deferred", "accepted"], "accept"),
        (["presented", "accepted", "declined"], "decline"),
        (["presented", "no_answer"], "no_answer"),
        (["no_answer", "declined"], "decline"),
        (["declined", "no_answer"], "decline"),
    ],
)
def test_the_last_answer_counts_and_no_answer_takes_none_back(kinds: list[str], response: str | None) -> None:
    assert row(*((kind, minute, {}) for minute, kind in enumerate(kinds))).get("response") == response


def test_what_was_cancelled_is_so_until_it_is_taken_again() -> None:
    sold: list[Step] = [("presented", 0, {}), ("booked", 1, {}), ("cancelled", 2, {})]
    assert row(*sold)["cancelled_at"] == NOON + timedelta(minutes=2)
    assert "cancelled_at" not in row(*sold, ("booked", 3, {}))


def test_refunds_add_up_exactly() -> None:
    refunds: list[Step] = [
        ("refunded", at, {"amount": Decimal(amount)}) for at, amount in enumerate(["0.10", "0.20", "1e17"])
    ]
    assert row(*refunds)["refund"] == Decimal("100000000000000000.30")


def test_an_answer_that_nobody_says_was_presented_was_presented_by_then() -> None:
    assert row(("declined", 7, {}), ("rated", 9, {"csat": 1}))["presented_at"] == NOON + timedelta(minutes=7)


def test_a_customer_who_puts_it_off_is_asked_again_when_told() -> None:
    again = NOON + timedelta(days=3)
    put_off: Step = ("deferred", 1, {"ask_again_at": again, "reason": "no_time"})
    assert row(put_off)["ask_again_at"] == again
    assert "ask_again_at" not in row(put_off, ("accepted", 2, {}))


TICKET = {"ticket_owner": "retention_desk", "ticket_due_at": NOON + timedelta(hours=4), "ticket_note": "call back"}


def test_the_note_of_a_ticket_shows_until_the_customer_answers() -> None:
    referred: Step = ("referred", 1, TICKET)
    alone = row(referred)
    assert alone["presented_at"] == NOON + timedelta(minutes=1)
    assert {name: each for name, each in alone.items() if name in TICKET} == TICKET
    again = {**TICKET, "ticket_owner": "second_line_care"}
    assert row(referred, ("referred", 2, again), ("rated", 3, {"csat": 4}))["ticket_owner"] == "second_line_care"
    for answer in ("accepted", "booked", "declined", "deferred"):
        assert "ticket_note" not in row(referred, (answer, 2, {}))
    assert row(("declined", 0, {}), referred)["ticket_note"] == "call back"
    assert row(("presented", 0, {}), referred, ("no_answer", 2, {}))["ticket_note"] == "call back"


def test_who_is_referred_has_answered_nothing_yet() -> None:
    referred: Step = ("referred", 1, TICKET)
    assert row(referred)["response"] == "no_answer"
    assert row(("presented", 0, {}), referred)["response"] == "no_answer"
    assert row(("declined", 0, {}), referred)["response"] == "decline"
    assert row(referred, ("accepted", 2, {}))["response"] == "accept"


NEEDED = {
    "rated": {"csat": 4}, "refunded": {"amount": Decimal("1.5")}, "complained": {"complaint_id": "T1"}, "referred": TICKET,
}  # fmt: skip


@st.composite
def interactions(draw: st.DrawFn) -> list[Interaction]:
    """Several of two offers in two decisions; some at the same time."""
    count = draw(st.integers(1, 12))
    return [
        happened(
            kind := draw(st.sampled_from(KINDS)), key=f"k{place:02}", minutes=draw(st.integers(0, 5)),
            decision_id=draw(st.sampled_from(["d1", "d2"])), offer=draw(st.sampled_from(["loan", "card"])),
            channel=draw(st.sampled_from([None, "phone", "app"])), **NEEDED.get(kind, {}),
        )
        for place in range(count)
    ]  # fmt: skip


@given(interactions(), st.randoms(use_true_random=False))
def test_the_rows_do_not_hang_on_the_order_in_which_events_arrive(events: list[Interaction], chosen: Any) -> None:
    arrived = list(events)
    chosen.shuffle(arrived)
    rows = fold(arrived)
    assert rows == fold(events)
    assert len(rows) == len({(each.decision_id, each.offer) for each in events})
