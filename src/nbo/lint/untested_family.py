"""A family of offers that no test case of the pack expects to be offered.

A pack's cases are its memory of what must come out. Without one in which an offer wins, an edit that makes it impossible
passes every test.

NBO621; wrong and right: docs/diagnostics/NBO621.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.pack.rulepack import Case, RulePack


def lint(pack: RulePack, _today: date) -> Iterator[Diagnostic]:
    """One note a family, at its first offer; none for a pack without cases."""
    if not pack.cases:
        return
    expected = {family for case in pack.cases for family in _offered(case)}
    for offer in {offer.family: offer for offer in reversed(pack.offers)}.values():
        if offer.family not in expected:
            yield catalog.NEVER_TESTED.at(offer.span, family=offer.family)


def _offered(case: Case) -> Iterator[object]:
    yield case.expected.get("winner")
    order = case.expected.get("order")
    yield from order if isinstance(order, list) else ()
