"""What several rule files have in common: clauses, ranges, texts by name, how to serve."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainValidator
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.source.model import (
    AN_AMOUNT,
    Condition,
    Count,
    Name,
    Part,
    Words,
    choice,
    decimal_of,
    refuse,
    shaped,
)
from nbo.source.nodes import Mapping, Node, Scalar, Sequence

KINDS = ("sales", "service", "mandatory")
STAGES = ("opening", "need", "offer", "disclosure", "consent", "close")
LANGUAGES = ("zh", "en")

Kind = Literal["sales", "service", "mandatory"]
KindName = Annotated[Kind, choice(*KINDS)]
At = Annotated[Literal["pitch", "order"], choice("pitch", "order")]
StageName = Annotated[str, choice(*STAGES)]
ANSWER = "answer"
"""What a talk-time rule calls the answers to objections, each by itself; no stage of a pitch."""
TimedName = Annotated[str, choice(*STAGES, ANSWER)]


@dataclass(frozen=True, slots=True)
class Around:
    """A bare scalar stands for a mapping with one key: `- a == 1` for `- when: a == 1`."""

    key: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(self._wrap, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        mapping = handler(schema)
        properties = handler.resolve_ref_schema(mapping)["properties"]
        return {"anyOf": [properties[self.key], mapping]}

    def _wrap(self, node: Any) -> Any:
        return wrapped(self.key, node) if isinstance(node, Scalar) else node


class ClauseFile(Part):
    """One line of a list of conditions: `reason` says why not when it fails, `because` why when it holds."""

    when: Condition
    """The condition, one line / 条件，一行"""
    id: Name | None = None
    """A name for it in traces and cases / 条件标识"""
    reason: Words = Field(default_factory=dict)
    """What people read when it fails / 不成立时显示的原因"""
    because: Words = Field(default_factory=dict)
    """What the agent reads when it holds / 成立时给坐席的依据"""


Clause = Annotated[ClauseFile, Around("when")]
Clauses = list[Clause]


class TicketFile(Part):
    """What somebody else is to do for the customer, and until when."""

    need: Words
    """What the customer needs, in words / 客户的需要"""
    owner: Name
    """The queue that takes it / 负责的队列"""
    within_hours: Count
    """Due so many hours after the decision, around the clock / 自决策起多少小时内完成（自然小时）"""


class ServeFile(Part):
    """How to serve a customer who gets no offer."""

    when: Condition | None = None
    """For whom; for everybody when left out / 适用条件；省略为所有客户"""
    outcome: Name
    """What is done, such as `self_service` / 服务结果，例如 `self_service`"""
    channel: Name
    """Where, such as `app` / 渠道，例如 `app`"""
    ticket: TicketFile | None = None
    """A ticket for the second line / 转二线的工单"""


@dataclass(frozen=True, slots=True)
class OneOrSeveral:
    """A single mapping stands for a list of one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(self._wrap, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        several = handler(schema)
        return {"anyOf": [several["items"], several]}

    def _wrap(self, node: Any) -> Any:
        if not isinstance(node, Mapping):
            return node
        sequence = Sequence([node])
        sequence.span = node.span
        return sequence


Ways = Annotated[list[ServeFile], Field(min_length=1), OneOrSeveral()]
"""Ways to serve in order: the first whose `when` is true counts, and the last, without one, is for everybody else."""


def _range(node: Any) -> tuple[Decimal, Decimal]:
    if not (isinstance(node, Sequence) and len(node) == 2 and all(isinstance(each, Scalar) for each in node)):
        refuse(
            catalog.WRONG_SHAPE.at(
                node.span, expected=Text("two numbers, `[lowest, highest]`", "两个数 `[下限, 上限]`")
            )
        )
    low, high = (decimal_of(each) for each in node if isinstance(each, Scalar))
    if low >= high:
        refuse(
            catalog.WRONG_VALUE.at(
                node.span, value=node.span.text, expected=Text("a range from low to high", "从低到高的范围")
            )
        )
    return low, high


def _not_negative(node: Any) -> tuple[Decimal, Decimal]:
    low, high = _range(node)
    if low < 0:
        expected = Text("a range that starts at 0 or above", "不小于 0 的范围")
        refuse(catalog.WRONG_VALUE.at(node.span, value=node.span.text, expected=expected))
    return low, high


_TWO_NUMBERS = shaped({"type": "array", "items": AN_AMOUNT, "minItems": 2, "maxItems": 2, "examples": [[0, 2000]]})
Range = Annotated[tuple[Decimal, Decimal], PlainValidator(_range, json_schema_input_type=_TWO_NUMBERS)]
FactorRange = Annotated[tuple[Decimal, Decimal], PlainValidator(_not_negative, json_schema_input_type=_TWO_NUMBERS)]


def _by_name(node: Any) -> dict[str, Node]:
    if not isinstance(node, Mapping):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("a mapping (`key: value`)", "映射（`键: 值`）")))
    return dict(node)


def named(kind: Any) -> PlainValidator:
    """A mapping whose keys are names; `kind` is what an editor may expect of its values, which are read later."""
    return PlainValidator(_by_name, json_schema_input_type=dict[str, kind])


Named = Annotated[dict[str, Any], named(Any)]


def wrapped(key: str, node: Scalar) -> Mapping:
    """A mapping with one key, at the scalar's place."""
    mapping = Mapping({key: node})
    mapping.span, mapping.keys_at = node.span, {key: node.span}
    return mapping
