"""Before an order the gates of the order are asked, with the facts as they are then; who only warns stops nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tiny_pack import NOON, customer, decide, explanation, load, merged, rule, sample_case, sample_engine

from nbo import Engine

CONFIRMED = {"call": {"cost_statement_confirmed": True, "agreement_recorded": True}}


def asked(
    engine: Engine, profile: dict[str, Any], offer: str = "bill_installment"
) -> tuple[bool, str | None, tuple[str, ...]]:
    answer = engine.may_order(profile, offer=offer, at=NOON, language="en")
    return answer.allowed, None if answer.reason is None else answer.reason.code, answer.missing


def test_an_installment_is_ordered_once_the_cost_statement_is_confirmed() -> None:
    engine, profile = sample_engine(), dict(sample_case("eases_payment"))
    allowed, code, missing = asked(engine, profile)
    assert (allowed, code, missing) == (False, "CN-COST-01", ("call.cost_statement_confirmed",))
    refused = merged(profile, {"call": {"cost_statement_confirmed": False}})
    assert asked(engine, refused) == (False, "CN-COST-01", ())
    assert asked(engine, merged(profile, CONFIRMED)) == (True, None, ())


def test_the_answer_has_every_gate_before_the_order() -> None:
    answer = sample_engine().may_order(sample_case("eases_payment"), offer="bill_installment", at=NOON, language="zh")
    shown = answer.to_dict()
    assert shown["allowed"] is False
    assert {"rule": "CN-COST-01", "status": "blocked"} in shown["checks"]  # type: ignore[operator]  # a list
    assert answer.reason is not None
    assert answer.reason.text.startswith("缺少数据")


def test_what_no_gate_is_about_may_be_ordered() -> None:
    assert asked(sample_engine(), dict(sample_case("eases_payment")), "repayment_help") == (True, None, ())


def test_a_gate_speaks_for_its_families_channels_and_days(tmp_path: Path) -> None:
    must = {"must": "call.verified", "at": "order"}
    for scope, allowed in (
        ({}, False),
        ({"families": ["card"]}, True),
        ({"channels": ["sms"]}, True),
        ({"in_force": {"from": "2027-01-01"}}, True),
        ({"when": "customer.gender == M"}, True),
        ({"severity": "warn"}, True),
    ):
        engine = load(tmp_path, compliance=[rule("ORDER", "gate", **must, **scope)])
        answer = engine.may_order(customer(call={"verified": False}), offer="loan", at=NOON)
        assert answer.allowed is allowed, scope
        assert engine.may_order(customer(), offer="loan", at=NOON).allowed
        assert decide(engine, call={"verified": False}).offers  # the pitch is another matter


def test_an_unknown_offer_raises() -> None:
    with pytest.raises(ValueError, match="no offer `loan`"):
        sample_engine().may_order({}, offer="loan", at=NOON)


def test_a_gate_that_only_warns_is_on_the_record_and_stops_nobody(tmp_path: Path) -> None:
    engine = load(tmp_path, compliance=[rule("SOFT", "gate", must="call.verified", severity="warn")])
    (offered,) = decide(engine, call={"verified": False}).offers
    assert [(each.rule, each.status) for each in offered.checks if each.rule == "SOFT"] == [("SOFT", "warned")]
    again = engine.requote(decide(engine, call={"verified": False}), offer="loan", choices={}).offer
    assert again is not None
    assert again.checks == offered.checks
    (offered,) = decide(engine).offers
    assert [(each.rule, each.status) for each in offered.checks if each.rule == "SOFT"] == [("SOFT", "passed")]


def test_a_refusal_counts_for_a_lawful_gate_though_an_opt_out_hides_the_history(tmp_path: Path) -> None:
    refused = "not any(history, it.family == loan and it.response == decline)"
    engine = load(tmp_path, compliance=[rule("REFUSED", "gate", must=refused)])
    opted_out = {"opted_out": True}
    assert decide(engine, consent=opted_out).offers  # nobody refused, and that is known
    history = [{"family": "loan", "response": "decline", "presented_at": "2026-11-01T10:00:00+08:00"}]
    one = explanation(engine, "loan", consent=opted_out, history=history).offers[0]
    assert (one.stage, one.outcome, one.reason and one.reason.code) == ("gates", "blocked", "REFUSED")
