"""The quote of a limit: how much more (or less) it becomes, until when, what falls due at once, and which bound decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary import TODAY_SLOT, Dictionary
from nbo.language.expression import Expression
from nbo.language.intake import Values
from nbo.language.interpret import Row
from nbo.language.operations import as_amount, round_half_up, round_to_unit
from nbo.language.types import Value
from nbo.pack.quotes.limit import MOST_DAYS, LimitTerms
from nbo.quote.authority import authority_limit
from nbo.quote.choices import NOTHING_CHOSEN, Choices
from nbo.quote.limit import LimitChange, LimitError, last_day, lower_limit, raise_limit, raised_by
from nbo.quote.plain import as_money, iso
from nbo.quote.refusal import Refusal, both, unknown_amount

_WORDS = {
    "nothing_to_raise": Text("nothing is left to raise the limit by", "额度没有提升空间"),
    "limit_below_used": Text("the new limit would be below what is used", "新额度低于已用额度"),
}
_STATE = Text("the account's state does not let its limit be changed", "账户状态不允许调整额度")
_DAYS = Text(f"the number of days is not between 1 and {MOST_DAYS}", f"天数不在 1 至 {MOST_DAYS} 之间")
_FEWER_DAYS = Text("the days are not among those that are on offer", "所选天数不在可办理的天数之内")
_UNITS = Text("the limit must be a multiple of {unit}", "额度须为 {unit} 的整数倍")
_ABOVE = Text("the limit can be at most {most}", "额度最高可为 {most}")


@dataclass(frozen=True, slots=True)
class LimitQuote:
    """A changed limit. `days` and `until` (its last day) are None for one that stays, `authority_limit` where none bounds it."""

    terms: LimitTerms
    change: LimitChange
    days: int | None
    until: date | None
    authority_limit: Decimal | None

    @property
    def due_at_once(self) -> Decimal | None:
        """What of a temporary limit falls due in full, and cannot be put into installments, when all of it was used."""
        return self.change.extra if self.terms.purpose == "temporary" else None

    def fields(self) -> Mapping[str, Value | None]:
        """What conditions and scripts can read."""
        return {
            "quote.new_limit": self.change.new,
            "quote.extra": self.change.extra,
            "quote.reduction": self.change.reduction,
            "quote.days": self.days,
            "quote.until": self.until,
            "quote.due_at_once": self.due_at_once,
            "quote.bound_by": self.change.bound_by,
        }

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values: money as strings, days in ISO form; `splittable` is null where nothing falls due."""
        del language
        due = self.due_at_once
        return {
            "type": "limit",
            "purpose": self.terms.purpose,
            "current_limit": as_amount(self.change.current),
            "new_limit": as_amount(self.change.new),
            "extra": as_amount(self.change.extra),
            "reduction": as_amount(self.change.reduction),
            "days": self.days,
            "until": iso(self.until),
            "due_at_once": as_money(due),
            "splittable": None if due is None else False,
            "bound_by": self.change.bound_by,
            "authority": None if self.terms.authority is None else self.terms.authority.id,
            "authority_limit": as_money(self.authority_limit),
        }


def quote_limit(
    terms: LimitTerms, values: Row, dictionary: Dictionary, choices: Choices = NOTHING_CHOSEN
) -> LimitQuote | Refusal:
    """The new limit for a customer's values; what is missing and not expressly left out of account makes it unknown.

    A limit that the customer chose takes the place of the ceiling, and is given whole or not at all; chosen days are at
    most the offer's.
    """
    allowed = True if terms.allowed_when is None else terms.allowed_when.ask(values)
    if terms.allowed_when is not None and allowed is not True:
        missing = terms.allowed_when.missing(values, dictionary) if allowed is None else ()
        return Refusal("missing" if missing else "account_state", both(_STATE), terms.span, missing)
    current = _amount(terms.current, values)
    used = None if terms.used is None else _amount(terms.used, values)
    chosen = choices.new_limit
    ceiling = chosen if chosen is not None or terms.ceiling is None else _amount(terms.ceiling, values)
    for expression, amount in ((terms.current, current), (terms.used, used)):
        if expression is not None and amount is None:
            return unknown_amount(expression, values, dictionary, terms.span)
    if terms.ceiling is not None and ceiling is None and _was_refused(terms.ceiling, values):
        return unknown_amount(terms.ceiling, values, dictionary, terms.span)
    assert current is not None  # noqa: S101 - asked above
    days = _days(terms, values)
    if isinstance(days, Expression):
        return unknown_amount(days, values, dictionary, terms.span)
    if days is not None and not 1 <= days <= MOST_DAYS:
        return Refusal("days_out_of_range", both(_DAYS), terms.span)
    if choices.days is not None:
        if days is None or not 1 <= choices.days <= days:
            return Refusal("days_out_of_range", both(_FEWER_DAYS), terms.span)
        days = choices.days
    unit = None if chosen is None else _unit(terms, chosen, current)
    if chosen is not None and unit is not None and round_to_unit(chosen, unit, down=True) != chosen:
        return Refusal("not_in_units", both(Text(*(each.format(unit=unit) for each in _UNITS))), terms.span)
    try:
        # the customer's own wish for less needs no bound of the bank's
        if terms.purpose == "safe" and ceiling is not None and ceiling < current:
            return _quoted(terms, lower_limit(current, ceiling, used=used), values, dictionary, days)
        bounds = _bounds(terms, current, ceiling, values)
        if isinstance(bounds, Expression):
            return unknown_amount(bounds, values, dictionary, terms.span)
        change = raise_limit(current, bounds, used=used, unit=terms.unit, least=terms.least)
        if chosen is not None and change.new < chosen:
            most = as_amount(change.new)
            return Refusal("above_maximum", both(Text(*(each.format(most=most) for each in _ABOVE))), terms.span)
    except LimitError as error:
        code = "limit_below_used" if error.problem == "limit_below_used" else "nothing_to_raise"
        return Refusal(code, both(_WORDS[code]), terms.span)
    return _quoted(terms, change, values, dictionary, days)


def _quoted(
    terms: LimitTerms, change: LimitChange, values: Row, dictionary: Dictionary, days: int | None
) -> LimitQuote | Refusal:
    """The quote, if the agent may give so much more."""
    allowed = None
    if terms.authority is not None and change.extra > 0:
        found = authority_limit(terms.authority, change.extra, values, dictionary)
        if isinstance(found, Refusal):
            return found
        allowed = found
    today = cast("date | None", values[TODAY_SLOT])
    until = None if days is None or today is None else last_day(today, days)
    if days is not None and until is None:
        return Refusal("days_out_of_range", both(_DAYS), terms.span)
    return LimitQuote(terms, change, days, until, allowed)


def _unit(terms: LimitTerms, chosen: Decimal, current: Decimal) -> Decimal:
    """A raise comes in the offer's unit; a limit that is lowered, in fen."""
    return terms.unit if chosen > current else Decimal("0.01")


def _days(terms: LimitTerms, values: Row) -> int | Expression | None:
    """The number of days; their expression where it has no value."""
    if not isinstance(terms.days, Expression):
        return terms.days
    days = cast("int | None", terms.days.ask(values))
    return terms.days if days is None else days


def _bounds(
    terms: LimitTerms, current: Decimal, ceiling: Decimal | None, values: Row
) -> dict[str, Decimal] | Expression:
    """Every bound that counts, by name, the engine's own first; the expression of the first that is not known."""
    bounds: dict[str, Decimal] = {}
    if terms.share is not None:
        share = terms.share.ask(values) if isinstance(terms.share, Expression) else terms.share
        raised = None if share is None else raised_by(current, cast("Decimal", share))
        if raised is None:
            return terms.share if isinstance(terms.share, Expression) else terms.current
        bounds["raise"] = raised
    bounds["cap"] = terms.cap
    for bound in terms.bounds:
        amount = cast("Decimal | None", bound.amount.ask(values))
        if amount is not None:
            bounds[bound.id] = amount
        elif not bound.skipped or _was_refused(bound.amount, values):
            return bound.amount
    if ceiling is not None:
        bounds["ceiling"] = ceiling
    return bounds


def _amount(expression: Expression, values: Row) -> Decimal | None:
    value = cast("Decimal | None", expression.ask(values))
    return None if value is None else round_half_up(value, 2)


def _was_refused(expression: Expression, values: Row) -> bool:
    """Whether a value that it reads arrived and could not be accepted: then nobody knows that there was none."""
    refused = values.refused if isinstance(values, Values) else frozenset()
    return any(each.slot in refused for each in expression.reads)
