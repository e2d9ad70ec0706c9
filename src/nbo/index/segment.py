"""A stretch of the offers with an index of its own: its masks, and the offers that must be asked besides.

Places are counted from the start of the segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbo.index import bits
from nbo.index.alone import Alone
from nbo.index.axis import Axis, LineAxis
from nbo.index.either import Either
from nbo.index.generated import Alive
from nbo.index.parts import all_of
from nbo.language.dictionary import Dictionary
from nbo.language.intake import Values


@dataclass(frozen=True, slots=True)
class Segment:
    """`alive` keeps the offers whose masks hold; those in `asked` must be asked alone."""

    start: int
    everything: int
    axes: Sequence[Axis]
    eithers: Sequence[Either]
    shared: Sequence[LineAxis]  # the axes whose cells are shared
    alone: Mapping[int, Alone]
    asked: int
    hang: bool  # whether an offer can hang on more than the masks
    names: bits.Names
    alive: Alive

    def hanging(self, values: Values) -> int:
        """The offers that hang on more than the masks."""
        found = self.asked
        for axis in self.shared:
            found |= axis.hangs(values)
        return found

    def possible(self, values: Values) -> int:
        """The offers whose masks are not false."""
        found = self.everything
        for axis in self.axes:
            found &= axis.possible(values)
        for either in self.eithers:
            found &= either.possible(values)
        return found

    def certain(self, alive: int, hanging: int, values: Values, dictionary: Dictionary, limit: int | None) -> int:
        """Those of `alive` that pass when asked, or do not hang on it; where there is a limit, enough of the best."""
        sure, passing = alive & ~hanging, list[int]()
        for place in bits.places(hanging):
            if limit is not None and len(passing) + (sure & (1 << place) - 1).bit_count() >= limit:
                break
            if self.asked_alone(place, values, dictionary) is True:
                passing.append(place)
        return sure | bits.of(passing, hanging.bit_length())

    def asked_alone(self, place: int, values: Values, dictionary: Dictionary) -> bool | None:
        """What the masks do not know of an offer that hangs on it."""
        return all_of(self._results(place, values, dictionary))

    def _results(self, place: int, values: Values, dictionary: Dictionary) -> Iterator[bool | None]:
        for axis in self.shared:
            holds = axis.holds(place, values)
            if holds is not None:
                yield holds
        alone = self.alone.get(place)
        if alone is not None:
            yield alone.result(values, dictionary)

    def against_alone(self, place: int, values: Values, dictionary: Dictionary) -> frozenset[str]:
        """The attributes that stand against an offer, of those that the masks do not know."""
        found = frozenset(axis.attribute.name for axis in self.shared if axis.holds(place, values) is False)
        alone = self.alone.get(place)
        return found if alone is None else found | alone.against(values, dictionary)
