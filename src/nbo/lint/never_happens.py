"""A moment that can never happen: what it asks for is also what forbids it.

A role of `none` is filled by any event of its kind for which its condition holds, also by the one that fills a role of `all`.
Where the two ask the same, every event that would bring the moment about keeps it from happening.

NBO623; wrong and right: docs/diagnostics/NBO623.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.ground import Ground
from nbo.pack.moments import Role


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a role of `none`."""
    for moment in ground.pack.moments:
        needed = moment.all if moment.all or len(moment.any) != 1 else moment.any
        for role in moment.none:
            other = next((each for each in needed if _takes_all_of(role, each)), None)
            if other is not None:
                yield catalog.MOMENT_NEVER_HAPPENS.at(role.span, id=moment.id, role=role.name, other=other.name)


def _takes_all_of(role: Role, other: Role) -> bool:
    """Whether every event that fills `other` fills `role`; each asks of its own event alone."""
    if role.kind != other.kind or role.joins:
        return False
    return role.where is None or (other.where is not None and _words(role) == _words(other))


def _words(role: Role) -> str:
    """The condition, whatever its role is called."""
    text = "" if role.where is None else " ".join(role.where.text.split())
    return text.replace(f"{role.name}.", "it.")
