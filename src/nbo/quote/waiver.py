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
from nbo.pack.rulepack import Authority, AuthorityLimit
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
    """The whole amount within the authority; more than that goes to somebody else.

    The first limit whose condition is true counts. One before it that is unknown may be the one that counts, so the least
    of them does.
    """
    value = cast("Decimal | None", terms.amount.ask(values))
    amount = None if value is None else round_half_up(value, 2)
    if amount is None:
        return unknown_amount(terms.amount, values, dictionary, terms.span)
    if amount <= 0:
        return Refusal("nothing_to_waive", both(_NOTHING), terms.span)
    authority = terms.authority
    possible, granted = _possible(authority, values)
    limit = min(each.up_to for each in possible) if granted else None
    if limit is None or amount > limit:
        enough = any(amount <= each.up_to for each in possible)
        unknown = [each.when for each in possible if enough and each.when.ask(values) is None]
        missing = tuple(dict.fromkeys(name for each in unknown for name in each.missing(values, dictionary)))
        return Refusal(
            "missing" if missing else "above_authority", authority.reason, authority.span, missing, authority.above
        )
    return WaiverQuote(amount, authority.id, limit)


def _possible(authority: Authority, values: Row) -> tuple[list[AuthorityLimit], bool]:
    """The limits that may be the first whose condition is true, and whether one of them is for certain."""
    possible: list[AuthorityLimit] = []
    for each in authority.limits:
        result = each.when.ask(values)
        if result is not False:
            possible.append(each)
        if result is True:
            return possible, True
    return possible, False
