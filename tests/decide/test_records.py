"""An offer for each record of a list: one candidate a record, the best is kept and named."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tiny_pack import (
    YES,
    customer,
    decide,
    explanation,
    installment,
    load,
    offer,
    offered,
    script,
    segment,
    treatment,
    value,
    words,
)

CARD_NUMBER = "6222021234567894"


def purchase(name: str | None = "P1", amount: str | None = "100.00", **changes: Any) -> dict[str, Any]:
    return {"id": name, "amount": amount, "disputed": False, "category": "food", **changes}


def each_purchase(**changes: Any) -> dict[str, Any]:
    return offer(
        **{
            "for_each": {"record": "purchases", "as": "buy"},
            "eligibility": ["not buy.disputed", "buy.amount >= 100"],
            "applicability": ["call.verified"],
            "value": value("buy.amount", "buy.amount"),
            **changes,
        }
    )


def subject(tmp_path: Path, purchases: object, **changes: Any) -> object:
    decision = decide(load(tmp_path, offers=[each_purchase(**changes)]), purchases=purchases)
    assert offered(decision) == ["loan"]
    return decision.offers[0].subject


def test_the_best_record_is_kept_and_named(tmp_path: Path) -> None:
    purchases = [purchase("P1", "200.00"), purchase("P2", "900.00"), purchase("P3", "5000.00", disputed=True)]
    assert subject(tmp_path, purchases) == {"id": "P2"}


def test_one_offer_gives_one_record_even_where_its_family_may_give_two(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[each_purchase()], arbitration={**YES, "per_family": 2})
    decision = decide(engine, purchases=[purchase("P1", "200.00"), purchase("P2", "900.00")])
    assert [each.subject for each in decision.offers] == [{"id": "P2"}]


def test_the_quote_and_the_words_are_about_the_record_that_was_kept(tmp_path: Path) -> None:
    said = script(treatment("only", segment("{{ quote.principal }} in {{ quote.periods }}.")))
    quoted = each_purchase(
        quote=installment(principal={"of": "buy.amount"}), value=value("quote.total_interest", "quote.principal")
    )
    decision = decide(
        load(tmp_path, offers=[quoted], scripts=[said]), purchases=[purchase("P1", "200.00"), purchase("P2", "900.00")]
    )
    shown: Any = decision.to_dict()["offers"]
    assert shown[0]["subject"] == {"id": "P2"}
    assert shown[0]["quote"]["principal"] == "900.00"
    assert shown[0]["script"]["text"] == "900.00 in 12."


@pytest.mark.parametrize(
    "spread", [("300.00", "200.00", "100.00"), ("5000.00", "5000.00", "5000.00"), ("2000.00", "3000.00", "1.00")]
)
def test_the_records_order_does_not_matter(tmp_path: Path, spread: tuple[str, ...]) -> None:
    purchases = [purchase(f"P{number}", amount) for number, amount in enumerate(spread)]
    engine = load(tmp_path, offers=[each_purchase()])
    answers = {str(decide(engine, purchases=order).offers) for order in permutations(purchases)}
    assert len(answers) == 1


@pytest.mark.parametrize("name", [None, "same"])
def test_records_without_a_name_of_their_own_are_told_apart_by_what_they_hold(tmp_path: Path, name: str | None) -> None:
    quoted = each_purchase(
        quote=installment(principal={"of": "buy.amount"}),
        value=value("quote.principal", "quote.principal", scale=(0, 50)),
    )
    engine = load(tmp_path, offers=[quoted])
    purchases = [purchase(name, "300.00"), purchase(name, "100.00"), purchase(name, "200.00")]  # all at the scale's end
    answers = {str(decide(engine, purchases=order).to_dict()["offers"]) for order in permutations(purchases)}
    assert len(answers) == 1


def test_a_record_without_a_name_has_no_subject(tmp_path: Path) -> None:
    assert subject(tmp_path, [purchase(None)]) is None
    assert subject(tmp_path, [purchase(17)]) is None  # type: ignore[arg-type]  # a refused name


def test_a_name_is_given_as_it_came_unless_it_is_personal(tmp_path: Path) -> None:
    assert subject(tmp_path, [purchase(CARD_NUMBER)]) == {"id": CARD_NUMBER}
    fields = {"id": {"type": "string", "pii": True}, "amount": {"type": "money"}}
    each = offer(for_each={"record": "bills", "as": "bill"}, value=value("bill.amount", "bill.amount"))
    engine = load(tmp_path, offers=[each], dictionary={"bills": {"key": "id", "records": fields}})
    decision = decide(engine, bills=[{"id": CARD_NUMBER, "amount": "100.00"}])
    assert offered(decision) == ["loan"]
    assert decision.offers[0].subject is None
    assert CARD_NUMBER not in decision.to_json()


@pytest.mark.parametrize(
    ("purchases", "outcome", "missing"),
    [([], "blocked", ()), (None, "unknown", ("purchases",)), ("many", "unknown", ("purchases",))],
)
def test_without_records_there_is_nothing_to_offer(
    tmp_path: Path, purchases: object, outcome: str, missing: tuple[str, ...]
) -> None:
    engine = load(tmp_path, offers=[each_purchase()])
    one = explanation(engine, purchases=purchases).offers[0]
    assert (one.outcome, one.stage, one.nearest) == (outcome, "eligibility", ())
    assert one.reason is not None
    assert one.reason.code == "no_record"
    assert decide(engine, purchases=purchases).missing == missing


def test_without_records_a_gate_is_still_the_reason(tmp_path: Path) -> None:
    gate = {"id": "verified", "when": "call.verified", "reason": words("not verified")}
    one = explanation(load(tmp_path, offers=[each_purchase()], gates=[gate]), call={"verified": False}).offers[0]
    assert one.stage == "gates"


@pytest.mark.parametrize("bad", [{"amount": "x"}, {"amount": None}, {"disputed": 1}, {"disputed": None}])
def test_a_bad_record_drops_out_and_the_others_stay(tmp_path: Path, bad: dict[str, object]) -> None:
    assert subject(tmp_path, [{**purchase("P9", "9000.00"), **bad}, purchase("P1")]) == {"id": "P1"}


def test_a_refused_field_does_not_pass_as_a_missing_one(tmp_path: Path) -> None:
    forgiving = {"eligibility": ["buy.disputed is missing or not buy.disputed"]}
    assert subject(tmp_path, [{"id": "P1", "amount": "100.00"}], **forgiving) == {"id": "P1"}
    engine = load(tmp_path, offers=[each_purchase(**forgiving)])
    for opted_out in (False, True):
        changes = {"consent": {"opted_out": opted_out}, "purchases": [purchase("P1", disputed="no")]}
        assert offered(decide(engine, **changes)) == []


def test_the_furthest_record_explains_the_offer(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[each_purchase(suitability=["buy.amount <= 500"])])
    purchases = [purchase("P1", "10.00"), purchase("P2", "900.00")]
    one = explanation(engine, purchases=purchases).offers[0]
    assert one.stage == "suitability"
    assert [clause.actual for clause in one.clauses] == [{"buy.amount": "900.00"}]


def test_a_cap_of_an_opted_out_customer_reads_the_record_too(tmp_path: Path) -> None:
    capped = each_purchase(volume=["buy.amount <= 500", "count(history) < 1"])
    engine = load(tmp_path, offers=[capped])
    purchases = [purchase("P1", "400.00"), purchase("P2", "900.00")]
    for opted_out in (False, True):
        decision = engine.decide(customer(purchases=purchases, consent={"opted_out": opted_out}))
        assert decision.offers[0].subject == {"id": "P1"}
