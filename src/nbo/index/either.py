"""An *or* over several attributes as masks: an offer is left where one of its branches leaves it.

Each branch is indexed like a condition of its own, on an axis that knows the branches only. In a layer an offer has at most
one *or*, so that what the axes leave can be put together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbo.index.axis import Axis
from nbo.language.intake import Values


@dataclass(frozen=True, slots=True)
class Either:
    """A layer: the offers that have an *or* in it, and the axes of its branches; `free` are the other offers.

    `looks` has by slot the offers whose *or* looks at the absence of its value: where that was refused, all of it is unknown.
    """

    asking: int
    free: int
    axes: Sequence[Axis]
    looks: Mapping[int, int]

    def mask(self, values: Values) -> int:
        """The offers whose *or* is true."""
        met = self.free
        for axis in self.axes:
            met |= axis.mask(values)
        return self.forgiven_nothing(met, values)

    def forgiven_nothing(self, met: int, values: Values) -> int:
        """The offers of `met` that do not look at the absence of a refused value."""
        for slot in values.refused:
            met &= ~self.looks.get(slot, 0)
        return met

    def possible(self, values: Values) -> int:
        """The offers whose *or* is not false."""
        met = self.free
        for axis in self.axes:
            met |= axis.possible(values)
        return met
