"""What must hold before anything is brought up, or before it is ordered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nbo.language.expression import Expression
from nbo.pack.clause import Clause, InForce, Serve
from nbo.pack.files.shared import Kind


@dataclass(frozen=True, eq=False)
class Gate:
    """What must hold before offers of some kinds (and families) are pitched or ordered; unknown does not hold.

    `scope` narrows it: the gate applies unless the scope is false. One of a compliance pack is `lawful`: it forbids, and so
    it reads what an opt-out hides from choosing. One of severity `warn` remarks and stops nobody.
    """

    id: str
    kinds: frozenset[Kind]
    at: Literal["pitch", "order"]
    clause: Clause
    serve: tuple[Serve, ...] = ()  # tried in order, the last is for everybody; empty: as arbitration says
    families: frozenset[str] | None = None
    channels: frozenset[str] | None = None
    scope: Expression | None = None
    in_force: InForce | None = None
    lawful: bool = False
    severity: Literal["block", "warn"] = "block"
