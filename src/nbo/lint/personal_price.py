"""A price that reads the marketing profile: the amount of a quote, or the limit of what is given back.

Prices are the same for alike contracts. One that depends on what marketing believes of a customer is unreasonable
differential treatment by an automated decision (PIPL 24), and it is missing for who has opted out.

NBO615; wrong and right: docs/diagnostics/NBO615.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.expression import Expression
from nbo.lint.conditions import sources
from nbo.pack.rulepack import InstallmentTerms, Offer, RulePack, WaiverTerms


def lint(pack: RulePack, _today: date) -> Iterator[Diagnostic]:
    """One finding an amount or limit, which names the first such attribute behind it."""
    for expression in dict.fromkeys(each for offer in pack.offers for each in _price(offer)):
        behind = (each for read in expression.reads for each in sources(read, pack.dictionary).values())
        personal = next((each for each in behind if each.use == "profile"), None)
        if personal is not None:
            span = expression.parsed.span((0, len(expression.text)))
            yield catalog.PERSONAL_PRICE.at(span, name=personal.name)


def _price(offer: Offer) -> Iterator[Expression]:
    """What decides how much an offer costs, or gives back."""
    match offer.quote:
        case InstallmentTerms() as terms:
            yield terms.of
        case WaiverTerms() as waiver:
            yield waiver.amount
            yield from (limit.when for limit in waiver.authority.limits)
        case None:
            pass
