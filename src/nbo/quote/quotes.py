"""From an offer's terms and a customer's values to a quote, or to the reason why there is none.

A quote gives its numbers as the attributes of the namespace `quote`; rates there are unrounded, so that a bound is tested
on what is true and not on what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row
from nbo.language.types import Value
from nbo.pack.quotes.fee_change import FeeChangeTerms
from nbo.pack.quotes.installment import InstallmentTerms
from nbo.pack.quotes.lead import LeadTerms
from nbo.pack.quotes.limit import LimitTerms
from nbo.pack.quotes.package import PackageTerms
from nbo.pack.quotes.terms import QuoteTerms
from nbo.pack.quotes.waiver import WaiverTerms
from nbo.quote.choices import NOTHING_CHOSEN, Choices
from nbo.quote.fee_change import quote_fee_change
from nbo.quote.installment_quote import quote_installment
from nbo.quote.lead import quote_lead
from nbo.quote.limit_quote import quote_limit
from nbo.quote.package import quote_package
from nbo.quote.refusal import Refusal
from nbo.quote.waiver import quote_waiver


class Quote(Protocol):
    """The numbers of one offer for one customer."""

    def fields(self) -> Mapping[str, Value | None]:
        """What conditions and scripts can read: every field of its terms, None where it could not be known."""

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values for the JSON of a decision."""


Quoter = Callable[[Any, Row, Dictionary, Choices], Quote | Refusal]


def _as_it_is(quote: Callable[[Any, Row, Dictionary], Quote | Refusal]) -> Quoter:
    """A kind of quote of which the customer can choose nothing."""
    return lambda terms, values, dictionary, _: quote(terms, values, dictionary)


def _package(terms: PackageTerms, values: Row, dictionary: Dictionary, choices: Choices) -> Quote | Refusal:
    return quote_package(terms, values, dictionary, components=choices.components, budget=choices.budget)


QUOTERS: Mapping[type[QuoteTerms], Quoter] = {
    InstallmentTerms: quote_installment,
    LimitTerms: quote_limit,
    WaiverTerms: _as_it_is(quote_waiver),
    LeadTerms: _as_it_is(quote_lead),
    FeeChangeTerms: _as_it_is(quote_fee_change),
    PackageTerms: _package,
}


def make_quote(
    terms: QuoteTerms, values: Row, dictionary: Dictionary, choices: Choices = NOTHING_CHOSEN
) -> Quote | Refusal:
    """The quote of an offer for a customer; `values` has the record of a `for_each` offer in place."""
    return QUOTERS[type(terms)](terms, values, dictionary, choices)
