"""Waiver terms: a charge that is given back, within somebody's authority."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import WithJsonSchema

from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.language.types import MONEY, Type, Value
from nbo.pack.authority import Authority
from nbo.pack.quotes.context import QuoteContext
from nbo.pack.quotes.terms import Asked, QuoteTerms
from nbo.source.model import Condition, Name, Part, Written


class WaiverFile(Part):
    """A charge that is given back, within somebody's authority."""

    type: Annotated[Written, WithJsonSchema({"const": "waiver"})]
    """`waiver` / 减免"""
    amount: Condition
    """The charge that is given back / 减免金额"""
    authority: Name
    """The id in authority.yaml that limits it / authority.yaml 中的授权标识"""


@dataclass(frozen=True, eq=False)
class WaiverTerms(QuoteTerms):
    """A charge that is given back, within an authority."""

    kind: ClassVar[str] = "waiver"
    fields: ClassVar[Mapping[str, Type]] = {"quote.amount": MONEY, "quote.authority_limit": MONEY}
    amount: Expression
    authority: Authority
    span: Span

    def asked(self) -> Iterator[Asked]:
        """The charge, and what decides who may give how much."""
        yield Asked(self.amount, "amount")
        for each in self.authority.expressions():
            yield Asked(each, self.authority.id, part="authority")

    def prices(self) -> Iterator[Expression]:
        """The charge, and who may give how much: both decide how much is given back."""
        yield self.amount
        for each in self.authority.limits:
            yield each.when

    def authorities(self) -> Iterator[Authority]:
        """The one that it names."""
        yield self.authority

    def granted_by(self, fields: Mapping[str, Value | None]) -> Authority | None:
        """The one that it names."""
        del fields
        return self.authority

    def largest(self, field: str) -> Decimal | None:
        """What the highest limit allows."""
        del field
        return max(limit.up_to for limit in self.authority.limits)


def link_waiver(context: QuoteContext, written: WaiverFile) -> WaiverTerms | None:
    """The terms, or None with the mistakes collected."""
    amount = context.condition(written.amount, MONEY)
    authority = context.linker.reference(written.authority, context.authorities, Text("authority", "授权"))
    return None if amount is None or authority is None else WaiverTerms(amount, authority, written.span)
