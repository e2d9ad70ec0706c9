"""Early settlement: published figures, four rules by their definitions, and independent rates of return."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nbo.quote.installment import Collection, InstallmentPlan, PlanError, Remainder, plan_installment
from nbo.quote.settlement import (
    SETTLEMENT_RULES,
    Settlement,
    SettlementRule,
    example_period,
    highest_surcharge,
    settle,
)

FEN = Decimal("0.01")
PLAN = plan_installment(Decimal("12000.00"), 12, Decimal("0.0060"))

principals = st.integers(min_value=100, max_value=10**8).map(lambda fen: Decimal(fen).scaleb(-2))
rates = st.integers(min_value=0, max_value=3000).map(lambda points: Decimal(points).scaleb(-5))
shares = st.integers(min_value=1, max_value=1000).map(lambda points: Decimal(points).scaleb(-3))
collections = st.sampled_from(["each_period", "first_period"])
remainders = st.sampled_from(["last", "first"])
rules = st.sampled_from(SETTLEMENT_RULES)


@st.composite
def plans(draw: st.DrawFn) -> InstallmentPlan:
    try:
        return plan_installment(
            draw(principals), draw(st.integers(1, 60)), draw(rates), collection=draw(collections), remainder=draw(remainders)
        )  # fmt: skip
    except PlanError:
        assume(False)
        raise


def settled(plan: InstallmentPlan, after: int, rule: SettlementRule, share: Decimal) -> Settlement:
    return settle(plan, after, rule, share if rule == "share_of_principal" else None)


def payments(plan: InstallmentPlan, settlement: Settlement) -> list[Decimal]:
    regular = [period.payment for period in plan.schedule[: settlement.after]]
    return [*regular[:-1], regular[-1] + settlement.amount]


def percent(rate: Decimal) -> str:
    return str((rate * 100).quantize(FEN, ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("rule", "share", "amount", "charge", "rate"),
    [
        ("charged_so_far", None, "8000.00", "0.00", "8.22"),
        ("one_more_period", None, "8072.00", "72.00", "10.25"),
        ("share_of_principal", "0.03", "8240.00", "240.00", "14.94"),
        ("all_remaining", None, "8576.00", "576.00", "24.14"),
    ],
)
def test_settled_at_the_fourth_posting(
    rule: SettlementRule, share: str | None, amount: str, charge: str, rate: str
) -> None:
    found = settle(PLAN, 4, rule, None if share is None else Decimal(share))
    assert (str(found.amount), str(found.charge), percent(found.annual_rate_simple)) == (amount, charge, rate)
    assert found.principal_left == Decimal("8000.00")
    assert found.total_paid == 4 * Decimal("1072.00") + Decimal(amount)
    assert found.surcharge == Decimal(charge)


def test_interest_that_was_collected_ahead_is_more_than_the_time_used_and_is_not_given_back() -> None:
    plan = plan_installment(Decimal("12000.00"), 12, Decimal("0.0060"), collection="first_period")
    found = settle(plan, 4, "charged_so_far")
    assert (str(found.amount), str(found.total_interest), str(found.surcharge)) == ("8000.00", "864.00", "576.00")
    assert percent(found.annual_rate_simple) == "25.40"
    # nothing of the interest is to come, so these rules add nothing
    for rule in ("one_more_period", "all_remaining"):
        assert settle(plan, 4, rule).charge == 0


def test_the_share_is_rounded_half_up_once() -> None:
    plan = plan_installment(Decimal("100.50"), 2, Decimal("0"))  # 50.25 are left
    assert str(settle(plan, 1, "share_of_principal", Decimal("0.02")).charge) == "1.01"  # 1.005
    assert str(settle(plan, 1, "share_of_principal", Decimal("0.0199")).charge) == "1.00"  # 0.999975


@settings(deadline=None)
@given(plans(), rules, shares, st.data())
def test_a_settlement_is_what_its_definition_says(
    plan: InstallmentPlan, rule: SettlementRule, share: Decimal, data: st.DataObject
) -> None:
    after = data.draw(st.integers(1, plan.periods))
    found = settled(plan, after, rule, share)
    later = plan.schedule[after:]
    left = sum(Fraction(period.principal) for period in later)
    charges: dict[str, Fraction] = {
        "charged_so_far": Fraction(0),
        "one_more_period": Fraction(later[0].interest) if later else Fraction(0),
        "share_of_principal": Fraction((2 * left * Fraction(share) * 100 + 1) // 2, 100),
        "all_remaining": sum((Fraction(period.interest) for period in later), Fraction(0)),
    }
    assert Fraction(found.principal_left) == left
    assert Fraction(found.amount) == left + charges[rule]
    # principals add up: all that was paid is the principal and the interest, to the fen
    assert found.total_paid == plan.principal + found.total_interest == sum(payments(plan, found))
    # the rate exists and solves what was really paid
    value, monthly = Fraction(0), Fraction(found.annual_rate_simple) / 12
    assert monthly >= 0
    for payment in reversed(payments(plan, found)):
        value = (value + Fraction(payment)) / (1 + monthly)
    assert abs(value - Fraction(plan.principal)) <= Fraction(plan.principal) / 10**20
    assert (found.annual_rate_simple == 0) == (found.total_interest == 0)


@settings(deadline=None)
@given(plans(), rules, shares)
def test_settling_with_the_last_payment_costs_what_the_plan_costs(
    plan: InstallmentPlan, rule: SettlementRule, share: Decimal
) -> None:
    found = settled(plan, plan.periods, rule, share)
    assert found.amount == found.charge == found.surcharge == 0
    assert found.total_interest == plan.total_interest
    assert found.annual_rate_simple == plan.annual_rate_simple


@settings(deadline=None)
@given(plans(), rules, shares)
def test_the_earliest_settlement_has_the_highest_surcharge(
    plan: InstallmentPlan, rule: SettlementRule, share: Decimal
) -> None:
    surcharges = [settled(plan, after, rule, share).surcharge for after in range(1, plan.periods + 1)]
    highest = highest_surcharge(plan, rule, share if rule == "share_of_principal" else None)
    assert highest == max(surcharges) >= 0


@settings(deadline=None)
@given(plans(), st.data())
def test_the_rules_stand_in_order_where_interest_is_paid_as_it_falls_due(
    plan: InstallmentPlan, data: st.DataObject
) -> None:
    after = data.draw(st.integers(1, plan.periods))
    least, one_more, most = (
        settle(plan, after, rule).amount for rule in ("charged_so_far", "one_more_period", "all_remaining")
    )
    assert least <= one_more <= most


@settings(deadline=None)
@given(principals, st.integers(1, 36), rates, collections, remainders)
def test_no_rounding_gains_the_bank_a_fen(
    principal: Decimal, periods: int, rate: Decimal, collection: Collection, remainder: Remainder
) -> None:
    """What is promised: the principal is repaid to the fen; no single charge is more than half a fen above its exact amount.

    Collected in the first period there is one charge, so the whole plan gains less than a fen. Collected each period there
    is one each, and each is within half a fen.
    """
    try:
        plan = plan_installment(principal, periods, rate, collection=collection, remainder=remainder)
    except PlanError:
        assume(False)
        raise
    assert sum(period.principal for period in plan.schedule) == principal
    exact = Fraction(principal) * Fraction(rate)
    charges = [(1, exact * periods)] if collection == "first_period" else [(k, exact) for k in range(1, periods + 1)]
    for number, charge in charges:
        assert abs(Fraction(plan.schedule[number - 1].interest) - charge) <= Fraction(FEN) / 2
    assert all(period.interest == 0 for period in plan.schedule[len(charges) :])
    share = settle(plan, 1, "share_of_principal", Decimal("0.0333"))
    assert abs(Fraction(share.charge) - Fraction(share.principal_left) * Fraction(333, 10_000)) <= Fraction(FEN) / 2


@pytest.mark.parametrize(
    ("collection", "first", "total"),
    [("each_period", "0.34", "4.08"), ("first_period", "4.02", "4.02")],  # 67 x 0.5 % is 0.335 a period
)
def test_interest_of_the_first_period_is_rounded_once(collection: Collection, first: str, total: str) -> None:
    plan = plan_installment(Decimal("67.00"), 12, Decimal("0.0050"), collection=collection)
    assert (str(plan.schedule[0].interest), str(plan.total_interest)) == (first, total)


@pytest.mark.parametrize("library", ["pyxirr", "numpy_financial"])
@pytest.mark.parametrize("rule", SETTLEMENT_RULES)
@pytest.mark.parametrize("collection", ["each_period", "first_period"])
def test_an_independent_rate_agrees(library: str, rule: SettlementRule, collection: Collection) -> None:
    oracle: Any = pytest.importorskip(library)
    plan = plan_installment(Decimal("9876.54"), 18, Decimal("0.0068"), collection=collection, remainder="first")
    for after in range(1, 19):
        found = settled(plan, after, rule, Decimal("0.03"))
        other = float(oracle.irr([-float(plan.principal), *map(float, payments(plan, found))]))
        assert 12 * other == pytest.approx(float(found.annual_rate_simple), abs=1e-9)


def test_the_largest_plan_can_be_settled() -> None:
    plan = plan_installment(Decimal("999999999999999999.99"), 360, Decimal("0.99"), collection="first_period")
    found = settle(plan, 1, "share_of_principal", Decimal(1))
    assert found.total_paid == plan.principal + found.total_interest
    assert found.annual_rate_simple > 0


@pytest.mark.parametrize(("periods", "after"), [(1, 1), (2, 1), (3, 1), (6, 2), (12, 4), (24, 8)])
def test_the_example_is_after_one_third(periods: int, after: int) -> None:
    assert example_period(periods) == after


@pytest.mark.parametrize(
    ("after", "rule", "share", "message"),
    [
        (0, "charged_so_far", None, "after must be 1 to 12"),
        (13, "charged_so_far", None, "after must be 1 to 12"),
        (4, "soon", None, "unknown rule"),
        (4, "share_of_principal", None, "a share belongs to share_of_principal alone"),
        (4, "all_remaining", "0.03", "a share belongs to share_of_principal alone"),
        (4, "share_of_principal", "0", "share must be over 0"),
        (4, "share_of_principal", "1.01", "share must be over 0"),
        (4, "share_of_principal", "NaN", "share must be over 0"),
    ],
)
def test_an_argument_that_means_nothing_raises(after: int, rule: Any, share: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        settle(PLAN, after, rule, None if share is None else Decimal(share))
