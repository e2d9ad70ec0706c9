"""Quotes as an offer states them: which amount, which term, which days, what is withheld, and who may waive how much."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tiny_pack import decide, explanation, in_installments, installment, load, offer, service, stopped, words

from nbo.quote.due_dates import due_dates

TERMS = [
    {"periods": 3, "rate": "0.90%"},
    {"periods": 12, "rate": "0.60%", "recommended": True},
    {"periods": 24, "rate": "0.68%"},
]


def quoted(tmp_path: Path, terms: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The quote of the base customer's balance, in JSON's form."""
    decision = decide(load(tmp_path, offers=[in_installments(quote=terms)]), **changes)
    shown: Any = decision.to_dict()["offers"]
    assert shown, decision.reason
    quote: dict[str, Any] = shown[0]["quote"]
    return quote


def refused(tmp_path: Path, terms: dict[str, Any], **changes: Any) -> tuple[str | None, str | None]:
    return stopped(load(tmp_path, offers=[in_installments(quote=terms)]), **changes)


# --- terms ------------------------------------------------------------------------------------------------------------


def test_the_recommended_term_is_quoted_and_the_others_stand_beside_it(tmp_path: Path) -> None:
    quote = quoted(tmp_path, installment(terms=TERMS), account={"balance": "10800.00"})
    assert (quote["periods"], quote["payment"], quote["total_interest"]) == (12, "964.80", "777.60")
    assert (quote["rate_per_period"], quote["annual_rate_simple"]) == ("0.0060", "0.1303")
    assert [(each["periods"], each["recommended"]) for each in quote["options"]] == [
        (3, False),
        (12, True),
        (24, False),
    ]
    assert [each["total_interest"] for each in quote["options"]] == ["291.60", "777.60", "1762.56"]


def test_one_term_needs_no_recommendation(tmp_path: Path) -> None:
    assert quoted(tmp_path, installment(terms=[{"periods": 6, "rate": "0.0075"}]))["periods"] == 6


def test_a_term_too_long_for_the_amount_is_left_out_and_cannot_be_quoted(tmp_path: Path) -> None:
    short = [{**TERMS[0], "recommended": True}, {**TERMS[1], "recommended": False}, TERMS[2]]
    tiny = {"account": {"balance": "0.05"}}
    quote = quoted(tmp_path, installment(terms=short), **tiny)
    assert [each["periods"] for each in quote["options"]] == [3]
    assert refused(tmp_path / "b", installment(terms=TERMS), **tiny) == ("quote", "too_small_for_term")


def test_a_rate_keeps_the_digits_that_it_was_written_with(tmp_path: Path) -> None:
    for rate, shown in (
        ("0.60%", "0.0060"),
        ("0.6%", "0.0060"),
        ("0.0065", "0.0065"),
        ("0.655%", "0.00655"),
        (0, "0.0000"),
    ):
        assert quoted(tmp_path, installment(terms=[{"periods": 12, "rate": rate}]))["rate_per_period"] == shown


def test_a_plan_without_interest_costs_nothing(tmp_path: Path) -> None:
    quote = quoted(tmp_path, installment(terms=[{"periods": 12, "rate": 0}]))
    assert (quote["total_interest"], quote["annual_rate_simple"], quote["annual_rate_compound"]) == (
        "0.00",
        "0.0000",
        "0.0000",
    )


# --- principal --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "balance", "expected"),
    [
        ({}, "1234.56", "1234.56"),
        ({"share": "90%"}, "1234.56", "1111.10"),  # 1111.104
        ({"share": "90%"}, "1234.57", "1111.11"),  # 1111.113
        ({"share": "90%", "round": "half_up"}, "1234.55", "1111.10"),  # 1111.095
        ({"share": "90%", "round": "down"}, "1234.55", "1111.09"),
        ({"to": 100}, "1299.99", "1200.00"),
        ({"to": 100, "round": "half_up"}, "1250.00", "1300.00"),
        ({"to": 100, "round": "half_up"}, "1249.99", "1200.00"),
        ({"max": "1000.00"}, "1234.56", "1000.00"),
        ({"max": "1000.00"}, "1000.00", "1000.00"),
        ({"min": "500.00"}, "500.00", "500.00"),
    ],
)
def test_the_principal_is_a_share_rounded_and_limited(
    tmp_path: Path, principal: dict[str, Any], balance: str, expected: str
) -> None:
    assert quoted(tmp_path, installment(principal=principal), account={"balance": balance})["principal"] == expected


@pytest.mark.parametrize(
    ("principal", "balance"),
    [
        ({"min": "500.00"}, "499.99"),
        ({"min": "450.00", "share": "90%"}, "499.99"),
        ({"to": 100}, "99.99"),
        ({}, "0.00"),
    ],
)
def test_less_than_the_least_principal_is_no_quote(tmp_path: Path, principal: dict[str, Any], balance: str) -> None:
    assert refused(tmp_path, installment(principal=principal), account={"balance": balance}) == (
        "quote",
        "below_minimum",
    )


def test_a_negative_amount_is_no_quote(tmp_path: Path) -> None:
    terms = installment(principal={"of": "account.balance - customer.income"})
    assert refused(tmp_path, terms) == ("quote", "below_minimum")


def test_an_amount_past_every_bound_is_no_quote_and_no_error(tmp_path: Path) -> None:
    huge = {"huge": {"type": "money"}}
    terms = installment(principal={"of": "account.huge + account.huge", "max": None})
    del terms["principal"]["max"]
    engine = load(tmp_path, offers=[offer(quote=terms)], dictionary={"account": huge})
    for amount in ("9" * 18, "9" * 18 + ".99"):
        assert stopped(engine, account={"huge": amount}) == ("quote", "missing")
    assert stopped(engine, account={"huge": "4" * 17}) == (None, None)


def test_a_missing_amount_is_named(tmp_path: Path) -> None:
    terms = installment(principal={"of": "default(account.balance, customer.income)"})
    engine = load(tmp_path, offers=[in_installments(quote=terms)])
    assert decide(engine, account={"balance": None}).offers
    assert decide(engine, account={"balance": None}, customer={"income": None}).missing == (
        "account.balance",
        "customer.income",
    )
    assert decide(engine, account={"balance": "a lot"}).missing == ("account.balance",)


# --- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2026, 11, 30), ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28", "2027-03-30"]),
        (date(2027, 10, 31), ["2027-10-31", "2027-11-30", "2027-12-31", "2028-01-31", "2028-02-29"]),
        (date(2026, 12, 1), ["2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01"]),
    ],
)
def test_a_day_that_a_month_lacks_is_its_last(first: date, expected: list[str]) -> None:
    assert [str(each) for each in due_dates(first, 5)] == expected


def test_due_dates_that_nobody_can_know_are_absent() -> None:
    assert due_dates(None, 3) == [None, None, None]
    assert due_dates(date(9999, 11, 30), 3) == [date(9999, 11, 30), date(9999, 12, 30), None]


@pytest.mark.parametrize(
    ("due", "first"), [("2027-01-28", "2027-02-28"), ("2027-01-31", "2027-03-01"), (None, None), ("9999-12-31", None)]
)
def test_the_schedule_begins_where_the_offer_says(tmp_path: Path, due: str | None, first: str | None) -> None:
    terms = installment(first_due="account.due + months(1)", valid_until="account.due", limit_after="account.balance")
    quote = quoted(tmp_path, terms, account={"due": due})
    assert quote["schedule"][0]["due_date"] == first
    assert quote["valid_until"] == due
    assert quote["limit_after"] == "500.00"
    assert len(quote["schedule"]) == 12


def test_what_an_offer_does_not_state_is_null(tmp_path: Path) -> None:
    quote = quoted(tmp_path, installment())
    absent = ("valid_until", "limit_after", "revolving_interest", "default_cost", "collector")
    assert [quote[each] for each in absent] == [None] * 5
    stated = installment(collector=words("The bank"), default_cost=words("Interest goes on"))
    assert quoted(tmp_path / "b", stated)["collector"] == "The bank"


# --- comparison with revolving ----------------------------------------------------------------------------------------

REVOLVING = {"daily_rate": "0.05%", "unless": "customer.gender == M"}


def test_the_comparison_is_like_for_like(tmp_path: Path) -> None:
    terms = installment(first_due="account.due", revolving=REVOLVING, terms=[{"periods": 2, "rate": "0.60%"}])
    quote = quoted(tmp_path, terms, account={"balance": "1000.00", "due": "2026-12-30"})
    # 30 days to 30 December on 1000, 31 to 30 January on 500
    assert quote["revolving_interest"] == str((Decimal("0.0005") * (1000 * 30 + 500 * 31)).quantize(Decimal("0.01")))


@pytest.mark.parametrize(
    "changes",
    [
        {"customer": {"gender": "M"}},
        {"customer": {"gender": None}},
        {"customer": {"gender": "?"}},
        {"account": {"due": None}},
        {"account": {"due": "soon"}},
    ],
)
def test_a_comparison_that_may_not_hold_is_withheld(tmp_path: Path, changes: dict[str, Any]) -> None:
    terms = installment(first_due="account.due", revolving=REVOLVING)
    assert quoted(tmp_path, terms)["revolving_interest"] is not None
    assert quoted(tmp_path, terms, **changes)["revolving_interest"] is None


def test_a_saving_that_is_withheld_is_missing_to_conditions(tmp_path: Path) -> None:
    terms = installment(first_due="account.due", revolving=REVOLVING)
    suited = offer(quote=terms, suitability=["quote.saving_against_revolving > 0"])
    engine = load(tmp_path, offers=[suited])
    assert stopped(engine) == (None, None)
    one = explanation(engine, customer={"gender": None}).offers[0]
    assert (one.outcome, one.stage) == ("unknown", "suitability")


def test_interest_of_the_first_period_is_cheaper_by_no_trick(tmp_path: Path) -> None:
    each, first = (quoted(tmp_path / mode, installment(collection=mode)) for mode in ("each_period", "first_period"))
    assert each["total_interest"] == first["total_interest"] == "36.00"
    assert Decimal(first["annual_rate_simple"]) > Decimal(each["annual_rate_simple"])
    assert first["first_payment"] == "77.67"
    assert first["payment"] == "41.67"


def test_the_remainder_falls_on_the_period_that_the_offer_names(tmp_path: Path) -> None:
    last, first = (quoted(tmp_path / mode, installment(remainder=mode)) for mode in ("last", "first"))
    assert (last["first_payment"], last["payment"], last["last_payment"]) == ("44.67", "44.67", "44.63")
    assert (first["first_payment"], first["payment"], first["last_payment"]) == ("44.63", "44.67", "44.67")


# --- waivers ----------------------------------------------------------------------------------------------------------

AUTHORITY = {
    "id": "waive",
    "limits": [
        {"when": "call.agent_tier == 1", "up_to": "200.00"},
        {"when": "call.agent_tier >= 2", "up_to": "1000.00"},
    ],
    "reason": words("above the authority"),
    "above": {"outcome": "second_line", "channel": "phone"},
}
WAIVER = service(quote={"type": "waiver", "amount": "account.balance", "authority": "waive"})


def waiver(
    tmp_path: Path, balance: str | None, tier: int | None, **authority: Any
) -> tuple[str, str | None, list[str]]:
    """The limit or the code of the refusal, how to serve, and what is missing."""
    engine = load(tmp_path, offers=[WAIVER], authority=[{**AUTHORITY, **authority}])
    changes: dict[str, Any] = {"account": {"balance": balance}, "call": {"agent_tier": tier}}
    shown: Any = decide(engine, **changes).to_dict()
    if shown["offers"]:
        quote = shown["offers"][0]["quote"]
        assert quote["amount"] == balance
        return quote["authority_limit"], None, shown["missing"]
    return shown["reason"]["code"], None if shown["serve"] is None else shown["serve"]["outcome"], shown["missing"]


@pytest.mark.parametrize(
    ("balance", "tier", "expected"),
    [
        ("200.00", 1, ("200.00", None, [])),
        ("200.01", 1, ("above_authority", "second_line", [])),
        ("200.01", 2, ("1000.00", None, [])),
        ("1000.00", 3, ("1000.00", None, [])),
        ("1000.01", 3, ("above_authority", "second_line", [])),
        ("0.01", None, ("missing", "second_line", ["call.agent_tier"])),
        ("1000.01", None, ("above_authority", "second_line", [])),  # no tier could
        ("0.00", 1, ("nothing_to_waive", None, [])),
        (None, 1, ("missing", None, ["account.balance"])),
    ],
)
def test_a_waiver_keeps_to_the_authority_of_the_agents_tier(
    tmp_path: Path, balance: str | None, tier: int | None, expected: tuple[str, str | None, list[str]]
) -> None:
    assert waiver(tmp_path, balance, tier) == expected


@pytest.mark.parametrize(
    ("gender", "balance", "expected"),
    [
        ("F", "50.00", ("50.00", None, [])),
        ("F", "50.01", ("above_authority", "second_line", [])),
        ("M", "200.00", ("200.00", None, [])),
        (None, "50.00", ("50.00", None, [])),
        (None, "50.01", ("missing", "second_line", ["customer.gender"])),
        (None, "200.01", ("above_authority", "second_line", [])),
    ],
)
def test_a_limit_that_may_come_first_is_not_passed_over(
    tmp_path: Path, gender: str | None, balance: str, expected: tuple[str, str | None, list[str]]
) -> None:
    limits = [{"when": "customer.gender == F", "up_to": "50.00"}, {"when": "call.agent_tier >= 1", "up_to": "200.00"}]
    engine = load(tmp_path, offers=[WAIVER], authority=[{**AUTHORITY, "limits": limits}])
    shown: Any = decide(engine, customer={"gender": gender}, account={"balance": balance}).to_dict()
    if shown["offers"]:
        assert (shown["offers"][0]["quote"]["authority_limit"], None, shown["missing"]) == expected
    else:
        assert (shown["reason"]["code"], shown["serve"]["outcome"], shown["missing"]) == expected
