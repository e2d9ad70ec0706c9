"""A moment that no test case of the pack expects to happen.

A moment that never happens looks like a call in which nothing was said. Without a case in which it does, an edit that makes it
impossible passes every test.

NBO625; wrong and right: docs/diagnostics/NBO625.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One note a moment; none for a pack without cases."""
    pack = ground.pack
    if not pack.cases:
        return
    expected = {name for case in pack.cases for name in case.expected.moments or ()}
    for moment in pack.moments:
        if moment.id not in expected:
            yield catalog.MOMENT_UNTESTED.at(moment.span, id=moment.id)
