"""What an integrator can do wrong with a call, and odd data can bring, has a typed answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from talk import BEGAN, BILL, Talk, customer, refusal

from nbo import Engine, Event
from nbo.call.asking import Deciding

LAST_DAY = "9999-12-31T23:59:59+00:00"  # of the calendar: no other zone has it


def test_who_puts_an_offer_off_to_the_end_of_time_is_told_so(talk: Talk) -> None:
    talk.serve()
    talk.present()
    step = talk.answer("defer", ask_again_at=LAST_DAY).step
    assert (step.code, step.text) == ("ask_again", "Leave it for now. Ask again from 9999-12-31.")
    assert talk.resumed().next.step == step


def test_a_ticket_that_is_due_at_the_end_of_time_is_a_note_like_any_other(sample: Engine) -> None:
    profile = customer(history=[{"ticket_owner": "second line", "ticket_due_at": LAST_DAY}])
    (note,) = sample.call("K1", profile, at=BEGAN).next.notes
    assert note.due == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_stored_call_that_began_outside_of_time_is_refused(talk: Talk, at: str) -> None:
    began, *events = talk.session.events
    with pytest.raises(ValueError, match="when it began"):
        talk.engine.resume("K1", talk.profile, [{**began, "at": at}, *events])


@pytest.mark.parametrize("at", [1, "2026-11-16T10:00:00+08:00", []])
def test_a_call_that_begins_at_no_time_is_refused(sample: Engine, at: Any) -> None:
    with pytest.raises(ValueError, match="`at` is a `datetime`"):
        sample.call("K1", customer(), at=at or BEGAN.date())


def test_an_agent_who_may_not_go_on_is_not_shown_what_to_say(talk: Talk) -> None:
    talk.serve()
    talk.present()
    after = talk.told("identity_verified", level=0)
    assert (after.step.code, after.step.says) == ("verify_identity", None)
    assert talk.told("objection", objection="too_expensive").step.says is None
    assert refusal(talk.say("requoted", periods=6)) == "not_verified"
    again = talk.told("identity_verified", level=2)
    assert (again.step.code, again.step.offer.offer if again.step.offer else None) == ("answer_objection", BILL)


def test_a_closed_session_hears_nothing_more_and_the_call_goes_on_elsewhere(talk: Talk) -> None:
    talk.serve()
    talk.session.close()
    talk.session.close()
    assert refusal(talk.say("offer_presented", offer=BILL)) == "closed"
    resumed = talk.resumed()
    assert resumed.observe(Event("on", "offer_presented", BEGAN, {"offer": BILL})).refused is None


def test_what_comes_after_the_end_leaves_nothing_with_the_matcher(rules_copy: Path) -> None:
    with Engine.load(rules_copy / "cn_credit_card", matcher="plain") as engine:
        talk = Talk(engine)
        talk.serve()
        talk.told("ended")
        talk.told("complaint")
        talk.told("score", csat=5)
        assert engine.moment_metrics() == {"calls": 0, "abandoned": 0}


def test_events_may_be_read_while_others_are_observed(talk: Talk) -> None:
    done = threading.Event()

    def read() -> int:
        seen = 0
        while not done.is_set():
            seen = max(seen, len(talk.session.events))
        return seen

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for _ in range(800):
                talk.told("question_answered", after=0)
        finally:
            done.set()
    assert all(each.result() <= 801 for each in readers)


def test_a_refused_event_leaves_the_decision_that_the_agent_sees_as_it_is(talk: Talk) -> None:
    talk.serve()
    refused = talk.say("order", offer=BILL)
    assert refused.decision is talk.session.next.decision
    talk.present()
    assert talk.session.at_hand is not None
    assert talk.session.at_hand.decision is refused.decision


def test_threads_that_ask_for_a_decision_together_get_the_same() -> None:
    made: list[object] = []

    def make() -> Any:
        sleep(0.01)  # so that the others come while it is made
        made.append(object())
        return made[-1]

    deciding = Deciding(make)
    with ThreadPoolExecutor(4) as pool:
        given = {id(each.result()) for each in [pool.submit(deciding) for _ in range(4)]}
    assert (len(made), len(given)) == (1, 1)
