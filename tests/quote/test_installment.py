"""Installment plans against published figures, an oracle file, independent libraries and their own definitions."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from decimal import ROUND_DOWN, ROUND_HALF_UP, Clamped, Context, Decimal, FloatOperation, Inexact, Rounded, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbo.quote import installment
from nbo.quote.installment import (
    Collection,
    InstallmentPlan,
    Period,
    PlanError,
    Remainder,
    internal_rate,
    plan_installment,
    revolving_interest,
)

ORACLE = json.loads((Path(__file__).parent / "installment_oracle.json").read_text(encoding="utf-8"))["cases"]
COLLECTIONS: dict[str, Collection] = {"per_period": "each_period", "first_period": "first_period"}
FEN = Decimal("0.01")

principals = st.integers(min_value=1, max_value=10**8).map(lambda fen: Decimal(fen).scaleb(-2))
rates = st.integers(min_value=0, max_value=3000).map(lambda points: Decimal(points).scaleb(-5))
periods_up_to_60 = st.integers(min_value=1, max_value=60)
collections = st.sampled_from(["each_period", "first_period"])
remainders = st.sampled_from(["last", "first"])
unhurried = settings(deadline=None)


def case_name(case: dict[str, Any]) -> str:
    return f"{case['P']}x{case['n']}@{case['r']}-{case['mode']}-{case['remainder']}"


def payments_of(plan: InstallmentPlan) -> list[Decimal]:
    return [period.payment for period in plan.schedule]


def half_up(value: Fraction) -> Fraction:
    """Round to the fen, half up, by a way of its own: in whole numbers."""
    return Fraction((2 * value * 100 + 1) // 2, 100)


def percent(rate: Decimal, places: str = "0.0001") -> Decimal:
    return (rate * 100).quantize(Decimal(places), ROUND_HALF_UP)


def exact_net_value(principal: Decimal, payments: list[Decimal], rate: Fraction) -> Fraction:
    """Value of the payments less the principal, without any rounding."""
    value = Fraction(0)
    for payment in reversed(payments):
        value = (value + Fraction(payment)) / (1 + rate)
    return value - Fraction(principal)


def plan_or_none(
    principal: Decimal, periods: int, rate: Decimal, collection: Collection, remainder: Remainder
) -> InstallmentPlan | None:
    try:
        return plan_installment(principal, periods, rate, collection=collection, remainder=remainder)
    except PlanError:
        return None


# The oracle file and published figures


@pytest.mark.parametrize("case", [case for case in ORACLE if case["mode"] != "from_proceeds"], ids=case_name)
def test_plan_matches_the_oracle_to_the_fen_and_its_rates_to_4_decimals_of_a_percent(case: dict[str, Any]) -> None:
    principal, rate = Decimal(case["P"]), Decimal(case["r"])
    plan = plan_installment(
        principal, case["n"], rate, collection=COLLECTIONS[case["mode"]], remainder=case["remainder"]
    )
    shown = [str(plan.first_payment), str(plan.payment), str(plan.last_payment), str(plan.total_interest)]
    assert shown == [case["first"], case["mid"], case["last"], case["total_interest"]]
    assert percent(plan.annual_rate_simple) == Decimal(str(case["apr_simple"]))
    assert percent(plan.annual_rate_compound) == Decimal(str(case["apr_compound"]))
    assert (str(plan.principal), str(plan.rate_per_period), plan.periods) == (case["P"], case["r"], case["n"])


def test_interest_deducted_from_the_proceeds_has_no_plan_but_its_rate_can_be_computed() -> None:
    (case,) = (case for case in ORACLE if case["mode"] == "from_proceeds")
    proceeds = Decimal(case["P"]) - Decimal(case["total_interest"])
    rate = internal_rate(proceeds, [Decimal(case["mid"])] * case["n"])
    assert rate is not None
    assert percent(12 * rate) == Decimal(str(case["apr_simple"]))
    with pytest.raises(ValueError, match="unknown collection"):
        plan_installment(proceeds, 12, Decimal("0.006"), collection="from_proceeds")


def test_oracle_holds_every_way_of_collection_and_remainder() -> None:
    kinds = {(case["mode"], case["remainder"]) for case in ORACLE}
    assert kinds >= set(itertools.product(COLLECTIONS, ["last", "first"]))


@pytest.mark.parametrize(
    ("periods", "highest"), [(3, "0.010189"), (6, "0.008983"), (12, "0.008465"), (24, "0.008378"), (36, "0.008500")]
)
def test_highest_rate_with_a_simple_rate_under_that_of_revolving(periods: int, highest: str) -> None:
    # A principal so large that rounding to the fen does not matter.
    principal, ceiling = Decimal("10000000000.00"), Decimal("0.1825")
    assert plan_installment(principal, periods, Decimal(highest)).annual_rate_simple <= ceiling
    assert plan_installment(principal, periods, Decimal(highest) + Decimal("0.000001")).annual_rate_simple > ceiling


def test_icbc_publishes_a_nominal_7_point_2_percent_as_13_point_03() -> None:
    plan = plan_installment(Decimal("10000.00"), 12, Decimal("0.072") / 12)
    assert percent(plan.annual_rate_simple, "0.01") == Decimal("13.03")


def test_example_of_the_central_bank() -> None:
    rate = internal_rate(Decimal("99000.00"), [Decimal("8833.3")] * 12)
    assert rate is not None
    assert percent(12 * rate, "0.01") == Decimal("12.80")
    assert percent((1 + rate) ** 12 - 1, "0.01") == Decimal("13.58")


@pytest.mark.parametrize(("remaining", "simple"), [(8000, "8.22"), (8072, "10.25"), (8240, "14.94"), (8576, "24.14")])
def test_realized_rate_of_an_early_settlement_at_the_fourth_posting(remaining: int, simple: str) -> None:
    posting = Decimal("1072.00")
    rate = internal_rate(Decimal("12000.00"), [posting, posting, posting, posting + remaining])
    assert rate is not None
    assert percent(12 * rate, "0.01") == Decimal(simple)


# What a plan is made of


@unhurried
@given(principals, periods_up_to_60, rates, collections, remainders)
@example(Decimal("100.01"), 2, Decimal("0.005"), "first_period", "last")
@example(Decimal("0.01"), 1, Decimal("0"), "each_period", "last")
@example(Decimal("0.50"), 1, Decimal("0.01"), "each_period", "last")  # half a fen of interest
def test_plan_is_what_its_definition_says(
    principal: Decimal, periods: int, rate: Decimal, collection: Collection, remainder: Remainder
) -> None:
    share = half_up(Fraction(principal) / periods)
    odd_share = Fraction(principal) - share * (periods - 1)
    plan = plan_or_none(principal, periods, rate, collection, remainder)
    assert (plan is None) == (share <= 0 or odd_share <= 0)
    if plan is None:
        return
    interest = Fraction(principal) * Fraction(rate)
    if collection == "each_period":
        interests = [half_up(interest)] * periods
    else:
        interests = [half_up(interest * periods)] + [Fraction(0)] * (periods - 1)
    shares = [share] * (periods - 1)
    shares = [odd_share, *shares] if remainder == "first" else [*shares, odd_share]
    assert plan.schedule == tuple(
        Period(k + 1, Decimal(int(shares[k] * 100)) * FEN, Decimal(int(interests[k] * 100)) * FEN)
        for k in range(periods)
    )
    assert all(
        amount.as_tuple().exponent == -2 for period in plan.schedule for amount in (period.payment, plan.payment)
    )


@unhurried
@given(principals, periods_up_to_60, rates, collections, remainders)
def test_sums_add_up_to_the_fen(
    principal: Decimal, periods: int, rate: Decimal, collection: Collection, remainder: Remainder
) -> None:
    plan = plan_or_none(principal, periods, rate, collection, remainder)
    if plan is None:
        return
    assert sum(period.principal for period in plan.schedule) == plan.principal == principal
    assert sum(period.interest for period in plan.schedule) == plan.total_interest
    assert sum(payments_of(plan)) == principal + plan.total_interest
    roundings = periods if collection == "each_period" else 1
    assert abs(plan.total_interest - principal * rate * periods) <= roundings * FEN / 2
    payments = payments_of(plan)
    assert (plan.first_payment, plan.last_payment) == (payments[0], payments[-1])
    assert plan.payment in payments
    if periods > 2:
        assert set(payments[1:-1]) == {plan.payment}


@pytest.mark.parametrize(
    ("collection", "remainder", "payments", "payment"),
    [
        ("each_period", "last", ["50.51", "50.50"], "50.51"),
        ("each_period", "first", ["50.50", "50.51"], "50.51"),
        ("first_period", "last", ["51.01", "50.00"], "50.00"),
        ("first_period", "first", ["51.00", "50.01"], "50.01"),
    ],
)
def test_payment_of_a_plan_of_two_periods_carries_nothing_extra_where_it_can(
    collection: Collection, remainder: Remainder, payments: list[str], payment: str
) -> None:
    plan = plan_installment(Decimal("100.01"), 2, Decimal("0.005"), collection=collection, remainder=remainder)
    assert [str(amount) for amount in payments_of(plan)] == payments
    assert str(plan.payment) == payment


def test_plan_of_one_period() -> None:
    plan = plan_installment(Decimal("1000.00"), 1, Decimal("0.01"))
    assert plan.first_payment == plan.payment == plan.last_payment == Decimal("1010.00")
    assert plan.annual_rate_simple == Decimal("0.12")
    assert plan.annual_rate_compound == Decimal("1.01") ** 12 - 1


def test_plan_without_interest_costs_nothing() -> None:
    plan = plan_installment(Decimal("1000.00"), 12, Decimal("0"))
    assert plan.total_interest == plan.annual_rate_simple == plan.annual_rate_compound == 0


def test_interest_is_exact_for_the_largest_principal_and_a_long_rate() -> None:
    principal, rate = Decimal("999999999999999999.99"), Decimal("0.0012345678901234567890123456789012345678")
    plan = plan_installment(principal, 360, rate)
    interest = half_up(Fraction(principal) * Fraction(rate))
    assert Fraction(plan.schedule[0].interest) == interest
    assert Fraction(plan.total_interest) == 360 * interest


@pytest.mark.parametrize(("principal", "periods"), [("0.07", 12), ("0.02", 3), ("0.01", 12), ("100.00", 360)])
@pytest.mark.parametrize("remainder", ["last", "first"])
def test_principal_too_small_for_so_many_periods(principal: str, periods: int, remainder: Remainder) -> None:
    with pytest.raises(PlanError, match=f"a principal of {principal} is too small for {periods} periods"):
        plan_installment(Decimal(principal), periods, Decimal("0.006"), remainder=remainder)


@pytest.mark.parametrize(
    ("principal", "periods", "rate", "message"),
    [
        ("0", 12, "0.006", "principal must be over 0"),
        ("-1", 12, "0.006", "principal must be over 0"),
        ("NaN", 12, "0.006", "principal must be over 0"),
        ("sNaN", 12, "0.006", "principal must be over 0"),
        ("Infinity", 12, "0.006", "principal must be over 0"),
        ("1E+18", 12, "0.006", "at most 18 integer digits"),
        ("100.001", 12, "0.006", "at most 2 fraction digits"),
        ("100", 0, "0.006", "periods must be 1 to 360"),
        ("100", 361, "0.006", "periods must be 1 to 360"),
        ("100", 12, "-0.001", "rate_per_period must be"),
        ("100", 12, "1", "rate_per_period must be"),
        ("100", 12, "NaN", "rate_per_period must be"),
    ],
)
def test_argument_out_of_range_raises(principal: str, periods: int, rate: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        plan_installment(Decimal(principal), periods, Decimal(rate))
    assert not isinstance(raised.value, PlanError)


def test_unknown_remainder_raises() -> None:
    with pytest.raises(ValueError, match="unknown collection or remainder"):
        plan_installment(Decimal("100"), 12, Decimal("0.006"), remainder="middle")


# Plans are kept and shared


def test_same_plan_is_shared_and_cannot_be_changed() -> None:
    plan = plan_installment(Decimal("5000.00"), 12, Decimal("0.0060"))
    assert plan_installment(Decimal("5000.00"), 12, Decimal("0.0060"), remainder="last") is plan
    with pytest.raises(FrozenInstanceError):
        plan.payment = Decimal(0)


def test_plan_shows_the_digits_of_its_own_rate_whatever_was_planned_before() -> None:
    short = plan_installment(Decimal("5000.00"), 12, Decimal("0.006"))
    long = plan_installment(Decimal("5000.00"), 12, Decimal("0.0060"))
    assert short == long
    assert (str(short.rate_per_period), str(long.rate_per_period)) == ("0.006", "0.0060")
    assert str(plan_installment(Decimal("5E+3"), 12, Decimal("0.0060")).principal) == "5000.00"


def test_threads_agree() -> None:
    amounts = [Decimal(1000 + k % 50) for k in range(1000)]
    with ThreadPoolExecutor(8) as pool:
        plans = list(pool.map(lambda amount: plan_installment(amount, 6, Decimal("0.0071")), amounts))
    assert [plan.principal for plan in plans] == amounts
    assert plans == [installment._plan(amount, 6, Decimal("0.0071"), "each_period", "last") for amount in amounts]


# The rate of return


def bracketed(principal: Decimal, payments: list[Decimal], rate: Decimal, margin: Fraction) -> bool:
    """Tell whether the true root is within `margin` of the rate, relatively, by exact signs on both sides."""
    below, above = Fraction(rate) * (1 - margin), Fraction(rate) * (1 + margin)
    return exact_net_value(principal, payments, below) > 0 > exact_net_value(principal, payments, above)


@unhurried
@given(principals, st.integers(1, 36), rates, collections, remainders)
@example(Decimal("1000000.00"), 36, Decimal("0.03"), "first_period", "first")
def test_rate_solves_the_cash_flow(
    principal: Decimal, periods: int, rate: Decimal, collection: Collection, remainder: Remainder
) -> None:
    plan = plan_or_none(principal, periods, rate, collection, remainder)
    if plan is None:
        return
    found = internal_rate(principal, payments_of(plan))
    assert found is not None
    assert abs(exact_net_value(principal, payments_of(plan), Fraction(found))) <= Fraction(principal) / 10**20
    if found:
        assert bracketed(principal, payments_of(plan), found, Fraction(1, 10**26))
    # 12 times the rate of return, but for the rounding of each to 28 digits.
    assert abs(plan.annual_rate_simple - 12 * found) <= 12 * found * Decimal("1e-27")
    with localcontext(Context(prec=60)):
        compound = (1 + found) ** 12 - 1
    assert abs(plan.annual_rate_compound - compound) <= compound * Decimal("1e-25")


@unhurried
@given(principals, st.lists(st.integers(0, 10**7).map(lambda fen: Decimal(fen).scaleb(-2)), min_size=1, max_size=12))
@example(Decimal("0.01"), [Decimal("100000.00")] * 12)
@example(Decimal("100.00"), [Decimal("0.00")] * 11 + [Decimal("100000.00")])
@example(Decimal("100.00"), [Decimal("100000.00")] + [Decimal("0.00")] * 11)
@example(Decimal("100.00"), [Decimal("99.99")] + [Decimal("0.00")] * 10 + [Decimal("100000.00")])
def test_rate_of_any_payments(principal: Decimal, payments: list[Decimal]) -> None:
    found, total = internal_rate(principal, payments), sum(payments)
    assert (found is None) == (total < principal)
    assert (found == 0) == (total == principal)
    if found:
        assert bracketed(principal, payments, found, Fraction(1, 10**26))


@pytest.mark.parametrize("periods", [1, 2, 3, 12, 60])
@pytest.mark.parametrize("collection", ["each_period", "first_period"])
@pytest.mark.parametrize("rate", ["1e-18", "1e-9", "0.006", "0.99"])
def test_digits_survive_the_smallest_and_the_largest_interest(periods: int, collection: Collection, rate: str) -> None:
    principal = Decimal("99999999999999999.97")
    plan = plan_installment(principal, periods, Decimal(rate), collection=collection)
    if not plan.total_interest:
        pytest.skip("rounds to no interest at all")
    monthly = Fraction(plan.annual_rate_simple) / 12
    margin = Fraction(1, 10**26)
    payments = payments_of(plan)
    assert exact_net_value(principal, payments, monthly * (1 - margin)) > 0
    assert exact_net_value(principal, payments, monthly * (1 + margin)) < 0


@pytest.mark.parametrize("collection", ["each_period", "first_period"])
def test_annuity_formula_and_horner_scheme_agree(collection: Collection) -> None:
    plan = plan_installment(Decimal("10000.01"), 360, Decimal("0.0061"), collection=collection, remainder="first")
    payments = payments_of(plan)
    horner = installment._uneven_rate(plan.principal, payments, plan.total_interest)
    assert internal_rate(plan.principal, payments) == Context(prec=28).plus(horner)


def test_search_ends_without_newton(monkeypatch: pytest.MonkeyPatch) -> None:
    payments = [Decimal("857.60")] * 12
    expected = internal_rate(Decimal("9600.00"), payments)
    monkeypatch.setattr(installment, "_NEWTON_STEPS", 0)
    bisected = internal_rate(Decimal("9600.00"), payments)
    assert bisected is not None
    assert expected is not None
    assert abs(bisected - expected) <= expected * Decimal("1e-27")


def test_no_payments_repay_nothing() -> None:
    assert internal_rate(Decimal("100.00"), []) is None


@pytest.mark.parametrize(
    ("principal", "payments", "message"),
    [
        ("0", ["1"], "principal must be over 0"),
        ("NaN", ["1"], "principal must be over 0"),
        ("1E+18", ["1E+17"], "at most 18 integer digits"),
        ("100", ["200", "-50"], "a payment must be at least 0"),
        ("100", ["sNaN"], "a payment must be at least 0"),
        ("100", ["Infinity"], "a payment must be at least 0"),
    ],
)
def test_amount_out_of_range_raises(principal: str, payments: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        internal_rate(Decimal(principal), [Decimal(amount) for amount in payments])


@unhurried
@given(st.integers(10**4, 10**7), periods_up_to_60, st.integers(10, 2000), collections, remainders)
def test_pyxirr_agrees(fen: int, periods: int, points: int, collection: Collection, remainder: Remainder) -> None:
    pyxirr = pytest.importorskip("pyxirr", reason="pyxirr, an independent rate of return, is not installed")
    plan = plan_installment(
        Decimal(fen).scaleb(-2), periods, Decimal(points).scaleb(-5), collection=collection, remainder=remainder
    )
    other = pyxirr.irr([-float(plan.principal), *map(float, payments_of(plan))])
    assert 12 * other == pytest.approx(float(plan.annual_rate_simple), abs=1e-9)


@settings(deadline=None, max_examples=25)
@given(st.integers(10**4, 10**7), st.integers(1, 36), st.integers(10, 2000), collections, remainders)
def test_numpy_financial_agrees(
    fen: int, periods: int, points: int, collection: Collection, remainder: Remainder
) -> None:
    numpy_financial = pytest.importorskip(
        "numpy_financial", reason="numpy-financial, an independent rate of return, is not installed"
    )
    plan = plan_installment(
        Decimal(fen).scaleb(-2), periods, Decimal(points).scaleb(-5), collection=collection, remainder=remainder
    )
    other = float(numpy_financial.irr([-float(plan.principal), *map(float, payments_of(plan))]))
    assert 12 * other == pytest.approx(float(plan.annual_rate_simple), abs=1e-9)


# The caller's decimal context


@unhurried
@given(principals, periods_up_to_60, rates, collections, remainders)
def test_nothing_depends_on_the_decimal_context_of_the_caller(
    principal: Decimal, periods: int, rate: Decimal, collection: Collection, remainder: Remainder
) -> None:
    daily, days = Decimal("0.0005"), [30] * periods

    def everything() -> tuple[object, ...]:
        try:
            plan = installment._plan(principal, periods, rate, collection, remainder)
        except PlanError as error:
            return (str(error),)
        payments = payments_of(plan)
        uneven = [payments[0], Decimal("0.00"), *payments[1:]]
        return (
            repr(plan),
            str(internal_rate(principal, payments)),
            str(internal_rate(principal, uneven)),
            str(revolving_interest(plan.schedule, daily, days)),
        )

    expected = everything()
    hostile = Context(prec=5, rounding=ROUND_DOWN, Emin=-3, Emax=3, traps=[Inexact, Rounded, Clamped, FloatOperation])
    with localcontext(hostile) as context:
        assert everything() == expected
        assert not any(context.flags.values())


# Revolving instead


def test_revolving_the_same_principal_over_the_same_periods() -> None:
    # 10,800 over 12 periods of 30 days: 900 x (12 + 11 + .. + 1) x 30 x 0.05 %
    plan = plan_installment(Decimal("10800.00"), 12, Decimal("0.0060"))
    assert str(revolving_interest(plan.schedule, Decimal("0.0005"), [30] * 12)) == "1053.00"


def test_revolving_interest_is_rounded_once() -> None:
    # 0.30 x 1 day and 0.10 x 1 day at 1.25 %: 0.00375 and 0.00125 round to nothing alone, and to a fen together.
    schedule = [Period(1, Decimal("0.20"), Decimal("0.00")), Period(2, Decimal("0.10"), Decimal("0.00"))]
    assert revolving_interest(schedule, Decimal("0.0125"), [1, 1]) == Decimal("0.01")


@unhurried
@given(principals, periods_up_to_60, remainders, st.data())
def test_revolving_interest_follows_the_balance(
    principal: Decimal, periods: int, remainder: Remainder, data: st.DataObject
) -> None:
    plan = plan_or_none(principal, periods, Decimal("0.006"), "each_period", remainder)
    if plan is None:
        return
    days = data.draw(st.lists(st.integers(0, 31), min_size=periods, max_size=periods))
    balance, expected = Fraction(principal), Fraction(0)
    for period, count in zip(plan.schedule, days, strict=True):
        expected += balance * count * Fraction(5, 10_000)
        balance -= Fraction(period.principal)
    assert Fraction(revolving_interest(plan.schedule, Decimal("0.0005"), days)) == half_up(expected)


@pytest.mark.parametrize(
    ("daily_rate", "days", "message"),
    [
        ("0.0005", [30], "one number of at least 0 for each of 2 periods"),
        ("0.0005", [30, -1], "one number of at least 0 for each of 2 periods"),
        ("-0.0005", [30, 30], "daily_rate must be at least 0"),
        ("NaN", [30, 30], "daily_rate must be at least 0"),
    ],
)
def test_revolving_interest_refuses_what_makes_no_sense(daily_rate: str, days: list[int], message: str) -> None:
    plan = plan_installment(Decimal("100.00"), 2, Decimal("0.006"))
    with pytest.raises(ValueError, match=message):
        revolving_interest(plan.schedule, Decimal(daily_rate), days)
