"""Fee change terms: what a card costs now and at another level, when the fee is waived, and what comes with it.

In: an offer's `quote:` of type `fee_change`. Out: `FeeChangeTerms`; `nbo.quote.fee_change` makes quotes of them. What a
benefit is worth is stated with its source and its day, because it is a claim to a customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Annotated, ClassVar

from pydantic import Field, WithJsonSchema

from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.operations import MONEY_CONTEXT, MOST_INTEGER_DIGITS, is_whole_fen, total, within_bounds
from nbo.language.types import DATE, INTEGER, MONEY, Domain, Kind, Type
from nbo.pack.quotes.context import QuoteContext
from nbo.pack.quotes.terms import Asked, QuoteTerms, add_key, add_max, upper_bound
from nbo.pack.quotes.wording import Labels, enum_at, enum_of, key_of, listed, texts
from nbo.source.model import Condition, Count, Day, Exact, Name, Part, Words, Written

_AN_AMOUNT = Text("an amount of whole fen, 0 or more", "不小于 0、以分为单位的金额")
_TOGETHER = Text(
    f"an amount with which all benefits together have at most {MOST_INTEGER_DIGITS} digits",
    f"使全部权益合计不超过 {MOST_INTEGER_DIGITS} 位整数的金额",
)
_A_LEVEL = Text("level", "卡等级")


# --- as it is written -------------------------------------------------------------------------------------------------


class LevelFile(Part):
    """The level that the card changes to."""

    of: Name
    """The attribute that holds the level now / 当前卡等级的属性"""
    to: Name
    """The level afterwards / 变更后的卡等级"""


class FeeWaiverFile(Part):
    """When a fee is waived."""

    spend: Exact
    """Purchases that waive it / 免收年费所需的消费金额"""
    months: Count
    """The months in which they are made / 统计消费的月数"""


class BenefitFile(Part):
    """Something that comes with the card."""

    id: Name
    """A name for it / 权益标识"""
    label: Words
    """What people call it / 权益名称"""
    value: Exact
    """What a customer would pay for it in a year / 一年的单独购买价"""
    source: Words
    """Where that price is from / 价格来源"""
    as_of: Day
    """The day on which it was that / 价格日期"""


class FeeChangeFile(Part):
    """A fee change's terms."""

    type: Annotated[Written, WithJsonSchema({"const": "fee_change"})]
    """`fee_change` / 年费变更"""
    level: LevelFile
    """The level that the card changes to / 变更后的卡等级"""
    old_fee: Condition
    """The fee of a year now / 现在的年费"""
    new_fee: Exact
    """The fee of a year afterwards / 变更后的年费"""
    first_due: Condition
    """The day on which it is charged first / 首次收取日"""
    waiver: FeeWaiverFile | None = None
    """When it is waived; left out where it never is / 免年费条件；没有则不写"""
    benefits: list[BenefitFile] = Field(min_length=1)
    """What comes with it / 新增权益"""


# --- as it is linked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Benefit:
    """`value` is money for a year, as `source` had it on the day `as_of`."""

    id: str
    labels: Labels
    value: Decimal
    source: Labels
    as_of: date


@dataclass(frozen=True, eq=False)
class FeeChangeTerms(QuoteTerms):
    """Everything that a change of level and fee is made from."""

    kind: ClassVar[str] = "fee_change"
    # which levels and benefits there are is the pack's own: `fee_change_types`
    fields: ClassVar[Mapping[str, Type]] = {
        "quote.new_level": enum_of({}),
        "quote.old_fee": MONEY,
        "quote.new_fee": MONEY,
        "quote.fee_increase": MONEY,
        "quote.first_due": DATE,
        "quote.waiver_spend": MONEY,
        "quote.waiver_months": INTEGER,
        "quote.benefits": enum_of({}),
        "quote.benefits_value": MONEY,
    }
    unanswered: ClassVar[frozenset[str]] = frozenset({"quote.benefits"})
    costs: ClassVar[frozenset[str]] = frozenset({"quote.new_fee", "quote.fee_increase"})

    new_level: str
    old_fee: Expression
    new_fee: Decimal
    first_due: Expression
    waiver_spend: Decimal | None
    waiver_months: int | None
    benefits: tuple[Benefit, ...]
    span: Span

    @property
    def benefits_value(self) -> Decimal:
        """What all benefits of a year would cost."""
        return total(each.value for each in self.benefits)

    def asked(self) -> Iterator[Asked]:
        """The fee now, and the day."""
        yield Asked(self.old_fee, "old_fee")
        yield Asked(self.first_due, "first_due")

    def prices(self) -> Iterator[Expression]:
        """The fee now is the only price that depends on the customer."""
        yield self.old_fee

    def texts(self) -> Iterator[Labels]:
        """The benefits, and where their prices are from."""
        for each in self.benefits:
            yield each.labels
            yield each.source

    def largest(self, field: str) -> Decimal | None:
        """The fees as written; the fee now by its attribute."""
        match field:
            case "quote.old_fee":
                return upper_bound(self.old_fee)
            case "quote.waiver_spend":
                return self.waiver_spend
            case "quote.waiver_months":
                return None if self.waiver_months is None else Decimal(self.waiver_months)
            case "quote.benefits_value":
                return self.benefits_value
            case _:
                return self.new_fee

    def bound_advice(self, field: str) -> Text | None:
        """A fee that is never waived has no amount that waives it."""
        return add_max("old_fee") if field == "quote.old_fee" else add_key("waiver")


def fee_change_types(written: Iterable[FeeChangeFile], dictionary: Dictionary) -> Mapping[str, Type]:
    """The levels and the benefits in this pack with their words."""
    level: Type | None = None
    benefits: dict[str, Labels] = {}
    for each in written:
        level = enum_at(dictionary, each.level.of.text) or level
        benefits[key_of(one.id.text for one in each.benefits)] = listed([texts(one.label) for one in each.benefits])
    return {"quote.new_level": level or enum_of({}), "quote.benefits": enum_of(benefits)}


def link_fee_change(context: QuoteContext, written: FeeChangeFile) -> FeeChangeTerms | None:
    """The terms, or None with the mistakes collected."""
    old_fee = context.condition(written.old_fee, MONEY)
    first_due = context.condition(written.first_due, DATE)
    level = _level(context, written.level)
    _check_amount(context, written, "new_fee")
    if written.waiver is not None:
        _check_amount(context, written.waiver, "spend")
    taken: dict[str, Span] = {}
    benefits = tuple(
        _benefit(context, each)
        for each in written.benefits
        if context.linker.unique(each.id, taken, Text("benefit", "权益"))
    )
    so_far = accumulate((each.value for each in written.benefits), MONEY_CONTEXT.add)
    for each, worth in zip(written.benefits, so_far, strict=True):
        context.check_value(each.node_of("value"), within_bounds(worth), _TOGETHER)
    if old_fee is None or first_due is None or level is None:
        return None
    return FeeChangeTerms(
        new_level=level, old_fee=old_fee, new_fee=written.new_fee, first_due=first_due,
        waiver_spend=None if written.waiver is None else written.waiver.spend,
        waiver_months=None if written.waiver is None else written.waiver.months,
        benefits=benefits, span=written.span,
    )  # fmt: skip


def _level(context: QuoteContext, written: LevelFile) -> str | None:
    enums = {each.name: each for each in context.linker.dictionary if each.type.kind is Kind.ENUM}
    attribute = context.linker.reference(written.of, enums, Text("attribute", "属性"))
    domain: Domain | None = None if attribute is None else attribute.type.domain
    if domain is None:
        return None
    return context.linker.reference(written.to, {each: each for each in domain.values}, _A_LEVEL)


def _benefit(context: QuoteContext, written: BenefitFile) -> Benefit:
    _check_amount(context, written, "value")
    return Benefit(
        written.id.text,
        context.linker.words(written.label, written.span_of("label")),
        written.value,
        context.linker.words(written.source, written.span_of("source")),
        written.as_of,
    )


def _check_amount(context: QuoteContext, written: Part, key: str) -> None:
    value: Decimal = getattr(written, key)
    good = value >= 0 and is_whole_fen(value)
    context.check_value(written.node_of(key), good, _AN_AMOUNT)
