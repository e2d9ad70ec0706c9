"""Why not: the outcome of every offer from the masks of the index, told when somebody reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from nbo.index import bits
from nbo.index.parts import all_of
from nbo.index.question import Question
from nbo.index.shared import Shared
from nbo.once import once

if TYPE_CHECKING:
    from nbo.index.index import MatchIndex

Outcome = Literal["eligible", "failed", "unknown"]


class WhyNot(Mapping[str, Outcome]):
    """By offer id: `eligible`; `failed` where a condition is false; else `unknown`: it hangs on what is missing.

    All conditions up to applicability count together. A decision names the first stage that stops an offer, so what is
    unknown there can be `failed` here, by a later stage; it is never the other way round.
    """

    def __init__(self, index: MatchIndex, question: Question, held_back: Callable[[], Collection[str]]) -> None:
        self._index = index
        self._held_back = held_back
        self._question = question
        self._known: dict[int, tuple[int, int, int]] = {}

    def __len__(self) -> int:
        return len(self._index.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.ids)

    def __getitem__(self, offer: str) -> Outcome:
        place = self._index.places[offer]
        n = self._index.segment_of(place)
        result = all_of(self._results(place - self._index.segments[n].start, n))
        return "eligible" if result else "unknown" if result is None else "failed"

    def missed_by_one(self) -> dict[str, str]:
        """The offers against which conditions on one attribute stand and nothing else; by offer id the attribute's name.

        In static order.

        Against an offer stands whatever is not certain: an attribute that is missing counts like one that fails. A part
        of a condition that reads two attributes is never missed by one.
        """
        return {
            self._index.ids[place]: name
            for n in range(len(self._index.segments))
            for place, name in sorted(self._missed_in(n))
        }

    def suppressed(self) -> tuple[str, ...]:
        """The offers that the contact policy holds back, in static order; it is not part of the outcome."""
        index = self._index
        rules = [each for each in index.contact if each.result(self._question, index.dictionary) is not False]
        resting = [self._index.places[each] for each in self._held_back()]
        found: list[str] = []
        for n, segment in enumerate(index.segments):
            mask = 0
            for place in resting:
                mask |= 1 << (place - segment.start) if index.segment_of(place) == n else 0
            for rule in rules:
                mask |= rule.masks[n]
            segment.names.add(found, mask)
        return tuple(found)

    @once
    def _closed(self) -> list[tuple[Shared, bool | None]]:
        """The gates that do not let through, with what they say."""
        index = self._index
        results = [
            (each, each.result(self._question, index.dictionary))
            for each in index.gates.asked(self._question.channel, self._question.today).gates
        ]
        return [(each, result) for each, result in results if result is not True]

    @once
    def _closed_by(self) -> list[tuple[Shared, frozenset[str]]]:
        """The same with the attributes that stand against the offers."""
        return [(each, each.against(self._question, self._index.dictionary)) for each, _ in self._closed]

    def _masks(self, n: int) -> tuple[int, int, int]:
        """Of a segment the offers whose masks are true, those whose masks are not false, and those to be asked alone."""
        known = self._known.get(n)
        if known is None:
            segment, values = self._index.segments[n], self._question.values
            known = self._known[n] = (segment.alive(values), segment.possible(values), segment.hanging(values))
        return known

    def _results(self, place: int, n: int) -> Iterator[bool | None]:
        """What stands for and against the offer of a place of a segment."""
        alive, possible, hanging = (mask >> place & 1 for mask in self._masks(n))
        if not alive:
            yield None if possible else False
        for shared, result in self._closed:
            if shared.masks[n] >> place & 1:
                yield result
        if hanging:
            yield self._index.segments[n].asked_alone(place, self._question.values, self._index.dictionary)

    def _missed_in(self, n: int) -> Iterator[tuple[int, str]]:
        """The places of a segment, each with the one attribute."""
        segment, values = self._index.segments[n], self._question.values
        _, _, hanging = self._masks(n)
        against, several = self._against(n)
        once = 0
        for mask in against.values():
            several |= once & mask
            once |= mask
        for name, mask in against.items():
            for place in bits.places(mask & ~several & ~hanging):
                yield segment.start + place, name
        for place in bits.places(hanging & ~several):
            names = {name for name, mask in against.items() if mask >> place & 1}
            names |= segment.against_alone(place, values, self._index.dictionary)
            if len(names) == 1:
                yield segment.start + place, names.pop()

    def _against(self, n: int) -> tuple[dict[str, int], int]:
        """By attribute the offers against which it stands in the masks; and those against which several stand at once."""
        segment, values = self._index.segments[n], self._question.values
        found = {axis.attribute.name: segment.everything & ~axis.mask(values) for axis in segment.axes}
        several = 0
        for either in segment.eithers:  # an *or* over several attributes
            several |= segment.everything & ~either.mask(values)
        for shared, names in self._closed_by:
            if len(names) == 1:
                (name,) = names
                found[name] = found.get(name, 0) | shared.masks[n]
            else:
                several |= shared.masks[n]
        return found, several
