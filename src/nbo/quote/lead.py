"""The lead of a customer to a partner: to whom, what for, which data, who calls back; or why there is none.

A lead rests on consent to this recipient for this purpose and all of this data, given and not withdrawn. It has no price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row
from nbo.language.types import Value
from nbo.pack.quotes.lead import LeadTerms
from nbo.pack.quotes.wording import key_of
from nbo.quote.refusal import Refusal, both, unknown_amount

_NONE = Text("no consent to hand data to this recipient for this purpose", "客户没有同意为此用途向该接收方提供信息")
_LESS = Text("the consent leaves out data that would be handed over", "客户同意的范围不包括拟提供的全部信息")
_WITHDRAWN = Text("the consent was withdrawn", "客户已撤回同意")


@dataclass(frozen=True, slots=True)
class LeadQuote:
    """The lead of one customer; both days are in the pack's zone and inclusive."""

    terms: LeadTerms
    callback_by: date
    valid_until: date

    def fields(self) -> Mapping[str, Value | None]:
        """What conditions and scripts can read."""
        return {
            "quote.recipient": self.terms.recipient,
            "quote.purpose": self.terms.purpose,
            "quote.hands_over": key_of(self.terms.hands_over),
            "quote.risk_class": self.terms.risk_class,
            "quote.callback_by": self.callback_by,
            "quote.valid_until": self.valid_until,
        }

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values; dates in ISO form."""
        return {
            "type": "lead",
            "recipient": self.terms.recipient,
            "recipient_label": self.terms.recipient_label.get(language),
            "purpose": self.terms.purpose,
            "hands_over": list(self.terms.hands_over),
            "product_class": self.terms.product_class.get(language),
            "risk_class": self.terms.risk_class,
            "caller": self.terms.caller.get(language),
            "callback_by": self.callback_by.isoformat(),
            "valid_until": self.valid_until.isoformat(),
        }


def quote_lead(terms: LeadTerms, values: Row, dictionary: Dictionary) -> LeadQuote | Refusal:
    """The lead, if the consent that it rests on is certain to stand."""
    refusal = _without_consent(terms, values, dictionary)
    if refusal is not None:
        return refusal
    callback_by, valid_until = terms.callback_by.ask(values), terms.valid_until.ask(values)
    for expression, value in ((terms.callback_by, callback_by), (terms.valid_until, valid_until)):
        if value is None:
            return unknown_amount(expression, values, dictionary, terms.span)
    return LeadQuote(terms, cast("date", callback_by), cast("date", valid_until))


def _without_consent(terms: LeadTerms, values: Row, dictionary: Dictionary) -> Refusal | None:
    """The first of three questions that is answered with no; None where the last one is answered with yes.

    Where none is, but not all are answered with yes, what is missing is named.
    """
    if terms.stands.ask(values) is True:
        return None
    for asked, code, words in (
        (terms.granted, "no_consent", _NONE),
        (terms.covers, "consent_lacks_data", _LESS),
        (terms.stands, "consent_withdrawn", _WITHDRAWN),
    ):
        if asked.ask(values) is False:
            return Refusal(code, both(words), terms.consent_span)
    missing = terms.stands.missing(values, dictionary)
    return Refusal("missing" if missing else "no_consent", both(_NONE), terms.consent_span, missing)
