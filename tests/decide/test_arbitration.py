"""Which offer comes first: exact factors, tiers, ties that are never random, and who may stand beside whom."""

import json
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tiny_pack import (
    YES,
    customer,
    decide,
    explanation,
    load,
    offer,
    offered,
    script,
    segment,
    service,
    stopped,
    text_of,
    treatment,
    value,
    words,
)


def factors(tmp_path: Path, changes: dict[str, Any] | None = None, **parts: Any) -> dict[str, Decimal]:
    decision = decide(load(tmp_path, **parts), **(changes or {}))
    shown = decision.to_dict()["offers"][0]
    return {**{name: Decimal(each) for name, each in shown["factors"].items()}, "score": Decimal(shown["score"])}


def arbitration(**changes: Any) -> dict[str, Any]:
    return {**YES, **changes}


# --- factors ----------------------------------------------------------------------------------------------------------


def test_the_score_is_the_exact_product_of_the_rounded_factors(tmp_path: Path) -> None:
    rules = arbitration(
        context=[{"when": "ease in call.needs", "families": ["loan"], "weight": 0.3}], levers={"loan": 0.15}
    )
    found = factors(tmp_path, offers=[offer(propensity=0.123)], arbitration=rules)
    assert found == {
        "p": Decimal("0.1230"),
        "c": Decimal("1.3000"),
        "v": Decimal("0.5000"),
        "l": Decimal("1.1500"),
        "score": Decimal("0.0919425"),
    }


@pytest.mark.parametrize(
    ("amount", "v"),
    [
        ("0.05", "0.0001"),  # 0.00005 is a half, and goes up
        ("0.04", "0.0000"),
        ("0.15", "0.0002"),
        ("333.333", "0.3333"),
        ("999.95", "1.0000"),
        ("1000.00", "1.0000"),
        ("50000.00", "1.0000"),
    ],
)
def test_value_is_rounded_half_up_to_four_places_and_clamped_to_its_scale(tmp_path: Path, amount: str, v: str) -> None:
    found = factors(tmp_path, {"account": {"balance": amount}})
    assert found["v"] == Decimal(v)


@pytest.mark.parametrize(
    ("propensity", "p"), [(0.00005, "0.0010"), (0.12345, "0.1235"), (0.99999, "1.0000"), (0.5, "0.5000")]
)
def test_propensity_is_clamped_before_it_is_rounded(tmp_path: Path, propensity: float, p: str) -> None:
    assert factors(tmp_path, offers=[offer(propensity=f"{propensity:.5f}")])["p"] == Decimal(p)


def test_every_factor_keeps_to_its_bounds(tmp_path: Path) -> None:
    rules = arbitration(
        context=[{"when": "ease in call.needs", "families": ["loan"], "weight": 9}],
        levers={"loan": -5},
        bounds={"p": [0.6, 0.7], "c": [0.5, 2.5], "v": [0.6, 0.8], "l": [0.4, 2]},
    )
    found = factors(tmp_path, arbitration=rules)
    assert [found[name] for name in "pcvl"] == [Decimal("0.6"), Decimal("2.5"), Decimal("0.6"), Decimal("0.4")]


@pytest.mark.parametrize(
    ("weight", "gender", "c"),
    [
        ("+0.30", "F", "1.3"),
        ("+0.30", "M", "1"),
        ("+0.30", None, "1"),
        ("-0.30", "F", "0.7"),
        ("-0.30", "M", "1"),
        ("-0.30", None, "0.7"),
        ("-0.30", "?", "0.7"),
    ],
)
def test_a_positive_weight_needs_certainty_and_a_negative_one_applies_without(
    tmp_path: Path, weight: str, gender: str | None, c: str
) -> None:
    rules = arbitration(context=[{"when": "customer.gender == F", "families": ["loan"], "weight": weight}])
    assert factors(tmp_path, {"customer": {"gender": gender}}, arbitration=rules)["c"] == Decimal(c)


def test_a_weight_is_about_its_families(tmp_path: Path) -> None:
    rules = arbitration(context=[{"when": "call.verified", "families": ["card"], "weight": "+1"}])
    assert offered(decide(load(tmp_path, offers=[offer("card"), offer()], arbitration=rules))) == ["card", "loan"]
    assert factors(tmp_path, offers=[offer("card"), offer()], arbitration=rules)["c"] == 2


def test_the_score_of_a_double_is_the_same_as_of_its_digits(tmp_path: Path) -> None:
    found = factors(tmp_path, {"customer": {"score": 0.1}}, offers=[offer(propensity="customer.score")])
    assert found["p"] == Decimal("0.1000")


# --- propensity -------------------------------------------------------------------------------------------------------

STATED = {"expression": "customer.score", "fallback": 0.25}


@pytest.mark.parametrize(
    ("propensity", "changes", "p"),
    [
        (STATED, {}, "0.5"),
        (STATED, {"customer": {"score": None}}, "0.25"),
        (STATED, {"customer": {"score": "high"}}, "0.25"),
        (STATED, {"consent": {"opted_out": True}}, "0.25"),
        ({"expression": 0.9, "fallback": 0.25}, {"consent": {"opted_out": True}}, "0.25"),
        ({"expression": 0.9, "fallback": 0.25}, {"consent": {"opted_out": None}}, "0.25"),
        ("default(customer.score, 0.4)", {"customer": {"score": None}}, "0.4"),
    ],
)
def test_propensity_falls_back_where_it_is_unknown_or_may_not_be_personal(
    tmp_path: Path, propensity: object, changes: dict[str, Any], p: str
) -> None:
    assert factors(tmp_path, changes, offers=[offer(propensity=propensity)])["p"] == Decimal(p)


def test_an_unknown_propensity_without_a_fallback_stops_the_offer_and_is_named(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(propensity="customer.score")])
    assert stopped(engine, customer={"score": None}) == ("arbitration", "no_propensity")
    assert decide(engine, customer={"score": None}).missing == ("customer.score",)


def test_a_scorer_that_is_not_there_gives_way_to_its_fallback_and_the_decision_says_so(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(propensity={"scorer": "model", "fallback": 0.05})])
    decision = decide(engine)
    assert decision.offers[0].factors.p == Decimal("0.0500")
    assert (decision.degraded, decision.skipped) == (True, ("scorer:model",))
    assert decide(engine, call={"needs": []}).skipped == ()


# --- value to both sides ----------------------------------------------------------------------------------------------

BANK_ONLY = offer(value=value("account.balance", "customer.income", scale=(0, 10000)))


@pytest.mark.parametrize(
    ("balance", "income", "code", "missing"),
    [
        ("500.00", "9000.00", None, ()),
        ("500.00", "0.00", "bank_only", ()),
        ("0.00", "9000.00", None, ()),
        ("0.00", "0.00", "no_value", ()),
        ("500.00", None, "bank_only", ("customer.income",)),
        (None, "9000.00", None, ()),
        (None, "0.00", "bank_only", ("account.balance",)),
        (None, None, "bank_only", ("customer.income", "account.balance")),
    ],
)
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0, 1), (1, 0)])
def test_an_offer_needs_value_for_the_customer_whatever_the_shares_of_the_score(
    tmp_path: Path,
    balance: str | None,
    income: str | None,
    code: str | None,
    missing: tuple[str, ...],
    shares: tuple[float, float],
) -> None:
    rules = {"value": {"bank": shares[0], "customer": shares[1]}}
    engine = load(tmp_path, offers=[BANK_ONLY], arbitration=rules)
    changes = {"account": {"balance": balance}, "customer": {"income": income}}
    assert stopped(engine, **changes) == (("arbitration", code) if code else (None, None))
    assert decide(engine, **changes).missing == missing


REANGLED = script(
    treatment("plain", segment("It pays.")), treatment("kind", segment("It may help you."), reangles=True)
)


@pytest.mark.parametrize(
    ("balance", "income", "text"),
    [
        ("500.00", "9000.00", "It pays."),
        ("500.00", "0.00", "It may help you."),
        ("500.00", None, "It may help you."),
        ("0.00", "0.00", None),
        (None, "0.00", None),
    ],
)
def test_an_offer_good_for_the_bank_only_takes_a_treatment_with_another_angle(
    tmp_path: Path, balance: str | None, income: str | None, text: str | None
) -> None:
    rules = {"value": {"bank": 0.5, "customer": 0.5, "bank_only": "reangle"}}
    engine = load(tmp_path, offers=[BANK_ONLY], arbitration=rules, scripts=[REANGLED])
    decision = decide(engine, account={"balance": balance}, customer={"income": income})
    assert (text_of(decision) if decision.offers else None) == text


def test_without_a_treatment_of_another_angle_an_offer_for_the_bank_only_has_no_words(tmp_path: Path) -> None:
    rules = {"value": {"bank": 0.5, "customer": 0.5, "bank_only": "reangle"}}
    engine = load(tmp_path, offers=[BANK_ONLY], arbitration=rules)
    assert stopped(engine, customer={"income": "0.00"}) == ("script", "no_treatment")


def test_a_service_offer_without_values_counts_one(tmp_path: Path) -> None:
    found = factors(tmp_path, offers=[service()])
    assert found == {"p": 1, "c": 1, "v": 1, "l": 1, "score": 1}


# --- order ------------------------------------------------------------------------------------------------------------


def test_tiers_come_before_scores(tmp_path: Path) -> None:
    offers = [offer(propensity=1), service(propensity=0.01), service("waiver", propensity=0.01)]
    engine = load(tmp_path, offers=offers, arbitration=arbitration(mandatory_families=["waiver"]))
    decision = decide(engine)
    assert offered(decision) == ["waiver", "help", "loan"]
    assert [each.rank for each in decision.offers] == [1, 2, 3]
    assert [each.kind for each in decision.offers] == ["service", "service", "sales"]


def test_ties_go_by_priority_and_then_by_name_whatever_the_files_order(tmp_path: Path) -> None:
    offers = [offer("b"), offer("a"), offer("c", priority=5), offer("d", propensity=0.6)]
    for number, order in enumerate(permutations(offers)):
        folder = tmp_path / str(number)
        assert offered(decide(load(folder, offers=order), limit=4)) == ["d", "c", "a", "b"]


def test_a_difference_beyond_four_places_is_a_tie(tmp_path: Path) -> None:
    offers = [offer("b", propensity="0.500049"), offer("a", propensity="0.5")]
    assert offered(decide(load(tmp_path, offers=offers))) == ["a", "b"]


# --- who may stand beside whom ----------------------------------------------------------------------------------------


def test_a_group_gives_one_offer_and_a_family_as_many_as_it_may(tmp_path: Path) -> None:
    grouped = [offer("a", exclusive_group="debt", propensity=0.9), offer("b", exclusive_group="debt")]
    family = [offer("c", family="same", propensity=0.4), offer("d", family="same", propensity=0.3)]
    engine = load(tmp_path, offers=[*grouped, *family])
    assert offered(decide(engine)) == ["a", "c"]
    assert stopped(engine, "b") == ("arbitration", "exclusive_group")
    assert stopped(engine, "d") == ("arbitration", "family_limit")
    two = load(tmp_path, offers=[*grouped, *family], arbitration=arbitration(per_family=2))
    assert offered(decide(two)) == ["a", "c", "d"]


def test_an_offer_that_cannot_be_said_leaves_its_group_to_the_next(tmp_path: Path) -> None:
    silent = script(treatment("f", segment("Dear {{ customer.surname }}.")), name="named")
    grouped = [
        offer("a", exclusive_group="debt", propensity=0.9, script="named"),
        offer("b", exclusive_group="debt", family="a"),
    ]
    plain = script(treatment("only", segment("Shall I tell you more?")))
    engine = load(tmp_path, offers=grouped, scripts=[silent, plain])
    assert offered(decide(engine)) == ["a"]
    assert offered(decide(engine, customer={"surname": None})) == ["b"]


def test_the_limit_keeps_the_best(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(name, propensity=p) for name, p in (("a", 0.1), ("b", 0.3), ("c", 0.2))])
    assert offered(decide(engine, limit=1)) == ["b"]
    assert offered(decide(engine, limit=2)) == ["b", "c"]
    assert decide(engine, limit=1).blocked["a"].code == "below_limit"
    with pytest.raises(ValueError, match="limit"):
        decide(engine, limit=0)


def test_money_in_the_answer_is_text_and_times_are_all_that_differs(tmp_path: Path) -> None:
    engine = load(tmp_path)
    first, second = (json.loads(engine.decide(customer()).to_json()) for _ in range(2))
    assert isinstance(first["offers"][0]["score"], str)
    del first["timings_us"], second["timings_us"]
    assert first == second


def test_reasons_are_the_applicability_in_the_authors_words(tmp_path: Path) -> None:
    because = {"when": "ease in call.needs", "id": "asked", "because": words("asked to ease the payment")}
    decision = decide(load(tmp_path, offers=[offer(applicability=[because, "call.verified"])]))
    reasons = decision.offers[0].reasons
    assert (reasons[0].code, reasons[0].text) == ("asked", "asked to ease the payment")
    assert reasons[1].text == "call.verified"
    assert reasons[0].source is not None
    assert reasons[0].source.startswith("offers/0.yaml:")


def test_an_explanation_is_not_cut_off_by_a_limit(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer(name) for name in "abcde"])
    assert {each.outcome for each in explanation(engine).offers} == {"offered"}
