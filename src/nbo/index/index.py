"""The index of a pack: which offers a customer may have, in rank order; and the same masks for why not.

In: values by slot. Out: the ids of the offers that pass gates, validity, eligibility and applicability, in static order
(tier, priority, id). It says nothing of quotes, suitability and scores.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbo.index import bits
from nbo.index.alone import Alone
from nbo.index.axis import Axis
from nbo.index.build import Builder
from nbo.index.generated import Alive, Cells, alive_in, cell_finder, first_alive, hanging_in
from nbo.index.parts import all_of
from nbo.index.question import Question
from nbo.index.shared import Shared, shared_contact, shared_gates
from nbo.index.why_not import WhyNot
from nbo.language.dictionary import Dictionary
from nbo.language.intake import Values
from nbo.once import once
from nbo.pack.rulepack import ContactRule, Gate, Offer

_FEW = 16  # up to so many places of a mask are looked for one by one


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the offers: `alive` keeps those whose masks hold.

    Those in `asked` must be asked alone, and those that are `hanging` by the profile behind a shared cell.
    """

    start: int
    everything: int
    alive: Alive
    asked: int
    hanging: Alive
    eights: Sequence[bits.Eight]


class MatchIndex:
    """Immutable once built; shared by threads."""

    def __init__(
        self,
        dictionary: Dictionary,
        offers: Sequence[Offer],
        gates: Sequence[Gate] = (),
        contact: Sequence[ContactRule] = (),
    ) -> None:
        """The index of `offers`, which are in static order."""
        self.dictionary = dictionary
        self.ids = tuple(each.id for each in offers)
        bounds = bits.segments(len(offers))
        self.axes: Sequence[Axis]
        self._alone: dict[int, Alone]
        self.axes, self._alone = Builder(dictionary).build(offers, bounds)
        self.gates = shared_gates(gates, offers, bounds)
        self.contact = shared_contact(contact, offers, bounds)
        self._find = cell_finder(self.axes)
        self._shared_cells = [(n, axis) for n, axis in enumerate(self.axes) if axis.profiles]
        self._first = first_alive(self.axes, (1 << bounds[0][1]) - 1)
        self._in_one_step = not self._shared_cells
        asked = bits.cut(bits.of(self._alone, len(offers)).to_bytes((len(offers) + 7) // 8, "little"), bounds)
        self.segments = tuple(
            Segment(
                start,
                (1 << (stop - start)) - 1,
                alive_in(self.axes, n, (1 << (stop - start)) - 1),
                asked[n],
                hanging_in(self.axes, n),
                bits.in_eights(self.ids[start:stop]),
            )
            for n, (start, stop) in enumerate(bounds)
        )

    def match(
        self, values: Values, unmasked: Values | None = None, *, channel: str = "phone", limit: int | None = None
    ) -> list[str]:
        """The ids of the offers that pass, the best first; at most `limit`.

        `unmasked` is what an opt-out does not hide (default: `values`).
        """
        closed = self._closed(values, unmasked, channel) if self.gates else ()
        found: list[str] = []
        cells: Cells = ()
        for n, segment in enumerate(self.segments):
            if n == 0 and self._in_one_step and (limit is not None or len(self.segments) == 1):
                alive = self._first(values, values.refused)
            else:
                cells = cells or self._find(values, values.refused)
                alive = segment.alive(cells)
            for shared in closed:
                alive &= ~shared.masks[n]
            hanging = alive & (segment.asked if self._in_one_step else segment.asked | segment.hanging(cells))
            if limit is None or limit - len(found) > _FEW:
                if hanging:
                    alive ^= self._failing(hanging, segment.start, values, cells)
                bits.add_names(found, alive, segment.eights)
            else:
                while alive and len(found) < limit:
                    low = alive & -alive
                    alive ^= low
                    place = segment.start + low.bit_length() - 1
                    if not hanging & low or self.alone(place, values, cells) is True:
                        found.append(self.ids[place])
            if limit is not None and len(found) >= limit:
                return found[:limit]
        return found

    def why_not(self, values: Values, unmasked: Values | None = None, *, channel: str = "phone") -> WhyNot:
        """The outcome of every offer, told when it is asked for."""
        return WhyNot(self, Question(values, unmasked or values, channel), self._find(values, values.refused))

    def _failing(self, hanging: int, start: int, values: Values, cells: Cells) -> int:
        failing = [each for each in bits.places(hanging) if self.alone(start + each, values, cells) is not True]
        return bits.of(failing, hanging.bit_length())

    @once
    def places(self) -> dict[str, int]:
        """The place of every offer."""
        return {each: place for place, each in enumerate(self.ids)}

    def segment_of(self, place: int) -> int:
        """The number of the segment that has a place."""
        return bisect_right([each.start for each in self.segments], place) - 1

    def alone(self, place: int, values: Values, cells: Cells) -> bool | None:
        """What the masks do not know of an offer that hangs on it."""
        return all_of(self._alone_results(place, values, cells))

    def _alone_results(self, place: int, values: Values, cells: Cells) -> Iterator[bool | None]:
        for n, axis in self._shared_cells:
            profile = axis.profiles.get(place)
            if profile is not None and cells[n] >= 0:
                yield profile.holds(values[axis.attribute.slot])
        alone = self._alone.get(place)
        if alone is not None:
            yield alone.result(values, self.dictionary)

    def against_alone(self, place: int, values: Values, cells: Cells) -> frozenset[str]:
        """The attributes that stand against an offer, of those that the masks do not know."""
        found = frozenset(
            axis.attribute.name
            for n, axis in self._shared_cells
            if place in axis.profiles and cells[n] >= 0 and not axis.profiles[place].holds(values[axis.attribute.slot])
        )
        alone = self._alone.get(place)
        return found if alone is None else found | alone.against(values, self.dictionary)

    def _closed(self, values: Values, unmasked: Values | None, channel: str) -> list[Shared]:
        """The gates that are not certain to let through."""
        question = Question(values, values if unmasked is None else unmasked, channel)
        return [each for each in self.gates if each.result(question, self.dictionary) is not True]
