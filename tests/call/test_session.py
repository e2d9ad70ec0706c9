"""What a session says after each event of a call, by the sample pack."""

from __future__ import annotations

from datetime import timedelta

import pytest
from talk import BEGAN, BILL, PURCHASE, Talk, customer, refusal, why_not

from nbo import Engine, Event
from nbo.history.fold import fold


def test_a_call_goes_through_its_stages_to_an_order(talk: Talk) -> None:
    stages = [talk.session.next.stage]
    stages.append(talk.told("hold", seconds=3).stage)
    stages.append(talk.told("identity_verified", level=2).stage)
    talk.told("need_stated", need="ease_payment")
    talk.told("reason_stated", reason="balance_query")
    talk.told("sentiment", value=0.5)
    stages.append(talk.told("service_resolved").stage)
    stages.append(talk.present().stage)
    stages.append(talk.answer("accept").stage)
    talk.confirm()
    talk.told("order", offer=BILL)
    stages.append(talk.told("ended").stage)
    assert stages == ["opening", "verify", "service", "need", "offer", "confirm", "closing"]


def test_the_agent_is_told_each_step_in_order(talk: Talk) -> None:
    codes = [talk.session.next.step.code]
    codes.append(talk.told("identity_verified", level=2).step.code)
    talk.told("reason_stated", reason="balance_query")
    talk.told("need_stated", need="ease_payment")
    talk.told("sentiment", value=0.5)
    codes.append(talk.told("service_resolved").step.code)
    codes.append(talk.present().step.code)
    codes.append(talk.answer("accept").step.code)
    codes.append(talk.told("cost_statement_pushed").step.code)
    codes.append(talk.told("cost_statement_confirmed").step.code)
    last = talk.told("order", offer=BILL)
    codes.append(last.step.code)
    assert (last.step.step, last.step.required) == ("send_contract_summary", False)
    codes.append(talk.told("step_done", step="send_contract_summary").step.code)
    assert codes == [
        "verify_identity", "serve", "present", "await_answer", "push_cost_statement", "customer_confirms", "order", "step",
        "close",
    ]  # fmt: skip


def test_the_step_that_presents_has_the_words_that_passed_compliance(talk: Talk) -> None:
    step = talk.serve().step
    assert (step.code, step.offer.offer if step.offer else None) == ("present", BILL)
    assert step.says is not None
    assert "installments of" in step.says


def test_needs_that_the_customer_states_are_found(talk: Talk) -> None:
    talk.told("need_stated", need="travel")
    assert talk.told("need_stated", need="ease_payment").needs == ("ease_payment", "travel")


def test_the_session_keeps_the_attributes_of_the_call_for_the_rules(talk: Talk) -> None:
    after = talk.serve()
    facts, dictionary = after.decision.facts, talk.engine.pack.dictionary
    kept = {
        name: facts.value(dictionary, f"call.{name}") for name in ("stage", "elapsed_s", "call_id", "service_resolved")
    }
    assert kept == {"stage": "need", "elapsed_s": 5, "call_id": "K1", "service_resolved": True}
    assert facts.value(dictionary, "call.need_tags") == frozenset({"ease_payment"})


def test_a_decision_is_made_only_when_it_is_asked_for(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    decide = type(talk.session._asking).decide

    def counted(*given: object) -> object:
        made.append(given)
        return decide(*given)

    monkeypatch.setattr(type(talk.session._asking), "decide", counted)
    after = talk.serve()
    assert not made
    assert after.step is after.step
    assert after.decision is after.decision
    assert len(made) == 1


# --- the moment -------------------------------------------------------------------------------------------------------


def test_service_comes_first(talk: Talk) -> None:
    talk.told("identity_verified", level=2)
    after = talk.told("reason_stated", reason="balance_query")
    assert (after.moment.is_open, why_not(after)) == (False, "service_first")
    assert talk.serve().moment.is_open


def test_a_moment_that_closes_the_window_says_so_with_its_place(talk: Talk) -> None:
    talk.serve()
    after = talk.told("transfer")
    assert why_not(after) == "handed_on"
    assert after.moment.why is not None
    assert str(after.moment.why.source).startswith("moments.yaml:")


def test_without_moments_the_window_opens_when_the_service_is_done(standard: Engine) -> None:
    talk = Talk(standard)
    talk.told("identity_verified", level=2)
    talk.told("need_stated", need="ease_payment")
    talk.told("reason_stated", reason="balance_query")
    assert talk.told("service_resolved").step.code == "present"
    assert why_not(talk.told("reason_stated", reason="fee_query")) == "service_first"
    assert talk.told("service_resolved").moment.is_open
    assert not talk.told("escalation").moment.is_open
    assert talk.told("service_resolved").moment.is_open
    assert not talk.told("transfer").moment.is_open


def test_a_pack_without_call_yaml_has_one_pitch_a_call(standard: Engine) -> None:
    talk = Talk(standard, customer("asks_about_a_purchase"))
    talk.told("need_stated", need="ease_payment")
    talk.serve(need="single_purchase", reason="transaction_query")
    talk.present(PURCHASE)
    assert why_not(talk.answer("decline", PURCHASE)) == "enough_tried"
    assert why_not(Talk(standard, customer(call__service_resolved=True)).told("identity_verified", level=2)) is None


def test_a_complaint_ends_selling_without_call_yaml_too(standard: Engine) -> None:
    talk = Talk(standard)
    talk.serve()
    talk.present()
    talk.answer("accept")
    talk.confirm()
    talk.told("complaint")
    assert refusal(talk.say("order", offer=BILL)) == "complaint"


def test_nothing_is_presented_before_who_calls_is_verified(talk: Talk) -> None:
    talk.told("reason_stated", reason="balance_query")
    talk.told("need_stated", need="ease_payment")
    after = talk.told("service_resolved")
    assert why_not(after) == "not_verified"
    assert after.step.code == "verify_identity"
    assert refusal(talk.say("offer_presented", offer=BILL)) == "not_verified"


def test_a_window_closes_after_its_time_and_says_where_that_stands(talk: Talk) -> None:
    talk.serve()
    assert talk.told("sentiment", after=240, value=0.5).moment.is_open
    after = talk.told("sentiment", value=0.5)
    assert why_not(after) == "too_late"
    assert after.moment.why is not None
    assert str(after.moment.why.source).startswith("call.yaml:")
    assert refusal(talk.say("offer_presented", offer=BILL)) == "too_late"


def test_what_the_rules_do_not_offer_is_not_presented(talk: Talk) -> None:
    talk.serve(need="travel")
    after = talk.say("offer_presented", offer=BILL)
    assert after.refused is not None
    assert after.refused.source is not None
    assert refusal(talk.say("offer_presented", offer="gold_bars")) == "unknown_offer"


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_objection_has_its_answer_once(talk: Talk) -> None:
    talk.serve()
    talk.present()
    step = talk.told("objection", objection="too_expensive").step
    assert (step.code, step.says) == ("answer_objection", step.says)
    assert step.says is not None
    assert "an installment costs interest" in step.says
    assert talk.told("objection", objection="too_expensive").step.code == "leave_it"
    assert talk.told("objection", objection="not_needed").step.code == "answer_objection"
    assert talk.told("objection", objection="has_no_answer").step.code == "leave_it"


def test_a_refused_offer_is_left_alone(talk: Talk) -> None:
    talk.serve()
    talk.present()
    after = talk.answer("decline", reason="not_needed")
    assert BILL not in [each.offer for each in after.offers]
    assert refusal(talk.say("offer_presented", offer=BILL)) == "answered_before"


def test_after_a_refusal_the_next_best_offer_comes_if_time_is_left(sample: Engine) -> None:
    talk = Talk(sample, customer("asks_about_a_purchase"))
    talk.told("need_stated", need="ease_payment")
    talk.serve(need="single_purchase", reason="transaction_query")
    talk.present(PURCHASE)
    after = talk.answer("decline", PURCHASE)
    assert after.moment.is_open
    assert after.step.code == "present"
    second = after.step.offer
    assert second is not None
    assert second.offer == BILL
    talk.present(second.offer)
    third = talk.answer("decline", second.offer)
    assert why_not(third) == "enough_tried"
    assert third.step.code == "leave_it"


def test_there_is_no_second_try_without_time_for_it(talk: Talk) -> None:
    talk.serve()
    talk.present()
    after = talk.told("answer", after=160, offer=BILL, response="decline")
    assert why_not(after) == "too_late"
    assert after.step.code == "leave_it"


def test_who_puts_it_off_is_asked_again_when_the_customer_or_the_pack_says(sample: Engine) -> None:
    said, usual = BEGAN + timedelta(days=2), BEGAN + timedelta(days=7, seconds=7)
    for fields, when in (({"ask_again_at": said.isoformat()}, said), ({}, usual)):
        talk = Talk(sample)
        talk.serve()
        talk.present()
        talk.told("answer", offer=BILL, response="defer", **fields)
        left = talk.session.state.left
        assert left is not None
        assert left.ask_again_at == when
        recorded = talk.session.interactions()[-1]
        assert (recorded.kind, recorded.ask_again_at) == ("deferred", when)


def test_a_refusal_on_this_call_counts_for_the_contact_policy(talk: Talk) -> None:
    talk.serve()
    talk.present()
    blocked = talk.answer("decline").decision.blocked[BILL]
    assert (blocked.stage, blocked.code) == ("contact_policy", "refused_recently")


# --- steps after a yes ------------------------------------------------------------------------------------------------


def test_no_required_step_is_skipped(talk: Talk) -> None:
    talk.serve()
    talk.present()
    assert refusal(talk.say("cost_statement_pushed")) == "not_accepted"
    assert refusal(talk.say("order", offer=BILL)) == "not_accepted"
    talk.answer("accept")
    assert refusal(talk.say("cost_statement_confirmed")) == "step_before"
    assert refusal(talk.say("step_done", step="order")) == "unknown_step"
    assert refusal(talk.say("step_done", step="send_contract_summary")) == "step_before"
    talk.told("cost_statement_pushed")
    assert refusal(talk.say("order", offer=BILL)) == "step_before"
    talk.told("cost_statement_confirmed")
    talk.told("order", offer=BILL)
    assert talk.session.state.booked == {BILL}


def test_each_step_and_the_order_happen_once(talk: Talk) -> None:
    talk.serve()
    talk.present()
    talk.present()
    for _ in range(2):
        talk.answer("accept")
        talk.confirm()
    for _ in range(2):
        talk.told("order", offer=BILL, amount="964.80")
    assert talk.kinds() == ["presented", "accepted", "booked"]


def test_another_quote_voids_the_yes_and_the_confirmed_cost_statement(talk: Talk) -> None:
    talk.serve()
    talk.present()
    talk.answer("accept")
    talk.confirm()
    after = talk.told("requoted", periods=6)
    at_hand = talk.session.at_hand
    assert at_hand is not None
    assert at_hand.requoted is not None
    assert (at_hand.accepted, at_hand.pushed, at_hand.confirmed, at_hand.done) == (False, False, False, frozenset())
    assert after.step.code == "await_answer"
    assert refusal(talk.say("order", offer=BILL)) == "not_accepted"
    talk.answer("accept")
    talk.confirm()
    talk.told("order", offer=BILL)


def test_a_quote_that_cannot_be_had_changes_nothing(talk: Talk) -> None:
    talk.serve()
    talk.present()
    talk.answer("accept")
    talk.confirm()
    after = talk.say("requoted", periods=3)  # more a month than the income allows
    assert after.refused is not None
    assert after.refused.source is not None
    assert refusal(talk.say("requoted", new_limit="20000.00")) == "no_choice"
    talk.told("order", offer=BILL)


def test_a_profile_cannot_bring_a_confirmation_along(sample: Engine) -> None:
    talk = Talk(sample, customer(call__cost_statement_confirmed=True, call__agreement_recorded=True))
    after = talk.serve()
    dictionary = sample.pack.dictionary
    assert after.decision.facts.value(dictionary, "call.cost_statement_confirmed") is False
    assert after.decision.facts.value(dictionary, "call.agreement_recorded") is False


def test_a_yes_is_on_record_where_the_line_is_recorded_or_the_event_says_so(sample: Engine) -> None:
    for recording, fields, recorded in ((True, {}, True), (False, {}, False), (False, {"recorded": True}, True)):
        talk = Talk(sample)
        talk.serve()
        talk.present()
        if not recording:
            talk.told("recording_lost")
        talk.answer("accept", **fields)
        assert talk.session.at_hand is not None
        assert talk.session.at_hand.recorded is recorded


# --- service first ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("complaint", {}, "complaint"),
        ("reason_stated", {"reason": "fraud_report"}, "loss_or_fraud"),
        ("need_stated", {"need": "hardship"}, "in_hardship"),
    ],
)
def test_selling_ends_at_once_even_between_the_yes_and_the_order(
    talk: Talk, kind: str, fields: dict[str, str], code: str
) -> None:
    talk.serve()
    talk.present()
    talk.answer("accept")
    talk.confirm()
    after = talk.told(kind, **fields)
    assert why_not(after) == code
    assert talk.session.at_hand is None
    assert refusal(talk.say("order", offer=BILL)) == code
    talk.told("service_resolved")
    assert refusal(talk.say("offer_presented", offer=BILL)) == code
    assert talk.session.state.booked == frozenset()


def test_a_vulnerable_customer_is_sold_nothing(sample: Engine) -> None:
    talk = Talk(sample, customer(customer__vulnerability_flags=["elderly_alone"]))
    after = talk.serve()
    assert why_not(after) == "vulnerable"
    assert all(each.kind != "sales" for each in after.offers)


def test_while_it_is_unknown_whether_selling_is_off_nothing_is_sold(sample: Engine) -> None:
    talk = Talk(sample)
    talk.told("identity_verified", level=2)
    talk.told("need_stated", need="ease_payment")
    talk.told("sentiment", value=0.5)
    after = talk.told("service_resolved")  # nobody said why the customer calls: it may be a fraud
    assert why_not(after) == "paused"
    assert after.moment.reason is not None
    assert "call.reason_code" in after.moment.reason
    assert talk.told("reason_stated", reason="balance_query").moment.is_open


def test_a_no_is_heard_when_selling_is_off(talk: Talk) -> None:
    talk.serve()
    talk.present()
    talk.told("complaint", complaint_id="C-7")
    talk.answer("decline")
    assert talk.kinds() == ["presented", "complained", "declined"]
    assert talk.session.interactions()[1].complaint_id == "C-7"


def test_a_service_is_offered_although_selling_is_off(sample: Engine) -> None:
    profile = customer("statement_did_not_arrive")
    profile["call"]["complaint_open"] = False
    talk = Talk(sample, profile)
    talk.serve(need="statement_missing", reason="statement_not_received")
    talk.told("complaint")
    offers = talk.session.next.offers
    assert [each.offer for each in offers] == ["interest_waiver"]
    talk.present("interest_waiver")
    assert talk.session.at_hand is not None


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_interactions_carry_keys_that_are_the_same_each_time(talk: Talk) -> None:
    talk.serve()
    talk.present()
    talk.answer("decline", reason="too_expensive")
    talk.told("score", csat=4)
    first, again = talk.session.interactions(agent="A7"), talk.session.interactions(agent="A7")
    assert first == again
    assert [(each.kind, each.reason, each.csat) for each in first] == [
        ("presented", None, None),
        ("declined", "too_expensive", None),
        ("rated", None, 4),
    ]
    assert {each.customer_id for each in first} == {"C0001"}
    assert {each.agent for each in first} == {"A7"}
    assert len({each.key for each in first}) == 3


def test_an_offer_without_an_answer_is_recorded_as_such(talk: Talk) -> None:
    talk.serve()
    talk.present()
    talk.told("ended")
    assert talk.kinds() == ["presented", "no_answer"]


def test_a_ticket_of_an_earlier_call_is_a_note(sample: Engine) -> None:
    row = {
        "decision_id": "d1", "offer_id": BILL, "family": BILL, "presented_at": "2026-10-01T10:00:00+08:00",
        "ticket_owner": "complaint_desk", "ticket_due_at": "2026-10-02T10:00:00+08:00", "ticket_note": "call back",
    }  # fmt: skip
    talk = Talk(sample, customer(history=[row]))
    (note,) = talk.session.next.notes
    assert note.to_dict() == {
        "owner": "complaint_desk", "due": "2026-10-02T10:00:00+08:00", "text": "call back", "offer": BILL,
    }  # fmt: skip


def test_who_is_not_served_by_an_offer_is_handed_over_with_a_ticket(sample: Engine) -> None:
    talk = Talk(sample)
    talk.serve()
    after = talk.told("complaint")
    assert after.step.code == "hand_over"
    assert [each.owner for each in after.tickets] == ["complaint_desk"]


def test_what_was_handed_over_is_a_ticket_for_the_next_call(sample: Engine) -> None:
    talk = Talk(sample)
    talk.serve()
    assert refusal(talk.say("referred")) == "no_ticket"
    talk.told("complaint")
    for _ in range(2):
        after = talk.told("referred", note="wants a call before noon")
    assert after.step.code == "stop_selling"
    (ticket,) = talk.session.interactions()
    assert (ticket.kind, ticket.ticket_owner, ticket.ticket_note) == (
        "referred",
        "complaint_desk",
        "wants a call before noon",
    )
    (row,) = fold([ticket])
    (note,) = Talk(sample, customer(history=[row]), at=BEGAN + timedelta(days=1)).session.next.notes
    assert (note.owner, note.text) == ("complaint_desk", "wants a call before noon")
    assert [each.kind for each in talk.resumed().interactions()] == ["referred"]


def test_words_come_in_the_language_of_the_call(sample: Engine) -> None:
    talk = Talk(sample, language="zh")
    after = talk.serve()
    assert after.step.text.startswith("请介绍产品")
    assert after.to_dict()["stage"] == "need"


def test_sessions_of_a_pack_go_on_by_it_when_another_is_loaded(talk: Talk) -> None:
    before = talk.serve()
    assert before.decision.pack_hash == talk.engine.pack.hash


@pytest.mark.parametrize("call_id", ["", "x" * 201, "a\nb", 7, None])
def test_a_call_needs_a_name(sample: Engine, call_id: object) -> None:
    with pytest.raises(ValueError, match="call_id"):
        sample.call(call_id, customer(), at=BEGAN)


def test_events_come_as_mappings_and_as_json_too(sample: Engine) -> None:
    talk = Talk(sample)
    plain = {"id": "a", "kind": "identity_verified", "at": "2026-11-16T10:00:01+08:00", "fields": {"level": 2}}
    assert talk.session.observe(plain).stage == "service"
    text = '{"id": "b", "kind": "hold", "at": "2026-11-16T10:00:02+08:00", "fields": {"seconds": 30}}'
    after = talk.session.observe(text)
    assert after.decision.facts.value(sample.pack.dictionary, "call.hold_s") == 40
    assert talk.session.observe(Event("b", "hold", BEGAN + timedelta(seconds=2), {"seconds": 30})).refused is None
    assert after.state == talk.session.state


def test_the_offer_of_a_purchase_is_presented_for_its_record(sample: Engine) -> None:
    talk = Talk(sample, customer("asks_about_a_purchase"))
    talk.serve(need="single_purchase", reason="transaction_query")
    talk.present(PURCHASE)
    assert talk.session.at_hand is not None
    assert talk.session.at_hand.offer.subject == {"txn_id": "T1"}
