"""Installments as plain values: what a decision and `nbo quote installment` say of a plan, a settlement and its days.

Money and rates are strings, so that no reader turns them into binary floats. Here nothing is computed but rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from nbo.language.operations import MONEY_CONTEXT, MOST_FRACTION_DIGITS, as_amount
from nbo.quote.installment import InstallmentPlan
from nbo.quote.plain import iso
from nbo.quote.settlement import Settlement

_PLACES = Decimal("0.0001")


def plan_numbers(plan: InstallmentPlan) -> dict[str, object]:
    """The numbers of a plan that people compare."""
    return {
        "principal": as_amount(plan.principal),
        "periods": plan.periods,
        "rate_per_period": rate(plan.rate_per_period),
        "first_payment": as_amount(plan.first_payment),
        "payment": as_amount(plan.payment),
        "last_payment": as_amount(plan.last_payment),
        "total_interest": as_amount(plan.total_interest),
        "annual_rate_simple": annual(plan.annual_rate_simple),
    }


def schedule(plan: InstallmentPlan, dues: Iterable[date | None]) -> list[dict[str, object]]:
    """Every period with its day, where that is known."""
    return [
        {"due_date": iso(due), "principal": as_amount(each.principal), "interest": as_amount(each.interest)}
        for due, each in zip(dues, plan.schedule, strict=True)
    ]


def settlement_numbers(settled: Settlement, dues: list[date | None]) -> dict[str, object]:
    """A settlement with the day on which it is due: that of the last regular payment."""
    return {
        "after": settled.after,
        "due_date": iso(dues[settled.after - 1]),
        "principal_left": as_amount(settled.principal_left),
        "charge": as_amount(settled.charge),
        "amount": as_amount(settled.amount),
        "total_paid": as_amount(settled.total_paid),
        "total_interest": as_amount(settled.total_interest),
        "annual_rate_simple": annual(settled.annual_rate_simple),
    }


def annual(value: Decimal) -> str:
    """An annual rate as a fraction, rounded half up to 4 decimals."""
    return format(MONEY_CONTEXT.quantize(value, _PLACES), "f")


def rate(value: Decimal) -> str:
    """A rate that was written: all of its digits, at least 4 of them after the point.

    INVARIANT: one that stands in a rule file has at most 10; nothing is rounded away.
    """
    exponent = value.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) else 0
    assert digits <= MOST_FRACTION_DIGITS  # noqa: S101 - by the invariant
    return format(MONEY_CONTEXT.quantize(value, _PLACES) if digits < 4 else value, "f")
