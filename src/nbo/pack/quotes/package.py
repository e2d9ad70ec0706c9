"""Package terms: paid components that a customer chooses from under a budget, what they are worth, and what is given back.

In: an offer's `quote:` of type `package`. Out: `PackageTerms`; `nbo.quote.package` makes quotes of them.

A component is nothing that comes with another one by the bank's wish: `only_with` is for what cannot work alone. Nothing is
chosen before the customer chooses, a package ends after its term unless the customer asks for more, and what was not used is
given back; none of this can be written otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, WithJsonSchema

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.language.operations import is_whole_fen, total
from nbo.language.types import BOOLEAN, DATE, INTEGER, MONEY, Kind, Type
from nbo.pack.quotes.context import QuoteContext
from nbo.pack.quotes.terms import Asked, QuoteTerms, add_max, upper_bound
from nbo.source.model import Condition, Count, Day, Exact, Name, Part, Words, Written, choice

MOST_COMPONENTS = 30
MOST_MONTHS = 120
_LARGEST = Decimal(10_000_000)  # of one component; above it an amount was surely written in fen

_A_PRICE = Text("an amount above 0 in whole fen, such as `600.00`", "大于 0、精确到分的金额，例如 `600.00`")
_AN_AMOUNT = Text("an amount of 0 or more in whole fen, such as `330.00`", "不小于 0、精确到分的金额，例如 `330.00`")
_MONTHS = Text(f"at most {MOST_MONTHS} months", f"不超过 {MOST_MONTHS} 个月")
_COMPONENT = Text("component", "服务项目")
_ANOTHER = Text("another component", "另一个服务项目")

RefundBy = Literal["months", "components", "months_and_components"]


# --- as it is written -------------------------------------------------------------------------------------------------


class ComponentFile(Part):
    """One service of a package."""

    id: Name
    """Component id, unique in the package / 服务项目标识，套餐内唯一"""
    label: Words
    """What people call it / 服务项目名称"""
    price: Exact
    """What the customer pays for it / 客户支付的价格"""
    list_value: Exact
    """What it costs when bought alone from its provider / 单独购买的公开标价"""
    value_source: Words
    """Where the list value is from / 标价来源"""
    value_date: Day
    """The day on which the list value was looked up / 标价核对日期"""
    unit_cost: Exact
    """What it costs the bank; never shown / 银行的采购成本，不对外显示"""
    when: Condition | None = None
    """For whom it is available; unknown counts as no / 适用客户，未知视为不适用"""
    reason: Words = Field(default_factory=dict)
    """What people read when it is not available / 不适用时显示的原因"""
    only_with: list[Name] = Field(default_factory=list)
    """Components that it cannot work without / 必须同时选择的服务项目"""
    not_with: list[Name] = Field(default_factory=list)
    """Components that it excludes / 不能同时选择的服务项目"""


class RefundFile(Part):
    """What is given back when the package ends early."""

    by: Annotated[
        Literal["months", "components", "months_and_components"],
        choice("months", "components", "months_and_components"),
    ]
    """`months` not begun, `components` never used, or both / 按未开始的月份、按未使用的项目，或两者同时"""
    words: Words
    """The rule in words / 退款规则说明"""


class PackageFile(Part):
    """A package quote's terms."""

    type: Annotated[Written, WithJsonSchema({"const": "package"})]
    """`package` / 服务套餐"""
    budget: Condition
    """What the customer would spend at most; missing: no quote / 客户预算；未知则不报价"""
    components: list[ComponentFile] = Field(min_length=1)
    """What can be chosen, at most 30 / 可选的服务项目，最多 30 个"""
    term_months: Count
    """How long it lasts, at most 120 / 有效月数，最多 120"""
    renewal: Annotated[Literal["none", "on_request"], choice("none", "on_request")] = "none"
    """`on_request`: renewed if the customer asks for it; never by itself / 续期方式：仅客户要求时续期，绝不自动续期"""
    refund: RefundFile
    """What is given back of what was not used / 未使用部分的退款规则"""
    value_max_age_days: Count
    """An older list value is not said, and its component not sold / 标价超过此天数即不再使用"""


# --- as it is linked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class PackageComponent:
    """One service; amounts in money of the pack's currency, to the fen. `when` None: available to everybody."""

    id: str
    labels: Mapping[str, str]
    price: Decimal
    list_value: Decimal
    value_source: Mapping[str, str]
    value_date: date
    unit_cost: Decimal
    when: Expression | None
    reason: Mapping[str, str]
    only_with: frozenset[str]
    not_with: frozenset[str]


@dataclass(frozen=True, slots=True)
class RefundRule:
    """What is given back when a package ends early, and the rule in words."""

    by: RefundBy
    words: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class PackageTerms(QuoteTerms):
    """Everything that a package quote is made from."""

    kind: ClassVar[str] = "package"
    fields: ClassVar[Mapping[str, Type]] = {
        "quote.budget": MONEY,
        "quote.price": MONEY,
        "quote.list_value": MONEY,
        "quote.saving": MONEY,
        "quote.component_count": INTEGER,
        "quote.term_months": INTEGER,
        "quote.price_per_month": MONEY,
        "quote.value_date": DATE,
        "quote.included": Type(Kind.SET),
        "quote.selected_count": INTEGER,
        "quote.bank_margin": MONEY,
    }
    # the ids are in the JSON as `suggested` and `selected`; what the bank earns is on nobody's screen
    unanswered: ClassVar[frozenset[str]] = frozenset({"quote.included", "quote.selected_count", "quote.bank_margin"})
    costs: ClassVar[frozenset[str]] = frozenset({"quote.price", "quote.price_per_month"})
    savings: ClassVar[frozenset[str]] = frozenset({"quote.saving"})
    choices: ClassVar[frozenset[str]] = frozenset({"budget", "components"})

    budget: Expression
    components: tuple[PackageComponent, ...]
    term_months: int
    renewal: Literal["none", "on_request"]
    refund: RefundRule
    value_max_age_days: int
    span: Span
    # by what is available and the budget in fen, filled as they are sought
    best_sets: dict[tuple[tuple[str, ...], int], tuple[str, ...]] = field(default_factory=dict, repr=False)

    def asked(self) -> Iterator[Asked]:
        """The budget, then for whom each component is."""
        yield Asked(self.budget, "budget")
        for each in self.components:
            if each.when is not None:
                yield Asked(each.when, each.id, blocks=False)

    def prices(self) -> Iterator[Expression]:
        """Nothing: a component costs everybody the same; who may have it decides no price."""
        return iter(())

    def largest(self, field: str) -> Decimal | None:
        """By all components together."""
        match field:
            case "quote.budget":
                return upper_bound(self.budget)
            case "quote.component_count" | "quote.selected_count":
                return Decimal(len(self.components))
            case "quote.term_months":
                return Decimal(self.term_months)
            case "quote.list_value" | "quote.saving":
                return total(each.list_value for each in self.components)
            case _:
                return total(each.price for each in self.components)

    def texts(self) -> Iterator[Mapping[str, str]]:
        """The names, the sources and the reasons of the components, and the refund rule."""
        for each in self.components:
            yield each.labels
            yield each.value_source
            yield each.reason
        yield self.refund.words

    def bound_advice(self, field: str) -> Text | None:
        """Only the budget has no bound of the offer's own."""
        del field
        return add_max("budget")


def link_package(context: QuoteContext, written: PackageFile) -> PackageTerms | None:
    """The terms, or None with the mistakes collected."""
    budget = context.condition(written.budget, MONEY)
    components = _components(context, written)
    context.check_value(written.node_of("term_months"), written.term_months <= MOST_MONTHS, _MONTHS)
    refund = RefundRule(written.refund.by, context.words(written.refund, "words"))
    if components:
        _check_worth(context, written.components, written.span_of("components"))
    if budget is None or not components:
        return None
    return PackageTerms(
        budget, components, written.term_months, written.renewal, refund,
        written.value_max_age_days, written.span,
    )  # fmt: skip


def _components(context: QuoteContext, written: PackageFile) -> tuple[PackageComponent, ...]:
    """Every component once; none where rules among them name what is not there."""
    found = context.linker.found
    if len(written.components) > MOST_COMPONENTS:
        span = written.span_of("components")
        found.append(catalog.TOO_MANY_COMPONENTS.at(span, count=len(written.components), limit=MOST_COMPONENTS))
        return ()
    taken: dict[str, Span] = {}
    unique = [each for each in written.components if context.linker.unique(each.id, taken, _COMPONENT)]
    linked = [_component(context, each, taken, written.value_max_age_days) for each in unique]
    _check_rules(context, unique)
    return tuple(linked)


def _component(
    context: QuoteContext, written: ComponentFile, known: Mapping[str, Span], max_age_days: int
) -> PackageComponent:
    context.check_value(written.node_of("price"), _is_amount(written.price) and written.price > 0, _A_PRICE)
    for key in ("list_value", "unit_cost"):
        context.check_value(written.node_of(key), _is_amount(getattr(written, key)), _AN_AMOUNT)
    when = None
    if written.when is not None:
        when = context.linker.condition(written.when, context.setting, BOOLEAN, must_be_possible=True)
    _check_date(context, written, max_age_days)
    return PackageComponent(
        id=written.id.text,
        labels=context.words(written, "label"),
        price=written.price,
        list_value=written.list_value,
        value_source=context.words(written, "value_source"),
        value_date=written.value_date,
        unit_cost=written.unit_cost,
        when=when,
        reason=context.words(written, "reason"),
        only_with=_others(context, written, "only_with", known),
        not_with=_others(context, written, "not_with", known),
    )


def _has_amounts(written: ComponentFile) -> bool:
    return written.price > 0 and all(map(_is_amount, (written.price, written.list_value, written.unit_cost)))


def _is_amount(amount: Decimal) -> bool:
    return 0 <= amount <= _LARGEST and is_whole_fen(amount)


def _check_date(context: QuoteContext, written: ComponentFile, max_age_days: int) -> None:
    span, day = written.span_of("value_date"), written.value_date
    if day > context.today:
        context.linker.found.append(catalog.VALUE_FROM_THE_FUTURE.at(span, id=written.id.text, date=day))
    elif (age := (context.today - day).days) > max_age_days:
        outdated = catalog.VALUE_OUTDATED.at(span, id=written.id.text, date=day, age=age, limit=max_age_days)
        context.linker.found.append(outdated)


def _others(context: QuoteContext, written: ComponentFile, key: str, known: Mapping[str, Span]) -> frozenset[str]:
    """The ids of other components; one that does not exist, or is the component itself, is found."""
    names = getattr(written, key)
    for each in names:
        if each.text == written.id.text:
            context.check_value(each, good=False, expected=_ANOTHER)
        else:
            context.linker.reference(each, known, _COMPONENT)
    return frozenset(each.text for each in names) & known.keys() - {written.id.text}


# --- components together ----------------------------------------------------------------------------------------------


def _check_rules(context: QuoteContext, written: Sequence[ComponentFile]) -> None:
    """What needs components that exclude each other can never be chosen; what needs each other is one component."""
    direct = {each.id.text: {name.text for name in each.only_with} for each in written}
    apart = {frozenset((each.id.text, name.text)) for each in written for name in each.not_with}
    reported: set[str] = set()
    for each in written:
        name = each.id.text
        needed = _needed(name, direct)
        torn = sorted(sorted(pair) for pair in apart if len(pair) == 2 and pair <= needed)
        if torn and len(needed) > 1:
            pair = " / ".join(torn[0])
            context.linker.found.append(catalog.NEVER_CHOSEN.at(each.span_of("only_with"), id=name, pair=pair))
        mutual = sorted(other for other in needed - {name} if name in _needed(other, direct))
        if mutual and name not in reported:
            reported.update((name, *mutual))
            others = ", ".join(f"`{other}`" for other in mutual)
            context.linker.found.append(catalog.NEED_EACH_OTHER.at(each.span_of("only_with"), id=name, others=others))


def _needed(name: str, direct: Mapping[str, set[str]]) -> frozenset[str]:
    """A component with everything that it needs, and what that needs."""
    needed: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each not in needed:
            needed.add(each)
            waiting.extend(direct.get(each, ()))
    return frozenset(needed)


def _check_worth(context: QuoteContext, written: Sequence[ComponentFile], span: Span) -> None:
    """A package is worth more than it costs, so at least one component is; one that is not, alone, asks for a look."""
    if not all(_has_amounts(each) for each in written):
        return  # a wrong amount is reported by itself
    worthless = [each for each in written if each.list_value <= each.price]
    if len(worthless) == len(written):
        context.linker.found.append(catalog.PACKAGE_WORTHLESS.at(span))
        return
    for each in worthless:
        context.linker.found.append(
            catalog.COMPONENT_WORTHLESS.at(
                each.span_of("list_value"), id=each.id.text, value=each.list_value, price=each.price
            )
        )
    for each in written:
        if each.unit_cost > each.price:
            context.linker.found.append(
                catalog.COMPONENT_AT_A_LOSS.at(
                    each.span_of("unit_cost"), id=each.id.text, cost=each.unit_cost, price=each.price
                )
            )
