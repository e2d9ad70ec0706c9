"""What it costs to settle an installment plan before its end.

In: a plan, the period whose payment is the last regular one, and the rule of the contract. Out: what is due then besides
that payment, what was paid altogether, and what it cost as an annual rate. Like the plan it is exact, and it knows nothing
of offers, dates or wording.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, cast, get_args

from nbo.language.operations import MONEY_CONTEXT, total
from nbo.once import once
from nbo.quote.installment import InstallmentPlan, annual_rate

SettlementRule = Literal["charged_so_far", "one_more_period", "share_of_principal", "all_remaining"]
"""What a settlement costs besides the principal that is left: nothing more than was charged so far, the interest of one
more period, a share of that principal, or all interest that was still to come."""

SETTLEMENT_RULES = get_args(SettlementRule)
_ZERO, _FEN = Decimal("0.00"), Decimal("0.01")


@dataclass(frozen=True)  # no slots: the rate is worked out when it is asked for, and once
class Settlement:
    """A plan settled with the payment of period `after`; money in yuan with 2 decimals.

    `amount` is due besides that payment: the principal that is left and `charge`. `total_paid` is all that was paid from
    the first period on, `total_interest` all of it but the principal. `surcharge` is what of this is more than the
    interest for the periods that the money was used, which is all that the Civil Code of mainland China gives the lender
    (article 677) unless something else was agreed on.
    """

    after: int
    principal_left: Decimal
    charge: Decimal
    amount: Decimal
    total_paid: Decimal
    total_interest: Decimal
    surcharge: Decimal
    plan: InstallmentPlan = field(compare=False, repr=False)
    payments: tuple[Decimal, ...] = field(repr=False)

    @once
    def annual_rate_simple(self) -> Decimal:
        """12 times the monthly rate of return of what was really paid, with 28 significant digits."""
        if self.after == self.plan.periods:
            return self.plan.annual_rate_simple
        # INVARIANT: what is paid is never less than the principal, so there is a rate
        return cast("Decimal", annual_rate(self.plan.principal, self.payments))


def settle(plan: InstallmentPlan, after: int, rule: SettlementRule, share: Decimal | None = None) -> Settlement:
    """Settle a plan with the payment of period `after`, which counts from 1.

    `share` is the fraction of the principal that is left, over 0 and at most 1, for `share_of_principal` and for no other
    rule; the charge is rounded half up to the fen, once. Settling with the last payment settles nothing: it costs what
    the plan costs.

    Raises `ValueError` for a period that the plan does not have, an unknown rule, or a share that does not fit the rule.

    >>> from nbo.quote.installment import plan_installment
    >>> plan = plan_installment(Decimal("12000.00"), 12, Decimal("0.0060"))
    >>> settled = settle(plan, 4, "share_of_principal", Decimal("0.03"))
    >>> settled.amount, settled.total_paid, round(settled.annual_rate_simple, 4)
    (Decimal('8240.00'), Decimal('12528.00'), Decimal('0.1494'))
    """
    if not 1 <= after <= plan.periods:
        raise ValueError(f"after must be 1 to {plan.periods}: {after}")
    if rule not in SETTLEMENT_RULES:
        raise ValueError(f"unknown rule: {rule}")
    if (share is not None) != (rule == "share_of_principal"):
        raise ValueError(f"a share belongs to share_of_principal alone: {rule}, {share}")
    if share is not None and not (share.is_finite() and 0 < share <= 1):
        raise ValueError(f"share must be over 0 and at most 1: {share}")
    # PERF: an example is asked for with each quote, its explanation and its JSON
    known = plan.settled.get((after, rule, share))
    if known is None:
        known = plan.settled[after, rule, share] = _settle(plan, after, rule, share)
    return known


def example_period(periods: int) -> int:
    """The period of an example: after one third of the term, and with the first payment of a very short one."""
    return max(1, periods // 3)


def highest_surcharge(plan: InstallmentPlan, rule: SettlementRule, share: Decimal | None = None) -> Decimal:
    """The most that any settlement costs over the interest for the time used: the earliest one is the dearest.

    Principal and interest to come only fall, and what was charged ahead is used up period by period.
    """
    return settle(plan, 1, rule, share).surcharge


def _settle(plan: InstallmentPlan, after: int, rule: SettlementRule, share: Decimal | None) -> Settlement:
    """Settle as `settle` promises it."""
    left = total(period.principal for period in plan.schedule[after:])
    charge = _charge(plan, after, rule, share, left)
    amount = MONEY_CONTEXT.add(left, charge)
    payments = [period.payment for period in plan.schedule[:after]]
    payments[-1] = MONEY_CONTEXT.add(payments[-1], amount)
    total_paid = total(payments)
    total_interest = MONEY_CONTEXT.subtract(total_paid, plan.principal)
    return Settlement(
        after=after,
        principal_left=left,
        charge=charge,
        amount=amount,
        total_paid=total_paid,
        total_interest=total_interest,
        surcharge=MONEY_CONTEXT.subtract(total_interest, _interest_of_time(plan, after)),
        plan=plan,
        payments=tuple(payments),
    )


def _charge(plan: InstallmentPlan, after: int, rule: SettlementRule, share: Decimal | None, left: Decimal) -> Decimal:
    """What the rule adds to the principal that is left."""
    match rule:
        case "one_more_period":
            return total(period.interest for period in plan.schedule[after : after + 1])
        case "all_remaining":
            return total(period.interest for period in plan.schedule[after:])
        case _:
            return _ZERO if share is None else MONEY_CONTEXT.quantize(MONEY_CONTEXT.multiply(left, share), _FEN)


def _interest_of_time(plan: InstallmentPlan, after: int) -> Decimal:
    """Interest for the periods up to `after`; where all was charged ahead, these periods' share of it, rounded once."""
    charged_ahead = plan.periods > 1 and plan.schedule[0].interest > 0 and plan.schedule[1].interest == 0
    if charged_ahead:
        return MONEY_CONTEXT.quantize(
            MONEY_CONTEXT.multiply(MONEY_CONTEXT.multiply(plan.principal, plan.rate_per_period), after), _FEN
        )
    return total(period.interest for period in plan.schedule[:after])
