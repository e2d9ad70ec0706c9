"""`moments.yaml`: which events of a call must come together, and what follows: needs, a window for an offer, no more selling."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.source.model import (
    A_NAME,
    A_SCALAR,
    AN_IDENTIFIER,
    CONDITION_MARK,
    Condition,
    Count,
    Flag,
    Name,
    Part,
    Words,
    choice,
    refuse,
    shaped,
    spelled_out,
)
from nbo.source.nodes import Mapping, Scalar

_WHERE = "where"
_A_ROLE = Text(
    "a kind of event, or a name with one (`first: topic_mentioned`) and its `where`",
    "事件类型，或名称加事件类型（`first: topic_mentioned`）及其 `where`",
)


class RoleFile(Part):
    """An event that a moment asks for: what it is called in conditions, its kind, what must hold."""

    name: Name
    """What conditions call it / 条件中的名称"""
    kind: Name
    """The kind of event, as in call.yaml / 事件类型，见 call.yaml"""
    where: Condition | None = None
    """What must hold of it; left out: nothing / 须成立的条件；省略为不限"""


def _role(node: Any) -> RoleFile:
    """`- first: topic_mentioned` with or without `where`; `- complaint` is short for `- complaint: complaint`."""
    if isinstance(node, Scalar) and not node.is_null:
        return spelled_out(RoleFile, {"name": node, "kind": node}, node)
    names = [key for key in node if key != _WHERE] if isinstance(node, Mapping) else []
    if not isinstance(node, Mapping) or len(names) != 1:
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=_A_ROLE))
    name = Scalar(names[0], node.keys_at[names[0]])
    where = {_WHERE: node[_WHERE]} if _WHERE in node else {}
    return spelled_out(RoleFile, {"name": name, "kind": node[names[0]], **where}, node)


_ROLE = shaped(
    {
        "anyOf": [
            A_NAME,
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 2,
                "properties": {
                    _WHERE: {
                        **A_SCALAR,
                        CONDITION_MARK: True,
                        "description": "What must hold of it / 该事件须满足的条件",
                    }
                },
                "propertyNames": AN_IDENTIFIER,
                "additionalProperties": A_NAME,
            },
        ]
    }
)
Role = Annotated[RoleFile, PlainValidator(_role, json_schema_input_type=_ROLE)]


class WindowFile(Part):
    """How far back."""

    seconds: Count
    """Seconds by the call's clock / 秒数，按通话时间计"""


class MomentFile(Part):
    """Events that come together in a call, and what follows."""

    id: Name
    """Name of the moment / 时机标识"""
    all: list[Role] = Field(default_factory=list)
    """Every one of these must have happened, each a different event / 以下事件须全部发生，且各不相同"""
    any: list[Role] = Field(default_factory=list)
    """One of these must have happened / 以下事件须有一个发生"""
    none: list[Role] = Field(default_factory=list)
    """None of these may have happened / 以下事件不得发生"""
    within: WindowFile | None = None
    """Only events that are no older; left out: of the whole call / 只计多久以内的事件；省略为整通电话"""
    in_order: Flag = False
    """In the order in which they are written / 须按书写的先后顺序发生"""
    needs: list[Name] = Field(default_factory=list)
    """Needs that are found then / 由此发现的需求"""
    window: Annotated[Literal["open", "close"] | None, choice("open", "close")] = None
    """Whether an offer may be brought up from then on / 此后是否可以推介"""
    selling: Annotated[Literal["off"] | None, choice("off")] = None
    """`off`: nothing is sold on this call any more / `off`：本次通话不再营销"""
    reason: Words
    """What people read / 显示的说明"""
