"""Arithmetic of credit limits: the smallest bound counts, a raise is rounded down, and nothing falls below what is used.

In: amounts of money. Out: the change, or the `LimitError` that says why there is none. Nothing here knows an offer, a pack
or a customer; the decision's quote and `nbo quote limit` share it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from nbo.language.operations import MONEY_CONTEXT, add, multiply, round_to_unit

Problem = Literal["nothing_to_raise", "limit_below_used"]


class LimitError(Exception):
    """There is no new limit: `problem` is a stable code, `bound_by` the bound that leaves nothing to raise."""

    def __init__(self, problem: Problem, bound_by: str | None = None) -> None:
        super().__init__(problem)
        self.problem: Problem = problem
        self.bound_by = bound_by


@dataclass(frozen=True, slots=True)
class LimitChange:
    """From one limit to another, in money; `bound_by` names the bound that decided."""

    current: Decimal
    new: Decimal
    bound_by: str

    @property
    def extra(self) -> Decimal:
        """How much more it is; 0 where it is less."""
        return max(MONEY_CONTEXT.subtract(self.new, self.current), Decimal(0))

    @property
    def reduction(self) -> Decimal:
        """How much less it is; 0 where it is more."""
        return max(MONEY_CONTEXT.subtract(self.current, self.new), Decimal(0))


def raised_by(current: Decimal, share: Decimal) -> Decimal | None:
    """The limit with a share of it on top, exactly; None past the bounds of an amount.

    >>> raised_by(Decimal("20000.00"), Decimal("0.3"))
    Decimal('26000.000')
    """
    extra = multiply(current, share)
    return None if extra is None else add(current, extra)


def raise_limit(
    current: Decimal,
    bounds: Mapping[str, Decimal],
    *,
    used: Decimal | None = None,
    unit: Decimal = Decimal("0.01"),
    least: Decimal = Decimal("0.01"),
) -> LimitChange:
    """The smallest of `bounds` (amounts by name, at least one), rounded down to `unit`; the first of equals decides.

    `used` is what of the limit is used, `least` the smallest raise. Raises `LimitError`.

    >>> raise_limit(Decimal(20000), {"raise": Decimal(26000), "cap": Decimal(25050)}, unit=Decimal(100))
    LimitChange(current=Decimal('20000'), new=Decimal('25000'), bound_by='cap')
    """
    bound_by = min(bounds, key=lambda name: bounds[name])
    new = round_to_unit(bounds[bound_by], unit, down=True)
    if new is None or MONEY_CONTEXT.subtract(new, current) < least:
        raise LimitError("nothing_to_raise", bound_by)
    return _not_below_used(LimitChange(current, new, bound_by), used)


def lower_limit(current: Decimal, ceiling: Decimal, *, used: Decimal | None = None) -> LimitChange:
    """The limit at the ceiling that the customer names, which is below it; raises `LimitError`."""
    return _not_below_used(LimitChange(current, ceiling, "ceiling"), used)


def last_day(today: date, days: int) -> date | None:
    """The last day of `days` days from today on; None past the end of the calendar.

    >>> last_day(date(2026, 11, 16), 60)
    datetime.date(2027, 1, 15)
    """
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _not_below_used(change: LimitChange, used: Decimal | None) -> LimitChange:
    if used is not None and change.new < used:
        raise LimitError("limit_below_used", change.bound_by)
    return change
