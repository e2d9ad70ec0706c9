"""Limit terms: how far a credit limit can be moved, temporarily or for good, and what bounds it.

A temporary limit raises the limit by a share, for some days; a safe limit is the smallest of the amounts that the bank names
(risk, income, headroom at other banks). Both can have a ceiling, which the customer names: it bounds a raise, and a safe
limit may be lowered to it.

In: an offer's `quote:` of type `limit`. Out: `LimitTerms`; `nbo.quote.limit_quote` makes quotes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, WithJsonSchema

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.language.operations import is_whole_fen
from nbo.language.tree import Constant
from nbo.language.types import BOOLEAN, DATE, INTEGER, MONEY, RATE, STRING, Type, Value
from nbo.pack.authority import Authority
from nbo.pack.quotes.context import QuoteContext
from nbo.pack.quotes.terms import Asked, QuoteTerms, add_max, upper_bound
from nbo.source.model import Condition, Exact, Name, Part, Share, Written, choice, validate
from nbo.source.nodes import Scalar

MOST_DAYS = 366  # a limit that is temporary for longer is none
OWN_BOUNDS = ("raise", "cap", "ceiling")  # ids that a quote gives to what is no entry of `bounds`

Purpose = Literal["temporary", "safe"]
IfMissing = Literal["unknown", "skip"]

_A_SHARE = Text("a share above 0% and up to 100%", "大于 0% 且不超过 100% 的比例")
_DAYS = Text(f"a number of days from 1 to {MOST_DAYS}", f"1 至 {MOST_DAYS} 之间的天数")
_AN_AMOUNT = Text("an amount of whole fen such as `0.01` or `100`", "以分为单位的金额，例如 `0.01` 或 `100`")
_ABOVE_ZERO = Text("an amount above 0", "大于 0 的金额")
_BOUND = Text("bound", "上限")


# --- as it is written -------------------------------------------------------------------------------------------------


class BoundFile(Part):
    """One amount that a new limit may not exceed."""

    id: Name
    """Name of the bound: a quote says which one decided / 上限标识；报价会说明由哪一项决定"""
    amount: Condition
    """The most that the new limit may be, as an expression / 新额度的上限（表达式）"""
    if_missing: Annotated[IfMissing, choice("unknown", "skip")] = "unknown"
    """`unknown`: no quote without it; `skip`: it does not count then / 缺失时：不报价，或不计此项"""


class LimitQuoteFile(Part):
    """A limit quote's terms."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"purpose": {"const": "temporary"}}, "required": ["purpose"]},
            "then": {"required": ["raise", "days"]},
            "else": {
                "not": {"anyOf": [{"required": ["raise"]}, {"required": ["days"]}]},
                "anyOf": [{"required": ["bounds"]}, {"required": ["ceiling"]}],
            },
        }
    )

    type: Annotated[Written, WithJsonSchema({"const": "limit"})]
    """`limit` / 额度"""
    purpose: Annotated[Purpose, choice("temporary", "safe")]
    """`temporary`: more for some days; `safe`: the limit that stays / 临时额度，或长期的安全额度"""
    current: Condition
    """The limit as it is / 当前额度"""
    used: Condition | None = None
    """How much of it is used; a new limit is never below it / 已用额度，新额度不低于它"""
    raise_: Annotated[Condition | None, Field(alias="raise")] = None
    """Share by which a temporary limit is higher, such as `30%` or a table's answer / 临时提升比例"""
    days: Condition | None = None
    """For how many days a temporary limit holds / 临时额度的天数"""
    cap: Exact
    """The most that a new limit may ever be / 新额度的绝对上限"""
    bounds: list[BoundFile] = Field(default_factory=list)
    """What else bounds it: the smallest counts / 其他上限，取最小者"""
    ceiling: Condition | None = None
    """The most that the customer wants, where one is named / 客户自己要求的上限"""
    to: Exact = Decimal("0.01")
    """A raised limit is rounded down to this unit; 0.01 when left out / 提升后的额度向下取整的单位；省略为 0.01"""
    least: Exact = Decimal("0.01")
    """Less than this is no raise / 低于此金额不提升"""
    allowed_when: Condition | None = None
    """The account's state in which its limit may move; unknown refuses / 允许调整额度的账户状态，未知则不报价"""
    authority: Name | None = None
    """The id in authority.yaml that limits the raise / authority.yaml 中限制提升金额的授权标识"""


# --- as it is linked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Bound:
    """One amount that a new limit may not exceed; `skipped` where it is missing, or the limit is unknown then."""

    id: str
    amount: Expression
    skipped: bool


@dataclass(frozen=True, eq=False)
class LimitTerms(QuoteTerms):
    """Everything that a limit quote is made from; `share` and `days` are for a temporary one alone.

    `share` and `days` are numbers, or expressions that give them.
    """

    kind: ClassVar[str] = "limit"
    choices: ClassVar[frozenset[str]] = frozenset({"new_limit", "days"})
    fields: ClassVar[Mapping[str, Type]] = {
        "quote.new_limit": MONEY,
        "quote.extra": MONEY,
        "quote.reduction": MONEY,
        "quote.days": INTEGER,
        "quote.until": DATE,
        "quote.due_at_once": MONEY,
        "quote.bound_by": STRING,
    }
    purpose: Purpose
    current: Expression
    used: Expression | None
    share: Decimal | Expression | None
    days: int | Expression | None
    cap: Decimal
    bounds: tuple[Bound, ...]
    ceiling: Expression | None
    unit: Decimal
    least: Decimal
    allowed_when: Expression | None
    authority: Authority | None
    span: Span

    def asked(self) -> Iterator[Asked]:
        """What the limit is computed from, the account's state, and who may give how much."""
        yield Asked(self.current, "current")
        if self.used is not None:
            yield Asked(self.used, "used")
        for name, each in (("raise", self.share), ("days", self.days)):
            if isinstance(each, Expression):
                yield Asked(each, name)
        for bound in self.bounds:
            yield Asked(bound.amount, bound.id, blocks=not bound.skipped)
        if self.ceiling is not None:
            yield Asked(self.ceiling, "ceiling", blocks=False)
        if self.allowed_when is not None:
            yield Asked(self.allowed_when, "allowed_when")
        if self.authority is not None:
            for each in self.authority.expressions():
                yield Asked(each, self.authority.id, part="authority")

    def prices(self) -> Iterator[Expression]:
        """Nothing: a limit has no price, and it is a credit decision how much of it somebody gets."""
        return iter(())

    def authorities(self) -> Iterator[Authority]:
        """The one that it names."""
        if self.authority is not None:
            yield self.authority

    def granted_by(self, fields: Mapping[str, Value | None]) -> Authority | None:
        """The one that it names, where the limit becomes more."""
        extra = fields["quote.extra"]
        return self.authority if isinstance(extra, Decimal) and extra > 0 else None

    def largest(self, field: str) -> Decimal | None:
        """No limit is above the cap; a limit that is lowered may have been higher, by what its attribute allows."""
        if field == "quote.days":
            return Decimal(self.days if isinstance(self.days, int) else MOST_DAYS)
        if field == "quote.reduction":
            return upper_bound(self.current)
        return self.cap

    def bound_advice(self, field: str) -> Text | None:
        """Only a reduction has no bound of the offer's own."""
        del field
        return add_max("current")


def link_limit(context: QuoteContext, written: LimitQuoteFile) -> LimitTerms | None:
    """The terms, or None with the mistakes collected."""
    _check_purpose(context, written)
    _check_amounts(context, written)
    current, used = context.condition(written.current, MONEY), context.condition(written.used, MONEY)
    share, days = _share(context, written.raise_), _days(context, written.days)
    bounds = _bounds(context, written)
    ceiling = context.condition(written.ceiling, MONEY)
    allowed_when = context.condition(written.allowed_when, BOOLEAN)
    authority = None
    if written.authority is not None:
        authority = context.linker.reference(written.authority, context.authorities, Text("authority", "授权"))
    if current is None:
        return None
    return LimitTerms(
        purpose=written.purpose, current=current, used=used, share=share, days=days, cap=written.cap, bounds=bounds,
        ceiling=ceiling, unit=written.to, least=written.least, allowed_when=allowed_when, authority=authority,
        span=written.span,
    )  # fmt: skip


def _check_purpose(context: QuoteContext, written: LimitQuoteFile) -> None:
    """A temporary limit needs a raise and days; a safe one has neither, and needs something that bounds it."""
    purpose = Text("temporary", "临时") if written.purpose == "temporary" else Text("safe", "安全")
    for key in ("raise", "days"):
        if written.purpose == "temporary" and key not in written.keys_present:
            context.linker.found.append(
                catalog.LIMIT_NEEDS.at(written.span_of("purpose"), purpose=purpose, key=f"`{key}`")
            )
        if written.purpose == "safe" and key in written.keys_present:
            context.linker.found.append(catalog.LIMIT_HAS_NO.at(written.key_span(key), purpose=purpose, key=key))
    if written.purpose == "safe" and not written.bounds and written.ceiling is None:
        either = Text("`bounds` or `ceiling`", "`bounds` 或 `ceiling`")
        context.linker.found.append(catalog.LIMIT_NEEDS.at(written.span_of("purpose"), purpose=purpose, key=either))


def _check_amounts(context: QuoteContext, written: LimitQuoteFile) -> None:
    context.check_value(written.node_of("cap"), written.cap > 0, _ABOVE_ZERO)
    for key in ("to", "least"):
        amount: Decimal = getattr(written, key)
        if key in written.keys_present:  # fen are the smallest unit
            good = amount > 0 and is_whole_fen(amount)
            context.check_value(written.node_of(key), good, _AN_AMOUNT)


def _share(context: QuoteContext, written: Scalar | None) -> Decimal | Expression | None:
    """A share as it is written everywhere (`30%`, `0.3`), or an expression such as a table's answer."""
    if written is None:
        return None
    share, found = validate(Share, written)
    if found:
        return context.condition(written, RATE)
    context.check_value(written, 0 < share <= 1, _A_SHARE)
    return Decimal(share)


def _days(context: QuoteContext, written: Scalar | None) -> int | Expression | None:
    days = context.condition(written, INTEGER)
    if days is None or written is None or not isinstance(days.tree, Constant):
        return days
    number = days.tree.value
    good = isinstance(number, int) and 1 <= number <= MOST_DAYS
    context.check_value(written, good, _DAYS)
    return number if isinstance(number, int) and good else None


def _bounds(context: QuoteContext, written: LimitQuoteFile) -> tuple[Bound, ...]:
    taken = dict.fromkeys(OWN_BOUNDS, written.span)
    bounds: list[Bound] = []
    for each in written.bounds:
        amount = context.condition(each.amount, MONEY)
        if context.linker.unique(each.id, taken, _BOUND) and amount is not None:
            bounds.append(Bound(each.id.text, amount, each.if_missing == "skip"))
    return tuple(bounds)
