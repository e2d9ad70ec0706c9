"""Exact arithmetic of installment plans.

In: a principal in yuan, a number of monthly periods, a rate per period. Out: the schedule to the fen, its totals, and
what it costs as an annual rate. It knows nothing of offers, dates, eligibility or wording, and never touches a binary
float. How a principal comes about and whether a plan may be offered is decided elsewhere.

Nothing here reads or changes the caller's decimal context: all arithmetic goes through the methods of the library's context
for money and of two for rates, and comparisons of decimals read no context.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from cachetools import LRUCache

from nbo.language.operations import MONEY_CONTEXT

if TYPE_CHECKING:
    from nbo.quote.settlement import Settlement

Collection = Literal["each_period", "first_period"]
"""When interest is paid: in every period, or all of it in the first."""

Remainder = Literal["last", "first"]
"""Which period takes what is left when the principal does not divide evenly."""

_FEN = Decimal("0.01")
_ZERO = Decimal("0.00")
_ONE = Decimal(1)
_COLLECTIONS = get_args(Collection)
_REMAINDERS = get_args(Remainder)
_MAX_PERIODS = 360
_MAX_INTEGER_DIGITS = 18
_MAX_PAYMENT_DIGITS = 21  # the largest principal with the interest of all periods at once
_MONTHS = 12

_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
# INVARIANT: 28 digits of a rate survive. With interest of one fen on 10^18 yuan the annuity formula loses 20 digits to
# cancellation and the equation another 20; 76 digits fill four machine words and leave 36.
_WORK = Context(prec=76, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
# A rate is handed out with 28 digits, so that one which is a short decimal (n = 1) comes out as exactly that decimal.
_RATE = Context(prec=28, rounding=ROUND_HALF_UP, traps=_TRAPS)

_add, _sub, _mul, _div, _fma = _WORK.add, _WORK.subtract, _WORK.multiply, _WORK.divide, _WORK.fma

# Newton doubles the digits: a step of 1e-16 of the rate leaves an error of about 1e-32 of it, at most 2e-30.
_CONVERGED = Decimal("1e-16")
_BISECTED = Decimal("1e-30")
_NEWTON_STEPS = 100

_NetValue = Callable[[Decimal], tuple[Decimal, Decimal]]
"""Value of the payments less the principal at a rate per period, and its derivative by that rate."""


class PlanError(ValueError):
    """A principal too small for so many periods: some period would repay nothing, or less than nothing."""


class Period(NamedTuple):
    """One period of a schedule, `number` counted from 1; `principal` and `interest` in yuan with 2 decimals."""

    number: int
    principal: Decimal
    interest: Decimal

    @property
    def payment(self) -> Decimal:
        """Principal and interest together, in yuan."""
        return MONEY_CONTEXT.add(self.principal, self.interest)


@dataclass(frozen=True, slots=True)
class InstallmentPlan:
    """A plan with all its numbers; money in yuan with 2 decimals, rates as fractions (0.0060 is 0.60 %).

    `first_payment` and `last_payment` are the payments of the first and the last period. `payment` is the one of a
    middle period. A plan of one period has only its first payment. A plan of two has no middle period; there `payment`
    is the payment that carries neither the rounding remainder nor interest of other periods, and the last one if no
    payment is free of both. So it is always an amount that the schedule holds.

    `rate_per_period` keeps the digits it was given with. `annual_rate_simple` is 12 times the rate of return per month
    and `annual_rate_compound` that rate compounded over 12 months, both with 28 significant digits: a bound (18.25 %)
    is tested on these, and they are shown rounded half up to 4 decimals (0.1303).
    """

    principal: Decimal
    periods: int
    rate_per_period: Decimal
    first_payment: Decimal
    payment: Decimal
    last_payment: Decimal
    total_interest: Decimal
    annual_rate_simple: Decimal
    annual_rate_compound: Decimal
    schedule: tuple[Period, ...]
    settled: dict[tuple[int, str, Decimal | None], Settlement] = field(
        default_factory=dict, compare=False, repr=False
    )  # what `settle` has worked out before


def plan_installment(
    principal: Decimal,
    periods: int,
    rate_per_period: Decimal,
    *,
    collection: Collection = "each_period",
    remainder: Remainder = "last",
) -> InstallmentPlan:
    """Work out an installment plan to the fen.

    `principal` is in yuan, over 0, with at most 18 integer and 2 fraction digits; `periods` are months, 1 to 360;
    `rate_per_period` is a fraction of the principal, at least 0 and under 1. Nothing may be missing: a caller with a
    missing number has no plan.

    A period repays principal / periods, rounded half up to the fen; the first or the last period takes the remainder.
    Interest is principal x rate a period, rounded half up each time; collected in the first period it is
    principal x rate x periods, rounded once.

    Raises `PlanError` if the principal is too small for so many periods, and `ValueError` for an argument out of range.

    Source: the tariffs of Chinese card issuers, and PBOC notice 2021 No. 3 for the annual rates.

    >>> plan = plan_installment(Decimal("10800.00"), 12, Decimal("0.0060"))
    >>> plan.payment, plan.total_interest
    (Decimal('964.80'), Decimal('777.60'))
    >>> plan.annual_rate_simple.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    Decimal('0.1303')
    """
    # 0.006 equals 0.0060, but the plan repeats the rate digit by digit
    key = (str(principal), periods, str(rate_per_period), collection, remainder)
    plan = _known.plans.get(key)
    if plan is None:
        plan = _known.plans[key] = _plan(principal, periods, rate_per_period, collection, remainder)
    return plan


def internal_rate(principal: Decimal, payments: Sequence[Decimal]) -> Decimal | None:
    """Find the rate per period at which the payments are worth the principal: 28 digits of the internal rate of return.

    `principal` in yuan, over 0, with 18 integer digits at most, is received at once; `payments` in yuan, one at the end
    of each period, are at least 0 (0 is a period without a payment) and have 21 integer digits at most. None: the
    payments add up to less than the principal, so no rate of 0 or more exists; exactly 0 if they add up to the
    principal. With payments of at least 0 there is never more than one answer. The digits hold while the interest is at
    least 1e-20 of the principal.

    Raises `ValueError` for an amount out of range.

    Source: the yearly rate that PBOC notice 2021 No. 3 asks for, its own example among the tests.

    >>> internal_rate(Decimal("100.00"), [Decimal("0.00"), Decimal("121.00")])
    Decimal('0.1000000000000000000000000000')
    """
    rate = _rate(principal, payments)
    return None if rate is None else _RATE.plus(rate)


def annual_rate(principal: Decimal, payments: Sequence[Decimal]) -> Decimal | None:
    """Find the simple annual rate (单利) of monthly payments: 12 times their `internal_rate`, 28 significant digits.

    Arguments, None and errors are those of `internal_rate`.

    >>> annual_rate(Decimal("100.00"), [Decimal("101.00")])
    Decimal('0.12')
    """
    rate = _rate(principal, payments)
    return None if rate is None else _RATE.multiply(rate, _MONTHS)


def revolving_interest(schedule: Sequence[Period], daily_rate: Decimal, days: Sequence[int]) -> Decimal:
    """Interest in yuan of carrying the same balance as revolving credit instead; `days` has the days of each period.

    The customer of the comparison pays the same principal down in the same periods, so the balances are those of the
    plan and only the price differs: `daily_rate` (a fraction; 0.0005 is 0.05 % a day) on the balance before each
    payment, for the days up to it. That is like for like. A revolver who paid only the minimum would owe for longer,
    and the difference would be one of behavior, not of price. Interest is simple, on the principal alone, as it is on
    the plan's side; a bank that compounds charges more, so the comparison does not flatter the plan. Rounded half up to
    the fen once, at the end.

    Raises `ValueError` if `days` is not one number of at least 0 for each period, or the rate is under 0.

    >>> plan = plan_installment(Decimal("1000.00"), 2, Decimal("0.0060"))
    >>> revolving_interest(plan.schedule, Decimal("0.0005"), [30, 31])
    Decimal('22.75')
    """
    if len(days) != len(schedule) or (days and min(days) < 0):
        raise ValueError(f"days must be one number of at least 0 for each of {len(schedule)} periods: {list(days)}")
    if not (daily_rate.is_finite() and daily_rate >= 0):
        raise ValueError(f"daily_rate must be at least 0: {daily_rate}")
    # A fen costs interest from the start until it is paid back. PERF: all shares but one are alike, so that they are counted
    # in whole days first: 12 periods in 2.5 us and not 5.4.
    yuan_days, elapsed = _ZERO, 0
    share, its_days = _ZERO, 0
    for period, count in zip(schedule, days, strict=True):
        elapsed += count
        if period.principal is not share:
            yuan_days = MONEY_CONTEXT.fma(share, its_days, yuan_days)
            share, its_days = period.principal, 0
        its_days += elapsed
    yuan_days = MONEY_CONTEXT.fma(share, its_days, yuan_days)
    return MONEY_CONTEXT.quantize(MONEY_CONTEXT.multiply(yuan_days, daily_rate), _FEN)


class _Known(threading.local):
    """The plans that a thread has worked out.

    PERF: a decision, its explanation, its JSON and the script's second check ask for the same plan again, and a hit (2 µs)
    saves the schedule as well as the rate (34 µs for 12 periods). Each thread has its own, so that none waits for another:
    a look-up moves what it finds to the end, which two threads must not do at once.
    """

    def __init__(self) -> None:
        # a plan weighs its periods, of about 100 bytes, and ten for itself and its key: a thread keeps at most 2 MB
        self.plans: LRUCache[object, InstallmentPlan] = LRUCache(
            maxsize=16_384, getsizeof=lambda plan: plan.periods + 10
        )


_known = _Known()


def _plan(
    principal: Decimal, periods: int, rate_per_period: Decimal, collection: Collection, remainder: Remainder
) -> InstallmentPlan:
    """Work out a plan as `plan_installment` promises it."""
    principal = _checked(principal, periods, rate_per_period, collection, remainder)
    share, odd_share = _split(principal, periods)
    interest = MONEY_CONTEXT.multiply(principal, rate_per_period)
    if collection == "each_period":
        interest = first_interest = MONEY_CONTEXT.quantize(interest, _FEN)
        total_interest = MONEY_CONTEXT.multiply(interest, periods)
    else:
        first_interest = total_interest = MONEY_CONTEXT.quantize(MONEY_CONTEXT.multiply(interest, periods), _FEN)
        interest = _ZERO
    odd_period = 1 if remainder == "first" else periods
    schedule = tuple(
        Period(k, odd_share if k == odd_period else share, first_interest if k == 1 else interest)
        for k in range(1, periods + 1)
    )
    first, last = schedule[0].payment, schedule[-1].payment
    if periods > 2:
        payment = MONEY_CONTEXT.add(share, interest)
    else:
        payment = first if collection == "each_period" and remainder == "last" else last
    rate = (
        _level_rate(principal, periods, first=first, middle=payment, last=last, interest=total_interest)
        if total_interest
        else _ZERO
    )
    return InstallmentPlan(
        principal=principal,
        periods=periods,
        rate_per_period=rate_per_period,
        first_payment=first,
        payment=payment,
        last_payment=last,
        total_interest=total_interest,
        annual_rate_simple=_RATE.multiply(rate, _MONTHS),
        annual_rate_compound=_RATE.plus(_sub(_WORK.power(_add(rate, _ONE), _MONTHS), _ONE)),
        schedule=schedule,
    )


def _checked(
    principal: Decimal, periods: int, rate_per_period: Decimal, collection: Collection, remainder: Remainder
) -> Decimal:
    """Refuse what no plan can be made of; give the principal with 2 decimals."""
    if not (principal.is_finite() and principal > 0 and principal.adjusted() < _MAX_INTEGER_DIGITS):
        raise ValueError(f"principal must be over 0, with at most {_MAX_INTEGER_DIGITS} integer digits: {principal}")
    if not 1 <= periods <= _MAX_PERIODS:
        raise ValueError(f"periods must be 1 to {_MAX_PERIODS}: {periods}")
    if not (rate_per_period.is_finite() and 0 <= rate_per_period < 1):
        raise ValueError(f"rate_per_period must be at least 0 and under 1: {rate_per_period}")
    if collection not in _COLLECTIONS or remainder not in _REMAINDERS:
        raise ValueError(f"unknown collection or remainder: {collection}, {remainder}")
    in_fen = MONEY_CONTEXT.quantize(principal, _FEN)
    if in_fen != principal:
        raise ValueError(f"principal must have at most 2 fraction digits: {principal}")
    return in_fen


def _split(principal: Decimal, periods: int) -> tuple[Decimal, Decimal]:
    """Split the principal into the share of an ordinary period and the share of the one that takes the remainder.

    In whole fen, where half up is exact: a decimal division would round twice.
    """
    fen = int(MONEY_CONTEXT.scaleb(principal, 2))
    share = (2 * fen + periods) // (2 * periods)
    odd_share = fen - share * (periods - 1)
    if share <= 0 or odd_share <= 0:
        raise PlanError(f"a principal of {principal} is too small for {periods} periods")
    return MONEY_CONTEXT.scaleb(Decimal(share), -2), MONEY_CONTEXT.scaleb(Decimal(odd_share), -2)


def _rate(principal: Decimal, payments: Sequence[Decimal]) -> Decimal | None:
    """Rate per period of any payments, unrounded, as `internal_rate` promises it."""
    if not (principal.is_finite() and principal > 0 and principal.adjusted() < _MAX_INTEGER_DIGITS):
        raise ValueError(f"principal must be over 0, with at most {_MAX_INTEGER_DIGITS} integer digits: {principal}")
    total = _ZERO
    for amount in payments:
        if not (amount.is_finite() and amount >= 0 and amount.adjusted() < _MAX_PAYMENT_DIGITS):
            raise ValueError(
                f"a payment must be at least 0, with at most {_MAX_PAYMENT_DIGITS} integer digits: {amount}"
            )
        total = MONEY_CONTEXT.add(total, amount)
    if total <= principal:
        return _ZERO if total == principal else None
    periods, interest = len(payments), MONEY_CONTEXT.subtract(total, principal)
    if periods > 2 and all(amount == payments[1] for amount in payments[2:-1]):
        return _level_rate(
            principal, periods, first=payments[0], middle=payments[1], last=payments[-1], interest=interest
        )
    return _uneven_rate(principal, payments, interest)


def _level_rate(
    principal: Decimal, periods: int, *, first: Decimal, middle: Decimal, last: Decimal, interest: Decimal
) -> Decimal:
    """Rate of payments that are all alike but for the first and the last: an annuity and two corrections.

    With one period `first` and `last` are the same payment, and `middle` must be it too.
    """
    if periods == 1:
        return _div(interest, principal)
    extra_first, extra_last = _sub(first, middle), _sub(last, middle)

    def net_value(rate: Decimal) -> tuple[Decimal, Decimal]:
        discount = _div(_ONE, _add(_ONE, rate))
        power = _WORK.power(discount, periods)
        annuity = _div(_sub(_ONE, power), rate)
        # The derivative of discount ** periods, but for its sign.
        slope = _mul(_mul(power, discount), periods)
        value = _fma(middle, annuity, _fma(extra_first, discount, _sub(_mul(extra_last, power), principal)))
        fall = _fma(extra_first, _mul(discount, discount), _mul(extra_last, slope))
        return value, _sub(_div(_mul(middle, _sub(slope, annuity)), rate), fall)

    n = periods
    moment = _fma(middle, n * (n + 1) // 2, _fma(extra_last, n, extra_first))
    spread = _fma(middle, n * (n + 1) * (n + 2) // 3, _fma(extra_last, n * (n + 1), _mul(extra_first, 2)))
    return _solve(net_value, principal, interest, moment, spread)


def _uneven_rate(principal: Decimal, payments: Sequence[Decimal], interest: Decimal) -> Decimal:
    """Rate of any payments, by Horner's scheme over the discount factor."""
    backwards = tuple(reversed(payments))

    def net_value(rate: Decimal) -> tuple[Decimal, Decimal]:
        discount = _div(_ONE, _add(_ONE, rate))
        value = derivative = _ZERO
        for amount in backwards:
            value = _add(value, amount)
            derivative = _fma(derivative, discount, value)
            value = _mul(value, discount)
        # By the discount factor first; d discount / d rate is minus its square.
        return _sub(value, principal), _mul(derivative, _mul(discount, discount)).copy_negate()

    moment = spread = _ZERO
    for k, amount in enumerate(payments, start=1):
        moment = _fma(amount, k, moment)
        spread = _fma(amount, k * (k + 1), spread)
    return _solve(net_value, principal, interest, moment, spread)


def _solve(net_value: _NetValue, principal: Decimal, interest: Decimal, moment: Decimal, spread: Decimal) -> Decimal:
    """Find the rate per period where the net value is zero; `interest` must be over 0.

    The net value falls, and falls ever more slowly, as the rate rises. So there is one root, it lies between 0 and
    interest / principal (every payment comes after one period at least), and Newton's method closes in on it from the
    left without ever passing it. Bisection takes over where a step leaves the bracket, and for good after
    `_NEWTON_STEPS`, so that the search always ends.

    The start matches the payments' value at small rates to the second order, from `moment`, the sum of k x payment k,
    and `spread`, the sum of k (k + 1) x payment k. PERF: two or three steps from there for a plan as banks sell it.
    """
    low, high = _ZERO, _div(interest, principal)
    mean_term = _div(moment, _add(principal, interest))
    rate = _div(high, mean_term)
    bend = _fma(rate, _sub(mean_term, _div(spread, _mul(moment, 2))), _ONE)
    if bend > 0 and (bent := _div(rate, bend)) < high:
        rate = bent
    steps = 0
    while _sub(high, low) > _mul(high, _BISECTED):
        value, derivative = net_value(rate)
        if value > 0:
            low = rate
        elif value < 0:
            high = rate
        else:
            return rate
        step = _div(value, derivative)
        found = _sub(rate, step)
        steps += 1
        if steps <= _NEWTON_STEPS and low <= found <= high:
            if step.copy_abs() <= _mul(found, _CONVERGED):
                return found
            rate = found
        else:
            rate = _div(_add(low, high), 2)
    return high
