"""Gates, contact policy, authority, segments and arbitration."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.pack.files.shared import At, Clauses, FactorRange, Kind, KindName, ServeFile
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


def _every_kind() -> list[Kind]:
    return ["sales", "service", "mandatory"]


def _sales_alone() -> list[Kind]:
    return ["sales"]


class GateFile(Part):
    """Something that must hold before offers of these kinds are shown (pitch) or taken (order)."""

    id: Name
    kinds: list[KindName] = Field(default_factory=_every_kind, min_length=1)
    at: At = "pitch"
    when: Condition
    reason: Words
    serve: ServeFile | None = None


class ContactFile(Part):
    """When not to approach this customer with this offer."""

    id: Name
    kinds: list[KindName] = Field(default_factory=_sales_alone, min_length=1)
    families: Scope = None
    suppress_when: Condition
    reason: Words


class LimitFile(Part):
    """Up to how much somebody may give away."""

    when: Condition
    up_to: Exact


class AuthorityFile(Part):
    """What an agent may waive; beyond the limits the case goes to somebody else."""

    id: Name
    limits: list[LimitFile] = Field(min_length=1)
    reason: Words
    above: ServeFile | None = None


class SegmentFile(Part):
    """A named group of customers, read in conditions as `segment.ID`."""

    id: Name
    label: Words = Field(default_factory=dict)
    when: Clauses = Field(min_length=1)


class SidesFile(Part):
    """How much the bank's and the customer's value count, and what becomes of an offer good for the bank only."""

    bank: Share
    customer: Share
    bank_only: Annotated[Literal["suppress", "reangle"], choice("suppress", "reangle")] = "suppress"


class WeightFile(Part):
    """What this call says about families of offers."""

    when: Condition
    families: list[Name] = Field(min_length=1)
    weight: Exact


class BoundsFile(Part):
    """The range of each factor of the score."""

    p: FactorRange = (Decimal("0.001"), Decimal(1))
    c: FactorRange = (Decimal("0.2"), Decimal(3))
    v: FactorRange = (Decimal(0), Decimal(1))
    l: FactorRange = (Decimal("0.2"), Decimal(3))  # noqa: E741 - the factor's own name


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


class ArbitrationFile(Part):
    """Which offer comes first."""

    value: SidesFile
    context: list[WeightFile] = Field(default_factory=list)
    levers: Annotated[dict[str, Decimal], PlainValidator(_levers)] = Field(default_factory=dict)
    bounds: BoundsFile = Field(default_factory=BoundsFile.model_construct)
    mandatory_families: list[Name] = Field(default_factory=list)
    per_family: Count = 1
    serve: ServeFile | None = None
