"""Offers to segments: what can be a mask becomes one, the rest is asked alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from nbo.index import bits
from nbo.index.alone import Alone
from nbo.index.axis import Axis, LineAxis, build_axis, too_many_cuts, too_many_values
from nbo.index.either import Either
from nbo.index.generated import alive_in
from nbo.index.parts import branches_of, parts_of
from nbo.index.profile import Profile, profile_of
from nbo.index.segment import Segment
from nbo.index.shared import OWN
from nbo.language.computed import Computed
from nbo.language.dictionary import TODAY_SLOT, Dictionary
from nbo.language.expression import Expression
from nbo.language.tree import Compare, Comparison, Constant, Read
from nbo.language.types import BOOLEAN, DATE, Attribute
from nbo.pack.rulepack import InForce, Offer

_NOWHERE = (0, 0)
_ALONE = 8  # asking an offer alone takes as long as so many look-ups


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a condition: on one attribute, an *or* with a branch for each of several, or (no branch) to be asked alone.

    Only the days of an offer, which are masks always, have no `whole`.
    """

    whole: Expression | None
    branches: Sequence[tuple[Attribute, Computed]]


@dataclass(slots=True)
class Builder:
    """Reads conditions and makes segments of offers.

    PERF: a text that many offers have in common is read once, and all later ones are the first
    (benchmarks/matching_offers.py).
    """

    dictionary: Dictionary
    known: dict[tuple[str, ...], list[Part]] = field(
        default_factory=dict
    )  # by text, and what it means by the record at hand
    profiles: dict[tuple[int, ...], Profile | None] = field(default_factory=dict)  # by the conditions' identities
    days: dict[InForce, list[Part]] = field(default_factory=dict)

    def segment(self, start: int, offers: Sequence[Offer]) -> Segment:
        """The segment of some offers, of which the first has the place `start`."""
        asked: dict[int, tuple[Attribute, dict[int, list[Part]]]] = {}
        either: dict[int, list[Part]] = {}
        left: dict[int, list[Expression]] = {}
        for place, offer in enumerate(offers):
            for part in self._parts_of(offer):
                if len(part.branches) == 1:
                    attribute = part.branches[0][0]
                    asked.setdefault(attribute.slot, (attribute, {}))[1].setdefault(place, []).append(part)
                elif part.branches:
                    either.setdefault(place, []).append(part)
                elif part.whole is not None:
                    left.setdefault(place, []).append(part.whole)
        count = len(offers)
        axes = [axis for each in asked.values() for axis in self._axis(*each, left, count)]
        axes.sort(key=lambda axis: axis.share(count))
        eithers = [*self._eithers(either, prod(axis.share(count) for axis in axes), left, count)]
        alone = {
            place: _alone(offer, left.get(place, ()))
            for place, offer in enumerate(offers)
            if place in left or offer.for_each is not None
        }
        shared = [each for each in axes if isinstance(each, LineAxis) and each.hanging]
        return Segment(
            start,
            (1 << count) - 1,
            axes,
            eithers,
            shared,
            alone,
            bits.of(alone, count),
            bool(alone or shared),
            bits.Names.of([each.id for each in offers]),
            alive_in(axes, eithers, count),
        )

    def _axis(
        self, attribute: Attribute, asked: Mapping[int, Sequence[Part]], left: dict[int, list[Expression]], count: int
    ) -> Iterator[Axis]:
        profiles = {
            place: profile
            for place, parts in asked.items()
            if (profile := self._profile(attribute, [part.branches[0][1] for part in parts])) is not None
        }
        for place in too_many_values(profiles):
            del profiles[place]
            left.setdefault(place, []).extend(part.whole for part in asked[place] if part.whole is not None)
        if profiles:
            yield build_axis(attribute, profiles, count, resting=True)

    def _eithers(
        self, either: Mapping[int, Sequence[Part]], share: float, left: dict[int, list[Expression]], count: int
    ) -> Iterator[Either]:
        """A layer for the first *or* of each offer, one for the second and so on.

        Where of the offers that are left by then few are expected to ask, these are asked alone: all the axes of a layer are
        looked up however few ask.
        """
        for layer in range(max(map(len, either.values()), default=0)):
            parts = {place: each[layer] for place, each in either.items() if len(each) > layer}
            asked: dict[int, tuple[Attribute, dict[int, Profile]]] = {}
            for place, part in parts.items():
                for attribute, branch in part.branches:
                    profile = self._profile(attribute, [branch])
                    if profile is not None:
                        asked.setdefault(attribute.slot, (attribute, {}))[1][place] = profile
            rare = {place for _, each in asked.values() for place in (*too_many_values(each), *too_many_cuts(each))}
            if (len(parts) - len(rare)) * share * _ALONE < len(asked):
                rare = {*parts}
            for place in rare:
                left.setdefault(place, []).extend(each for each in (parts.pop(place).whole,) if each is not None)
            if parts:
                asking = bits.of(parts, count)
                axes = [
                    build_axis(attribute, known, count, resting=False)
                    for attribute, each in asked.values()
                    if (known := {place: profile for place, profile in each.items() if place in parts})
                ]
                yield Either(asking, (1 << count) - 1 ^ asking, axes, _looking(parts, count))

    def _parts_of(self, offer: Offer) -> Iterator[Part]:
        yield from self._days(offer.valid)
        for clause in (*offer.eligibility, *offer.applicability):
            yield from self._parts(clause.expression, offer)

    def _parts(self, expression: Expression, offer: Offer) -> Sequence[Part]:
        for_each = offer.for_each
        key = (expression.text,) if for_each is None else (expression.text, for_each.alias, for_each.records.name)
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = [Part(part, self._branches(part, offer)) for part in parts_of(expression)]
        return known

    def _branches(self, part: Expression, offer: Offer) -> Sequence[tuple[Attribute, Computed]]:
        reads = part.reads
        if any(_is_own(each, offer) for each in reads):
            return ()
        branches = [(reads[0], part)] if len(reads) == 1 else branches_of(part)
        told = all(self._profile(attribute, [branch]) is not None for attribute, branch in branches)
        return branches if told else ()

    def _profile(self, attribute: Attribute, conditions: Sequence[Computed]) -> Profile | None:
        key = tuple(map(id, conditions))
        if key not in self.profiles:
            self.profiles[key] = profile_of(attribute, conditions)
        return self.profiles[key]

    def _days(self, valid: InForce) -> Sequence[Part]:
        """The offer's first and last day, as conditions on today."""
        if valid not in self.days:
            today = next(each for each in self.dictionary if each.slot == TODAY_SLOT)
            self.days[valid] = [Part(None, ((today, condition),)) for condition in _on(today, valid)]
        return self.days[valid]


def _on(today: Attribute, valid: InForce) -> Iterator[Computed]:
    ends: tuple[tuple[Comparison, object], ...] = ((">=", valid.start), ("<=", valid.through))
    for operator, day in ends:
        if day is not None:
            read, constant = Read(DATE, _NOWHERE, today), Constant(DATE, _NOWHERE, day)  # type: ignore[arg-type]  # a date
            yield Computed(Compare(BOOLEAN, _NOWHERE, operator, read, constant))


def _is_own(attribute: Attribute, offer: Offer) -> bool:
    """Whether it is the offer's own name, or a field of the record at hand."""
    return attribute.name.startswith(OWN) or _is_of_record(attribute, offer)


def _is_of_record(attribute: Attribute, offer: Offer) -> bool:
    return offer.for_each is not None and attribute.name.startswith(f"{offer.for_each.alias}.")


def _looking(parts: Mapping[int, Part], count: int) -> dict[int, int]:
    """By slot the offers whose part looks at the absence of its value."""
    places: dict[int, list[int]] = {}
    for place, part in parts.items():
        for slot in () if part.whole is None else part.whole.forgiven:
            places.setdefault(slot, []).append(place)
    return {slot: bits.of(each, count) for slot, each in places.items()}


def _alone(offer: Offer, parts: Sequence[Expression]) -> Alone:
    by_record = tuple(each for each in parts if any(_is_of_record(read, offer) for read in each.reads))
    rest = tuple(each for each in parts if each not in by_record)
    reads_own = any(read.name.startswith(OWN) for each in rest for read in each.reads)
    return Alone(offer, rest, reads_own, by_record)
