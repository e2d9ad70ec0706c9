"""What several rule files have in common: clauses, ranges, texts by name, how to serve."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.source.model import (
    Condition,
    Name,
    Part,
    Words,
    choice,
    decimal_of,
    refuse,
)
from nbo.source.nodes import Mapping, Node, Scalar, Sequence

KINDS = ("sales", "service", "mandatory")
STAGES = ("opening", "need", "offer", "disclosure", "consent", "close")
LANGUAGES = ("zh", "en")

Kind = Literal["sales", "service", "mandatory"]
KindName = Annotated[Kind, choice(*KINDS)]
At = Annotated[Literal["pitch", "order"], choice("pitch", "order")]
StageName = Annotated[str, choice(*STAGES)]


def around(key: str) -> BeforeValidator:
    """A bare scalar stands for a mapping with one key: `- a == 1` for `- when: a == 1`."""

    def wrap(node: Any) -> Any:
        return wrapped(key, node) if isinstance(node, Scalar) else node

    return BeforeValidator(wrap)


class ClauseFile(Part):
    """One line of a list of conditions: `reason` says why not when it fails, `because` why when it holds."""

    when: Condition
    id: Name | None = None
    reason: Words = Field(default_factory=dict)
    because: Words = Field(default_factory=dict)


Clause = Annotated[ClauseFile, around("when")]
Clauses = list[Clause]


class ServeFile(Part):
    """How to serve a customer who gets no offer."""

    outcome: Name
    channel: Name


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


Range = Annotated[tuple[Decimal, Decimal], PlainValidator(_range)]
FactorRange = Annotated[tuple[Decimal, Decimal], PlainValidator(_not_negative)]


def _by_name(node: Any) -> dict[str, Node]:
    if not isinstance(node, Mapping):
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("a mapping (`key: value`)", "映射（`键: 值`）")))
    return dict(node)


Named = Annotated[dict[str, Any], PlainValidator(_by_name)]


def wrapped(key: str, node: Scalar) -> Mapping:
    """A mapping with one key, at the scalar's place."""
    mapping = Mapping({key: node})
    mapping.span, mapping.keys_at = node.span, {key: node.span}
    return mapping
