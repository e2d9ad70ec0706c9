"""Installment terms: the principal, the periods on offer and their rates, what settling early costs, what to compare with.

In: an offer's `quote:` of type `installment`. Out: `InstallmentTerms`; `nbo.quote.installment_quote` makes quotes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field, WithJsonSchema

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.language.operations import MONEY_CONTEXT, MOST_FRACTION_DIGITS, is_whole_fen, within_bounds
from nbo.language.types import BOOLEAN, DATE, INTEGER, MONEY, RATE, Type
from nbo.pack.quotes.context import QuoteContext
from nbo.pack.quotes.terms import Asked, QuoteTerms, add_key, add_max, upper_bound
from nbo.source.model import Condition, Count, Exact, Flag, Part, Share, Words, Written, choice

HIGHEST_RATE = Decimal("0.05")  # per period; above it a rate was surely written in the wrong unit
HIGHEST_DAILY_RATE = Decimal("0.005")  # likewise
MOST_PERIODS = 120

_A_SHARE = Text("a share above 0% and up to 100%", "大于 0% 且不超过 100% 的比例")
_BOUND_PRINCIPAL = Text(
    "add `max` to `principal` or to the attribute that it is taken from", "请给 `principal` 或其来源属性加上 `max`"
)
_A_DAILY_RATE = Text("a rate of one day, such as `0.05%`", "日利率，例如 `0.05%`")
_AN_AMOUNT = Text("an amount of whole fen such as `0.01` or `100`", "以分为单位的金额，例如 `0.01` 或 `100`")
_AT_LEAST_MIN = Text("at least `min`", "不小于 `min` 的值")
_PERIODS = Text(f"at most {MOST_PERIODS} periods", f"不超过 {MOST_PERIODS} 的期数")
_A_SHORT_RATE = Text(
    f"a rate with at most {MOST_FRACTION_DIGITS - 2} digits after the point, such as `0.60%`",
    f"小数不超过 {MOST_FRACTION_DIGITS - 2} 位的费率，例如 `0.60%`",
)
_SHARE_RULE = "share_of_principal"


SettlementRule = Literal["charged_so_far", "one_more_period", "share_of_principal", "all_remaining"]

# --- as it is written -------------------------------------------------------------------------------------------------


class PrincipalFile(Part):
    """How much is put into installments: a share of an amount, rounded."""

    of: Condition
    """The amount that it is taken from / 本金的计算基数"""
    share: Share = Decimal(1)
    """The part of it, such as `90%`; all of it when left out / 占比，例如 `90%`；省略为全部"""
    round: Annotated[Literal["down", "half_up"], choice("down", "half_up")] = "down"
    """How it is rounded; `down` when left out / 取整方式；省略为 `down`"""
    to: Exact = Decimal("0.01")
    """The unit that it is rounded to; 0.01 when left out / 取整单位；省略为 0.01"""
    min: Exact | None = None
    """Less is not split / 低于此金额不可分期"""
    max: Exact | None = None
    """More than this is not split / 分期本金上限"""


class TermFile(Part):
    """A number of periods and its rate."""

    periods: Count
    """Number of months, at most 120 / 期数，最多 120"""
    rate: Share
    """Rate of one period on the principal, such as `0.60%` / 每期费率，例如 `0.60%`"""
    recommended: Flag = False
    """The term that a script names first / 话术首选的期数"""


class RevolvingFile(Part):
    """What the same debt would cost on the card; withheld from customers who pay in full."""

    daily_rate: Share
    """Interest of one day, such as `0.05%` / 日利率，例如 `0.05%`"""
    unless: Condition
    """True for who pays in full: nothing is compared / 为真（全额还款）时不作比较"""


class InstallmentFile(Part):
    """An installment quote's terms."""

    type: Annotated[Written, WithJsonSchema({"const": "installment"})]
    """`installment` / 分期"""
    principal: PrincipalFile
    """How much is put into installments / 分期本金"""
    terms: list[TermFile] = Field(min_length=1)
    """The numbers of periods on offer / 可选期数"""
    collection: Annotated[Literal["each_period", "first_period"], choice("each_period", "first_period")] = "each_period"
    """When interest is charged / 利息收取方式"""
    remainder: Annotated[Literal["last", "first"], choice("last", "first")] = "last"
    """The period that takes the rounding remainder / 尾差归入哪一期"""
    settlement: Annotated[SettlementRule, choice(*get_args(SettlementRule))]
    """What an early settlement costs besides the principal / 提前结清除本金外另收的费用"""
    settlement_share: Share | None = None
    """For `share_of_principal`: the part of the remaining principal, such as `3%` / 占剩余本金的比例，例如 `3%`"""
    settlement_words: Words = Field(default_factory=dict)
    """What the customer agrees to about settling early / 与客户约定的提前结清条款"""
    first_due: Condition | None = None
    """Day of the first payment / 首期还款日"""
    valid_until: Condition | None = None
    """Last day on which the numbers hold / 报价有效期"""
    limit_after: Condition | None = None
    """Credit that is left afterwards; may read `quote.principal` / 办理后的可用额度，可引用 `quote.principal`"""
    collector: Words = Field(default_factory=dict)
    """Who charges the interest, in words / 收费主体"""
    default_cost: Words = Field(default_factory=dict)
    """What late payment costs, in words / 逾期费用说明"""
    revolving: RevolvingFile | None = None
    """The cost of leaving the debt on the card / 循环利息对照"""


# --- as it is linked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """Periods and the rate of each."""

    periods: int
    rate: Decimal
    recommended: bool
    span: Span


@dataclass(frozen=True, eq=False)
class Revolving:
    """The same debt on the card, by the day; withheld when `unless` is true or unknown."""

    daily_rate: Decimal
    unless: Expression


@dataclass(frozen=True, eq=False)
class InstallmentTerms(QuoteTerms):
    """Everything that an installment quote is made from."""

    kind: ClassVar[str] = "installment"
    fields: ClassVar[Mapping[str, Type]] = {
        "quote.principal": MONEY,
        "quote.periods": INTEGER,
        "quote.rate_per_period": RATE,
        "quote.first_payment": MONEY,
        "quote.payment": MONEY,
        "quote.last_payment": MONEY,
        "quote.total_interest": MONEY,
        "quote.total_cost": MONEY,
        "quote.annual_rate_simple": RATE,
        "quote.annual_rate_compound": RATE,
        "quote.revolving_interest": MONEY,
        "quote.revolving_total": MONEY,
        "quote.horizon_months": INTEGER,
        "quote.saving_against_revolving": MONEY,
        "quote.settlement_after": INTEGER,
        "quote.settlement_amount": MONEY,
        "quote.settlement_total": MONEY,
        "quote.settlement_rate": RATE,
        "quote.settlement_surcharge": MONEY,
        "quote.settlement_agreed": BOOLEAN,
        "quote.limit_after": MONEY,
        "quote.valid_until": DATE,
    }
    # the example of an early settlement is an object of its own in the JSON
    unanswered: ClassVar[frozenset[str]] = frozenset(
        {
            "quote.saving_against_revolving",
            "quote.settlement_after",
            "quote.settlement_amount",
            "quote.settlement_total",
            "quote.settlement_rate",
            "quote.settlement_surcharge",
            "quote.settlement_agreed",
        }
    )
    costs: ClassVar[frozenset[str]] = frozenset(
        {
            "quote.total_interest",
            "quote.total_cost",
            "quote.rate_per_period",
            "quote.annual_rate_simple",
            "quote.settlement_surcharge",
        }
    )
    choices: ClassVar[frozenset[str]] = frozenset({"principal", "periods"})
    savings: ClassVar[frozenset[str]] = frozenset({"quote.saving_against_revolving"})

    of: Expression
    share: Decimal
    rounding: Literal["down", "half_up"]
    unit: Decimal
    least: Decimal | None
    most: Decimal | None
    terms: tuple[Term, ...]
    collection: Literal["each_period", "first_period"]
    remainder: Literal["last", "first"]
    settlement: SettlementRule
    settlement_share: Decimal | None
    settlement_words: Mapping[str, str]
    first_due: Expression | None
    valid_until: Expression | None
    limit_after: Expression | None
    collector: Mapping[str, str]
    default_cost: Mapping[str, str]
    revolving: Revolving | None
    span: Span

    @property
    def recommended(self) -> Term:
        """The term that is quoted unless another is asked for."""
        return next(term for term in self.terms if term.recommended)

    def asked(self) -> Iterator[Asked]:
        """The principal, then the rest of the cost statement."""
        yield Asked(self.of, "principal")
        for expression in (self.first_due, self.valid_until, self.limit_after):
            if expression is not None:
                yield Asked(expression, "terms", blocks=False)
        if self.revolving is not None:
            yield Asked(self.revolving.unless, "revolving", blocks=False)

    def prices(self) -> Iterator[Expression]:
        """The principal is the only thing that depends on the customer."""
        yield self.of

    def texts(self) -> Iterator[Mapping[str, str]]:
        """The words of the cost statement."""
        yield self.collector
        yield self.default_cost
        yield self.settlement_words

    def largest(self, field: str) -> Decimal | None:
        """By the largest principal at the dearest term."""
        periods = max(term.periods for term in self.terms)
        if field in ("quote.periods", "quote.horizon_months", "quote.settlement_after"):
            return Decimal(periods)
        if field == "quote.limit_after":
            return None if self.limit_after is None else upper_bound(self.limit_after, ("quote.principal",))
        with localcontext(MONEY_CONTEXT):
            return self._largest_amount(field, periods)

    def _largest_amount(self, field: str, periods: int) -> Decimal | None:
        """Runs in the context for money, so operators are exact."""
        principal = self.most
        if principal is None:
            of = upper_bound(self.of)
            principal = None if of is None else of * self.share
        if principal is None or field == "quote.principal":
            return principal
        interest = max(principal * term.rate * term.periods for term in self.terms)
        if field.startswith("quote.settlement_"):
            # settled at once: never more than the principal with all of its interest and the share
            return (principal + interest + principal * (self.settlement_share or 0)).quantize(Decimal(1), ROUND_CEILING)
        if self.revolving is not None and field in (
            "quote.revolving_interest",
            "quote.revolving_total",
            "quote.saving_against_revolving",
        ):
            revolving = (principal * self.revolving.daily_rate * 31 * periods).quantize(Decimal(1), ROUND_CEILING)
            return principal + revolving if field == "quote.revolving_total" else revolving
        return interest.quantize(Decimal(1), ROUND_CEILING) if field == "quote.total_interest" else principal + interest

    def bound_advice(self, field: str) -> Text | None:
        """All amounts come from the principal but the credit that is left."""
        if field == "quote.limit_after":
            return add_key("limit_after") if self.limit_after is None else add_max("limit_after")
        return _BOUND_PRINCIPAL

    def rate_digits(self, field: str) -> int:
        """At the highest rate of 5 % a period: 98 % simple, 156 % compound, and 6,012 % where all is paid in the first.

        A settlement after one of 120 periods, with all of its interest and once more the principal: 8,400 %.
        """
        if self.collection == "first_period":
            return 4
        if field == "quote.settlement_rate":
            return 2 if self.settlement == "charged_so_far" else 4
        return 3 if field == "quote.annual_rate_compound" else 2


def link_installment(context: QuoteContext, written: InstallmentFile) -> InstallmentTerms | None:
    """The terms, or None with the mistakes collected."""
    principal = written.principal
    of = context.condition(principal.of, MONEY)
    first_due, valid_until = context.condition(written.first_due, DATE), context.condition(written.valid_until, DATE)
    limit_after = context.condition(written.limit_after, MONEY, "quote.principal")
    revolving = _revolving(context, written.revolving)
    terms = _terms(context, written.terms, written.span_of("terms"))
    _check_principal(context, principal)
    _check_settlement(context, written)
    if of is None or not terms:
        return None
    return InstallmentTerms(
        of=of, share=principal.share, rounding=principal.round, unit=principal.to, least=principal.min,
        most=principal.max, terms=terms, collection=written.collection, remainder=written.remainder,
        settlement=written.settlement, settlement_share=written.settlement_share,
        settlement_words=context.words(written, "settlement_words"), first_due=first_due, valid_until=valid_until,
        limit_after=limit_after, collector=context.words(written, "collector"),
        default_cost=context.words(written, "default_cost"), revolving=revolving, span=written.span,
    )  # fmt: skip


def _revolving(context: QuoteContext, written: RevolvingFile | None) -> Revolving | None:
    if written is None:
        return None
    good = 0 <= written.daily_rate <= HIGHEST_DAILY_RATE
    context.check_value(written.node_of("daily_rate"), good, _A_DAILY_RATE)
    context.check_value(written.node_of("daily_rate"), within_bounds(written.daily_rate), _A_SHORT_RATE)
    unless = context.condition(written.unless, BOOLEAN)
    return None if unless is None else Revolving(written.daily_rate, unless)


def _check_principal(context: QuoteContext, principal: PrincipalFile) -> None:
    if "share" in principal.keys_present:
        context.check_value(principal.node_of("share"), 0 < principal.share <= 1, _A_SHARE)
    # fen are the smallest unit; a coarser one (whole yuan, hundreds) is a multiple of it
    if "to" in principal.keys_present:
        good = principal.to > 0 and is_whole_fen(principal.to)
        context.check_value(principal.node_of("to"), good, _AN_AMOUNT)
    if principal.min is not None and principal.max is not None:
        context.check_value(principal.node_of("max"), principal.min <= principal.max, _AT_LEAST_MIN)


def _check_settlement(context: QuoteContext, written: InstallmentFile) -> None:
    """A share is needed where the rule is one of a share, and means nothing anywhere else."""
    share = written.settlement_share
    if written.settlement == _SHARE_RULE:
        if share is None:
            context.linker.found.append(catalog.SETTLEMENT_SHARE_NEEDED.at(written.span_of("settlement")))
        else:
            good = 0 < share <= 1 and within_bounds(share)
            context.check_value(written.node_of("settlement_share"), good, _A_SHARE)
    elif share is not None:
        span = written.key_span("settlement_share")
        context.linker.found.append(catalog.SETTLEMENT_SHARE_IDLE.at(span, rule=written.settlement))


def _terms(context: QuoteContext, written: list[TermFile], span: Span) -> tuple[Term, ...]:
    terms: dict[int, Term] = {}
    for each in written:
        if not 0 <= each.rate <= HIGHEST_RATE:
            shown = f"{MONEY_CONTEXT.normalize(MONEY_CONTEXT.multiply(each.rate, Decimal(100))):f}%"
            context.linker.found.append(
                catalog.RATE_OUT_OF_RANGE.at(each.span_of("rate"), rate=shown, limit=f"{HIGHEST_RATE:.0%}")
            )
        # a rate is shown with all of its digits, and never with more than an exact number may have
        context.check_value(each.node_of("rate"), within_bounds(each.rate), _A_SHORT_RATE)
        context.check_value(each.node_of("periods"), each.periods <= MOST_PERIODS, _PERIODS)
        if each.periods in terms:
            context.linker.found.append(catalog.DUPLICATE_TERM.at(each.span_of("periods"), periods=each.periods))
            continue
        terms[each.periods] = Term(each.periods, each.rate, each.recommended or len(written) == 1, each.span)
    recommended = sum(term.recommended for term in terms.values())
    if recommended != 1:
        context.linker.found.append(catalog.RECOMMENDED_TERM.at(span, count=recommended))
        return ()
    return tuple(terms[periods] for periods in sorted(terms))
