"""An offer, linked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.language.types import Attribute
from nbo.pack.clause import Clause, InForce, Words
from nbo.pack.files.shared import Kind
from nbo.pack.quotes.terms import QuoteTerms
from nbo.pack.script import Script

CHANNEL = "offer.channel"
"""The attribute for the channel on which an offer would be brought up."""


@dataclass(frozen=True, eq=False)
class SideValue:
    """An amount on an absolute scale from 0 (`low`) to 1 (`high`)."""

    amount: Expression
    low: Decimal
    high: Decimal


@dataclass(frozen=True, eq=False)
class Propensity:
    """P: an expression, or a scorer's number; `fallback` stands in for what is missing or may not be used."""

    expression: Expression | None
    scorer: str | None
    fallback: Decimal | None


@dataclass(frozen=True, eq=False)
class ForEach:
    """One candidate a record; its fields are read under `alias`, from slot `first_slot` on."""

    records: Attribute
    alias: str
    first_slot: int
    width: int
    key_slot: int | None  # the record's own slot of the field that names it


@dataclass(frozen=True, eq=False)
class Offer:
    """One offer; `tier` is 0 mandatory, 1 service, 2 sales."""

    id: str
    family: str
    kind: Kind
    tier: int
    labels: Words
    valid: InForce
    exclusive_group: str | None
    priority: int
    for_each: ForEach | None
    eligibility: tuple[Clause, ...]
    applicability: tuple[Clause, ...]
    volume: tuple[Clause, ...]
    suitability: tuple[Clause, ...]
    quote: QuoteTerms | None
    bank_value: SideValue | None
    customer_value: SideValue | None
    propensity: Propensity | None
    script: Script | None
    span: Span
