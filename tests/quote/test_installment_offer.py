"""What an installment offer says beside its plan: settling early, both totals, the cost statement, the credit that is left."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from tiny_pack import (
    codes,
    decide,
    in_installments,
    installment,
    load,
    offer,
    rule,
    script,
    segment,
    stopped,
    text_of,
    treatment,
    words,
)

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "schemas" / "decision.schema.json").read_text(encoding="utf-8")
)
BALANCE = {"account": {"balance": "12000.00"}}
SHARE = {"settlement": "share_of_principal", "settlement_share": "3%"}


def quoted(tmp_path: Path, terms: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The quote in JSON's form, in a decision that conforms to its schema."""
    decision = decide(load(tmp_path, offers=[in_installments(quote=terms)]), **{**BALANCE, **changes})
    shown: Any = decision.to_dict()
    Draft7Validator(SCHEMA).validate(shown)
    assert shown["offers"], decision.reason
    quote: dict[str, Any] = shown["offers"][0]["quote"]
    return quote


# --- settling early ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "amount", "total", "rate"),
    [
        ({"settlement": "charged_so_far"}, "8000.00", "12288.00", "0.0822"),
        ({"settlement": "one_more_period"}, "8072.00", "12360.00", "0.1025"),
        (SHARE, "8240.00", "12528.00", "0.1494"),
        ({"settlement": "all_remaining"}, "8576.00", "12864.00", "0.2414"),
    ],
)
def test_the_quote_says_what_settling_after_one_third_comes_to(
    tmp_path: Path, terms: dict[str, Any], amount: str, total: str, rate: str
) -> None:
    agreed = words("Settle any day.")
    settlement = quoted(tmp_path, installment(**terms, first_due="account.due", settlement_words=agreed))["settlement"]
    example = settlement.pop("example")
    assert settlement == {
        "rule": terms["settlement"],
        "share": "0.0300" if "settlement_share" in terms else None,
        "words": "Settle any day.",
    }
    assert (example["after"], example["due_date"]) == (4, "2027-02-28")
    assert (example["amount"], example["total_paid"], example["annual_rate_simple"]) == (amount, total, rate)


@pytest.mark.parametrize(
    ("terms", "clause"),
    [
        ({}, "quote.settlement_surcharge == 0 and not quote.settlement_agreed"),
        ({"collection": "first_period"}, "quote.settlement_surcharge == 792"),  # 11 of 12 months, at once
        ({"settlement": "one_more_period"}, "quote.settlement_surcharge == 72 and quote.settlement_after == 4"),
        (SHARE, "quote.settlement_surcharge == 330 and quote.settlement_amount == 8240"),
        ({"settlement": "all_remaining"}, "quote.settlement_surcharge == 792 and quote.settlement_total == 12864"),
        ({"settlement_words": words("as agreed")}, "quote.settlement_agreed"),
        (SHARE, "quote.settlement_rate > 0.1493 and quote.settlement_rate < 0.1494"),
    ],
)
def test_conditions_can_read_what_settling_costs(tmp_path: Path, terms: dict[str, Any], clause: str) -> None:
    suited = in_installments(quote=installment(**terms), suitability=[clause])
    assert stopped(load(tmp_path, offers=[suited]), **BALANCE) == (None, None)


CIVIL_CODE = rule(
    "CN-CIV-01",
    "bound",
    must="quote.settlement_surcharge == 0 or quote.settlement_agreed",
    reason=words("not agreed on"),
)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({}, None),
        ({"settlement": "all_remaining"}, "CN-CIV-01"),
        ({"collection": "first_period"}, "CN-CIV-01"),
        ({"settlement": "all_remaining", "settlement_words": words("All interest is due.")}, None),
    ],
)
def test_a_bound_can_ask_that_what_costs_more_was_agreed_on(
    tmp_path: Path, terms: dict[str, Any], code: str | None
) -> None:
    engine = load(tmp_path, offers=[in_installments(quote=installment(**terms))], compliance=[CIVIL_CODE])
    assert stopped(engine, **BALANCE)[1] == code


def test_the_sample_pack_has_the_rule_of_the_civil_code(rules_copy: Path) -> None:

    from tiny_pack import NOON, SAMPLE, sample_case

    from nbo import Engine

    file = rules_copy / SAMPLE.name / "offers" / "bill_installment.yaml"
    plain = "settlement: charged_so_far"
    for terms, offers in (
        ("all_remaining", 0),
        ("all_remaining\n  settlement_words: {zh: 付清全部利息, en: All of it}", 1),
    ):
        text = file.read_text(encoding="utf-8")
        assert plain in text
        file.write_text(text.replace(plain, f"settlement: {terms}"), encoding="utf-8")
        decision = Engine.load(file.parents[1]).decide(sample_case("eases_payment"), at=NOON)
        assert len(decision.offers) == offers
        assert offers or decision.blocked["bill_installment"].code == "CN-CIV-01"
        file.write_text(text, encoding="utf-8")


def test_a_script_can_say_what_settling_comes_to(tmp_path: Path) -> None:
    named = ("after", "amount", "total", "rate")
    said = "Settled: {}, {}, {}, {}.".format(*(f"{{{{ quote.settlement_{name} }}}}" for name in named))
    talk = rule(
        "T", "talk_time", stages=["offer"], max_seconds=60, speed={"en": {"words_per_minute": 150, "pause_seconds": 0}}
    )
    parts = {
        "offers": [in_installments(quote=installment(**SHARE))],
        "scripts": [script(treatment("only", segment(said)))],
        "compliance": [talk],
    }
    assert codes(tmp_path, **parts) == []
    assert text_of(decide(load(tmp_path, **parts), **BALANCE)) == "Settled: 4, 8240.00, 12528.00, 14.94%."


@pytest.mark.parametrize("terms", [{}, {"settlement": "all_remaining"}, SHARE, {"collection": "first_period"}])
def test_no_field_exceeds_the_bound_that_the_proof_of_scripts_counts_with(
    tmp_path: Path, terms: dict[str, Any]
) -> None:
    revolving = {"daily_rate": "0.05%", "unless": "customer.gender == M"}
    left = "account.balance - quote.principal"
    quote_terms = installment(**terms, first_due="account.due", limit_after=left, revolving=revolving)
    engine = load(tmp_path, offers=[in_installments(quote=quote_terms)])
    for balance in ("0.12", "12000.00", "100000.00"):
        quote = decide(engine, account={"balance": balance}).offers[0].quote
        assert quote is not None
        linked = engine.pack.offers[0].quote
        assert linked is not None
        for name, number in quote.fields().items():
            if isinstance(number, Decimal) and not name.endswith(("rate", "rate_per_period", "simple", "compound")):
                most = linked.largest(name)
                assert most is not None, name
                assert number <= most, name


# --- what the linker finds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"settlement": "share_of_principal"}, "NBO405"),
        ({"settlement_share": "3%"}, "NBO406"),
        ({"settlement": "all_remaining", "settlement_share": "3%"}, "NBO406"),
        ({"settlement": "share_of_principal", "settlement_share": "0%"}, "NBO133"),
        ({"settlement": "share_of_principal", "settlement_share": "101%"}, "NBO133"),
        ({"settlement": "share_of_principal", "settlement_share": "3"}, "NBO133"),
        ({"settlement": "share_of_principal", "settlement_share": "some"}, "NBO133"),
        ({"settlement": "share_of_principle"}, "NBO134"),
        ({"terms": [{"periods": 12, "rate": "0.600000001%"}]}, "NBO133"),
        ({"terms": [{"periods": 12, "rate": "0.00600000001"}]}, "NBO133"),
        ({"terms": [{"periods": 12, "rate": "-0.60%"}]}, "NBO403"),
        ({"terms": [{"periods": 0, "rate": "0.60%"}]}, "NBO133"),
        ({"terms": [{"periods": 121, "rate": "0.60%"}]}, "NBO133"),
        ({"limit_after": "account.balance - quote.payment"}, "NBO313"),
    ],
)
def test_terms_that_cannot_be_meant_are_found_when_the_pack_loads(
    tmp_path: Path, terms: dict[str, Any], code: str
) -> None:
    assert codes(tmp_path, offers=[offer(quote=installment(**terms))]) == [code]


# --- revolving instead ------------------------------------------------------------------------------------------------

COMPARED = {"first_due": "account.due", "revolving": {"daily_rate": "0.05%", "unless": "customer.gender == M"}}
CHEAPER = "quote.saving_against_revolving is missing or quote.saving_against_revolving > 0"


def test_both_totals_over_the_same_months(tmp_path: Path) -> None:
    terms = installment(**COMPARED, terms=[{"periods": 2, "rate": "0.60%"}])
    quote = quoted(tmp_path, terms, account={"balance": "1000.00", "due": "2026-12-30"})
    assert (quote["total_cost"], quote["revolving_total"], quote["horizon_months"]) == ("1012.00", "1022.75", 2)
    withheld = quoted(tmp_path, terms, customer={"gender": "M"})
    assert [withheld[name] for name in ("revolving_total", "revolving_interest", "horizon_months")] == [None] * 3


@pytest.mark.parametrize(
    ("daily_rate", "stage"),
    [
        ("0.02630%", "suitability"),
        ("0.02637%", "suitability"),  # 12.00 as well, to the fen
        ("0.02640%", None),  # 12.01
    ],
)
def test_an_installment_is_not_suitable_where_revolving_costs_no_more(
    tmp_path: Path, daily_rate: str, stage: str | None
) -> None:
    # 1000 for 30 days and 500 for 31: 45,500 yuan-days against an interest of 12.00
    revolving = {"daily_rate": daily_rate, "unless": "customer.gender == M"}
    terms = installment(first_due="account.due", terms=[{"periods": 2, "rate": "0.60%"}], revolving=revolving)
    engine = load(tmp_path, offers=[in_installments(quote=terms, suitability=[CHEAPER])])
    assert stopped(engine, account={"balance": "1000.00", "due": "2026-12-30"})[0] == stage


# --- the limit, the cost statement, the options -----------------------------------------------------------------------


def test_the_credit_that_is_left_once_the_principal_is_booked(tmp_path: Path) -> None:
    terms = installment(principal={"share": "50%"}, limit_after="account.balance - quote.principal")
    assert quoted(tmp_path, terms)["limit_after"] == "6000.00"
    limit = {"dictionary": {"account": {"free": {"type": "money", "max": "100000.00"}}}}
    unknown = installment(limit_after="account.free - quote.principal")
    engine = load(tmp_path / "b", offers=[in_installments(quote=unknown)], **limit)
    quote: Any = decide(engine, **BALANCE).to_dict()["offers"]
    assert quote[0]["quote"]["limit_after"] is None


def test_the_cost_statement_is_one_object(tmp_path: Path) -> None:
    terms = installment(collection="first_period", collector=words("The bank"), default_cost=words("Interest goes on"))
    assert quoted(tmp_path, terms)["cost_statement"] == {
        "principal": "12000.00",
        "periods": 12,
        "charges": [
            {
                "charge": "interest",
                "label": "interest",
                "amount": "864.00",
                "collected": "first_period",
                "collector": "The bank",
            }
        ],
        "total_cost": "12864.00",
        "annual_rate_simple": "0.1386",
        "default_cost": "Interest goes on",
    }


def test_the_options_are_all_terms_with_their_own_rates(tmp_path: Path) -> None:
    terms = [{"periods": 3, "rate": "0.90%"}, {"periods": 12, "rate": "0.60%", "recommended": True}]
    options = quoted(tmp_path, installment(terms=terms))["options"]
    assert [(each["periods"], each["payment"], each["annual_rate_simple"]) for each in options] == [
        (3, "4108.00", "0.1613"),
        (12, "1072.00", "0.1303"),
    ]
