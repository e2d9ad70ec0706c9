"""A price that reads the marketing profile: the amount of a quote, or the limit of what is given back.

Prices are the same for alike contracts. One that depends on what marketing believes of a customer is unreasonable
differential treatment by an automated decision (PIPL 24), and it is missing for who has opted out.

NBO615; wrong and right: docs/diagnostics/NBO615.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.conditions import sources
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding an amount or limit, which names the first such attribute behind it."""
    pack = ground.pack
    prices = (each for offer in pack.offers if offer.quote is not None for each in offer.quote.prices())
    for expression in dict.fromkeys(prices):
        behind = (each for read in expression.reads for each in sources(read, pack.dictionary).values())
        personal = next((each for each in behind if each.use == "profile"), None)
        if personal is not None:
            span = expression.whole
            yield catalog.PERSONAL_PRICE.at(span, name=personal.name)
