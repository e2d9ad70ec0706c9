"""No sequence of events sells to who is not verified, after a complaint, twice after a refusal, or without a confirmed statement.

What is true is kept by a plain account of the events that the session let through; the session's own state is not looked at.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from talk import BILL, PURCHASE, Talk, customer

from nbo import Engine, Next

OFFERS = (BILL, PURCHASE, "cash_installment", "fee_package", "temporary_limit", "interest_waiver")
NEEDS = ("ease_payment", "single_purchase", "cash", "travel", "hardship", "statement_missing")
REASONS = ("balance_query", "transaction_query", "statement_not_received", "fraud_report", "lost_card")
STOPPING = {"fraud_report", "lost_card"}
NEED_OF = {
    "eases_payment": "ease_payment",
    "asks_about_a_purchase": "single_purchase",
    "statement_did_not_arrive": "statement_missing",
}
CUSTOMERS = tuple(NEED_OF)
TWISTS: tuple[tuple[str, dict[str, Any]] | None, ...] = (
    None,
    ("complaint", {}),
    ("identity_verified", {"level": 0}),
    ("reason_stated", {"reason": "fraud_report"}),
    ("need_stated", {"need": "hardship"}),
    ("requoted", {"periods": 6}),
)


ANYTHING: tuple[tuple[str, dict[str, Any]], ...] = (
    *(each for each in TWISTS if each is not None),
    *(("need_stated", {"need": each}) for each in NEEDS),
    *(("reason_stated", {"reason": each}) for each in REASONS),
    *(("queue", {"service_level": each}) for each in (0.7, 0.82, 0.95)),
    *(
        ("step_done", {"step": each})
        for each in ("order", "customer_confirms", "waive_interest", "send_contract_summary")
    ),
    ("identity_verified", {"level": 2}),
    ("service_resolved", {}),
    ("recording_lost", {}),
    ("transfer", {}),
    ("referred", {}),
    ("requoted", {"periods": 3}),
    ("cost_statement_pushed", {}),
    ("cost_statement_confirmed", {}),
    ("sentiment", {"value": 0.1}),
)


class Account:
    """What anybody would write down who hears the call."""

    def __init__(self) -> None:
        self.level = 0
        self.stopped = False
        self.settled: set[str] = set()
        self.pitches = 0
        self.refusals = 0
        self.offer: str | None = None
        self.yes = self.pushed = self.confirmed = False
        self.booked: set[str] = set()

    def forget_quote(self) -> None:
        self.yes = self.pushed = self.confirmed = False


class Calls(RuleBasedStateMachine):
    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.account = Account()

    @initialize(name=st.sampled_from(CUSTOMERS), depth=st.sampled_from([0, 1, 2, 3, 4, 4, 4]), call=st.integers(0, 9))
    def begin(self, name: str, depth: int, call: int) -> None:
        """Somewhere in a call: most of what can go wrong comes late, where no sequence of chance would get to."""
        profile = customer(name)
        profile["call"]["queue_sl"] = 0.95 if depth else 0.85  # so that some calls have no pitch
        self.talk = Talk(self.engine, profile, f"K{call}")
        if depth > 0:
            self.serve(NEED_OF[name])
        if depth > 1:
            self.do_as_told(1)
        if depth > 2:
            self.do_as_told(1)
        if depth > 3:
            self.do_as_told(2)

    def serve(self, need: str) -> None:
        self.say("identity_verified", level=2)
        self.say("reason_stated", reason="balance_query")
        self.say("need_stated", need="ease_payment")
        self.say("need_stated", need=need)
        self.say("sentiment", value=0.5)
        self.say("service_resolved")

    def is_sale(self, offer: str) -> bool:
        known = self.engine.pack.offer_by_id.get(offer)
        return known is not None and known.kind == "sales"

    def say(self, kind: str, after: int = 1, **fields: Any) -> None:
        before = set(self.talk.session.state.booked)
        said = self.talk.say(kind, after, **fields)
        if said.refused is None:
            self.write_down(kind, fields)
        self.check_orders(set(self.talk.session.state.booked) - before)
        self.check_next(said)

    def write_down(self, kind: str, fields: dict[str, Any]) -> None:
        account = self.account
        match kind:
            case "identity_verified":
                account.level = fields["level"]
            case "complaint":
                account.stopped = True
            case "reason_stated":
                account.stopped |= fields["reason"] in STOPPING
            case "need_stated":
                account.stopped |= fields["need"] == "hardship"
            case "offer_presented" if fields["offer"] != account.offer:
                name = fields["offer"]
                assert name not in account.settled, "brought up again after a no"
                assert account.level >= 1, "brought up to somebody who is not verified"
                if self.is_sale(name):
                    assert not account.stopped, "sold after a complaint"
                    account.pitches += 1
                    assert account.pitches <= 2, "brought up too often"
                    assert account.refusals <= 1, "sold after a second refusal"
                account.offer = name
                account.forget_quote()
            case "requoted":
                account.forget_quote()
            case "answer" if fields["response"] == "accept":
                account.yes = True
            case "answer":
                account.refusals += fields["offer"] not in account.settled and self.is_sale(fields["offer"])
                account.settled.add(fields["offer"])
                if fields["offer"] == account.offer:
                    account.offer = None
            case "cost_statement_pushed":
                account.pushed = True
            case "cost_statement_confirmed":
                account.confirmed = True

    def check_orders(self, ordered: set[str]) -> None:
        account = self.account
        for name in ordered:
            assert name == account.offer
            assert name not in account.booked
            assert name not in account.settled
            assert account.yes, "ordered without a yes to this quote"
            assert account.level >= 1, "ordered for somebody who is not verified"
            if self.is_sale(name):
                assert not account.stopped, "ordered after selling was off"
            offer = self.engine.pack.offer_by_id[name]
            steps = {step.id for way in (offer.script.treatments if offer.script else ()) for step in way.after_yes}
            if "push_cost_statement" in steps:
                assert account.pushed, "ordered without a cost statement"
                assert account.confirmed, "ordered without a confirmed cost statement"
            account.booked.add(name)

    def check_next(self, said: Next) -> None:
        step, account = said.step, self.account
        if step.code == "present" and step.offer is not None:
            assert step.offer.offer not in account.settled | account.booked
            assert account.level >= 1
            if step.offer.kind == "sales":
                assert not account.stopped
                assert account.pitches <= 1
        assert not (said.moment.is_open and (account.stopped or account.level < 1))

    # --- what can happen ----------------------------------------------------------------------------------------------

    @rule(event=st.sampled_from(ANYTHING))
    def hear(self, event: tuple[str, dict[str, Any]]) -> None:
        self.say(event[0], **event[1])

    @rule(
        kind=st.sampled_from(["offer_presented", "order", "accept", "decline", "defer"]), offer=st.sampled_from(OFFERS)
    )
    def speak_of(self, kind: str, offer: str) -> None:
        if kind in ("offer_presented", "order"):
            self.say(kind, offer=offer)
        else:
            self.say("answer", offer=offer, response=kind)

    @rule(response=st.sampled_from(["accept", "accept", "decline", "defer"]))
    def answer(self, response: str) -> None:
        self.say("answer", offer=self.account.offer or BILL, response=response)

    @rule(times=st.integers(1, 5))
    def do_as_told(self, times: int) -> None:
        """What an agent does who follows the screen, and a customer who says yes."""
        for _ in range(times):
            step = self.talk.session.next.step
            offer = None if step.offer is None else step.offer.offer
            match step.code:
                case "verify_identity":
                    self.say("identity_verified", level=2)
                case "serve":
                    self.say("service_resolved")
                case "present":
                    self.say("offer_presented", offer=offer)
                case "await_answer":
                    self.say("answer", offer=offer, response="accept")
                case "push_cost_statement":
                    self.say("cost_statement_pushed")
                case "customer_confirms":
                    self.say("cost_statement_confirmed")
                case "order":
                    self.say("order", offer=offer)
                case "hand_over":
                    self.say("referred")
                case "step":
                    self.say("step_done", step=step.step)

    @rule(twist=st.sampled_from(TWISTS), yes=st.booleans())
    def push_on(self, twist: tuple[str, dict[str, Any]] | None, yes: bool) -> None:
        """What an agent does who wants the order whatever is heard."""
        offer = self.account.offer or BILL
        if twist is not None:
            self.say(twist[0], **twist[1])
        self.say("order", offer=offer)
        if yes:
            self.say("answer", offer=offer, response="accept")
        self.say("order", offer=offer)
        self.say("cost_statement_pushed")
        self.say("cost_statement_confirmed")
        self.say("order", offer=offer)

    @rule(times=st.integers(1, 3))
    def insist(self, times: int) -> None:
        """One offer after the other."""
        self.say("need_stated", need="cash")
        self.say("cash_requested", amount="5000.00")
        for _ in range(times):
            if self.account.offer is not None:
                self.say("answer", offer=self.account.offer, response="decline")
            for offer in OFFERS:
                self.say("offer_presented", offer=offer)
                if self.account.offer == offer:
                    break

    @precondition(lambda self: self.account.booked or self.account.settled)
    @rule()
    def hang_up(self) -> None:
        self.say("ended")

    @invariant()
    def the_same_events_give_the_same_state(self) -> None:
        if not hasattr(self, "talk") or self.talk.number % 4:  # each time would be most of what the machine does
            return
        session, resumed = self.talk.session, self.talk.resumed()
        anew = session._kit.attributes.facts(session._base, session.state)  # not from the facts before
        assert (session._facts.values, session._facts.supplied) == (anew.values, anew.supplied)
        assert (session._facts.unmasked, session._facts.at, session._facts.today) == (
            anew.unmasked,
            anew.at,
            anew.today,
        )
        assert resumed.left_out == ()
        assert resumed.next.to_dict() == {**session.next.to_dict(), "refused": None}
        assert json.dumps(resumed.events) == json.dumps(session.events)


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("name", CUSTOMERS)
def test_an_agent_who_insists_gets_no_order_that_must_not_be(name: str, depth: int) -> None:
    for twist, yes in product(TWISTS, (True, False)):
        call = Calls()
        call.begin(name, depth, 0)  # type: ignore[call-arg]  # called as it is, not by the machine
        call.push_on(twist, yes)
        call.push_on(None, True)


def test_an_agent_who_goes_on_and_on_is_stopped_after_the_second_offer() -> None:
    call = Calls()
    call.begin("asks_about_a_purchase", 1, 0)
    call.insist(4)
    assert call.account.pitches == 2


@pytest.fixture(autouse=True)
def _engine(sample: Engine) -> None:
    Calls.engine = sample


Calls.TestCase.settings = settings(
    max_examples=200, stateful_step_count=8, derandomize=True, database=None, deadline=None
)
TestCalls = Calls.TestCase
TestCalls = pytest.mark.usefixtures("_engine")(TestCalls)
