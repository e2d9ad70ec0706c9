"""Each stage blocks for its own reason, and what is not known blocks what it should."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tiny_pack import (
    NOON,
    SHANGHAI,
    decide,
    explanation,
    installment,
    load,
    offer,
    offered,
    rule,
    script,
    segment,
    service,
    stopped,
    treatment,
    value,
    words,
)

VERIFIED = {"id": "verified", "when": "call.verified", "reason": words("not verified")}
EVERY_STAGE = {
    "gates": [VERIFIED],
    "contact": [{"id": "refused", "suppress_when": "any(history, it.response == decline)", "reason": words("refused")}],
    "offers": [
        offer(
            valid={"from": "2026-11-01", "through": "2026-11-30"},
            volume=["count(history) < 3"],
            suitability=["quote.payment <= customer.income * 0.30"],
            quote=installment(principal={"min": "100.00"}),
            value=value("quote.total_interest", "quote.total_interest - 10", scale=(0, 100)),
        )
    ],
    "scripts": [script(treatment("f", segment("Dear {{ customer.surname }}."), when="customer.gender == F"))],
    "compliance": [rule("LEAST", "bound", must="quote.principal <= 90000", reason=words("too much"))],
}
ROW = {"family": "other", "response": "accept", "presented_at": "2026-11-01T10:00:00+08:00"}


@pytest.mark.parametrize(
    ("stage", "code", "changes"),
    [
        ("gates", "verified", {"call": {"verified": False}}),
        ("validity", "not_started", {"at": datetime(2026, 10, 31, 23, 59, tzinfo=SHANGHAI)}),
        ("validity", "ended", {"at": datetime(2026, 12, 1, 0, 0, tzinfo=SHANGHAI)}),
        ("eligibility", None, {"account": {"status": "frozen"}}),
        ("applicability", None, {"call": {"needs": []}}),
        ("contact_policy", "refused", {"history": [{**ROW, "response": "decline"}]}),
        ("volume", None, {"history": [ROW] * 3}),
        ("quote", "below_minimum", {"account": {"balance": "99.99"}}),
        ("suitability", None, {"customer": {"income": "100.00"}}),
        ("arbitration", "bank_only", {"account": {"balance": "100.00"}}),
        ("script", "no_treatment", {"customer": {"gender": "M"}}),
        ("script", "no_treatment", {"channel": "sms"}),
        ("script", "unspeakable", {"customer": {"surname": "<b>"}}),
        ("compliance", "LEAST", {"account": {"balance": "90000.01"}, "customer": {"income": "1000000.00"}}),
    ],
)
def test_each_stage_stops_an_offer_for_its_own_reason(
    tmp_path: Path, stage: str, code: str | None, changes: dict[str, Any]
) -> None:
    engine = load(tmp_path, **EVERY_STAGE)
    assert offered(decide(engine)) == ["loan"]
    found_stage, found_code = stopped(engine, **changes)
    assert found_stage == stage
    assert found_code is not None
    assert code in (None, found_code)


@pytest.mark.parametrize(
    ("stage", "missing", "changes"),
    [
        ("gates", "call.verified", {"call": {"verified": None}}),
        ("eligibility", "account.status", {"account": {"status": None}}),
        ("applicability", "call.needs", {"call": {"needs": None}}),
        ("contact_policy", "history", {"history": None}),
        ("quote", "account.balance", {"account": {"balance": None}}),
        ("suitability", "customer.income", {"customer": {"income": None}}),
    ],
)
def test_what_is_missing_stops_an_offer_and_is_named(
    tmp_path: Path, stage: str, missing: str, changes: dict[str, Any]
) -> None:
    engine = load(tmp_path, **EVERY_STAGE)
    one = explanation(engine, "loan", **changes).offers[0]
    assert (one.outcome, one.stage) == ("unknown", stage)
    decision = decide(engine, **changes)
    assert decision.status == "no_offer"
    assert missing in decision.missing
    assert decision.reason is not None


def test_a_treatment_whose_condition_is_unknown_is_not_used(tmp_path: Path) -> None:
    engine = load(tmp_path, **EVERY_STAGE)
    assert stopped(engine, customer={"gender": None}) == ("script", "no_treatment")


@pytest.mark.parametrize("key", ["eligibility", "applicability", "suitability", "volume"])
def test_a_failed_condition_is_reported_before_a_missing_value(tmp_path: Path, key: str) -> None:
    clauses = ["customer.gender == F", {"when": "account.days_late == 0", "id": "late"}]
    engine = load(tmp_path, offers=[offer(**{key: clauses})])
    unknown_and_false = {"customer": {"gender": None}, "account": {"days_late": 3}}
    assert stopped(engine, **unknown_and_false) == (key, "late")
    assert decide(engine, **unknown_and_false).missing == ()
    assert decide(engine, customer={"gender": None}, account={"days_late": None}).missing == (
        "customer.gender",
        "account.days_late",
    )


def test_an_unknown_alternative_that_holds_anyway_is_not_missing(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(eligibility=["customer.gender == F or account.days_late == 0"])])
    assert decide(engine, customer={"gender": None}).missing == ()
    assert offered(decide(engine, customer={"gender": None})) == ["loan"]


# --- gates ------------------------------------------------------------------------------------------------------------


def test_a_gate_is_about_the_kinds_that_it_names(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(), service()], gates=[{**VERIFIED, "kinds": ["sales"]}])
    assert offered(decide(engine, call={"verified": False})) == ["help"]
    assert stopped(engine, call={"verified": False}) == ("gates", "verified")


def test_a_family_that_comes_first_keeps_the_gates_of_its_kind(tmp_path: Path) -> None:
    engine = load(
        tmp_path,
        offers=[offer(), service()],
        arbitration={"value": {"bank": 0.5, "customer": 0.5}, "mandatory_families": ["loan"]},
        gates=[{**VERIFIED, "kinds": ["sales"]}],
    )
    assert offered(decide(engine)) == ["loan", "help"]
    assert offered(decide(engine, call={"verified": False})) == ["help"]


def test_a_gate_before_the_order_does_not_stop_the_pitch(tmp_path: Path) -> None:
    engine = load(tmp_path, gates=[{**VERIFIED, "at": "order"}])
    assert offered(decide(engine, call={"verified": False})) == ["loan"]


def test_the_first_gate_in_the_file_is_the_one_that_people_hear_of(tmp_path: Path) -> None:
    active = {"id": "active", "when": "account.status == active", "reason": words("not active")}
    engine = load(tmp_path, gates=[active, VERIFIED])
    assert stopped(engine, call={"verified": False}, account={"status": None}) == ("gates", "active")


GATE = {"must": "call.verified", "reason": words("the law asks for it")}


@pytest.mark.parametrize(
    ("scope", "changes"),
    [
        ({"families": ["card"]}, {}),
        ({"channels": ["sms"]}, {}),
        ({"in_force": {"from": "2026-11-17"}}, {}),
        ({"in_force": {"from": "2020-01-01", "through": "2026-11-15"}}, {}),
        ({"when": "call.direction == outbound"}, {}),
        ({"at": "order"}, {}),
    ],
)
def test_a_legal_gate_leaves_alone_what_is_outside_its_scope(
    tmp_path: Path, scope: dict[str, Any], changes: dict[str, Any]
) -> None:
    engine = load(tmp_path, compliance=[rule("LAW", "gate", **{**GATE, **scope})])
    assert offered(decide(engine, call={"verified": False}, **changes)) == ["loan"]


@pytest.mark.parametrize(
    "scope",
    [
        {"families": ["loan"]},
        {"channels": ["phone"]},
        {"in_force": {"from": "2026-11-16", "through": "2026-11-16"}},
        {"when": "call.direction == inbound"},
        {"when": "customer.gender == M"},
    ],
)
def test_a_legal_gate_applies_inside_its_scope_and_where_the_scope_is_unknown(
    tmp_path: Path, scope: dict[str, Any]
) -> None:
    engine = load(tmp_path, compliance=[rule("LAW", "gate", **GATE, **scope)])
    assert stopped(engine, call={"verified": False}, customer={"gender": None}) == ("gates", "LAW")


# --- validity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "is_offered"),
    [
        ("2026-11-09T15:59:59+00:00", False),  # 23:59:59 of the 9th in Shanghai
        ("2026-11-09T16:00:00+00:00", True),  # midnight of the 10th
        ("2026-11-10T00:00:00+08:00", True),
        ("2026-11-12T23:59:59+08:00", True),
        ("2026-11-12T15:59:59+00:00", True),
        ("2026-11-12T16:00:00+00:00", False),  # the 13th has begun
    ],
)
def test_first_and_last_day_count_on_the_clock_of_the_packs_zone(tmp_path: Path, at: str, *, is_offered: bool) -> None:
    engine = load(tmp_path, offers=[offer(valid={"from": "2026-11-10", "through": "2026-11-12"})])
    assert bool(offered(decide(engine, at=datetime.fromisoformat(at)))) is is_offered


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_the_day_is_that_of_the_pack_and_not_of_the_caller(tmp_path: Path, zone: str) -> None:
    engine = load(tmp_path, offers=[offer(valid={"from": "2026-11-10", "through": "2026-11-10"})], timezone=zone)
    local = ZoneInfo(zone)
    for at in (datetime(2026, 11, 10, 0, 0, tzinfo=local), datetime(2026, 11, 10, 23, 59, tzinfo=local)):
        assert offered(decide(engine, at=at.astimezone(SHANGHAI))) == ["loan"]
        assert offered(decide(engine, at=at.astimezone(SHANGHAI) + timedelta(days=1))) == []


def test_an_offer_without_dates_is_always_valid(tmp_path: Path) -> None:
    assert offered(decide(load(tmp_path), at=datetime(1970, 1, 1, tzinfo=SHANGHAI))) == ["loan"]


# --- contact policy, opt-out ------------------------------------------------------------------------------------------

REFUSED = {
    "id": "refused",
    "suppress_when": "any(history, it.family == offer.family and it.response == decline)",
    "reason": words("refused before"),
}
DECLINED = {"family": "loan", "response": "decline", "presented_at": "2026-11-01T10:00:00+08:00"}


@pytest.mark.parametrize(
    "history",
    [
        [DECLINED],
        [{**DECLINED, "response": None}],
        [{**DECLINED, "family": None}],
        [{**DECLINED, "response": "DECLINED"}],
        None,
        "none",
        [None],
        {},
    ],
)
@pytest.mark.parametrize("opted_out", [False, True, None])
def test_a_refusal_that_cannot_be_ruled_out_suppresses_also_under_opt_out(
    tmp_path: Path, history: object, *, opted_out: bool | None
) -> None:
    engine = load(tmp_path, contact=[REFUSED])
    assert stopped(engine, history=history, consent={"opted_out": opted_out}) == ("contact_policy", "refused")


def test_a_refusal_of_another_family_suppresses_nothing(tmp_path: Path) -> None:
    engine = load(tmp_path, contact=[REFUSED])
    assert offered(decide(engine, history=[{**DECLINED, "family": "card"}])) == ["loan"]


def test_contact_rules_are_about_sales_unless_they_say_otherwise(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(), service(family="loan")], contact=[REFUSED])
    assert offered(decide(engine, history=[DECLINED])) == ["help"]


def test_a_contact_rule_is_about_its_families(tmp_path: Path) -> None:
    engine = load(
        tmp_path,
        offers=[offer(), offer("card")],
        contact=[{**REFUSED, "suppress_when": "any(history, it.response == decline)", "families": ["card"]}],
    )
    assert offered(decide(engine, history=[DECLINED])) == ["loan"]


@pytest.mark.parametrize("opted_out", [True, None, "yes", 1])
def test_opt_out_masks_profile_attributes_and_an_unknown_one_counts_as_opted_out(
    tmp_path: Path, opted_out: object
) -> None:
    engine = load(tmp_path, offers=[offer(applicability=["customer.tier == gold"])])
    assert offered(decide(engine)) == ["loan"]
    decision = decide(engine, consent={"opted_out": opted_out})
    assert offered(decision) == []
    assert decision.missing == ("customer.tier",)


def test_opt_out_keeps_a_profile_attribute_from_being_derived_again(tmp_path: Path) -> None:
    wealth = {"type": "money", "use": "profile", "derived": "account.balance * 2"}
    engine = load(
        tmp_path,
        dictionary={"account": {"wealth": wealth}},
        offers=[offer(applicability=["account.wealth > 0"])],
    )
    assert offered(decide(engine)) == ["loan"]
    assert offered(decide(engine, consent={"opted_out": True})) == []


def test_opt_out_masks_history_where_it_would_choose_but_not_where_it_caps(tmp_path: Path) -> None:
    accepted = {**DECLINED, "response": "accept"}
    chosen = offer(applicability=["any(history, it.response == accept)"])
    capped = offer("card", volume=["count(history, it.response == accept) < 1"])
    engine = load(tmp_path, offers=[chosen, capped])
    assert offered(decide(engine, history=[accepted])) == ["loan"]
    assert stopped(engine, history=[accepted], consent={"opted_out": True})[0] == "applicability"
    assert stopped(engine, "card", history=[accepted], consent={"opted_out": True})[0] == "volume"
    assert stopped(engine, "card", history=None, consent={"opted_out": True})[0] == "volume"


def test_opt_out_masks_how_often_somebody_was_asked(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(applicability=["count(history) > 0"])])
    assert offered(decide(engine, history=[ROW])) == ["loan"]
    assert decide(engine, history=[ROW], consent={"opted_out": True}).missing == ("history",)


def test_what_is_derived_from_a_masked_value_does_not_hide_a_refusal(tmp_path: Path) -> None:
    refusals = {"type": "integer", "derived": "default(count(history, it.response == decline), 0)", "use": "contract"}
    suppress = {"id": "refused", "suppress_when": "customer.refusals >= 1", "reason": words("refused before")}
    engine = load(tmp_path, dictionary={"customer": {"refusals": refusals}}, contact=[suppress])
    for opted_out in (False, True):
        assert stopped(engine, history=[DECLINED], consent={"opted_out": opted_out}) == ("contact_policy", "refused")
        assert offered(decide(engine, history=[], consent={"opted_out": opted_out})) == ["loan"]


def test_opt_out_masks_profile_fields_of_every_list_of_records(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(applicability=["any(purchases, it.category == food)"])])
    purchase = {"id": "1", "amount": "10.00", "category": "food", "disputed": False}
    assert offered(decide(engine, purchases=[purchase])) == ["loan"]
    decision = decide(engine, purchases=[purchase], consent={"opted_out": True})
    assert offered(decision) == []
    assert decision.missing == ("purchases.category",)
    contract = load(tmp_path, offers=[offer(applicability=["any(purchases, it.amount > 5)"])])
    assert offered(decide(contract, purchases=[purchase], consent={"opted_out": True})) == ["loan"]


def test_opt_out_masks_segments_of_profile_attributes(tmp_path: Path) -> None:
    gold = {"id": "gold", "label": words("Gold"), "when": ["customer.tier == gold"]}
    engine = load(tmp_path, offers=[offer(applicability=["segment.gold"])], segments=[gold])
    assert offered(decide(engine)) == ["loan"]
    assert offered(decide(engine, consent={"opted_out": True})) == []
    assert offered(decide(engine, customer={"tier": "mass"}, segment={"gold": True})) == []


@pytest.mark.parametrize(
    "section", [{"segment": {"gold": True}}, {"quote": {"payment": "1.00"}}, {"offer": {"family": "help"}}]
)
def test_a_profile_cannot_supply_what_the_engine_works_out(tmp_path: Path, section: dict[str, Any]) -> None:
    gold = {"id": "gold", "label": words("Gold"), "when": ["customer.tier == gold"]}
    suited = offer(applicability=["segment.gold"], suitability=["quote.payment <= 10"], quote=installment())
    engine = load(tmp_path, offers=[suited], segments=[gold])
    with_it = decide(engine, customer={"tier": "mass"}, **section)
    assert offered(with_it) == []
    assert [each["code"] for each in with_it.warnings] == ["unknown_attribute"]


# --- refused values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("income", ["a lot", 12.5, "1e9", -1, "10000000.00", [], True])
def test_a_refused_value_does_not_pass_where_a_missing_one_may(tmp_path: Path, income: object) -> None:
    engine = load(tmp_path, offers=[offer(eligibility=["customer.income is missing or customer.income > 5000"])])
    assert offered(decide(engine, customer={"income": None})) == ["loan"]
    decision = decide(engine, customer={"income": income})
    assert offered(decision) == []
    assert decision.missing == ("customer.income",)
    assert [each["attribute"] for each in decision.warnings] == ["customer.income"]


def test_a_refused_value_suppresses_where_a_missing_one_does_not(tmp_path: Path) -> None:
    no_calls = {"no_calls": {"type": "date", "use": "contract"}}
    suppress = {
        "id": "no_calls",
        "suppress_when": "consent.no_calls is not missing and consent.no_calls >= today",
        "reason": words("asked for no calls"),
    }
    engine = load(tmp_path, dictionary={"consent": no_calls}, contact=[suppress])
    assert offered(decide(engine)) == ["loan"]
    assert offered(decide(engine, consent={"no_calls": "2027/01/01"})) == []
    assert offered(decide(engine, consent={"no_calls": "2026-11-15"})) == ["loan"]


def test_a_pack_that_states_no_contact_policy_suppresses_nobody(tmp_path: Path) -> None:
    assert offered(decide(load(tmp_path), history=None)) == ["loan"]


def test_the_clock_of_conditions_is_that_of_the_decision(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(eligibility=["account.due - days(12) == today", "now > now - hours(1)"])])
    assert offered(decide(engine, at=NOON)) == ["loan"]
    assert offered(decide(engine, at=NOON + timedelta(days=1))) == []
