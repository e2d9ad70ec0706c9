"""The pack's own tests: personas, and cases with what must come of them. What they refer to is checked when they are linked."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.language.intake import WARNING_CODES
from nbo.pack.files.shared import Named
from nbo.pack.stage_codes import STAGE_CODES
from nbo.source.model import (
    A_NAME,
    Count,
    Flag,
    Moment,
    Name,
    Part,
    Written,
    choice,
    refuse,
    shaped,
    spelled_out,
    validate,
)
from nbo.source.nodes import Mapping, Scalar, Sequence

NO_OFFER = "none"
"""What `winner` says when nothing may be offered, and a number of the quote that must be absent."""

EXPECTATIONS = (
    "winner", "reason", "serve", "order", "blocked", "unknown", "missing", "quote", "subject", "script", "nowhere",
    "degraded", "warnings", "moments", "needs", "window", "selling",
)  # fmt: skip
"""The keys of a case that expect something."""

_AFTER = "after"
_AN_EVENT = Text(
    "a kind of event with its fields (`topic_mentioned: {topic: travel}`), and `after` if seconds passed",
    "事件类型及其字段（`topic_mentioned: {topic: travel}`），间隔秒数写 `after`",
)
_A_NAME = Text("a name, or a list of names", "名称或名称列表")
_A_PROFILE = Text(
    "namespaces, each with its attributes (`customer: {age: 40}`)", "命名空间及其属性（`customer: {age: 40}`）"
)


def _one_or_several(node: Any) -> tuple[Scalar, ...]:
    names = list(node) if isinstance(node, Sequence) else [node]
    if not names or not all(isinstance(each, Scalar) and not each.is_null for each in names):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=_A_NAME))
    read: list[Scalar] = []
    for each in names:
        name, found = validate(Name, each)
        if found:
            refuse(found[0])
        read.append(name)
    return tuple(read)


def _a_mapping(node: Any) -> Mapping:
    if not isinstance(node, Mapping):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=_A_PROFILE))
    return node


_NAME_OR_NAMES = shaped({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]})
Names = Annotated[tuple[Scalar, ...], PlainValidator(_one_or_several, json_schema_input_type=_NAME_OR_NAMES)]
Changes = Annotated[Mapping, PlainValidator(_a_mapping, json_schema_input_type=shaped({"type": "object"}))]


class PersonaFile(Part):
    """A customer and call that cases start from: what it inherits, then its own changes."""

    about: Written | None = None
    """Who it is / 客户说明"""
    inherits: Names = ()
    """Personas that it starts from, the later one wins / 继承的客户画像，写在后面的优先"""
    profile: Changes | None = None
    """Changes key by key; `null` takes a value away / 逐项修改，`null` 表示去掉"""


class BlockedFile(Part):
    """Where an offer must be stopped, and by what: an attribute that the stopping condition reads, its id, or a code."""

    stage: Annotated[str, choice(*STAGE_CODES)]
    """The stage that stops it / 在哪个阶段被拦下"""
    because: Written | None = None
    """An attribute, a clause's id or a code / 原因：属性、条件标识或代码"""


class ScriptExpectedFile(Part):
    """What the winner's script must and may never say, and how it came about."""

    must: list[Written] = Field(default_factory=list)
    """Texts that it must say / 必须出现的文字"""
    never: list[Written] = Field(default_factory=list)
    """Texts that it must not say / 不得出现的文字"""
    says: list[Name] = Field(default_factory=list)
    """Slots that it must fill / 必须说到的必说项"""
    treatment: Name | None = None
    """The treatment that is chosen / 选用的话术版本"""
    compliance: Annotated[str | None, choice("passed", "warned")] = None
    """How the compliance check ends / 合规检查结果"""


class ServedFile(Part):
    """How the customer must be served; of the ticket only what is written is compared."""

    outcome: Name
    """What is done, such as `self_service` / 服务结果，例如 `self_service`"""
    channel: Name
    """Where, such as `app` / 渠道，例如 `app`"""
    owner: Name | None = None
    """The queue that takes the ticket / 工单的负责队列"""
    due: Moment | None = None
    """When the ticket is due, with its zone / 工单到期时间（带时区）"""


class CaseEventFile(Part):
    """Something that happens on the call."""

    kind: Name
    """The kind of event, as in call.yaml / 事件类型，见 call.yaml"""
    fields: Changes | None = None
    """Its fields / 事件字段"""
    after: Count | None = None
    """Seconds after the event before; left out: at the same time / 距上一事件的秒数；省略为同时"""


def _event(node: Any) -> CaseEventFile:
    """`- topic_mentioned: {topic: travel}` with or without `after`; `- service_resolved` is one without fields."""
    if isinstance(node, Scalar) and not node.is_null:
        return spelled_out(CaseEventFile, {"kind": node}, node)
    kinds = [key for key in node if key != _AFTER] if isinstance(node, Mapping) else []
    if not isinstance(node, Mapping) or len(kinds) != 1:
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=_AN_EVENT))
    (kind,) = kinds
    parts: dict[str, Any] = {"kind": Scalar(kind, node.keys_at[kind])}
    fields = node[kind]
    if not isinstance(fields, Scalar) or not fields.is_null:
        parts["fields"] = fields
    after = {_AFTER: node[_AFTER]} if _AFTER in node else {}
    return spelled_out(CaseEventFile, {**parts, **after}, node)


_EVENT = shaped(
    {
        "anyOf": [
            A_NAME,
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 2,
                "properties": {
                    _AFTER: {
                        "type": ["integer", "string"],
                        "description": "Seconds after the one before / 距上一事件的秒数",
                    }
                },
                "additionalProperties": {"type": ["object", "null"]},
            },
        ]
    }
)
CaseEvent = Annotated[CaseEventFile, PlainValidator(_event, json_schema_input_type=_EVENT)]


class CaseFile(Part):
    """One customer and call, and what must come of it."""

    id: Name
    """Name of the case, `--case` runs it alone / 用例标识"""
    about: Written
    """What the case shows / 用例说明"""
    at: Moment | None = None
    """The clock, with its zone / 决策时刻（带时区）"""
    channel: Name | None = None
    """The channel, `phone` by default / 渠道，默认 `phone`"""
    language: Name | None = None
    """The language of the script / 话术语言"""
    persona: Name | None = None
    """The customer to start from / 起始的客户画像"""
    profile: Changes | None = None
    """Changes key by key; `null` takes a value away / 逐项修改，`null` 表示去掉"""
    events: list[CaseEvent] = Field(default_factory=list)
    """What happens on the call, from `at` on; the decision is made after it / 通话中自 `at` 起发生的事件，之后再作决策"""
    moments: list[Name] | None = None
    """All moments that happen on the call / 通话中出现的全部时机"""
    needs: list[Name] | None = None
    """All needs that are known in the end / 最终得出的全部需求"""
    window: Annotated[str | None, choice("open", "closed")] = None
    """Whether an offer may be brought up in the end / 最终是否处于可推介的时机"""
    selling: Annotated[str | None, choice("on", "off")] = None
    """Whether anything may still be sold / 最终是否仍可营销"""
    used: Named | None = None
    """What is used of caps, `cap: 2000`; nothing of the others / 上限的已用量；未写的上限为零"""
    figures: Named | None = None
    """What floors look at, `floor: 12%` or `floor: {family: 12%}` / 底线所看的指标，可按产品族写"""
    winner: Name | None = None
    """The first offer or its family, or `none` / 首个产品或产品族，没有写 `none`"""
    reason: Name | None = None
    """The code of why there is no offer / 没有推荐的原因代码"""
    serve: ServedFile | None = None
    """How the customer is served instead / 如何服务"""
    order: Annotated[list[Name] | None, Field(min_length=1)] = None
    """All offers in their order / 全部产品的顺序"""
    blocked: dict[str, BlockedFile] = Field(default_factory=dict)
    """Offers that must be stopped, and where / 必须被拦下的产品及阶段"""
    unknown: dict[str, list[Written]] = Field(default_factory=dict)
    """Offers stopped by missing data, and which / 因缺少数据而停下的产品及缺少的属性"""
    missing: list[Written] | None = None
    """All that the decision may name as missing / 决策可列出的全部缺失项"""
    quote: Named = Field(default_factory=dict)
    """Exact numbers of the quote / 报价的精确数值"""
    subject: dict[str, Written] = Field(default_factory=dict)
    """The record that the offer is about / 产品针对的记录"""
    script: ScriptExpectedFile | None = None
    """What the script says / 话术内容"""
    nowhere: list[Written] = Field(default_factory=list)
    """Texts that may not stand anywhere in the answer / 答案中任何地方都不得出现的文字"""
    degraded: Flag | None = None
    """Whether optional work was left out / 是否有可选步骤被跳过"""
    warnings: dict[str, Annotated[str, choice(*WARNING_CODES)]] = Field(default_factory=dict)
    """Bad data that the case is about / 用例要测试的错误数据"""

    @property
    def expects_something(self) -> bool:
        """Whether any outcome would make the case fail; `missing: []` and `degraded: false` say something, `{}` does not."""
        if any(each is not None for each in (self.missing, self.degraded, self.moments, self.needs)):
            return True
        script = self.script is not None and bool(self.script.keys_present)
        return script or any(getattr(self, key) for key in EXPECTATIONS if key != "script")


class CasesFile(Part):
    """A file of `tests/`: personas, which every file of the folder can use, and cases with what they have in common."""

    at: Moment | None = None
    """The clock, with its zone / 决策时刻（带时区）"""
    channel: Name | None = None
    """The channel, `phone` by default / 渠道，默认 `phone`"""
    language: Name | None = None
    """The language of the script / 话术语言"""
    persona: Name | None = None
    """The customer to start from / 起始的客户画像"""
    personas: dict[str, PersonaFile] = Field(default_factory=dict)
    """Customers by name, for all files of the folder / 按名称定义的客户，整个文件夹共用"""
    cases: list[CaseFile] = Field(default_factory=list)
    """The tests / 测试用例"""
