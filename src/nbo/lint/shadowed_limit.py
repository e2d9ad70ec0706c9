"""A limit of an authority that is never reached, because an earlier one is true whenever it would be.

The first limit whose condition holds is taken. Written from the lowest tier up, `agent_tier >= 1: 200` hides
`agent_tier >= 2: 1000`, and a supervisor can give no more than a beginner.

NBO604; wrong and right: docs/diagnostics/NBO604.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a limit that comes too late."""
    pack = ground.pack
    for authority in pack.authorities.values():
        limits = [ground.asked(limit.when) for limit in authority.limits]
        for index, limit in enumerate(limits):
            for earlier in limits[:index]:
                if ground.together.implies(limit, earlier):
                    span, before = limit.expression.scalar.span, earlier.expression.scalar.span
                    yield catalog.LIMIT_NEVER_REACHED.at(span, line=before.line)
                    break
