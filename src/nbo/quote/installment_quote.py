"""The quote of an installment offer: principal, plan, due dates, comparison with revolving, cost statement, options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.intake import Values
from nbo.language.interpret import Row
from nbo.language.operations import add, as_amount, multiply, round_half_up, round_to_unit, subtract, within_bounds
from nbo.language.types import Value
from nbo.pack.quotes.installment import InstallmentTerms, Term
from nbo.quote.choices import NOTHING_CHOSEN, Choices
from nbo.quote.due_dates import days_between_dues, due_dates
from nbo.quote.installment import InstallmentPlan, PlanError, plan_installment, revolving_interest
from nbo.quote.installment_json import annual, plan_numbers, rate, schedule, settlement_numbers
from nbo.quote.plain import as_money, iso
from nbo.quote.refusal import Refusal, both, unknown_amount
from nbo.quote.settlement import Settlement, example_period, highest_surcharge, settle

_BELOW = Text("the amount is below the smallest that can be put into installments", "金额低于可分期的最低金额")
_ABOVE = Text("at most {most} can be put into installments", "最多可分期 {most} 元")
_UNITS = Text("the amount must be a multiple of {unit}", "金额必须是 {unit} 的整数倍")
_ON_OFFER = Text("this term is not on offer; there are {periods} periods", "没有该期数，可选 {periods} 期")
_TOO_SMALL = Text("the amount is too small for so many periods", "金额过小，无法分这么多期")
_INTEREST = Text("interest", "利息")
_PRINCIPAL = "quote.principal"


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

    @property
    def settled(self) -> Settlement:
        """The example of an early settlement: after one third of the term."""
        return settle(
            self.plan, example_period(self.plan.periods), self.terms.settlement, self.terms.settlement_share
        )  # fmt: skip

    @property
    def revolving_total(self) -> Decimal | None:
        """What the customer would pay altogether on the card over the same months; None where nothing is compared."""
        return None if self.revolving_interest is None else add(self.plan.principal, self.revolving_interest)

    @property
    def horizon_months(self) -> int | None:
        """The months over which both sides of the comparison pay."""
        return None if self.revolving_interest is None else self.plan.periods

    def fields(self) -> Mapping[str, Value | None]:
        """What conditions and scripts can read; rates unrounded."""
        return _Fields(self)

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values: money and rates as strings, annual rates as fractions with 4 decimals, dates in ISO form."""
        plan, dues = self.plan, due_dates(self.first_due, self.plan.periods)
        return {
            "type": "installment",
            **plan_numbers(plan),
            "annual_rate_compound": annual(plan.annual_rate_compound),
            "total_cost": self._total_cost,
            "schedule": schedule(plan, dues),
            "options": [{**plan_numbers(other), "recommended": term.recommended} for term, other in self._options()],
            "settlement": self._settlement(language, dues),
            "revolving_interest": as_money(self.revolving_interest),
            "revolving_total": as_money(self.revolving_total),
            "horizon_months": self.horizon_months,
            "limit_after": as_money(self.limit_after),
            "default_cost": self.terms.default_cost.get(language),
            "collector": self.terms.collector.get(language),
            "cost_statement": self._cost_statement(language),
            "valid_until": iso(self.valid_until),
        }

    @property
    def _total_cost(self) -> str | None:
        return as_money(add(self.plan.principal, self.plan.total_interest))

    def _settlement(self, language: str, dues: list[date | None]) -> dict[str, object]:
        """The rule in force, what was agreed on in words, and what it comes to."""
        share = self.terms.settlement_share
        return {
            "rule": self.terms.settlement,
            "share": None if share is None else rate(share),
            "words": self.terms.settlement_words.get(language),
            "example": settlement_numbers(self.settled, dues),
        }

    def _cost_statement(self, language: str) -> dict[str, object]:
        """What a customer sees and confirms before the order: all charges, who collects them, what default costs."""
        charge = {
            "charge": "interest",
            "label": _INTEREST.fill(language),
            "amount": as_amount(self.plan.total_interest),
            "collected": self.terms.collection,
            "collector": self.terms.collector.get(language),
        }
        return {
            "principal": as_amount(self.plan.principal),
            "periods": self.plan.periods,
            "charges": [charge],
            "total_cost": self._total_cost,
            "annual_rate_simple": annual(self.plan.annual_rate_simple),
            "default_cost": self.terms.default_cost.get(language),
        }

    def _options(self) -> list[tuple[Term, InstallmentPlan]]:
        """Every term on offer for this principal, shortest first; a term too long for it is left out."""
        options: list[tuple[Term, InstallmentPlan]] = []
        for term in self.terms.terms:
            plan = _plan(self.terms, term, self.plan.principal)
            if plan is not None:
                options.append((term, plan))
        return options


@dataclass(frozen=True, slots=True)
class _Fields(Mapping[str, Value | None]):
    """The fields of a quote, each worked out when it is read.

    PERF: few rules read what a settlement costs as an annual rate, which takes as long as the plan itself (28 µs).
    """

    quote: InstallmentQuote

    def __getitem__(self, name: str) -> Value | None:
        return _FIELDS[name](self.quote)

    def __iter__(self) -> Iterator[str]:
        return iter(_FIELDS)

    def __len__(self) -> int:
        return len(_FIELDS)


def _saving(quote: InstallmentQuote) -> Decimal | None:
    revolving = quote.revolving_interest
    return None if revolving is None else subtract(revolving, quote.plan.total_interest)


def _surcharge(quote: InstallmentQuote) -> Decimal:
    return highest_surcharge(quote.plan, quote.terms.settlement, quote.terms.settlement_share)


_FIELDS: Mapping[str, Callable[[InstallmentQuote], Value | None]] = {
    "quote.principal": lambda quote: quote.plan.principal,
    "quote.periods": lambda quote: quote.plan.periods,
    "quote.rate_per_period": lambda quote: quote.plan.rate_per_period,
    "quote.first_payment": lambda quote: quote.plan.first_payment,
    "quote.payment": lambda quote: quote.plan.payment,
    "quote.last_payment": lambda quote: quote.plan.last_payment,
    "quote.total_interest": lambda quote: quote.plan.total_interest,
    "quote.total_cost": lambda quote: add(quote.plan.principal, quote.plan.total_interest),
    "quote.annual_rate_simple": lambda quote: quote.plan.annual_rate_simple,
    "quote.annual_rate_compound": lambda quote: quote.plan.annual_rate_compound,
    "quote.revolving_interest": lambda quote: quote.revolving_interest,
    "quote.revolving_total": lambda quote: quote.revolving_total,
    "quote.horizon_months": lambda quote: quote.horizon_months,
    "quote.saving_against_revolving": _saving,
    "quote.settlement_after": lambda quote: quote.settled.after,
    "quote.settlement_amount": lambda quote: quote.settled.amount,
    "quote.settlement_total": lambda quote: quote.settled.total_paid,
    "quote.settlement_rate": lambda quote: quote.settled.annual_rate_simple,
    "quote.settlement_surcharge": _surcharge,
    "quote.settlement_agreed": lambda quote: bool(quote.terms.settlement_words),
    "quote.limit_after": lambda quote: quote.limit_after,
    "quote.valid_until": lambda quote: quote.valid_until,
}


def quote_installment(
    terms: InstallmentTerms, values: Row, dictionary: Dictionary, choices: Choices = NOTHING_CHOSEN
) -> InstallmentQuote | Refusal:
    """The quote for a customer's values: all that can be put into installments over the recommended term, or as chosen."""
    term = terms.recommended if choices.periods is None else _term(terms, choices.periods)
    if term is None:
        return Refusal("term_not_on_offer", _terms_on_offer(terms), terms.span)
    whole = cast("Decimal | None", terms.of.ask(values))
    most = None if whole is None else _principal(terms, whole)
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
    first_due, valid_until = (
        None if expression is None else expression.ask(values) for expression in (terms.first_due, terms.valid_until)
    )
    return InstallmentQuote(
        terms=terms,
        term=term,
        plan=plan,
        first_due=cast("date | None", first_due),
        valid_until=cast("date | None", valid_until),
        limit_after=_limit_after(terms.limit_after, plan.principal, values, dictionary),
        revolving_interest=_revolving(terms, plan, cast("date | None", first_due), values),
    )


def _limit_after(
    expression: Expression | None, principal: Decimal, values: Row, dictionary: Dictionary
) -> Decimal | None:
    """Credit that is left once the principal, which is known by now, is booked."""
    if expression is None:
        return None
    known = values.copy() if isinstance(values, Values) else Values(values)
    known[dictionary.attributes[_PRINCIPAL].slot] = principal
    return cast("Decimal | None", expression.ask(known))


def _principal(terms: InstallmentTerms, whole: Decimal) -> Decimal | None:
    """The share of the amount, rounded to the unit, at most the largest principal."""
    share = multiply(whole, terms.share)
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
    days = days_between_dues(first_due, plan.periods)
    return None if days is None else revolving_interest(plan.schedule, revolving.daily_rate, days)
