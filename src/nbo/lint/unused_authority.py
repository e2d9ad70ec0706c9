"""An authority that no offer uses: a limit on what an agent may give away that limits nothing.

Whoever reads `authority.yaml` believes it to be in force. Mostly its offer was removed, or names another one.

NBO608; wrong and right: docs/diagnostics/NBO608.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding an authority."""
    pack = ground.pack
    used = {each.id for offer in pack.offers if offer.quote is not None for each in offer.quote.authorities()}
    for authority in pack.authorities.values():
        if authority.id not in used:
            yield catalog.AUTHORITY_UNUSED.at(authority.span, name=authority.id)
