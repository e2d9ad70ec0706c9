"""Stage 7: the numbers of the offer."""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.caps import too_much
from nbo.quote.quotes import make_quote
from nbo.quote.refusal import Refusal


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Makes the quote and puts its fields among the candidate's values; an offer without a quote passes.

    What it takes of a cap in money must be left.
    """
    terms = candidate.offer.quote
    if terms is None:
        return too_much(setting.pack, candidate.offer, setting.facts, candidate.values)
    dictionary = setting.pack.dictionary
    quote = make_quote(terms, candidate.values, dictionary, candidate.choices)
    if isinstance(quote, Refusal):
        return Blocked("quote", quote.code, quote.words, quote.span, None, quote.missing, quote.serve)
    candidate.quote = quote
    fields = quote.fields()
    for name, slot in setting.pack.quote_fields_read(candidate.offer):
        candidate.values[slot] = fields[name]
    return too_much(setting.pack, candidate.offer, setting.facts, candidate.values)
