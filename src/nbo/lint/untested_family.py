"""A family of offers that no test case of the pack expects to be offered.

A pack's cases are its memory of what must come out. Without one in which an offer wins, an edit that makes it impossible
passes every test.

NBO621; wrong and right: docs/diagnostics/NBO621.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.ground import Ground
from nbo.pack.case import Expected


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One note a family, at its first offer; none for a pack without cases."""
    pack = ground.pack
    if not pack.cases:
        return
    offered = {offer for case in pack.cases for offer in _offered(case.expected)}
    families = {offer.family for offer in pack.offers if offer.id in offered}
    for offer in {offer.family: offer for offer in reversed(pack.offers)}.values():
        if offer.family not in families:
            yield catalog.NEVER_TESTED.at(offer.span, family=offer.family)


def _offered(expected: Expected) -> Iterator[str]:
    """The ids of the offers that must be in the answer."""
    for each in (expected.winner, *expected.order):
        yield from () if each is None else each.offers
