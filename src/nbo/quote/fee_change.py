"""What another card level costs and brings: the fee now and then, when it is charged and waived, the benefits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row
from nbo.language.operations import as_amount, round_half_up, subtract
from nbo.language.types import Value
from nbo.pack.quotes.fee_change import FeeChangeTerms
from nbo.pack.quotes.wording import key_of
from nbo.quote.plain import as_money
from nbo.quote.refusal import Refusal, both, unknown_amount

_NOT_HIGHER = Text(
    "the fee would not rise, so the tariff on file is not this card's", "年费不升反降，登记的年费与该卡不符"
)


@dataclass(frozen=True, slots=True)
class FeeChangeQuote:
    """Money is for a year; `fee_increase` is 0 or more."""

    terms: FeeChangeTerms
    old_fee: Decimal
    fee_increase: Decimal
    first_due: date

    def fields(self) -> Mapping[str, Value | None]:
        """What conditions and scripts can read."""
        terms = self.terms
        return {
            "quote.new_level": terms.new_level,
            "quote.old_fee": self.old_fee,
            "quote.new_fee": terms.new_fee,
            "quote.fee_increase": self.fee_increase,
            "quote.first_due": self.first_due,
            "quote.waiver_spend": terms.waiver_spend,
            "quote.waiver_months": terms.waiver_months,
            "quote.benefits": key_of(each.id for each in terms.benefits),
            "quote.benefits_value": terms.benefits_value,
        }

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values; money as strings, dates in ISO form."""
        terms = self.terms
        return {
            "type": "fee_change",
            "new_level": terms.new_level,
            "old_fee": as_amount(self.old_fee),
            "new_fee": as_amount(terms.new_fee),
            "fee_increase": as_amount(self.fee_increase),
            "first_due": self.first_due.isoformat(),
            "waiver_spend": as_money(terms.waiver_spend),
            "waiver_months": terms.waiver_months,
            "benefits": [
                {
                    "id": each.id,
                    "label": each.labels.get(language),
                    "value": as_amount(each.value),
                    "source": each.source.get(language),
                    "as_of": each.as_of.isoformat(),
                }
                for each in terms.benefits
            ],
            "benefits_value": as_amount(terms.benefits_value),
        }


def quote_fee_change(terms: FeeChangeTerms, values: Row, dictionary: Dictionary) -> FeeChangeQuote | Refusal:
    """The fees of a customer's card now and at the other level; the first charge is a fact that must be known."""
    now = cast("Decimal | None", terms.old_fee.ask(values))
    old_fee = None if now is None else round_half_up(now, 2)
    if old_fee is None:
        return unknown_amount(terms.old_fee, values, dictionary, terms.span)
    first_due = cast("date | None", terms.first_due.ask(values))
    if first_due is None:
        return unknown_amount(terms.first_due, values, dictionary, terms.span)
    increase = subtract(terms.new_fee, old_fee)
    if increase is None or increase < 0:
        return Refusal("fee_not_higher", both(_NOT_HIGHER), terms.span)
    return FeeChangeQuote(terms, old_fee, increase, first_due)
