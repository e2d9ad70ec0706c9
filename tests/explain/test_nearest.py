"""The smallest change that would have let an offer pass really does, and never touches what cannot change."""

from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_pack import (
    NOON,
    customer,
    explanation,
    in_installments,
    load,
    merged,
    offer,
    rule,
    sample_case,
    sample_engine,
    script,
    segment,
    treatment,
    value,
    words,
)

from nbo import Engine
from nbo.explain.explain import Explanation
from nbo.language.types import Kind

UNVERIFIED = {"call": {"verified": False}}
COMPETITION = {"exclusive_group", "family_limit", "below_limit", "other_record"}


def nearest(engine: Engine, name: str = "loan", **changes: Any) -> dict[str, object]:
    found = explanation(engine, name, **changes).offers[0].nearest
    return {each.attribute: each.needed for each in found}


@pytest.mark.parametrize(
    ("condition", "changes", "needed"),
    [
        ("account.balance >= 600", {}, {"account.balance": "600"}),
        ("account.balance > 600", {}, {"account.balance": "600.01"}),
        ("account.balance < 400", {}, {"account.balance": "399.99"}),
        ("account.balance == 777.77", {}, {"account.balance": "777.77"}),
        ("account.days_late < 5", {"account": {"days_late": 9}}, {"account.days_late": 4}),
        ("account.days_late <= 5", {"account": {"days_late": 9}}, {"account.days_late": 5}),
        ("account.days_late != 9", {"account": {"days_late": 9}}, {"account.days_late": 8}),
        ("account.balance >= 600", {"account": {"balance": None}}, {"account.balance": "600"}),
        ("call.verified", UNVERIFIED, {"call.verified": True}),
        ("not call.verified", {}, {"call.verified": False}),
        ("buy in call.needs", {}, {"call.needs": ["buy", "ease"]}),
        ("help not in call.needs", {"call": {"needs": ["ease", "help"]}}, {"call.needs": ["ease"]}),
        ("account.balance > 1000 and call.verified", UNVERIFIED, {"account.balance": "1000.01", "call.verified": True}),
    ],
)  # fmt: skip
def test_it_is_one_step_past_the_boundary(
    tmp_path: Path, condition: str, changes: dict[str, Any], needed: dict[str, object]
) -> None:
    engine = load(tmp_path, offers=[offer(eligibility=[condition])])
    assert nearest(engine, **changes) == needed


def test_the_present_value_stands_beside_the_needed_one(tmp_path: Path) -> None:
    (change,) = explanation(load(tmp_path, offers=[offer(eligibility=["account.balance >= 600"])])).offers[0].nearest
    assert change.to_dict() == {"attribute": "account.balance", "actual": "500.00", "needed": "600"}


def test_without_it_the_rest_of_an_explanation_is_the_same(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(eligibility=["account.balance >= 600"])])
    full, plain = engine.explain(customer(), at=NOON), engine.explain(customer(), at=NOON, nearest=False)
    assert full.offers[0].nearest != ()
    assert plain == Explanation(tuple(replace(each, nearest=()) for each in full.offers))


def test_one_attribute_comes_before_two_and_the_dictionarys_order_before_another(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(eligibility=["account.balance >= 600 or account.days_late == 3"])])
    assert nearest(engine) == {"account.balance": "600"}


@pytest.mark.parametrize(
    "condition",
    [
        "account.status == frozen",  # nobody could change it
        "customer.income > 10000",  # changeable, but personal
        "account.balance > 1000 and account.days_late > 5 and call.verified and buy in call.needs",  # three at once
        "account.total > 600",  # derived
    ],
)
def test_what_cannot_or_may_not_change_is_not_proposed(tmp_path: Path, condition: str) -> None:
    total = {"type": "money", "derived": "account.balance * 0.5", "changeable": "customer"}
    engine = load(tmp_path, offers=[offer(eligibility=[condition])], dictionary={"account": {"total": total}})
    assert explanation(engine).offers[0].nearest == ()


def test_a_limit_of_the_attribute_is_not_passed(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(eligibility=["account.days_late > 998"])])
    assert nearest(engine) == {"account.days_late": 999}


def test_a_sentinel_day_at_the_calendars_end_is_fine(tmp_path: Path) -> None:
    until = {"until": {"type": "date", "changeable": "customer"}}
    asked = offer(eligibility=['account.until == date("9999-12-31")'])
    engine = load(tmp_path, offers=[asked], dictionary={"account": until})
    assert nearest(engine) == {"account.until": "9999-12-31"}


def test_what_is_derived_follows_the_change(tmp_path: Path) -> None:
    half = {"half": {"type": "money", "derived": "account.balance * 0.5"}}
    asked = offer(eligibility=["account.half >= 300", "account.balance >= 600"])
    engine = load(tmp_path, offers=[asked], dictionary={"account": half})
    assert nearest(engine) == {"account.balance": "600"}


def test_a_refused_derived_value_is_not_computed_by_the_way(tmp_path: Path) -> None:
    half = {"half": {"type": "money", "derived": "account.balance * 0.5"}}
    asked = offer(eligibility=["account.half >= 100", "account.balance >= 600"])
    engine = load(tmp_path, offers=[asked], dictionary={"account": half})
    assert nearest(engine) == {"account.balance": "600"}
    assert nearest(engine, account={"half": "a lot"}) == {}


def test_an_opted_out_customer_is_not_told_to_change_what_is_masked(tmp_path: Path) -> None:
    wealth = {"wealth": {"type": "money", "use": "profile", "changeable": "customer"}}
    engine = load(tmp_path, offers=[offer(eligibility=["customer.wealth > 100"])], dictionary={"customer": wealth})
    assert nearest(engine, customer={"wealth": "50.00"}) == {"customer.wealth": "100.01"}
    assert nearest(engine, customer={"wealth": "50.00"}, consent={"opted_out": True}) == {}


def test_opting_in_unmasks(tmp_path: Path) -> None:
    changeable = {"opted_out": {"type": "boolean", "changeable": "customer"}}
    asked = offer(eligibility=["customer.tier == gold"])
    engine = load(tmp_path, offers=[asked], dictionary={"consent": changeable})
    assert nearest(engine, consent={"opted_out": True}) == {"consent.opted_out": False}
    assert nearest(engine, consent={"opted_out": True}, customer={"tier": "mass"}) == {}


# --- stages that no condition draws -----------------------------------------------------------------------------------


def test_an_offer_that_only_another_one_keeps_out_needs_no_change(tmp_path: Path) -> None:
    pair = [offer("a", exclusive_group="one", propensity=0.9), offer("b", exclusive_group="one")]
    one = explanation(load(tmp_path, offers=pair), "b").offers[0]
    assert one.reason is not None
    assert (one.reason.code, one.nearest) == ("exclusive_group", ())


def test_a_script_that_does_not_pass_is_not_mended_by_any_change(tmp_path: Path) -> None:
    said = script(treatment("only", segment("Dear {{ customer.surname }}.")))
    asked = offer(eligibility=["account.balance > 100", "call.verified"])
    engine = load(tmp_path, offers=[asked], scripts=[said], compliance=[rule("NO", "forbid", terms=["free"])])
    for surname in (None, "Free"):
        one = explanation(engine, customer={"surname": surname}).offers[0]
        assert one.stage in ("script", "compliance")
        assert one.nearest == ()


def test_a_change_must_pass_compliance_too(tmp_path: Path) -> None:
    asked = in_installments(eligibility=["account.balance < 100"])
    bound = rule("LEAST", "bound", must="quote.principal >= 200", reason=words("too little"))
    engine = load(tmp_path, offers=[asked], compliance=[bound])
    assert nearest(engine) == {}


def test_thousands_of_records_do_not_multiply_the_tries(tmp_path: Path) -> None:
    asked = offer(
        for_each={"record": "purchases", "as": "buy"},
        eligibility=["buy.amount > 500"],
        applicability=["account.balance > 600", "buy in call.needs", "help in call.needs", "account.days_late > 3"],
        value=value("buy.amount", "buy.amount"),
    )
    engine = load(tmp_path, offers=[asked])
    purchases = [{"id": str(number), "amount": "900.00"} for number in range(2000)]
    started = process_time()
    explanation(engine, purchases=purchases)
    assert process_time() - started < 5


# --- on the sample pack -----------------------------------------------------------------------------------------------


def flat(profile: dict[str, Any], name: str, needed: object) -> dict[str, Any]:
    namespace, _, key = name.partition(".")
    attribute = sample_engine().pack.dictionary.find(name)
    assert attribute is not None
    assert attribute.changeable != "never"
    assert not attribute.pii
    exact = str(needed) if attribute.type.kind in (Kind.MONEY, Kind.RATE, Kind.DECIMAL) else needed
    return {**profile, namespace: {**profile[namespace], key: exact}}


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "account.days_past_due": st.sampled_from([0, 1, 30]),
        "statement.eligible_purchases": st.sampled_from(["0.00", "499.99", "12000.00", None]),
        "call.service_resolved": st.sampled_from([True, False, None]),
        "call.complaint_open": st.sampled_from([True, False, None]),
        "call.recording_on": st.sampled_from([True, False]),
        "call.auth_level": st.sampled_from([0, 1, None]),
        "call.need_tags": st.sampled_from(
            [[], ["ease_payment"], ["hardship"], ["ease_payment", "hardship"], ["travel"]]
        ),
        "consent.marketing_consent": st.sampled_from(["granted", "denied", None]),
        "consent.personalization_opt_out": st.sampled_from([True, False]),
        "customer.risk_grade": st.sampled_from(["A", "D"]),
        "statement.interest": st.sampled_from(["0.00", "86.40", "100.00"]),
        "call.agent_tier": st.sampled_from([1, 2, None]),
    },
)


@settings(max_examples=40, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["eases_payment", "statement_missing", "full_payer_big_purchase"]), CHANGES)
def test_the_change_lets_the_offer_pass(case: str, changes: dict[str, Any]) -> None:
    engine = sample_engine()
    profile: dict[str, Any] = dict(sample_case(case))
    for name, each in changes.items():
        namespace, _, key = name.partition(".")
        profile = merged(profile, {namespace: {key: each}})
    for one in engine.explain(profile, at=NOON).offers:
        if not one.nearest:
            continue
        changed = profile
        for change in one.nearest:
            assert change.actual != change.needed
            changed = flat(changed, change.attribute, change.needed)
        (after,) = engine.explain(changed, one.offer, at=NOON).offers
        assert after.stage is None or (after.reason is not None and after.reason.code in COMPETITION), one


def test_the_customer_is_left_as_it_was(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(eligibility=["account.balance >= 600"])])
    facts = engine.prepare(customer())
    before = [*facts.values]
    engine.explain(facts)
    assert [*facts.values] == before
