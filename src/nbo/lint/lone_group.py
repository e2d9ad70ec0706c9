"""An exclusive group with a single offer: at most one of one is no rule.

Mostly the group of the other offer is spelt differently, and then a customer can be offered to split the same debt twice.

NBO618; wrong and right: docs/diagnostics/NBO618.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.suggest import nearest
from nbo.lint.ground import Ground
from nbo.pack.offer import Offer


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a group; where another group has nearly its name, that is suggested."""
    pack = ground.pack
    groups: dict[str, list[Offer]] = {}
    for offer in pack.offers:
        if offer.exclusive_group is not None:
            groups.setdefault(offer.exclusive_group, []).append(offer)
    for name, members in groups.items():
        if len(members) == 1:
            suggestion = nearest(name, [each for each in groups if each != name], alike=0.8)
            advice = None if suggestion is None else catalog.DID_YOU_MEAN
            yield catalog.LONE_GROUP.at(
                members[0].span, offer=members[0].id, group=name, suggestion=suggestion, help=advice
            )
