"""A need that a moment finds and no condition of the pack asks for by name.

Then finding it changes nothing: no offer fits better, none is kept back. Mostly the offer that was to answer it is not written
yet, or asks for a need of another name.

NBO624; wrong and right: docs/diagnostics/NBO624.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.tree import Constant, Member, Read, Typed, walk
from nbo.lint.ground import Ground
from nbo.pack.moments import NEEDS


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a need, at the first moment that finds it."""
    if not any(moment.needs for moment in ground.pack.moments):
        return
    trees = (
        *(each.tree for each in ground.by_meaning),
        *(each.tree for each in ground.pack.dictionary.formulas.values()),
    )
    asked = {name for tree in trees for name in _asked(tree)}
    told: set[str] = set()
    for moment in ground.pack.moments:
        for need in moment.needs:
            if need not in asked | told:
                told.add(need)
                yield catalog.NEED_UNREAD.at(moment.span, id=moment.id, need=need)


def _asked(tree: Typed) -> Iterator[str]:
    """The needs that a condition names."""
    for each in walk(tree):
        match each:
            case Member(item=Constant(value=str() as need), container=Read(attribute=attribute)) if (
                attribute.name == NEEDS
            ):
                yield need
            case _:
                pass
