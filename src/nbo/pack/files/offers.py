"""Offers: their stages, quotes and values."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.pack.files.shared import Around, Clauses, KindName, Range
from nbo.source.model import (
    Condition,
    Count,
    Day,
    Exact,
    Flag,
    Name,
    Part,
    Share,
    Whole,
    Words,
    Written,
    check_choice,
    choice,
    refuse,
)
from nbo.source.nodes import Mapping, Scalar


class ValidFile(Part):
    """First and last day of an offer, in the pack's zone."""

    start: Annotated[Day | None, Field(alias="from")] = None
    """First day, inclusive / 起始日（含当天）"""
    through: Day | None = None
    """Last day, inclusive / 截止日（含当天）"""


class ForEachFile(Part):
    """One candidate a record of a list."""

    record: Name
    """The list of records, such as `transactions` / 记录列表的名称"""
    as_: Annotated[Name, Field(alias="as")]
    """The name of one record in conditions and scripts / 单条记录在条件和话术中的名称"""


class SideValueFile(Part):
    """An amount on an absolute scale."""

    amount: Condition
    """An amount of money, as an expression / 金额表达式"""
    scale: Range
    """Amounts that count as 0 and as 1 / 计为 0 分和 1 分的金额"""


class ValueFile(Part):
    """What an offer is worth to either side."""

    bank: SideValueFile
    """What a yes is worth to the bank / 对银行的价值"""
    customer: SideValueFile
    """What a yes is worth to the customer / 对客户的价值"""


class PropensityFile(Part):
    """How likely a yes is: a number or expression, or a scorer with what stands in for it."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["expression"]}, {"required": ["scorer", "fallback"]}]}
    )

    expression: Condition | None = None
    """A number from 0 to 1, or an expression / 0 到 1 的数或表达式"""
    scorer: Name | None = None
    """A scorer of the calling system / 调用方系统的评分器"""
    fallback: Share | None = None
    """What stands in for a score that is missing, from 0 to 1 / 没有评分时使用的值，0 到 1"""


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
    settlement: Annotated[
        Literal["charged_so_far", "one_more_period", "share_of_principal", "all_remaining"],
        choice("charged_so_far", "one_more_period", "share_of_principal", "all_remaining"),
    ]
    """What an early settlement costs / 提前结清的费用"""
    first_due: Condition | None = None
    """Day of the first payment / 首期还款日"""
    valid_until: Condition | None = None
    """Last day on which the numbers hold / 报价有效期"""
    limit_after: Condition | None = None
    """Credit that is left afterwards / 办理后的可用额度"""
    collector: Words = Field(default_factory=dict)
    """Who charges the interest, in words / 收费主体"""
    default_cost: Words = Field(default_factory=dict)
    """What late payment costs, in words / 逾期费用说明"""
    revolving: RevolvingFile | None = None
    """The cost of leaving the debt on the card / 循环利息对照"""


class WaiverFile(Part):
    """A charge that is given back, within somebody's authority."""

    type: Annotated[Written, WithJsonSchema({"const": "waiver"})]
    """`waiver` / 减免"""
    amount: Condition
    """The charge that is given back / 减免金额"""
    authority: Name
    """The id in authority.yaml that limits it / authority.yaml 中的授权标识"""


QUOTES: dict[str, type[Part]] = {"installment": InstallmentFile, "waiver": WaiverFile}


def _quote(node: Any) -> Any:
    """The model that `type` names reads the rest."""
    if not isinstance(node, Mapping):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("a mapping (`key: value`)", "映射（`键: 值`）")))
    kind = node.get("type")
    if not isinstance(kind, Scalar):
        refuse(catalog.KEY_REQUIRED.at(node.span, key="type"))
    check_choice(kind, tuple(QUOTES))
    return node


Quote = Annotated[Mapping, PlainValidator(_quote, json_schema_input_type=InstallmentFile | WaiverFile)]
SALES_NEED = ("value", "propensity", "script")


class OfferFile(Part):
    """One offer."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"kind": {"const": "sales"}}, "required": ["kind"]},
            "then": {"required": list(SALES_NEED)},
        }
    )

    offer: Name
    """Offer id, also in histories and cases / 产品标识"""
    family: Name
    """Family: rules on contact, weights and compliance name it / 产品族"""
    kind: KindName
    """`sales` sells, `service` helps, `mandatory` must be said / 类型：营销、服务、强制告知"""
    label: Words
    """What people call it / 产品名称"""
    eligibility: Clauses
    """May we: every line must hold, unknown counts as no / 准入条件：全部成立，未知视为不成立"""
    applicability: Clauses = Field(default_factory=list)
    """Is it to the point on this call / 适用条件：本次通话是否需要"""
    suitability: Clauses = Field(default_factory=list)
    """Is it good for this customer; may read `quote.` / 适当性：是否适合该客户，可读取 `quote.`"""
    volume: Clauses = Field(default_factory=list)
    """Not too often, read from the history / 频次条件，读取历史记录"""
    valid: ValidFile | None = None
    """First and last day on which it may be offered / 有效期"""
    exclusive_group: Name | None = None
    """At most one offer of a group in an answer / 互斥组：一次最多推荐其中一个"""
    priority: Whole = 0
    """Breaks ties of the score; higher comes first / 同分时的优先级，大者在先"""
    for_each: ForEachFile | None = None
    """One candidate for each record of a list / 按记录逐条生成候选"""
    quote: Quote | None = None  # read by the model of its type when linked
    """How its numbers are computed / 报价方式"""
    value: ValueFile | None = None
    """What it is worth to either side; a sales offer needs it / 对双方的价值；营销产品必填"""
    propensity: Annotated[PropensityFile, Around("expression")] | None = None
    """How likely a yes is, such as `0.12`; a sales offer needs it / 接受概率，例如 `0.12`；营销产品必填"""
    script: Name | None = None
    """The script that says it; a sales offer needs it / 话术标识；营销产品必填"""

    @property
    def quote_kind(self) -> str:
        """The quote's `type` as written; empty where there is no quote."""
        kind = None if self.quote is None else self.quote["type"]
        return kind.text if isinstance(kind, Scalar) else ""
