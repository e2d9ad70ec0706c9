"""The same events give the same state: replayed, resumed in the middle on another machine, with scorers and caps or without."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from talk import BEGAN, BILL, Talk, customer

from nbo import Engine, Event, Session
from nbo.call.session import LONGEST_CALL

SAMPLE = Path(__file__).parents[2] / "rules" / "cn_credit_card"


def whole_call(talk: Talk) -> Session:
    talk.serve()
    talk.present()
    talk.told("objection", objection="too_expensive")
    talk.answer("accept")
    talk.told("requoted", periods=6)
    talk.answer("accept")
    talk.confirm()
    talk.told("order", offer=BILL, amount="964.80")
    talk.told("score", csat=5)
    talk.told("ended")
    return talk.session


def same(one: Session, other: Session) -> bool:
    return (
        one.next.to_dict() == other.next.to_dict()
        and one.events == other.events
        and one.interactions() == other.interactions()
        and one.state.at_hand == other.state.at_hand
    )


def test_a_call_resumed_anywhere_goes_on_as_if_it_had_not_stopped(talk: Talk) -> None:
    events = whole_call(talk).events
    for cut in range(1, len(events)):
        resumed = talk.engine.resume("K1", talk.profile, json.dumps(events[:cut]))
        for event in events[cut:]:
            resumed.observe(event)
        assert resumed.left_out == ()
        assert same(resumed, talk.session), cut


def test_what_the_store_has_recorded_of_the_call_since_does_not_count_twice(talk: Talk) -> None:
    talk.serve()
    talk.present()
    talk.answer("decline")
    row = {"decision_id": "x", "offer_id": BILL, "family": BILL, "channel": "phone", "response": "decline"}
    profile = customer(history=[{**row, "presented_at": "2026-11-16T10:00:05+08:00"}])
    resumed = talk.engine.resume("K1", profile, talk.session.events)
    assert same(resumed, talk.session)


def test_a_resumed_call_has_the_scores_that_it_had(rules_copy: Path) -> None:
    offer = rules_copy / "cn_credit_card" / "offers" / "bill_installment.yaml"
    text = offer.read_text(encoding="utf-8")
    assert "propensity: 0.12" in text
    offer.write_text(text.replace("propensity: 0.12", "propensity: {scorer: likes, fallback: 0.05}"), encoding="utf-8")
    given = {"likes": lambda _profile, _offer: 0.9}
    with Engine.load(rules_copy / "cn_credit_card", scorers=given) as engine:
        talk = Talk(engine)
        talk.serve()
        talk.present()
        events = json.dumps(talk.session.events)
    assert '"bill_installment": "0.9' in events
    with Engine.load(rules_copy / "cn_credit_card") as other:  # where the scorer is not to be had
        resumed = other.resume("K1", talk.profile, events)
        assert resumed.left_out == ()
        assert resumed.at_hand is not None
        assert talk.session.at_hand is not None
        assert resumed.at_hand.offer.to_dict() == talk.session.at_hand.offer.to_dict()


def test_events_that_other_rules_do_not_allow_are_left_out_and_named(talk: Talk, rules_copy: Path) -> None:
    talk.serve()
    talk.present()
    (rules_copy / "cn_credit_card" / "call.yaml").write_text(
        "selling_off:\n  - id: nothing_today\n    when: call.reason_code == balance_query\n", encoding="utf-8"
    )
    pack = rules_copy / "cn_credit_card" / "pack.yaml"
    text = pack.read_text(encoding="utf-8")
    (rules_copy / "cn_credit_card" / "moments.yaml").unlink()
    pack.write_text("".join(each for each in text.splitlines(keepends=True) if not each.startswith("moments:")))
    with Engine.load(rules_copy / "cn_credit_card") as other:
        resumed = other.resume("K1", talk.profile, talk.session.events)
    assert [each.code for each in resumed.left_out] == ["nothing_today"]
    assert resumed.at_hand is None


def test_an_event_that_is_sent_again_changes_nothing(talk: Talk) -> None:
    talk.told("identity_verified", level=2)
    event = {"id": "h", "kind": "hold", "at": "2026-11-16T10:00:02+08:00", "fields": {"seconds": 30}}
    first = talk.session.observe(event)
    for _ in range(3):
        assert talk.session.observe(event) is first
    other = talk.session.observe({**event, "fields": {"seconds": 31}})
    assert other.refused is not None
    assert other.refused.code == "same_id"
    assert len(talk.session.events) == 3


def test_an_event_that_was_refused_may_be_sent_again(talk: Talk) -> None:
    talk.serve()
    talk.present()
    talk.answer("accept")
    order = Event("the order", "order", BEGAN, {"offer": BILL})
    assert talk.session.observe(order).refused is not None
    talk.confirm()
    assert talk.session.observe(order).refused is None
    assert talk.session.state.booked == {BILL}


@pytest.mark.parametrize(
    ("seconds", "clock", "warning"),
    [
        (-5, 1, "late"),
        (60, 60, None),
        (LONGEST_CALL.total_seconds() - 1, LONGEST_CALL.total_seconds() - 1, None),
        (LONGEST_CALL.total_seconds() + 1, 1, "far_off"),
        (-LONGEST_CALL.total_seconds() - 1, 1, "far_off"),
    ],
)
def test_the_clock_of_a_call_never_goes_back_nor_a_day_ahead(
    talk: Talk, seconds: float, clock: float, warning: str | None
) -> None:
    talk.told("identity_verified", level=2)
    after = talk.session.observe(Event("odd", "complaint", BEGAN + timedelta(seconds=seconds)))
    assert after.refused is None
    assert (talk.session.state.at - talk.session.state.started_at).total_seconds() == clock
    assert [each.code for each in after.warnings] == ([] if warning is None else [warning])
    assert talk.session.state.off is not None
    assert same(talk.resumed(), talk.session)


@pytest.mark.parametrize(
    "events",
    [
        "",
        "[]",
        "{",
        [],
        {},
        None,
        7,
        [{"kind": "hold"}],
        [{"kind": "began"}],
        [{"kind": "began", "at": "2026-11-16T10:00:00", "channel": "phone", "language": "en"}],
        [{"kind": "began", "at": "soon", "channel": "phone", "language": "en"}],
        [{"kind": "began", "at": "2026-11-16T10:00:00+08:00", "channel": 1, "language": "en"}],
    ],
)
def test_a_stored_call_of_another_form_is_refused_in_words(sample: Engine, events: Any) -> None:
    with pytest.raises(ValueError, match="stored call"):
        sample.resume("K1", customer(), events)


def test_two_sessions_of_one_call_do_not_disturb_each_other(talk: Talk) -> None:
    talk.serve()
    beside = talk.resumed()
    talk.told("complaint")
    assert beside.next.moment.is_open


def test_a_refusal_that_another_system_recorded_with_a_clock_ahead_counts(talk: Talk) -> None:
    row = {"decision_id": "x", "offer_id": BILL, "family": BILL, "channel": "app", "response": "decline"}
    ahead = customer(history=[{**row, "presented_at": "2026-11-16T10:00:05+08:00"}])
    before = Talk(talk.engine, ahead)
    assert before.serve().offers == ()
    resumed = before.resumed()
    assert same(resumed, before.session)
    assert resumed.next.offers == ()
    for odd in (None, 5, "soon", "9999-12-31T23:59:59-12:00"):
        began, *events = before.session.events
        assert talk.engine.resume("K1", talk.profile, [{**began, "known_until": odd}, *events]).left_out == ()
