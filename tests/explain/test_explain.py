"""Why, and why not: every offer, every clause of the stage that stopped it, and no personal data."""

import json
from pathlib import Path
from typing import Any

import pytest
from tiny_pack import (
    NOON,
    customer,
    decide,
    explanation,
    load,
    offer,
    rule,
    sample_case,
    sample_engine,
    script,
    segment,
    service,
    treatment,
    words,
)

from nbo.explain.explain import ExplainedClause

CARD_NUMBER = "6222021234567894"


def clauses(tmp_path: Path, changes: dict[str, Any], **parts: Any) -> tuple[ExplainedClause, ...]:
    return explanation(load(tmp_path, **parts), "loan", **changes).offers[0].clauses


def results(found: tuple[ExplainedClause, ...]) -> list[tuple[str, str]]:
    return [(each.id, each.result) for each in found]


def clause(name: str, when: str) -> dict[str, Any]:
    return {"id": name, "when": when, "reason": words(f"not {name}")}


@pytest.mark.parametrize("case", [case.id for case in sample_engine().pack.cases[:12]])
def test_every_offer_of_the_pack_is_explained_in_its_order(case: str) -> None:
    profile = sample_case(case)
    engine = sample_engine()
    explained = engine.explain(profile, at=NOON).offers
    assert [each.offer for each in explained] == [each.id for each in engine.pack.offers]
    for each in explained:
        assert (each.stage is None) == (each.outcome == "offered")
        if each.stage in ("gates", "eligibility", "applicability", "suitability"):
            assert any(clause.result != "true" for clause in each.clauses)


def test_the_explanation_agrees_with_the_decision() -> None:
    engine = sample_engine()
    for case in engine.pack.cases:
        decision = engine.decide(case.profile, at=case.at, limit=10)
        explained = engine.explain(decision, nearest=False).offers
        assert {each.offer for each in explained if each.outcome == "offered"} == {
            each.offer for each in decision.offers
        }
        for each in explained:
            if each.outcome != "offered":
                blocked = decision.blocked[each.offer]
                assert each.reason is not None
                assert (each.stage, each.reason.code) == (blocked.stage, blocked.code)


@pytest.mark.parametrize("stage", ["eligibility", "applicability", "suitability", "volume"])
def test_every_clause_of_the_stage_that_stopped_an_offer_is_shown(tmp_path: Path, stage: str) -> None:
    asked = [
        clause("holds", "account.days_late == 0"),
        clause("fails", "account.balance > 1000"),
        clause("unknown", "customer.gender == F"),
        clause("also_fails", "call.direction == outbound"),
    ]
    found = clauses(tmp_path, {"customer": {"gender": None}}, offers=[offer(**{stage: asked})])
    assert results(found) == [("holds", "true"), ("fails", "false"), ("unknown", "unknown"), ("also_fails", "false")]
    assert found[1].actual == {"account.balance": "500.00"}
    assert found[1].reason == "not fails"
    assert found[1].when == "account.balance > 1000"
    assert found[2].missing == ("customer.gender",)
    assert found[2].actual == {"customer.gender": None}
    assert found[1].source.startswith("offers/0.yaml:")


def test_every_gate_that_applies_is_shown_the_packs_and_the_laws(tmp_path: Path) -> None:
    gates = [
        {**clause("verified", "call.verified"), "kinds": ["sales"]},
        {**clause("service_only", "account.balance > 1000"), "kinds": ["service"]},
        {**clause("order", "account.balance > 1000"), "at": "order"},
    ]
    law = [
        rule("LAW", "gate", must="account.days_late == 0", reason=words("late")),
        rule("OTHER", "gate", must="account.days_late > 0", reason=words("x"), families=["card"]),
    ]
    found = clauses(tmp_path, {"account": {"days_late": 3}}, gates=gates, compliance=law)
    assert results(found) == [("verified", "true"), ("LAW", "false")]


def test_every_contact_rule_about_the_offer_is_shown_with_what_an_opt_out_hides(tmp_path: Path) -> None:
    contact = [
        {"id": "refused", "suppress_when": "any(history, it.response == decline)", "reason": words("refused")},
        {"id": "frozen", "suppress_when": "account.status == frozen", "reason": words("frozen")},
        {"id": "help_only", "suppress_when": "call.verified", "kinds": ["service"], "reason": words("x")},
    ]
    history = [{"family": "loan", "response": "decline", "presented_at": "2026-11-01T10:00:00Z"}]
    parts = {"contact": contact, "offers": [offer(), service()]}
    found = clauses(tmp_path, {"history": history, "consent": {"opted_out": True}}, **parts)
    assert results(found) == [("refused", "true"), ("frozen", "false")]
    assert found[0].actual == {"history": "1 records"}


def test_a_refused_value_is_unknown_where_its_absence_is_looked_at(tmp_path: Path) -> None:
    asked = [clause("income", "customer.income is missing or customer.income > 100")]
    (found,) = clauses(tmp_path, {"customer": {"income": "a lot"}}, offers=[offer(eligibility=asked)])
    assert (found.result, found.missing) == ("unknown", ("customer.income",))


@pytest.mark.parametrize(
    ("gender", "outcome"), [("M", "blocked"), (None, "unknown"), ("?", "unknown"), ("F", "offered")]
)
def test_the_outcome_tells_failure_from_ignorance(tmp_path: Path, gender: str | None, outcome: str) -> None:
    engine = load(tmp_path, offers=[offer(eligibility=["customer.gender == F"])])
    assert explanation(engine, customer={"gender": gender}).offers[0].outcome == outcome


@pytest.mark.parametrize(
    "parts",
    [
        {"offers": [offer(eligibility=["account.balance / account.days_late > 1"])]},
        {"gates": [clause("gate", "account.balance / account.days_late > 1")]},
        {"contact": [{"id": "rule", "suppress_when": "account.balance / account.days_late > 1", "reason": words("x")}]},
        {"compliance": [rule("BOUND", "bound", must="account.balance / account.days_late > 1", reason=words("x"))]},
    ],
    ids=lambda parts: next(iter(parts)),
)
def test_what_is_unknown_with_everything_there_is_no_failure_either(tmp_path: Path, parts: dict[str, Any]) -> None:
    one = explanation(load(tmp_path, **parts)).offers[0]
    assert (one.outcome, [each.result for each in one.clauses]) == ("unknown", ["unknown"])


def test_a_bound_that_is_unknown_names_what_is_missing(tmp_path: Path) -> None:
    bound = rule("BOUND", "bound", must="account.days_late < 10", reason=words("too late"))
    engine = load(tmp_path, compliance=[bound])
    one = explanation(engine, account={"days_late": None}).offers[0]
    assert (one.outcome, one.stage) == ("unknown", "compliance")
    assert results(one.clauses) == [("BOUND", "unknown")]
    assert decide(engine, account={"days_late": None}).missing == ("account.days_late",)
    assert explanation(engine, account={"days_late": 10}).offers[0].outcome == "blocked"


# --- personal data ----------------------------------------------------------------------------------------------------


def test_personal_data_is_masked(tmp_path: Path) -> None:
    (found,) = clauses(tmp_path, {}, offers=[offer(eligibility=["customer.income > 500000"])])
    assert found.actual == {"customer.income": "***"}


def test_free_text_shows_no_card_number(tmp_path: Path) -> None:
    (found,) = clauses(
        tmp_path,
        {"customer": {"surname": f"Li {CARD_NUMBER}"}},
        offers=[offer(eligibility=['customer.surname == "Wang"'])],
    )
    assert CARD_NUMBER not in str(found.actual)


def test_free_text_in_a_set_shows_no_card_number(tmp_path: Path) -> None:
    notes = {"notes": {"type": "set", "of": "string"}}
    asked = offer(eligibility=['"vip" in customer.notes'])
    (found,) = clauses(tmp_path, {"customer": {"notes": [CARD_NUMBER]}}, offers=[asked], dictionary={"customer": notes})
    assert found.actual == {"customer.notes": ["************7894"]}


def test_personal_data_of_a_record_is_masked(tmp_path: Path) -> None:
    fields = {"id": {"type": "string"}, "amount": {"type": "money", "pii": True}}
    asked = offer(for_each={"record": "bills", "as": "bill"}, eligibility=["bill.amount > 500"], applicability=[])
    parts: dict[str, Any] = {"offers": [asked], "dictionary": {"bills": {"key": "id", "records": fields}}}
    (found,) = clauses(tmp_path, {"bills": [{"id": "1", "amount": "66.00"}]}, **parts)
    assert found.actual == {"bill.amount": "***"}


def test_no_personal_data_of_the_sample_customer_shows() -> None:
    for place, case in enumerate(sample_engine().pack.cases):
        profile = {
            **case.profile,
            "customer": {**case.profile["customer"], "monthly_income": "31415.92", "surname": "欧阳"},
        }
        # the smallest changes are never personal; every tenth customer is enough to see it
        shown = sample_engine().explain(profile, at=case.at, nearest=place % 10 == 0).to_json()
        assert "31415.92" not in shown
        assert "欧阳" not in shown
        assert "C0001" not in shown


# --- form -------------------------------------------------------------------------------------------------------------


def test_one_offer_can_be_asked_about(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(), service()])
    assert [each.offer for each in explanation(engine, "help").offers] == ["help"]


def test_the_json_has_the_published_form(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(), service()])
    shown = json.loads(explanation(engine, account={"status": "frozen"}).to_json())
    assert set(shown) == {"offers"}
    assert [each["offer"] for each in shown["offers"]] == ["help", "loan"]
    for each in shown["offers"]:
        assert set(each) == {"offer", "family", "outcome", "stage", "reason", "clauses", "nearest"}
        for one in each["clauses"]:
            assert set(one) == {"id", "when", "result", "actual", "missing", "reason", "source", "because"}


def test_the_reason_is_in_the_language_asked_for() -> None:
    engine = sample_engine()
    decision = engine.decide(sample_case("past_due"), at=NOON, language="zh")
    for language, text in (("zh", "账户有逾期"), ("en", "The account is past due")):
        reasons = [each.reason for each in engine.explain(decision, "bill_installment", language=language).offers]
        assert [each.text for each in reasons if each is not None] == [text]
    (default,) = engine.explain(decision, "bill_installment").offers
    assert default.reason is not None
    assert default.reason.text == "账户有逾期"


def test_explaining_is_for_the_channel_of_the_decision(tmp_path: Path) -> None:
    engine = load(tmp_path)
    assert engine.explain(decide(engine, channel="sms")).offers[0].stage == "script"
    assert engine.explain(decide(engine)).offers[0].stage is None


def test_a_blocked_text_is_not_in_the_explanation(tmp_path: Path) -> None:
    never = rule("NEVER", "forbid", terms=["gratis"])
    said = script(treatment("only", segment("Dear {{ customer.surname }}, shall I go on?")))
    engine = load(tmp_path, compliance=[never], scripts=[said])
    shown = explanation(engine, customer={"surname": "Gratis"})
    assert shown.offers[0].stage == "compliance"
    assert "shall I go on" not in shown.to_json()
    assert "Gratis" not in engine.decide(customer(customer={"surname": "Gratis"})).to_json()
