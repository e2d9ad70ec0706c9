"""From an offer's terms and a customer's values to a quote, or to the reason why there is none.

A quote gives its numbers as the attributes of the namespace `quote`; rates there are unrounded, so that a bound is tested
on what is true and not on what is shown.
"""

from __future__ import annotations

from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row
from nbo.pack.rulepack import InstallmentTerms, QuoteTerms
from nbo.quote.installment_quote import InstallmentQuote, quote_installment
from nbo.quote.refusal import Refusal
from nbo.quote.waiver import WaiverQuote, quote_waiver

Quote = InstallmentQuote | WaiverQuote


def make_quote(terms: QuoteTerms, values: Row, dictionary: Dictionary) -> Quote | Refusal:
    """The quote of an offer for a customer; `values` has the record of a `for_each` offer in place."""
    if isinstance(terms, InstallmentTerms):
        return quote_installment(terms, values, dictionary)
    return quote_waiver(terms, values, dictionary)
