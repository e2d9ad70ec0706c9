"""Packages as an offer states them: what is available to whom, what a budget or a choice gives, what is refused and why."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from tiny_pack import NOON, SHANGHAI, customer, decide, load, offer, stopped, value, words

from nbo import Engine
from nbo.pack.quotes.package import PackageTerms
from nbo.quote.package import PackageQuote, quote_package
from nbo.quote.refusal import Refusal

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "decision.schema.json").read_text())
BUDGET = {"call": {"budget": {"type": "money", "min": 0, "max": 100000, "use": "context"}}}


def component(name: str, price: str, list_value: str, cost: str = "0.00", **changes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "label": words(name),
        "price": price,
        "list_value": list_value,
        "value_source": words("posted price"),
        "value_date": "2026-09-15",
        "unit_cost": cost,
        **changes,
    }


LOUNGE = component("lounge", "600.00", "900.00", "330.00")
DENTAL = component("dental", "400.00", "640.00", "180.00", value_date="2026-08-01")
TRANSFER = component("transfer", "500.00", "800.00", "260.00")
GOLF = component("golf", "900.00", "1500.00", "700.00")


def package(*components: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "type": "package",
        "budget": "call.budget",
        "components": [*components] or [LOUNGE, DENTAL, TRANSFER, GOLF],
        "term_months": 12,
        "refund": {"by": "months", "words": words("months to come are refunded")},
        "value_max_age_days": 365,
        **changes,
    }


def engine(tmp_path: Path, terms: dict[str, Any]) -> Engine:
    worth = value("quote.bank_margin", "quote.saving")
    return load(tmp_path, offers=[offer(quote=terms, value=worth)], dictionary=BUDGET)


def quoted(
    tmp_path: Path, terms: dict[str, Any], budget: str | None, at: datetime = NOON, **changes: Any
) -> dict[str, Any]:
    """The quote in JSON's form, which conforms to the published schema."""
    decision = decide(
        engine(tmp_path, terms), at=at, **{**changes, "call": {"budget": budget, **changes.get("call", {})}}
    )
    document: Any = decision.to_dict()
    Draft7Validator(SCHEMA).validate(document)
    assert document["offers"], decision.reason
    quote: dict[str, Any] = document["offers"][0]["quote"]
    return quote


def refused(tmp_path: Path, terms: dict[str, Any], budget: object, **changes: Any) -> tuple[str | None, str | None]:
    return stopped(engine(tmp_path, terms), **{**changes, "call": {"budget": budget, **changes.get("call", {})}})


def chosen(
    tmp_path: Path,
    terms: dict[str, Any],
    *components: str,
    budget: str | None = None,
    stated: str | None = None,
    **changes: Any,
) -> PackageQuote | Refusal:
    """What a customer's own choice gives."""
    deciding = engine(tmp_path, terms)
    facts = deciding.prepare(customer(**{**changes, "call": {"budget": stated, **changes.get("call", {})}}), at=NOON)
    linked = deciding.pack.offers[0].quote
    assert isinstance(linked, PackageTerms)
    given = None if budget is None else Decimal(budget)
    return quote_package(linked, facts.values, deciding.pack.dictionary, components=frozenset(components), budget=given)


# --- the pitch --------------------------------------------------------------------------------------------------------


def test_the_best_set_is_suggested_and_nothing_is_selected(tmp_path: Path) -> None:
    quote = quoted(tmp_path, package(), "2000.00")
    assert (quote["suggested"], quote["selected"]) == (["golf", "lounge", "transfer"], [])
    assert (quote["price"], quote["list_value"], quote["saving"]) == ("2000.00", "3200.00", "1200.00")
    assert (quote["component_count"], quote["term_months"], quote["price_per_month"]) == (3, 12, "166.67")
    assert quote["budget"] == "2000.00"
    assert quote["value_date"] == "2026-09-15"
    assert quote["renewal"] == {"on_request": False, "on": False}


def test_a_renewal_is_at_most_on_request(tmp_path: Path) -> None:
    assert quoted(tmp_path, package(renewal="on_request"), "2000.00")["renewal"] == {"on_request": True, "on": False}


def test_the_value_date_is_the_oldest_of_what_is_included(tmp_path: Path) -> None:
    assert quoted(tmp_path, package(), "2400.00")["value_date"] == "2026-08-01"


def test_what_a_component_costs_the_bank_is_on_no_screen(tmp_path: Path) -> None:
    shown = json.dumps(quoted(tmp_path, package(), "2400.00"))
    assert "cost" not in shown
    assert "margin" not in shown
    assert "330.00" not in shown


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (None, ("quote", "missing")),
        ("a lot", ("quote", "missing")),
        ("-1.00", ("quote", "missing")),  # outside of what the dictionary allows
        ("100000.01", ("quote", "missing")),
        ("0.00", ("quote", "below_minimum")),
        ("399.99", ("quote", "below_minimum")),
        ("400.00", (None, None)),
        ("100000.00", (None, None)),
    ],
)
def test_a_budget_that_buys_nothing_is_refused_with_its_reason(
    tmp_path: Path, budget: str | None, expected: tuple[str | None, str | None]
) -> None:
    assert refused(tmp_path, package(), budget) == expected


def test_a_missing_budget_is_named(tmp_path: Path) -> None:
    assert decide(engine(tmp_path, package()), call={"budget": None}).missing == ("call.budget",)


def test_a_part_of_a_fen_buys_nothing(tmp_path: Path) -> None:
    assert refused(tmp_path, package(), "399.9999") == ("quote", "below_minimum")
    assert quoted(tmp_path, package(), "400.0001")["suggested"] == ["dental"]


def test_a_computed_budget_below_nothing_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, package(budget="call.budget - account.balance"), "100.00") == ("quote", "bad_budget")


def test_nothing_worth_more_than_it_costs_within_the_budget(tmp_path: Path) -> None:
    dear = package(component("plain", "100.00", "100.00", "0.00"), GOLF)
    assert refused(tmp_path, dear, "899.99") == ("quote", "no_saving")
    assert quoted(tmp_path, dear, "1000.00")["suggested"] == ["golf"]


# --- what is available ------------------------------------------------------------------------------------------------

WOMEN = component("women", "100.00", "900.00", when="customer.gender == F", reason=words("for women only"))


def test_a_component_is_for_whom_its_condition_is_true(tmp_path: Path) -> None:
    terms = package(WOMEN, LOUNGE)
    assert quoted(tmp_path, terms, "700.00")["suggested"] == ["lounge", "women"]
    without = quoted(tmp_path, terms, "700.00", customer={"gender": "M"})
    assert (without["suggested"], without["available"]) == (["lounge"], ["lounge"])
    assert without["not_available"] == [
        {"id": "women", "code": "not_eligible", "text": "for women only", "missing": []}
    ]


def test_a_condition_that_is_unknown_is_not_met_and_says_what_is_missing(tmp_path: Path) -> None:
    [why] = quoted(tmp_path, package(WOMEN, LOUNGE), "700.00", customer={"gender": None})["not_available"]
    assert why == {"id": "women", "code": "missing", "text": "missing: customer.gender", "missing": ["customer.gender"]}


def test_no_component_at_all(tmp_path: Path) -> None:
    assert refused(tmp_path, package(WOMEN), "700.00", customer={"gender": "M"}) == ("quote", "nothing_available")
    deciding = engine(tmp_path, package(WOMEN))
    assert decide(deciding, call={"budget": "700.00"}, customer={"gender": None}).missing == ("customer.gender",)


def test_what_needs_an_unavailable_component_is_unavailable_too(tmp_path: Path) -> None:
    guest = component("guest", "50.00", "90.00", only_with=["women"])
    friend = component("friend", "50.00", "90.00", only_with=["guest"])
    quote = quoted(tmp_path, package(friend, guest, WOMEN, LOUNGE), "700.00", customer={"gender": "M"})
    assert [(each["id"], each["code"]) for each in quote["not_available"]] == [
        ("friend", "needs_unavailable"),
        ("guest", "needs_unavailable"),
        ("women", "not_eligible"),
    ]
    assert quote["suggested"] == ["lounge"]


@pytest.mark.parametrize(
    ("day", "available"),
    [((2026, 8, 1), True), ((2027, 8, 1), True), ((2027, 8, 2), False), ((2026, 7, 31), False)],
)
def test_a_list_value_holds_from_its_day_for_as_long_as_the_terms_say(
    tmp_path: Path, day: tuple[int, int, int], available: bool
) -> None:
    at = datetime(*day, 12, 0, tzinfo=SHANGHAI)
    other = component("other", "10.00", "20.00", value_date="2026-01-01")
    quote = quoted(
        tmp_path,
        package(DENTAL, other, value_max_age_days=365),
        "500.00",
        at=datetime(2026, 8, 1, 12, 0, tzinfo=SHANGHAI),
    )
    assert quote["suggested"] == ["dental", "other"]
    stages = stopped(engine(tmp_path, package(DENTAL)), call={"budget": "500.00"}, at=at)
    assert stages == ((None, None) if available else ("quote", "nothing_available"))


# --- conditions -------------------------------------------------------------------------------------------------------


def test_conditions_read_the_numbers_and_the_set(tmp_path: Path) -> None:
    suited = [
        "quote.component_count >= 2",
        '"golf" in quote.included',
        "quote.saving > quote.price * 0.50",
        "quote.selected_count == 0",
    ]
    worth = value("quote.bank_margin", "quote.saving")
    deciding = load(tmp_path, offers=[offer(quote=package(), value=worth, suitability=suited)], dictionary=BUDGET)
    assert stopped(deciding, call={"budget": "2000.00"}) == (None, None)
    assert stopped(deciding, call={"budget": "600.00"})[0] == "suitability"


# --- what the customer chooses ----------------------------------------------------------------------------------------


def test_a_choice_is_priced_as_it_is(tmp_path: Path) -> None:
    quote = chosen(tmp_path, package(), "dental", "golf", stated="2000.00")
    assert isinstance(quote, PackageQuote)
    shown = quote.to_dict("en")
    assert (shown["selected"], shown["suggested"]) == (["dental", "golf"], ["golf", "lounge", "transfer"])
    assert (shown["price"], shown["list_value"], shown["component_count"]) == ("1300.00", "2140.00", 2)
    assert quote.fields()["quote.included"] == frozenset({"dental", "golf"})
    assert quote.fields()["quote.selected_count"] == 2


def test_a_choice_needs_no_stated_budget(tmp_path: Path) -> None:
    quote = chosen(tmp_path, package(), "golf")
    assert isinstance(quote, PackageQuote)
    assert (quote.suggested, quote.selected, quote.budget) == ((), ("golf",), None)
    assert quote.to_dict("en")["budget"] is None


def test_a_budget_that_is_named_now_stands_in_for_the_one_before(tmp_path: Path) -> None:
    quote = chosen(tmp_path, package(), "golf", "lounge", stated="600.00", budget="1500.00")
    assert isinstance(quote, PackageQuote)
    assert quote.budget == Decimal("1500.00")
    assert quote.suggested == ("golf", "lounge")


GUEST = component("guest", "50.00", "90.00", only_with=["lounge"])
RIVAL = component("rival", "50.00", "90.00", not_with=["lounge"])


@pytest.mark.parametrize(
    ("components", "budget", "code", "says"),
    [
        ((), "2000.00", "nothing_selected", "no component is selected"),
        (("spa",), "2000.00", "unknown_component", "the package has no spa"),
        (("guest",), "2000.00", "needs_component", "guest needs lounge"),
        (("lounge", "rival"), "2000.00", "components_exclude", "exclude each other"),
        (("golf", "women"), "2000.00", "component_unavailable", "women: for women only"),
        (("golf", "lounge"), "1499.99", "over_budget", "1500.00, more than the budget of 1499.99"),
        (("plain",), "2000.00", "no_saving", "worth more than it costs"),
        (("golf",), "-0.01", "bad_budget", "not an amount that can be spent"),
        (("golf",), "NaN", "bad_budget", "not an amount"),
        (("golf",), "Infinity", "bad_budget", "not an amount"),
        (("golf",), "1e30", "bad_budget", "not an amount"),
        (("golf",), "100000.01", "bad_budget", "not an amount"),
    ],
)
def test_a_choice_that_cannot_be_sold_is_refused_with_its_reason(
    tmp_path: Path, components: tuple[str, ...], budget: str, code: str, says: str
) -> None:
    plain = component("plain", "100.00", "100.00")
    terms = package(LOUNGE, GOLF, GUEST, RIVAL, WOMEN, plain)
    refusal = chosen(tmp_path, terms, *components, budget=budget, customer={"gender": "M"})
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert says in refusal.words["en"]


def test_an_exclusion_holds_whichever_of_the_two_says_it(tmp_path: Path) -> None:
    terms = package(RIVAL, LOUNGE, GOLF)
    refusal = chosen(tmp_path, terms, "lounge", "rival", budget="2000.00")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "components_exclude"
    assert quoted(tmp_path, terms, "650.00")["suggested"] == ["lounge"]


def test_a_choice_of_what_is_unknown_names_what_is_missing(tmp_path: Path) -> None:
    refusal = chosen(tmp_path, package(WOMEN, LOUNGE), "women", budget="700.00", customer={"gender": None})
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.missing) == ("component_unavailable", ("customer.gender",))


# --- the refund table -------------------------------------------------------------------------------------------------


def test_the_refund_table_goes_from_all_to_nothing(tmp_path: Path) -> None:
    table = quoted(tmp_path, package(), "2000.00")["refund"]["table"]
    assert [each["months_begun"] for each in table] == list(range(13))
    assert [table[month]["amount"] for month in (0, 1, 6, 11, 12)] == [
        "2000.00",
        "1833.33",
        "1000.00",
        "166.67",
        "0.00",
    ]


def test_a_refund_by_components_lists_each(tmp_path: Path) -> None:
    refund = {"by": "components", "words": words("what was never used is refunded")}
    quote = quoted(tmp_path, package(refund=refund), "1000.00")
    assert quote["refund"] == {
        "by": "components",
        "words": "what was never used is refunded",
        "table": [{"months_begun": None, "component": "golf", "amount": "900.00"}],
    }


def test_months_and_components_together(tmp_path: Path) -> None:
    refund = {"by": "months_and_components", "words": words("months to come of what was never used")}
    quote = chosen(tmp_path, package(refund=refund), "golf", "lounge")
    assert isinstance(quote, PackageQuote)
    assert quote.refund_after(5) == Decimal("875.00")
    assert quote.refund_after(5, ["golf"]) == Decimal("350.00")
    assert date(2026, 9, 15) == quote.fields()["quote.value_date"]
