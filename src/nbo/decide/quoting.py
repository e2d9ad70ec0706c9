"""Stage 7: the numbers of the offer."""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.caps import too_much
from nbo.quote.authority import granted_too_often
from nbo.quote.quotes import make_quote
from nbo.quote.refusal import Refusal


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """Makes the quote and puts its fields among the candidate's values; an offer without a quote passes.

    Whoever gives it may give it once more, and what it takes of a cap in money must be left.
    """
    terms = candidate.offer.quote
    if terms is None:
        return too_much(setting.pack, candidate.offer, setting.facts, candidate.values)
    dictionary = setting.pack.dictionary
    quote = make_quote(terms, candidate.values, dictionary, candidate.choices)
    if isinstance(quote, Refusal):
        return _refused(quote)
    fields = quote.fields()
    authority = terms.granted_by(fields)
    if authority is not None:
        refusal = granted_too_often(authority, candidate.values, candidate.unmasked, dictionary)
        if refusal is not None:
            return _refused(refusal)
    candidate.quote = quote
    for name, slot in setting.pack.quote_fields_read(candidate.offer):
        candidate.values[slot] = fields[name]
    return too_much(setting.pack, candidate.offer, setting.facts, candidate.values)


def _refused(refusal: Refusal) -> Blocked:
    return Blocked("quote", refusal.code, refusal.words, refusal.span, refusal.clause, refusal.missing, refusal.serve)
