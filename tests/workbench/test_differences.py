"""A case held against a decision: each expectation tells a difference, and shows expected and actual in one look."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nbo import Engine
from nbo.pack.case import Case, Expected, Named, Stop
from nbo.workbench.cases import differences
from nbo.workbench.run_cases import CaseResult, run_cases

RULES = Path(__file__).parents[2] / "rules" / "cn_credit_card"


@cache
def engine() -> Engine:
    return Engine.load(RULES)


@cache
def result(name: str) -> CaseResult:
    case = next(each for each in engine().pack.cases if each.id == name)
    return next(run_cases(engine(), [case]))


def named(name: str) -> Named:
    return Named(name, frozenset({name}))


def seen(expected: Expected, name: str = "eases_payment") -> list[tuple[str, str, str]]:
    """What, expected, actual."""
    ran = result(name)
    found = differences(expected, ran.decision.to_dict(), ran.explanation.to_dict())
    return [(each.what, each.expected.en, each.actual.en) for each in found]


WRONG: list[tuple[Expected, str, tuple[str, str, str]]] = [
    (Expected(no_offer=True), "eases_payment", ("winner", "no offer", "bill_installment")),
    (Expected(winner=named("repayment_help")), "eases_payment", ("winner", "repayment_help", "bill_installment")),
    (
        Expected(winner=named("repayment_help")),
        "not_verified",
        ("winner", "repayment_help", "no offer (identity: 尚未核实身份)"),
    ),
    (
        Expected(order=(named("repayment_help"), named("bill_installment"))),
        "eases_payment",
        ("order", "repayment_help, bill_installment", "bill_installment"),
    ),
    (Expected(reason="identity"), "eases_payment", ("reason", "identity", "no reason, because there is an offer")),
    (Expected(reason="no_need"), "not_verified", ("reason", "no_need", "identity: 尚未核实身份")),
    (
        Expected(serve={"outcome": "self_service", "channel": "app"}),
        "not_verified",
        ("serve", "self_service / app", "verify_identity / phone"),
    ),
    (
        Expected(blocked=(Stop(named("bill_installment"), "gates", None),)),
        "eases_payment",
        ("blocked.bill_installment", "blocked at gates", "offered"),
    ),
    (
        Expected(blocked=(Stop(named("bill_installment"), "eligibility", "customer.age"),)),
        "not_verified",
        (
            "blocked.bill_installment",
            "blocked at eligibility because of customer.age",
            "blocked at gates because of call.auth_level",
        ),
    ),
    (
        Expected(unknown=((named("bill_installment"), frozenset({"customer.age"})),)),
        "eases_payment",
        ("unknown.bill_installment", "unknown, for want of customer.age", "offered"),
    ),
    (
        Expected(unknown=((named("bill_installment"), frozenset({"customer.age"})),)),
        "grade_unknown",
        ("unknown.bill_installment", "unknown, for want of customer.age", "unknown, for want of customer.risk_grade"),
    ),
    (Expected(missing=frozenset({"customer.age"})), "eases_payment", ("missing", "customer.age", "nothing")),
    (Expected(missing=frozenset()), "grade_unknown", ("missing", "nothing", "customer.risk_grade")),
    (Expected(quote={"payment": Decimal("964.81")}), "eases_payment", ("quote.payment", "964.81", "964.80")),
    (Expected(quote={"periods": Decimal(6)}), "eases_payment", ("quote.periods", "6", "12")),
    (Expected(quote={"valid_until": None}), "eases_payment", ("quote.valid_until", "absent", "2026-11-28")),
    (Expected(quote={"payment": Decimal(1)}), "not_verified", ("quote.payment", "1", "absent")),
    (Expected(subject={"txn_id": "T1"}), "disputed_purchase", ("subject", "txn_id: T1", "txn_id: T2")),
    (Expected(subject={"txn_id": "T1"}), "eases_payment", ("subject", "txn_id: T1", "absent")),
    (Expected(must=("保证",)), "eases_payment", ("script.must", "says `保证`", "nothing like it in the script")),
    (Expected(must=("保证",)), "not_verified", ("script", "a script", "there is no script")),
    (Expected(says=("uses_cash",)), "not_verified", ("script", "a script", "there is no script")),
    (Expected(compliance="warned"), "eases_payment", ("script.compliance", "warned", "passed")),
    (Expected(degraded=True), "eases_payment", ("degraded", "true", "false")),
    (
        Expected(warnings=frozenset({("customer.age", "wrong_type")})),
        "eases_payment",
        ("warnings", "customer.age: wrong_type", "nothing"),
    ),
    (Expected(), "bill_bad_value_is_missing", ("warnings", "nothing", "account.days_past_due: wrong_type")),
]


@pytest.mark.parametrize(("expected", "case", "difference"), WRONG)
def test_a_difference_shows_expected_and_actual(
    expected: Expected, case: str, difference: tuple[str, str, str]
) -> None:
    assert seen(expected, case) == [difference]


HOLDS: list[tuple[Expected, str]] = [
    (Expected(), "eases_payment"),
    (Expected(winner=Named("any", frozenset({"bill_installment", "repayment_help"}))), "eases_payment"),
    (Expected(order=(named("bill_installment"),)), "eases_payment"),
    (Expected(no_offer=True, reason="identity"), "not_verified"),
    (Expected(blocked=(Stop(named("bill_installment"), "gates", "identity"),)), "not_verified"),
    (Expected(blocked=(Stop(named("bill_installment"), "gates", "call.auth_level"),)), "not_verified"),
    (Expected(missing=frozenset({"customer.risk_grade"})), "grade_unknown"),
    (Expected(quote={"payment": Decimal("964.8000"), "periods": Decimal("12.0")}), "eases_payment"),
    (Expected(quote={"collector": None}), "not_verified"),
    (Expected(compliance="passed", says=("optional",)), "eases_payment"),
    (Expected(degraded=False, missing=frozenset()), "eases_payment"),
]


@pytest.mark.parametrize(("expected", "case"), HOLDS)
def test_what_came_as_expected_is_no_difference(expected: Expected, case: str) -> None:
    assert seen(expected, case) == []


def test_a_number_that_is_almost_said_is_shown_in_its_sentence() -> None:
    [(what, _, actual)] = seen(Expected(must=("964.81",)))
    assert what == "script.must"
    assert actual.startswith("nearest: …")
    assert "964.80" in actual
    assert len(actual) < 60


def test_a_forbidden_text_is_shown_where_it_stands() -> None:
    [(what, wanted, actual)] = seen(Expected(never=("总利息",)))
    assert (what, wanted) == ("script.never", "never says `总利息`")
    assert "总利息" in actual
    assert actual.startswith("…")


def test_a_treatment_is_told_apart() -> None:
    script: Any = result("eases_payment").decision.to_dict()["offers"]
    treatment = script[0]["script"]["treatment"]
    assert seen(Expected(treatment=treatment)) == []
    assert seen(Expected(treatment="other")) == [("script.treatment", "other", treatment)]


def test_what_may_stand_nowhere_is_shown_with_the_way_to_it() -> None:
    [(what, wanted, actual)] = seen(Expected(nowhere=("964.80",)))
    assert (what, wanted) == ("nowhere", "`964.80` nowhere in the decision")
    assert actual == "offers[0].quote.first_payment: 964.80"


@pytest.mark.parametrize("accident", [lambda it: it["pack"]["hash"][:6], lambda it: it["decision_id"][:4]])
def test_digits_of_a_hash_are_nobodys_amount(accident: Callable[[Any], str]) -> None:
    assert seen(Expected(nowhere=(accident(result("not_verified").decision.to_dict()),)), "not_verified") == []


def test_differences_speak_chinese() -> None:
    ran = result("not_verified")
    expected = Expected(
        winner=named("repayment_help"), blocked=(Stop(named("repayment_help"), "eligibility", None),), must=("a",)
    )
    found = differences(expected, ran.decision.to_dict(), ran.explanation.to_dict())
    assert [each.to_dict("zh")["actual"] for each in found] == [
        "不推荐 (identity: 尚未核实身份)",
        "因 call.auth_level 在 gates 被拦下",
        "没有话术",
    ]


# --- the setting of a case --------------------------------------------------------------------------------------------


def changed(name: str, **changes: Any) -> CaseResult:
    case = result(name).case
    fields = {
        each: getattr(case, each)
        for each in ("id", "about", "at", "channel", "language", "persona", "profile", "expected", "span")
    }
    return next(run_cases(engine(), [Case(**{**fields, **changes})]))


def test_a_case_is_decided_on_its_channel_and_in_its_language() -> None:
    english = changed("eases_payment", language="en").decision
    assert english.language == "en"
    assert changed("eases_payment", channel="telegraph").decision.channel == "telegraph"


def test_a_case_is_decided_at_its_clock() -> None:
    later = result("eases_payment").case.at.replace(year=2031)
    assert changed("eases_payment", at=later).decision.status == "no_offer"


def test_a_failing_case_involves_the_offers_that_it_names_and_those_that_came() -> None:
    expected = Expected(blocked=(Stop(named("interest_waiver"), "gates", None),))
    ran = changed("eases_payment", expected=expected)
    assert [each.offer for each in ran.involved] == ["interest_waiver", "bill_installment"]
    assert not ran.holds
    assert len(changed("not_verified", expected=Expected()).involved) == len(engine().pack.offers)


def test_the_result_of_a_case_is_plain_json() -> None:
    ran = changed("eases_payment", expected=Expected(quote={"payment": Decimal(1)}))
    assert json.loads(json.dumps(ran.to_dict("en")))["differences"][0]["what"] == "quote.payment"
