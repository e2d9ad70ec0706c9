"""Offers: their stages, quotes and values."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.pack.files.shared import Clauses, KindName, Range, around
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
    through: Day | None = None


class ForEachFile(Part):
    """One candidate a record of a list."""

    record: Name
    as_: Annotated[Name, Field(alias="as")]


class SideValueFile(Part):
    """An amount on an absolute scale."""

    amount: Condition
    scale: Range


class ValueFile(Part):
    """What an offer is worth to either side."""

    bank: SideValueFile
    customer: SideValueFile


class PropensityFile(Part):
    """How likely a yes is: a number or expression, or a scorer with what stands in for it."""

    expression: Condition | None = None
    scorer: Name | None = None
    fallback: Share | None = None


class PrincipalFile(Part):
    """How much is put into installments: a share of an amount, rounded."""

    of: Condition
    share: Share = Decimal(1)
    round: Annotated[Literal["down", "half_up"], choice("down", "half_up")] = "down"
    to: Exact = Decimal("0.01")
    min: Exact | None = None
    max: Exact | None = None


class TermFile(Part):
    """A number of periods and its rate."""

    periods: Count
    rate: Share
    recommended: Flag = False


class RevolvingFile(Part):
    """What the same debt would cost on the card; withheld from customers who pay in full."""

    daily_rate: Share
    unless: Condition


class InstallmentFile(Part):
    """An installment quote's terms."""

    type: Written
    principal: PrincipalFile
    terms: list[TermFile] = Field(min_length=1)
    collection: Annotated[Literal["each_period", "first_period"], choice("each_period", "first_period")] = "each_period"
    remainder: Annotated[Literal["last", "first"], choice("last", "first")] = "last"
    settlement: Annotated[
        Literal["charged_so_far", "one_more_period", "share_of_principal", "all_remaining"],
        choice("charged_so_far", "one_more_period", "share_of_principal", "all_remaining"),
    ]
    first_due: Condition | None = None
    valid_until: Condition | None = None
    limit_after: Condition | None = None
    collector: Words = Field(default_factory=dict)
    default_cost: Words = Field(default_factory=dict)
    revolving: RevolvingFile | None = None


class WaiverFile(Part):
    """A charge that is given back, within somebody's authority."""

    type: Written
    amount: Condition
    authority: Name


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


class OfferFile(Part):
    """One offer."""

    offer: Name
    family: Name
    kind: KindName
    label: Words
    eligibility: Clauses
    applicability: Clauses = Field(default_factory=list)
    suitability: Clauses = Field(default_factory=list)
    volume: Clauses = Field(default_factory=list)
    valid: ValidFile | None = None
    exclusive_group: Name | None = None
    priority: Whole = 0
    for_each: ForEachFile | None = None
    quote: Annotated[Mapping, PlainValidator(_quote)] | None = None  # read by the model of its type when linked
    value: ValueFile | None = None
    propensity: Annotated[PropensityFile, around("expression")] | None = None
    script: Name | None = None

    @property
    def quote_kind(self) -> str:
        """The quote's `type` as written; empty where there is no quote."""
        kind = None if self.quote is None else self.quote["type"]
        return kind.text if isinstance(kind, Scalar) else ""
