"""The quote of a package: which components there are for this customer, which the budget buys best, and what they cost.

Nothing is selected before the customer selects: at the pitch `selected` is empty and the numbers are those of `suggested`.
Once the customer has chosen, they are those of `selected`. Without a budget that the customer has named there is no pitch: an
amount that nobody mentioned would be the bank's wish and not the customer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import cast

from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary import TODAY_SLOT, Dictionary
from nbo.language.interpret import Row
from nbo.language.operations import MONEY_CONTEXT, as_amount, subtract, total, within_bounds
from nbo.language.types import Value
from nbo.pack.quotes.package import PackageComponent, PackageTerms
from nbo.quote.package_choice import Component, choose
from nbo.quote.package_refund import refund
from nbo.quote.plain import as_money
from nbo.quote.refusal import Refusal, both, unknown_amount

_BELOW = Text("the budget is below the price of every component", "预算低于任何一个服务项目的价格")
_BAD_BUDGET = Text("the budget is not an amount that can be spent", "预算不是可用的金额")
_NO_SAVING = Text("nothing within the budget is worth more than it costs", "预算内没有价值高于价格的组合")
_NOTHING = Text("no component is available to this customer", "没有适合该客户的服务项目")
_MISSING = Text("missing: {names}", "缺少数据：{names}")
_NOT_FOR_THIS_CUSTOMER = Text("not available to this customer", "不适用于该客户")
_OUTDATED = Text("its list value is of {date} and has to be looked up again", "标价核对于 {date}，须重新核对")
_NEEDED_ELSEWHERE = Text("it needs {others}, which is not available", "它需要 {others}，而后者不可选")

_NONE_SELECTED = Text("no component is selected", "没有选择任何服务项目")
_NO_SUCH = Text("the package has no {names}", "套餐中没有 {names}")
_NOT_AVAILABLE = Text("{names}: {reason}", "{names}：{reason}")
_NEEDS = Text("{name} needs {others}", "选择 {name} 须同时选择 {others}")
_EXCLUDES = Text("{name} and {others} exclude each other", "{name} 与 {others} 不能同时选择")
_OVER = Text(
    "the selected components cost {price}, more than the budget of {budget}", "所选项目共 {price}，超过预算 {budget}"
)

_MOST_BEST_SETS = 1_024


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why a component cannot be chosen: a stable code, words by language, and what is missing if that is why."""

    code: str
    words: Mapping[str, str]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageQuote:
    """What a package of some components costs; ids are in alphabetical order, `budget` None where nobody named one.

    The numbers are those of `included`: the selected components, or before there are any, the suggested ones.
    """

    terms: PackageTerms
    budget: Decimal | None
    unavailable: Mapping[str, Unavailable]
    suggested: tuple[str, ...]
    selected: tuple[str, ...]

    @property
    def included(self) -> tuple[PackageComponent, ...]:
        """The components that the numbers are about."""
        named = self.selected or self.suggested
        return tuple(each for each in self.terms.components if each.id in named)

    @property
    def price(self) -> Decimal:
        """What the customer pays for the whole term."""
        return total(each.price for each in self.included)

    @property
    def list_value(self) -> Decimal:
        """What the components cost when bought one by one."""
        return total(each.list_value for each in self.included)

    @property
    def price_per_month(self) -> Decimal:
        """The price by the month, rounded half up to the fen; it is paid at once."""
        monthly = MONEY_CONTEXT.divide(self.price, Decimal(self.terms.term_months))
        return MONEY_CONTEXT.quantize(monthly, Decimal("0.01"))

    def refund_after(self, months_begun: int, used: Iterable[str] = ()) -> Decimal:
        """What is given back when the package ends then; see `nbo.quote.package_refund`."""
        paid = {each.id: each.price for each in self.included}
        by, months = self.terms.refund.by, self.terms.term_months
        return refund(paid, by, term_months=months, months_begun=months_begun, used=frozenset(used))

    def fields(self) -> Mapping[str, Value | None]:
        """What conditions and scripts can read."""
        price, included = self.price, self.included
        return {
            "quote.budget": self.budget,
            "quote.price": price,
            "quote.list_value": self.list_value,
            "quote.saving": subtract(self.list_value, price),
            "quote.component_count": len(included),
            "quote.term_months": self.terms.term_months,
            "quote.price_per_month": self.price_per_month,
            "quote.value_date": min((each.value_date for each in included), default=None),
            "quote.included": frozenset(each.id for each in included),
            "quote.selected_count": len(self.selected),
            "quote.bank_margin": subtract(price, total(each.unit_cost for each in included)),
        }

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values: money as strings, dates in ISO form. What a component costs the bank is nobody's to see."""
        fields = self.fields()
        terms = self.terms
        return {
            "type": "package",
            "price": as_amount(self.price),
            "list_value": as_amount(self.list_value),
            "saving": as_amount(cast("Decimal", fields["quote.saving"])),
            "price_per_month": as_amount(self.price_per_month),
            "component_count": len(self.included),
            "term_months": terms.term_months,
            "value_date": str(fields["quote.value_date"]),
            "budget": as_money(self.budget),
            "suggested": list(self.suggested),
            "selected": list(self.selected),
            "components": [
                {
                    "id": each.id,
                    "label": each.labels.get(language),
                    "price": as_amount(each.price),
                    "list_value": as_amount(each.list_value),
                    "value_source": each.value_source.get(language),
                    "value_date": each.value_date.isoformat(),
                    "only_with": sorted(each.only_with),
                    "not_with": sorted(each.not_with),
                }
                for each in terms.components
            ],
            "available": [each.id for each in terms.components if each.id not in self.unavailable],
            "not_available": [
                {"id": name, "code": why.code, "text": why.words.get(language), "missing": list(why.missing)}
                for name, why in self.unavailable.items()
            ],
            "renewal": {"on_request": terms.renewal == "on_request", "on": False},
            "refund": {"by": terms.refund.by, "words": terms.refund.words.get(language), "table": self._refund_table()},
        }

    def _refund_table(self) -> list[dict[str, object]]:
        """By months that have begun, nothing used; or by each component that was never used."""
        if self.terms.refund.by == "components":
            names = frozenset(each.id for each in self.included)
            return [
                {
                    "months_begun": None,
                    "component": each.id,
                    "amount": as_amount(self.refund_after(0, names - {each.id})),
                }
                for each in self.included
            ]
        return [
            {"months_begun": month, "component": None, "amount": as_amount(self.refund_after(month))}
            for month in range(self.terms.term_months + 1)
        ]


def quote_package(
    terms: PackageTerms,
    values: Row,
    dictionary: Dictionary,
    *,
    components: frozenset[str] | None = None,
    budget: Decimal | None = None,
) -> PackageQuote | Refusal:
    """The quote of the best set that the budget buys, or of `components` that the customer has chosen.

    `budget` stands in for the one of the terms. A budget that is missing refuses a pitch; it does not refuse a choice, which
    says itself what the customer would pay.
    """
    if budget is None:
        budget = cast("Decimal | None", terms.budget.ask(values))
    if budget is None and components is None:
        return unknown_amount(terms.budget, values, dictionary, terms.span)
    if budget is not None and not _is_budget(budget, terms):
        return Refusal("bad_budget", both(_BAD_BUDGET), terms.span)
    unavailable = unavailable_components(terms, values, dictionary)
    suggested: tuple[str, ...] | Refusal = ()
    if budget is not None:
        suggested = _suggested(terms, unavailable, budget)
    if components is not None:
        refused = _check_choice(terms, unavailable, components, budget)
        if refused is not None:
            return refused
        suggested = () if isinstance(suggested, Refusal) else suggested
    if isinstance(suggested, Refusal):
        return suggested
    quote = PackageQuote(terms, budget, unavailable, suggested, tuple(sorted(components or ())))
    if quote.list_value <= quote.price:
        return Refusal("no_saving", both(_NO_SAVING), terms.span)
    return quote


def _is_budget(budget: Decimal, terms: PackageTerms) -> bool:
    """An amount of 0 or more, within what scripts are proven for."""
    most = terms.largest("quote.budget")
    return within_bounds(budget) and budget >= 0 and (most is None or budget <= most)


# --- what there is for this customer ----------------------------------------------------------------------------------


def unavailable_components(terms: PackageTerms, values: Row, dictionary: Dictionary) -> Mapping[str, Unavailable]:
    """Why components cannot be chosen, in the order of the terms; those that can are not in it."""
    today = cast("date | None", values[TODAY_SLOT])
    own = {each.id: _own_reason(each, terms, today, values, dictionary) for each in terms.components}
    found = {name: why for name, why in own.items() if why is not None}
    grown = -1
    while grown != len(found):  # what needs an unavailable one is unavailable, too, and so on
        grown = len(found)
        for each in terms.components:
            lacking = sorted(each.only_with & found.keys())
            if lacking and each.id not in found:
                names = {"others": ", ".join(lacking)}
                missing = tuple(dict.fromkeys(name for other in lacking for name in found[other].missing))
                found[each.id] = Unavailable("needs_unavailable", _filled(_NEEDED_ELSEWHERE, names), missing)
    return {each.id: found[each.id] for each in terms.components if each.id in found}


def _own_reason(
    component: PackageComponent, terms: PackageTerms, today: date | None, values: Row, dictionary: Dictionary
) -> Unavailable | None:
    """A list value that is not current is said to nobody; a condition that is unknown is not met."""
    if today is None or not 0 <= (today - component.value_date).days <= terms.value_max_age_days:
        return Unavailable("value_outdated", _filled(_OUTDATED, {"date": component.value_date.isoformat()}))
    result = True if component.when is None else component.when.ask(values)
    if result is True or component.when is None:
        return None
    if result is False:
        return Unavailable("not_eligible", component.reason or both(_NOT_FOR_THIS_CUSTOMER))
    missing = component.when.missing(values, dictionary)
    words = _filled(_MISSING, {"names": ", ".join(missing)}) if missing else both(_NOT_FOR_THIS_CUSTOMER)
    return Unavailable("missing", words, missing)


# --- the best set -----------------------------------------------------------------------------------------------------


def _suggested(
    terms: PackageTerms, unavailable: Mapping[str, Unavailable], budget: Decimal
) -> tuple[str, ...] | Refusal:
    """The ids of the best set, or why there is none.

    PERF: people name round budgets, so that the same set is sought again and again: 100 us for six components.
    """
    available = tuple(each for each in terms.components if each.id not in unavailable)
    if not available:
        missing = tuple(dict.fromkeys(name for why in unavailable.values() for name in why.missing))
        return Refusal("missing" if missing else "nothing_available", both(_NOTHING), terms.span, missing)
    fen = to_fen(budget)
    key = (tuple(each.id for each in available), fen)
    known = terms.best_sets.get(key)
    if known is not None:
        return known
    shelf = [in_fen(each) for each in available]
    best = choose(shelf, fen)
    if best is not None and best.list_value > best.price:
        if len(terms.best_sets) >= _MOST_BEST_SETS:
            terms.best_sets.clear()
        terms.best_sets[key] = best.ids
        return best.ids
    affordable = any(choose(shelf, fen, keep=frozenset({each.id})) is not None for each in shelf)
    return (
        Refusal("no_saving", both(_NO_SAVING), terms.span)
        if affordable
        else Refusal("below_minimum", both(_BELOW), terms.span)
    )


def in_fen(component: PackageComponent) -> Component:
    """The component as the search for the best set takes it."""
    return Component(
        component.id,
        to_fen(component.price),
        to_fen(component.list_value),
        to_fen(component.unit_cost),
        component.only_with,
        component.not_with,
    )


def to_fen(amount: Decimal) -> int:
    """Whole fen; a part of one buys nothing."""
    return int(MONEY_CONTEXT.multiply(amount, Decimal(100)).to_integral_value(ROUND_FLOOR))


# --- what the customer has chosen -------------------------------------------------------------------------------------


def _check_choice(
    terms: PackageTerms, unavailable: Mapping[str, Unavailable], chosen: frozenset[str], budget: Decimal | None
) -> Refusal | None:
    """Why the chosen components cannot be sold together; the first reason in the order of the terms."""
    span = terms.span
    if not chosen:
        return Refusal("nothing_selected", both(_NONE_SELECTED), span)
    known = {each.id: each for each in terms.components}
    unknown = sorted(chosen - known.keys())
    if unknown:
        return Refusal("unknown_component", _filled(_NO_SUCH, {"names": ", ".join(unknown)}), span)
    for name, why in unavailable.items():
        if name in chosen:
            words: Mapping[str, str] = {
                language: _NOT_AVAILABLE.fill(language, {"names": name, "reason": text})
                for language, text in why.words.items()
            }
            return Refusal("component_unavailable", words, span, why.missing)
    for name in sorted(chosen):
        lacking = sorted(known[name].only_with - chosen)
        if lacking:
            return Refusal("needs_component", _filled(_NEEDS, {"name": name, "others": ", ".join(lacking)}), span)
        excluded = sorted(known[name].not_with & chosen)
        if excluded:
            words = _filled(_EXCLUDES, {"name": name, "others": ", ".join(excluded)})
            return Refusal("components_exclude", words, span)
    price = total(known[name].price for name in chosen)
    if budget is not None and price > budget:
        shown = {"price": as_amount(price), "budget": as_amount(budget)}
        return Refusal("over_budget", _filled(_OVER, shown), span)
    return None


def _filled(text: Text, values: Mapping[str, str]) -> Mapping[str, str]:
    return {language: text.fill(language, values) for language in ("en", "zh")}
