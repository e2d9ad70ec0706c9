"""Gates, contact policy, authority, segments and arbitration."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.pack.files.floors import PauseFile
from nbo.pack.files.frequency import FrequencyFile, StretchFile, Subject, WithinFile
from nbo.pack.files.shared import Around, At, Clauses, FactorRange, Kind, KindName, Ways
from nbo.source.model import (
    Condition,
    Count,
    Exact,
    Name,
    Part,
    Scope,
    Share,
    Words,
    choice,
    decimal_of,
    refuse,
)
from nbo.source.nodes import Mapping, Scalar

_WAYS_TO_HOLD_BACK = frozenset({"suppress_when", "suppress_after", "pause_when"})


def _every_kind() -> list[Kind]:
    return ["sales", "service", "mandatory"]


def _sales_alone() -> list[Kind]:
    return ["sales"]


class GateFile(Part):
    """Something that must hold before offers of these kinds are shown (pitch) or taken (order)."""

    id: Name
    """Name of the gate / 门槛标识"""
    kinds: list[KindName] = Field(default_factory=_every_kind, min_length=1)
    """Kinds of offers that it holds for; all when left out / 适用的产品类型；省略为全部"""
    at: At = "pitch"
    """Before the pitch, or only before the order / 推介前，或仅下单前"""
    when: Condition
    """Must be true; unknown blocks / 必须为真；未知则阻止"""
    reason: Words
    """What people read when it blocks / 阻止时显示的原因"""
    serve: Ways | None = None
    """How to serve the customer instead, one way or a list / 改为如何服务，一种方式或列表"""


class ContactFile(Part):
    """When not to approach this customer with this offer: a condition, how often is too often, or figures over all customers."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [each]} for each in sorted(_WAYS_TO_HOLD_BACK, reverse=True)],
            "dependencies": {"suppress_for": ["suppress_after"]},
        }
    )

    id: Name
    """Name of the rule / 规则标识"""
    kinds: list[KindName] = Field(default_factory=_sales_alone, min_length=1)
    """Kinds of offers; sales when left out / 适用的产品类型；省略为营销"""
    families: Scope = None
    """`all` or a list of families / `all` 或产品族列表"""
    suppress_when: Condition | None = None
    """Do not approach when true or unknown / 为真或未知时不触达"""
    suppress_after: FrequencyFile | None = None
    """Instead of a condition: do not approach after so many outcomes / 代替条件：达到若干次后不触达"""
    suppress_for: StretchFile | None = None
    """With `suppress_after`: so long after the last of them / 与 `suppress_after` 一起：自最后一次起多久"""
    pause_when: PauseFile | None = None
    """Instead of both: pause the offers while a figure over all customers is bad / 代替以上两者：全体客户的指标不佳时暂停"""
    reason: Words
    """What people read when it suppresses / 不触达的原因"""

    @property
    def writes_one_way(self) -> bool:
        """Whether exactly one of the ways to hold back is written."""
        return len(self.keys_present & _WAYS_TO_HOLD_BACK) == 1


class GrantsFile(Part):
    """How often the customer may be granted something; beyond it the case goes to somebody else."""

    times: Count = 1
    """So many at most; 1 when left out / 最多几次；省略为 1"""
    for_: Annotated[Subject, Field(alias="for")] = "family"
    """Of the `offer`, its `family`, `everything`, or a list of families / 同一产品、同族、全部，或产品族列表"""
    within: Annotated[WithinFile | None, Around("calendar")] = None
    """Since when: `{days: 365}`, or `day`, `week`, `month`; the whole history when left out / 时间范围；省略为全部历史"""
    reason: Words = Field(default_factory=dict)
    """What people read then; the authority's reason when left out / 超出次数时的原因；省略则用该授权的原因"""


class LimitFile(Part):
    """Up to how much somebody may give away, and how often."""

    when: Condition
    """For whom this limit holds / 此限额的适用条件"""
    up_to: Exact
    """The most that may be given / 最高金额"""
    at_most: GrantsFile | None = None
    """How often, while this limit holds / 此限额下的次数上限"""


class AuthorityFile(Part):
    """What an agent may waive; beyond the limits the case goes to somebody else."""

    id: Name
    """Name that a waiver refers to / 授权标识，由减免产品引用"""
    limits: list[LimitFile] = Field(min_length=1)
    """The first limit whose condition holds counts / 条件首个成立的限额生效"""
    at_most: GrantsFile | None = None
    """How often, whichever limit holds / 次数上限，不论哪个限额生效"""
    reason: Words
    """What people read above the limit / 超出限额的原因"""
    above: Ways | None = None
    """Where a case above the limit goes, one way or a list / 超出限额时转往何处，一种方式或列表"""


class SegmentFile(Part):
    """A named group of customers, read in conditions as `segment.ID`."""

    id: Name
    """Read in conditions as `segment.ID` / 在条件中写作 `segment.标识`"""
    label: Words = Field(default_factory=dict)
    """What people call it / 客群名称"""
    when: Clauses = Field(min_length=1)
    """Every line must hold / 全部条件成立"""


class SidesFile(Part):
    """How much the bank's and the customer's value count, and what becomes of an offer good for the bank only."""

    bank: Share
    """Share of the bank's value / 银行价值的权重"""
    customer: Share
    """Share of the customer's value / 客户价值的权重"""
    bank_only: Annotated[Literal["suppress", "reangle"], choice("suppress", "reangle")] = "suppress"
    """What becomes of an offer that is good for the bank only / 只利于银行的产品如何处理"""


class WeightFile(Part):
    """What this call says about families of offers."""

    when: Condition
    """When it counts; a negative weight counts unless this is false / 生效条件；负权重仅在明确不成立时不计"""
    families: Scope
    """Families that it moves, or `all` / 影响的产品族，或 `all`"""
    weight: Exact
    """Added to C, such as `+0.40` / 加到 C 的值，例如 `+0.40`"""


class BoundsFile(Part):
    """The range of each factor of the score."""

    p: FactorRange = (Decimal("0.001"), Decimal(1))
    """Range of the propensity / 接受概率的范围"""
    c: FactorRange = (Decimal("0.2"), Decimal(3))
    """Range of the context / 情境系数的范围"""
    v: FactorRange = (Decimal(0), Decimal(1))
    """Range of the value / 价值的范围"""
    l: FactorRange = (Decimal("0.2"), Decimal(3))  # noqa: E741 - the factor's own name
    """Range of the lever / 调节系数的范围"""


def _levers(node: Any) -> dict[str, Decimal]:
    if not isinstance(node, Mapping):
        refuse(
            catalog.WRONG_SHAPE.at(
                node.span, expected=Text("a lever a family, `family: +0.10`", "每个产品族一个调节值，`family: +0.10`")
            )
        )
    read: dict[str, Decimal] = {}
    for family, value in node.items():
        if not isinstance(value, Scalar):
            refuse(catalog.WRONG_SHAPE.at(value.span, expected=Text("a number", "数字")))
        read[family] = decimal_of(value)
    return read


Levers = Annotated[dict[str, Decimal], PlainValidator(_levers, json_schema_input_type=dict[str, Exact])]


class ArbitrationFile(Part):
    """Which offer comes first."""

    value: SidesFile
    """Shares of the bank's and the customer's value / 银行与客户价值的权重"""
    context: list[WeightFile] = Field(default_factory=list)
    """What this call says about families of offers / 本次通话对产品族的影响"""
    levers: Levers = Field(default_factory=dict)
    """What the bank wants more or less of, `family: +0.10` / 各产品族的调节值"""
    bounds: BoundsFile = Field(default_factory=BoundsFile.model_construct)
    """The range of each factor / 各系数的范围"""
    mandatory_families: list[Name] = Field(default_factory=list)
    """Families that come before all others / 排在最前的产品族"""
    per_family: Count = 1
    """The most offers of a family in an answer / 每个产品族最多推荐几个"""
    serve: Ways | None = None
    """How to serve who gets no offer, one way or a list / 没有推荐时如何服务，一种方式或列表"""
