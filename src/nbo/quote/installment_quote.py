"""The quote of an installment offer: principal, plan, due dates, comparison with revolving, cost statement, options."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import pairwise
from typing import cast

from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row
from nbo.language.operations import add, as_amount, multiply, round_half_up, round_to_unit, subtract, within_bounds
from nbo.language.types import Value
from nbo.pack.quotes.installment import InstallmentTerms, Term
from nbo.quote.choices import NOTHING_CHOSEN, Choices
from nbo.quote.installment import InstallmentPlan, PlanError, plan_installment, revolving_interest
from nbo.quote.refusal import Refusal, both, unknown_amount

_BELOW = Text("the amount is below the smallest that can be put into installments", "金额低于可分期的最低金额")
_ABOVE = Text("at most {most} can be put into installments", "最多可分期 {most} 元")
_UNITS = Text("the amount must be a multiple of {unit}", "金额必须是 {unit} 的整数倍")
_ON_OFFER = Text("this term is not on offer; there are {periods} periods", "没有该期数，可选 {periods} 期")
_TOO_SMALL = Text("the amount is too small for so many periods", "金额过小，无法分这么多期")
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class InstallmentQuote:
    """A plan with what surrounds it; what could not be known is None."""

    terms: InstallmentTerms
    term: Term
    plan: InstallmentPlan
    first_due: date | None
    valid_until: date | None
    limit_after: Decimal | None
    revolving_interest: Decimal | None

    def fields(self) -> Mapping[str, Value | None]:
        """What conditions and scripts can read; rates unrounded."""
        plan = self.plan
        saving = None if self.revolving_interest is None else subtract(self.revolving_interest, plan.total_interest)
        return {
            "quote.principal": plan.principal,
            "quote.periods": plan.periods,
            "quote.rate_per_period": plan.rate_per_period,
            "quote.first_payment": plan.first_payment,
            "quote.payment": plan.payment,
            "quote.last_payment": plan.last_payment,
            "quote.total_interest": plan.total_interest,
            "quote.total_cost": add(plan.principal, plan.total_interest),
            "quote.annual_rate_simple": plan.annual_rate_simple,
            "quote.annual_rate_compound": plan.annual_rate_compound,
            "quote.revolving_interest": self.revolving_interest,
            "quote.saving_against_revolving": saving,
            "quote.limit_after": self.limit_after,
            "quote.valid_until": self.valid_until,
        }

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values: money and rates as strings, annual rates as fractions with 4 decimals, dates in ISO form."""
        dues = due_dates(self.first_due, self.plan.periods)
        return {
            "type": "installment",
            **_numbers(self.plan),
            "annual_rate_compound": _rate(self.plan.annual_rate_compound),
            "schedule": [
                {"due_date": _iso(due), "principal": as_amount(each.principal), "interest": as_amount(each.interest)}
                for due, each in zip(dues, self.plan.schedule, strict=True)
            ],
            "options": [{**_numbers(plan), "recommended": term.recommended} for term, plan in self._options()],
            "revolving_interest": None if self.revolving_interest is None else as_amount(self.revolving_interest),
            "limit_after": None if self.limit_after is None else as_amount(self.limit_after),
            "default_cost": self.terms.default_cost.get(language),
            "collector": self.terms.collector.get(language),
            "valid_until": _iso(self.valid_until),
        }

    def _options(self) -> list[tuple[Term, InstallmentPlan]]:
        """Every term on offer for this principal, shortest first; a term too long for it is left out."""
        options: list[tuple[Term, InstallmentPlan]] = []
        for term in self.terms.terms:
            plan = _plan(self.terms, term, self.plan.principal)
            if plan is not None:
                options.append((term, plan))
        return options


def quote_installment(
    terms: InstallmentTerms, values: Row, dictionary: Dictionary, choices: Choices = NOTHING_CHOSEN
) -> InstallmentQuote | Refusal:
    """The quote for a customer's values: all that can be put into installments over the recommended term, or as chosen."""
    term = terms.recommended if choices.periods is None else _term(terms, choices.periods)
    if term is None:
        return Refusal("term_not_on_offer", _terms_on_offer(terms), terms.span)
    amount = cast("Decimal | None", terms.of.ask(values))
    most = None if amount is None else _principal(terms, amount)
    if most is None:
        return unknown_amount(terms.of, values, dictionary, terms.span)
    principal = most if choices.principal is None else choices.principal
    if principal > most:
        return Refusal("above_maximum", both(Text(*(each.format(most=as_amount(most)) for each in _ABOVE))), terms.span)
    if round_to_unit(principal, terms.unit, down=True) != principal:
        return Refusal("not_in_units", both(Text(*(each.format(unit=terms.unit) for each in _UNITS))), terms.span)
    if principal <= 0 or (terms.least is not None and principal < terms.least):
        return Refusal("below_minimum", both(_BELOW), terms.span)
    plan = _plan(terms, term, principal)
    if plan is None:
        return Refusal("too_small_for_term", both(_TOO_SMALL), terms.span)
    first_due, valid_until, limit_after = (
        None if expression is None else expression.ask(values)
        for expression in (terms.first_due, terms.valid_until, terms.limit_after)
    )
    return InstallmentQuote(
        terms=terms,
        term=term,
        plan=plan,
        first_due=cast("date | None", first_due),
        valid_until=cast("date | None", valid_until),
        limit_after=cast("Decimal | None", limit_after),
        revolving_interest=_revolving(terms, plan, cast("date | None", first_due), values),
    )


def due_dates(first: date | None, periods: int) -> list[date | None]:
    """One due date a month from the first on; a day that a month lacks is its last (the 31st falls on 30 April)."""
    if first is None:
        return [None] * periods
    return [_months_after(first, number) for number in range(periods)]


def _months_after(day: date, months: int) -> date | None:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _principal(terms: InstallmentTerms, amount: Decimal) -> Decimal | None:
    """The share of the amount, rounded to the unit, at most the largest principal."""
    share = multiply(amount, terms.share)
    rounded = None if share is None else round_to_unit(share, terms.unit, down=terms.rounding == "down")
    if rounded is None:
        return None
    principal = round_half_up(rounded if terms.most is None else min(rounded, terms.most), 2)
    return principal if principal is not None and within_bounds(principal) else None  # a sum can leave the bounds


def _term(terms: InstallmentTerms, periods: int) -> Term | None:
    return next((term for term in terms.terms if term.periods == periods), None)


def _terms_on_offer(terms: InstallmentTerms) -> Mapping[str, str]:
    periods = ", ".join(str(term.periods) for term in terms.terms)
    return both(Text(_ON_OFFER.en.format(periods=periods), _ON_OFFER.zh.format(periods=periods)))


def _plan(terms: InstallmentTerms, term: Term, principal: Decimal) -> InstallmentPlan | None:
    try:
        return plan_installment(
            principal, term.periods, term.rate, collection=terms.collection, remainder=terms.remainder
        )
    except PlanError:
        return None


def _revolving(terms: InstallmentTerms, plan: InstallmentPlan, first_due: date | None, values: Row) -> Decimal | None:
    """What the same debt, paid down alike, would cost on the card; withheld unless it is certain to be comparable."""
    revolving = terms.revolving
    if revolving is None or first_due is None or revolving.unless.ask(values) is not False:
        return None
    dues = [_months_after(first_due, number) for number in range(-1, plan.periods)]
    days = [(after - before).days for before, after in pairwise(dues) if after is not None and before is not None]
    return revolving_interest(plan.schedule, revolving.daily_rate, days) if len(days) == plan.periods else None


def _numbers(plan: InstallmentPlan) -> dict[str, object]:
    """The numbers of a plan that people compare."""
    return {
        "principal": as_amount(plan.principal),
        "periods": plan.periods,
        "rate_per_period": _rate(plan.rate_per_period),
        "first_payment": as_amount(plan.first_payment),
        "payment": as_amount(plan.payment),
        "last_payment": as_amount(plan.last_payment),
        "total_interest": as_amount(plan.total_interest),
        "annual_rate_simple": _rate(_CONTEXT.quantize(plan.annual_rate_simple, Decimal("0.0001"))),
    }


def _rate(rate: Decimal) -> str:
    """A fraction with at least 4 decimals; an annual rate is rounded half up to 4."""
    exponent = rate.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) else 0
    return format(_CONTEXT.quantize(rate, Decimal("0.0001")), "f") if digits < 4 or digits > 10 else format(rate, "f")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
