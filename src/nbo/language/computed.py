"""A typed tree with what is made of it once: generated code, what it reads, and whose absence it looks at.

Formulas of derived attributes and compiled conditions are both one of these.
"""

from __future__ import annotations

from dataclasses import dataclass

from nbo.language.analysis import possible_results
from nbo.language.forgiving import forgiven_slots
from nbo.language.generate import Compiled, generate
from nbo.language.tree import Typed, attributes_read
from nbo.language.types import Attribute
from nbo.once import once


@dataclass(frozen=True, eq=False)
class Computed:
    """A typed tree; everything else follows from it."""

    tree: Typed

    @once
    def compiled(self) -> Compiled:
        """The generated function of a customer's values by slot; None is unknown."""
        return generate(self.tree)

    @once
    def forgiven(self) -> frozenset[int]:
        """The slots whose absence it looks at."""
        return forgiven_slots(self.tree)

    @once
    def results(self) -> frozenset[bool] | None:
        """The truth values that it can take on present, in-range values; None where this cannot be told."""
        return possible_results(self.tree)

    @once
    def reads(self) -> tuple[Attribute, ...]:
        """The attributes that it reads, in the order of first mention."""
        return attributes_read(self.tree)
