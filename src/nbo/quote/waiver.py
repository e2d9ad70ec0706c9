"""The quote of a waiver: how much is given back, and the authority under which an agent may give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row
from nbo.language.operations import as_amount, round_half_up
from nbo.language.types import Value
from nbo.pack.quotes.waiver import WaiverTerms
from nbo.quote.authority import authority_limit
from nbo.quote.refusal import Refusal, both, unknown_amount

_NOTHING = Text("there is nothing to waive", "没有可减免的金额")


@dataclass(frozen=True, slots=True)
class WaiverQuote:
    """`amount` in money of the pack's currency, above 0 and at most `authority_limit`."""

    amount: Decimal
    authority: str
    authority_limit: Decimal

    def fields(self) -> Mapping[str, Value | None]:
        """What conditions and scripts can read."""
        return {"quote.amount": self.amount, "quote.authority_limit": self.authority_limit}

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values; money as strings."""
        del language
        return {
            "type": "waiver",
            "amount": as_amount(self.amount),
            "authority": self.authority,
            "authority_limit": as_amount(self.authority_limit),
        }


def quote_waiver(terms: WaiverTerms, values: Row, dictionary: Dictionary) -> WaiverQuote | Refusal:
    """The whole amount within the authority; more than that goes to somebody else."""
    value = cast("Decimal | None", terms.amount.ask(values))
    amount = None if value is None else round_half_up(value, 2)
    if amount is None:
        return unknown_amount(terms.amount, values, dictionary, terms.span)
    if amount <= 0:
        return Refusal("nothing_to_waive", both(_NOTHING), terms.span)
    limit = authority_limit(terms.authority, amount, values, dictionary)
    return limit if isinstance(limit, Refusal) else WaiverQuote(amount, terms.authority.id, limit)
