"""Limit quotes: which bound decides, what is rounded, what falls due, and every reason for no limit."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_pack import codes, decide, load, service, stopped, words

from nbo.quote.limit import LimitError, last_day, lower_limit, raise_limit, raised_by

TEMPORARY = {
    "type": "limit",
    "purpose": "temporary",
    "current": "account.balance",
    "raise": "30%",
    "days": 60,
    "cap": 1000,
}
SAFE = {"type": "limit", "purpose": "safe", "current": "account.balance", "cap": 100000}
INCOME = {"id": "income", "amount": "customer.income * 2"}
LESS_THAN_THE_LEAST = {"id": "room", "amount": "account.balance + 99"}


def quoted(
    tmp_path: Path, terms: dict[str, Any], changes: dict[str, Any] | None = None, **parts: Any
) -> dict[str, Any]:
    """The quote of the base customer, whose limit is 500 and whose income is 9,000."""
    decision = decide(load(tmp_path, offers=[service(quote=terms)], **parts), **(changes or {}))
    shown: Any = decision.to_dict()["offers"]
    assert shown, decision.reason
    quote: dict[str, Any] = shown[0]["quote"]
    return quote


def refused(tmp_path: Path, terms: dict[str, Any], changes: dict[str, Any] | None = None, **parts: Any) -> str | None:
    stage, code = stopped(load(tmp_path, offers=[service(quote=terms)], **parts), "help", **(changes or {}))
    assert stage == "quote"
    return code


# --- temporary --------------------------------------------------------------------------------------------------------


def test_a_temporary_limit_says_how_much_until_when_and_what_falls_due_at_once(tmp_path: Path) -> None:
    assert quoted(tmp_path, TEMPORARY) == {
        "type": "limit",
        "purpose": "temporary",
        "current_limit": "500.00",
        "new_limit": "650.00",
        "extra": "150.00",
        "reduction": "0.00",
        "days": 60,
        "until": "2027-01-15",
        "due_at_once": "150.00",
        "splittable": False,
        "bound_by": "raise",
        "authority": None,
        "authority_limit": None,
    }


@pytest.mark.parametrize(
    ("changed", "new", "bound_by"),
    [
        ({"raise": "0.5"}, "750.00", "raise"),
        ({"raise": "100%"}, "1000.00", "raise"),  # a tie with the cap: the first of equals
        ({"cap": 600}, "600.00", "cap"),
        ({"to": 100}, "600.00", "raise"),
        ({"bounds": [{"id": "room", "amount": "account.balance + 10"}]}, "510.00", "room"),
        ({"ceiling": "account.balance + 7"}, "507.00", "ceiling"),
    ],
)
def test_the_smallest_bound_decides(tmp_path: Path, changed: dict[str, Any], new: str, bound_by: str) -> None:
    quote = quoted(tmp_path, {**TEMPORARY, **changed})
    assert (quote["new_limit"], quote["bound_by"]) == (new, bound_by)


@pytest.mark.parametrize(
    ("changed", "customer", "code"),
    [
        ({"cap": 500}, {}, "nothing_to_raise"),
        ({"bounds": [LESS_THAN_THE_LEAST], "least": 100}, {}, "nothing_to_raise"),
        ({"ceiling": "account.balance - 1"}, {}, "nothing_to_raise"),
        ({"used": "customer.income"}, {}, "limit_below_used"),
        ({"used": "customer.income"}, {"customer": {"income": None}}, "missing"),
        ({"bounds": [INCOME]}, {"customer": {"income": None}}, "missing"),
        ({"days": "account.days_late"}, {}, "days_out_of_range"),
        ({"days": "account.days_late"}, {"account": {"days_late": 367}}, "days_out_of_range"),
        ({"days": "account.days_late"}, {"account": {"days_late": None}}, "missing"),
        ({"allowed_when": "account.days_late > 0"}, {}, "account_state"),
        ({"allowed_when": "account.days_late == 0"}, {"account": {"days_late": None}}, "missing"),
        ({}, {"account": {"balance": None}}, "missing"),
    ],
)
def test_every_reason_for_no_limit(
    tmp_path: Path, changed: dict[str, Any], customer: dict[str, Any], code: str
) -> None:
    assert refused(tmp_path, {**TEMPORARY, **changed}, customer) == code


def test_a_bound_may_be_left_out_where_it_is_missing_but_not_where_it_was_refused(tmp_path: Path) -> None:
    terms = {**TEMPORARY, "bounds": [{**INCOME, "if_missing": "skip"}]}
    assert quoted(tmp_path, terms, {"customer": {"income": None}})["bound_by"] == "raise"
    assert refused(tmp_path, terms, {"customer": {"income": "plenty"}}) == "missing"


# --- safe -------------------------------------------------------------------------------------------------------------


def test_a_safe_limit_stays_and_nothing_falls_due(tmp_path: Path) -> None:
    quote = quoted(tmp_path, {**SAFE, "bounds": [INCOME]})
    assert (quote["new_limit"], quote["bound_by"]) == ("18000.00", "income")
    assert (quote["days"], quote["until"], quote["due_at_once"], quote["splittable"]) == (None, None, None, None)


def test_what_the_customer_wants_lowers_a_safe_limit_without_any_bound_of_the_bank(tmp_path: Path) -> None:
    terms = {**SAFE, "bounds": [INCOME], "ceiling": "account.balance - 100", "used": "account.balance * 0.8"}
    quote = quoted(tmp_path, terms, {"customer": {"income": None}})
    assert (quote["new_limit"], quote["extra"], quote["reduction"]) == ("400.00", "0.00", "100.00")
    assert refused(tmp_path, {**terms, "used": "account.balance * 0.81"}) == "limit_below_used"


def test_a_ceiling_that_nobody_named_bounds_nothing_but_one_that_cannot_be_read_does(tmp_path: Path) -> None:
    terms = {**SAFE, "bounds": [{"id": "room", "amount": "account.balance * 2"}], "ceiling": "customer.income"}
    assert quoted(tmp_path, terms, {"customer": {"income": None}})["bound_by"] == "room"
    assert refused(tmp_path, terms, {"customer": {"income": "less"}}) == "missing"


# --- authority --------------------------------------------------------------------------------------------------------

AUTHORITY = [
    {
        "id": "raise_limit",
        "limits": [{"when": "call.agent_tier == 1", "up_to": 149.99}, {"when": "call.agent_tier >= 2", "up_to": 150}],
        "reason": words("above the agent's authority"),
        "above": {"outcome": "second_line", "channel": "phone"},
    }
]


@pytest.mark.parametrize(("tier", "limit"), [(2, "150.00"), (3, "150.00")])
def test_a_raise_within_the_authority_names_it(tmp_path: Path, tier: int, limit: str) -> None:
    terms = {**TEMPORARY, "authority": "raise_limit"}
    assert quoted(tmp_path, terms, {"call": {"agent_tier": tier}}, authority=AUTHORITY)["authority_limit"] == limit


@pytest.mark.parametrize(("tier", "code"), [(1, "above_authority"), (None, "missing")])
def test_a_raise_above_the_authority_is_none(tmp_path: Path, tier: int | None, code: str) -> None:
    terms = {**TEMPORARY, "authority": "raise_limit"}
    assert refused(tmp_path, terms, {"call": {"agent_tier": tier}}, authority=AUTHORITY) == code


def test_lowering_a_limit_needs_no_authority(tmp_path: Path) -> None:
    terms = {**SAFE, "ceiling": "account.balance - 100", "authority": "raise_limit"}
    assert quoted(tmp_path, terms, {"call": {"agent_tier": None}}, authority=AUTHORITY)["reduction"] == "100.00"


# --- terms that cannot be meant ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({**TEMPORARY, "raise": None}, "NBO420"),
        ({**TEMPORARY, "days": None}, "NBO420"),
        (SAFE, "NBO420"),
        ({**SAFE, "bounds": [INCOME], "days": 30}, "NBO421"),
        ({**SAFE, "bounds": [INCOME], "raise": "30%"}, "NBO421"),
        ({**SAFE, "bounds": [INCOME, INCOME]}, "NBO301"),
        ({**SAFE, "bounds": [{**INCOME, "id": "cap"}]}, "NBO301"),
        ({**TEMPORARY, "raise": "0%"}, "NBO133"),
        ({**TEMPORARY, "raise": "130%"}, "NBO133"),
        ({**TEMPORARY, "raise": "customer.income"}, "NBO211"),
        ({**TEMPORARY, "days": 0}, "NBO133"),
        ({**TEMPORARY, "days": 367}, "NBO133"),
        ({**TEMPORARY, "cap": 0}, "NBO133"),
        ({**TEMPORARY, "to": "0.001"}, "NBO133"),
        ({**TEMPORARY, "authority": "nobody"}, "NBO302"),
        ({**TEMPORARY, "purpose": "for_ever"}, "NBO134"),
    ],
)
def test_terms_that_cannot_be_meant_are_found(tmp_path: Path, terms: dict[str, Any], code: str) -> None:
    written = {key: each for key, each in terms.items() if each is not None}
    assert code in codes(tmp_path, offers=[service(quote=written)])


# --- arithmetic -------------------------------------------------------------------------------------------------------

AMOUNTS = st.decimals(min_value=1, max_value=10**9, places=2)


@given(
    current=AMOUNTS,
    bounds=st.lists(AMOUNTS, min_size=1, max_size=5),
    used=AMOUNTS,
    unit=st.sampled_from([1, 100, 1000]),
)
def test_a_new_limit_keeps_every_bound_and_what_is_used(
    current: Decimal, bounds: list[Decimal], used: Decimal, unit: int
) -> None:
    named = {f"b{place}": each for place, each in enumerate(bounds)}
    try:
        change = raise_limit(current, named, used=used, unit=Decimal(unit))
    except LimitError as error:
        problem = error.problem
    else:
        problem = None
    possible = min(bounds) // unit * unit
    assert (problem == "nothing_to_raise") == (possible <= current)
    assert (problem == "limit_below_used") == (current < possible < used)
    if problem is not None:
        return
    assert current < change.new <= min(bounds)
    assert change.new >= used
    assert change.new % unit == 0
    assert change.extra == change.new - current
    assert named[change.bound_by] == min(bounds)
    assert change.reduction == 0


def test_lowering_and_the_ends_of_amounts_and_of_the_calendar() -> None:
    assert lower_limit(Decimal(500), Decimal(400)).reduction == 100
    assert raised_by(Decimal(10) ** 400, Decimal("0.3")) is not None
    assert last_day(date(9999, 12, 1), 60) is None
