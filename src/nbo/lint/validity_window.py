"""An offer that has not started yet, or is about to end.

Both are fine, and both are what people ask about when an offer is not there. An offer that has ended is a finding of the load
(NBO305); one that ends unnoticed takes its sales with it on the next morning.

NBO619 and NBO620; wrong and right: docs/diagnostics/NBO619.md, docs/diagnostics/NBO620.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.ground import Ground

_SOON_DAYS = 30


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One note an offer."""
    today = ground.today
    for offer in ground.pack.offers:
        start, through = offer.valid.start, offer.valid.through
        if start is not None and today < start:
            yield catalog.STARTS_LATER.at(offer.span, offer=offer.id, start=start)
        elif through is not None and 0 <= (through - today).days <= _SOON_DAYS:
            yield catalog.ENDS_SOON.at(offer.span, offer=offer.id, through=through, days=(through - today).days)
