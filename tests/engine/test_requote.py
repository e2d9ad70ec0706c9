"""Requote: the same offer, facts and rules with what the customer chose, checked again; or a reason why it cannot be had so."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbo import Decision, Engine
from nbo.quote.installment import plan_installment
from nbo.quote.installment_quote import InstallmentQuote

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules" / "cn_credit_card"
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
ENGINE = Engine.load(RULES)
PROFILE = json.loads((ROOT / "examples" / "customers" / "eases_payment.json").read_text(), parse_float=Decimal)
OFFER = "bill_installment"


def decided(language: str = "en") -> Decision:
    return ENGINE.decide(PROFILE, at=AT, language=language)


def numbers(quote: object) -> dict[str, Any]:
    assert isinstance(quote, InstallmentQuote)
    return quote.to_dict("en")


def test_and_over_six_months() -> None:
    answer = ENGINE.requote(decided(), offer=OFFER, choices={"periods": 6})
    assert answer.offer is not None
    quoted = numbers(answer.offer.quote)
    assert (quoted["periods"], quoted["payment"], quoted["total_interest"]) == (6, "1881.00", "486.00")
    assert answer.offer.script is not None
    assert "6 installments of 1881.00 yuan" in answer.offer.script.text
    assert "964.80" not in answer.offer.script.text
    assert {check.status for check in answer.offer.checks} == {"passed"}


def test_another_amount() -> None:
    answer = ENGINE.requote(decided("zh"), offer=OFFER, choices={"principal": "6000.00", "periods": 12})
    assert answer.offer is not None
    assert answer.offer.script is not None
    plan = plan_installment(Decimal("6000.00"), 12, Decimal("0.0060"))
    assert numbers(answer.offer.quote)["payment"] == str(plan.payment)
    assert f"每期还{plan.payment}元" in answer.offer.script.text


def test_choosing_what_was_quoted_changes_nothing() -> None:
    before = decided()
    answer = ENGINE.requote(before, offer=OFFER, choices={"periods": 12, "principal": Decimal("10800")})
    assert answer.offer == before.offers[0]
    assert ENGINE.requote(before, offer=OFFER, choices={}).offer == before.offers[0]


@pytest.mark.parametrize(
    ("choices", "code", "words"),
    [
        ({"periods": 7}, "term_not_on_offer", "this term is not on offer; there are 3, 6, 12, 24 periods"),
        ({"periods": 0}, "term_not_on_offer", "this term is not on offer; there are 3, 6, 12, 24 periods"),
        ({"periods": -6}, "term_not_on_offer", "this term is not on offer; there are 3, 6, 12, 24 periods"),
        ({"principal": "10800.01"}, "above_maximum", "at most 10800.00 can be put into installments"),
        ({"principal": 10**17}, "above_maximum", "at most 10800.00 can be put into installments"),
        ({"principal": "0"}, "below_minimum", "the amount is below the smallest that can be put into installments"),
        ({"principal": -500}, "below_minimum", "the amount is below the smallest that can be put into installments"),
        ({"principal": "1000.005"}, "not_in_units", "the amount must be a multiple of 0.01"),
    ],
)
def test_what_cannot_be_had_is_an_answer_with_a_reason(choices: dict[str, object], code: str, words: str) -> None:
    answer = ENGINE.requote(decided(), offer=OFFER, choices=choices)
    assert answer.offer is None
    assert answer.reason is not None
    assert (answer.reason.code, answer.reason.text) == (code, words)
    assert answer.reason.source is not None
    assert answer.reason.source.startswith("offers/bill_installment.yaml:")


def test_the_checks_after_the_quote_hold_for_the_new_numbers() -> None:
    poor = {**PROFILE, "customer": {**PROFILE["customer"], "monthly_income": "3500.00"}}
    before = ENGINE.decide(poor, at=AT, language="en")
    assert [each.offer for each in before.offers] == [OFFER]  # 964.80 a month is within 30 % of the income
    answer = ENGINE.requote(before, offer=OFFER, choices={"periods": 3})
    assert answer.offer is None
    assert answer.reason is not None
    assert answer.reason.source is not None
    clauses = {clause.id for offer in ENGINE.pack.offers if offer.id == OFFER for clause in offer.suitability}
    assert answer.reason.code in clauses


@pytest.mark.parametrize(
    "choices",
    [{"colour": "red"}, {"budget": "500"}, {"periods": "6"}, {"periods": True}, {"principal": 6000.5}, {"principal": "6,000"},
     {"principal": Decimal("NaN")}, {"principal": Decimal("1E+30")}, {"principal": True}, {"periods": 6.0}],
)  # fmt: skip
def test_a_programmers_mistake_raises(choices: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"choice|amount|whole number"):
        ENGINE.requote(decided(), offer=OFFER, choices=choices)


def test_only_what_the_decision_offers_is_quoted_again() -> None:
    with pytest.raises(ValueError, match="the decision does not offer `interest_waiver`; its offers: bill_installment"):
        ENGINE.requote(decided(), offer="interest_waiver", choices={})


def test_a_decision_of_another_pack_is_refused() -> None:
    other = Engine.load(ROOT / "rules" / "tw_credit_card")
    with pytest.raises(ValueError, match="another version"):
        other.requote(decided(), offer=OFFER, choices={"periods": 6})


def test_the_clock_is_the_decisions() -> None:
    later = Engine(ENGINE.pack, clock=lambda: AT + timedelta(days=400))
    assert later.requote(decided(), offer=OFFER, choices={"periods": 6}).offer is not None


def test_a_record_stays_the_one_that_was_offered() -> None:
    cases = {case.id: case for case in ENGINE.pack.cases}
    case = next(each for each in cases.values() if each.expected.subject)
    before = ENGINE.decide(case.profile, at=case.at, language="en")
    first = before.offers[0]
    periods = {option["periods"] for option in numbers(first.quote)["options"]} - {numbers(first.quote)["periods"]}
    answer = ENGINE.requote(before, offer=first.offer, choices={"periods": max(periods)})
    assert answer.offer is not None
    assert answer.offer.subject == first.subject


def test_the_answer_as_json() -> None:
    answer = json.loads(ENGINE.requote(decided(), offer=OFFER, choices={"periods": 6}).to_json())
    assert answer["offer"]["quote"]["payment"] == "1881.00"
    assert (answer["reason"], answer["missing"]) == (None, [])


@given(st.integers(-(10**6), 2 * 10**6), st.sampled_from([3, 6, 12, 24, 5]))
def test_no_amount_and_no_term_gives_a_wrong_number(fen: int, periods: int) -> None:
    principal = Decimal(fen).scaleb(-2)
    answer = ENGINE.requote(decided(), offer=OFFER, choices={"principal": principal, "periods": periods})
    if answer.offer is None:
        assert answer.reason is not None
        return
    quoted = numbers(answer.offer.quote)
    assert Decimal(quoted["principal"]) == principal
    assert sum(Decimal(each["principal"]) for each in quoted["schedule"]) == principal
    assert len(quoted["schedule"]) == periods


def decided_for(case: str, language: str = "en") -> Decision:
    found = next(each for each in ENGINE.pack.cases if each.id == case)
    return ENGINE.decide(found.profile, at=found.at, channel=found.channel, language=language)


@pytest.mark.parametrize(
    ("case", "offer", "choices", "numbers_"),
    [
        ("temporary_limit_for_a_purchase", "temporary_limit", {"new_limit": "35000"}, ("35000.00", "5000.00", 60)),
        ("temporary_limit_for_a_purchase", "temporary_limit", {"days": 30}, ("39000.00", "9000.00", 30)),
        (
            "temporary_limit_for_a_purchase",
            "temporary_limit",
            {"new_limit": 31000, "days": 20},
            ("31000.00", "1000.00", 20),
        ),
        ("safe_limit_risk_decides", "safe_limit", {"new_limit": "50000"}, ("50000.00", "20000.00", None)),
        ("own_ceiling_lowers", "own_ceiling", {"new_limit": "18000"}, ("18000.00", "0.00", None)),
    ],
)
def test_another_limit(
    case: str, offer: str, choices: dict[str, object], numbers_: tuple[str, str, int | None]
) -> None:
    answer = ENGINE.requote(decided_for(case), offer=offer, choices=choices)
    assert answer.offer is not None, answer.reason
    assert answer.offer.quote is not None
    quoted = answer.offer.quote.to_dict("en")
    assert (quoted["new_limit"], quoted["extra"], quoted["days"]) == numbers_
    assert answer.offer.script is not None
    assert numbers_[0] in answer.offer.script.text


@pytest.mark.parametrize(
    ("case", "offer", "choices", "code"),
    [
        ("temporary_limit_for_a_purchase", "temporary_limit", {"new_limit": "39100"}, "above_maximum"),
        ("temporary_limit_for_a_purchase", "temporary_limit", {"new_limit": "35050"}, "not_in_units"),
        ("temporary_limit_for_a_purchase", "temporary_limit", {"new_limit": "30900"}, "nothing_to_raise"),
        ("temporary_limit_for_a_purchase", "temporary_limit", {"new_limit": "30000"}, "nothing_to_raise"),
        ("temporary_limit_for_a_purchase", "temporary_limit", {"new_limit": "0"}, "nothing_to_raise"),
        ("temporary_limit_for_a_purchase", "temporary_limit", {"new_limit": -1}, "nothing_to_raise"),
        ("temporary_limit_for_a_purchase", "temporary_limit", {"days": 61}, "days_out_of_range"),
        ("temporary_limit_for_a_purchase", "temporary_limit", {"days": 0}, "days_out_of_range"),
        ("temporary_limit_for_a_purchase", "temporary_limit", {"days": 7}, "CN-LIM-03"),
        ("safe_limit_risk_decides", "safe_limit", {"new_limit": "25000.50"}, "no_value"),  # a raise is what it is for
        ("safe_limit_risk_decides", "safe_limit", {"days": 30}, "days_out_of_range"),
        ("safe_limit_risk_decides", "safe_limit", {"new_limit": "61000"}, "above_maximum"),
        ("safe_limit_risk_decides", "safe_limit", {"new_limit": "100"}, "limit_below_used"),
        ("own_ceiling_lowers", "own_ceiling", {"new_limit": "18000.005"}, "not_in_units"),
    ],
)
def test_a_limit_that_cannot_be_had_says_why(case: str, offer: str, choices: dict[str, object], code: str) -> None:
    answer = ENGINE.requote(decided_for(case), offer=offer, choices=choices)
    assert answer.offer is None
    assert answer.reason is not None
    assert answer.reason.code == code


def test_a_limit_that_is_lowered_comes_in_fen_whatever_a_raise_comes_in() -> None:
    answer = ENGINE.requote(decided_for("own_ceiling_lowers"), offer="own_ceiling", choices={"new_limit": "18000.005"})
    assert answer.reason is not None
    assert answer.reason.text == "the limit must be a multiple of 0.01"


def test_a_chosen_limit_above_the_agents_authority_is_refused() -> None:
    case = next(each for each in ENGINE.pack.cases if each.id == "safe_limit_risk_decides")
    before = ENGINE.decide(
        {**case.profile, "call": {**case.profile["call"], "agent_tier": 3}}, at=case.at, language="en"
    )
    assert before.offers[0].offer == "safe_limit"
    facts = {**case.profile, "call": {**case.profile["call"], "agent_tier": 1}}
    small = ENGINE.decide(facts, at=case.at, language="en")
    assert not small.offers  # 30,000 more is above 10,000
    assert small.serve is not None
    assert small.serve.ticket is not None


def test_the_components_that_a_customer_chose_are_said() -> None:
    before = decided_for("package_two_thousand")
    answer = ENGINE.requote(before, offer="fee_package", choices={"components": ["lounge", "dental"]})
    assert answer.offer is not None
    assert answer.offer.script is not None
    assert answer.offer.script.treatment.id == "as_selected"
    assert "1000.00" in answer.offer.script.text  # 600 and 400 together
    assert answer.offer.quote is not None
    assert sorted(answer.offer.quote.to_dict("en")["selected"]) == ["dental", "lounge"]  # type: ignore[call-overload]  # a list
