"""Offers to segments: what can be a mask becomes one, the rest is asked alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
from nbo.language.tree import Compare, Comparison, Constant, Read, attributes_read
from nbo.language.types import BOOLEAN, DATE, Attribute
from nbo.pack.clause import InForce
from nbo.pack.memory import Memory
from nbo.pack.offer import Offer

_NOWHERE = (0, 0)


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition on one attribute, and its profile."""

    attribute: Attribute
    condition: Computed
    profile: Profile


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a condition: on one attribute, an *or* with a branch for each of several, or (no branch) to be asked alone.

    Only the days of an offer, which are masks always, have no `whole`.
    """

    whole: Expression | None
    branches: tuple[Branch, ...]


@dataclass(slots=True)
class Builder:
    """Reads conditions and makes segments of offers.

    PERF: a text that many offers have in common is read once: `memory` has its parts by the text, and by what it means by the
    record at hand. A reload of 10,000 offers builds its index in half the time so.
    """

    dictionary: Dictionary
    memory: Memory
    together: dict[tuple[int, ...], Profile | None] = field(default_factory=dict)  # by the conditions' identities
    days: dict[InForce, tuple[Part, ...]] = field(default_factory=dict)

    def segment(self, start: int, offers: Sequence[Offer]) -> Segment:
        """The segment of some offers, of which the first has the place `start`."""
        count, asked = len(offers), _Asked()
        for place, offer in enumerate(offers):
            for part in self._days(offer.valid):
                asked.add(place, part)
            for clause in (*offer.eligibility, *offer.applicability):
                for part in self._parts(clause.expression, offer):
                    asked.add(place, part)
        axes = [axis for line in asked.lines.values() for axis in self._axis(line, asked.left, count)]
        axes.sort(key=lambda axis: axis.share(count))
        eithers = [either for layer in asked.layers for either in _either(layer, asked.left, count)]
        alone = {
            place: _alone(offer, asked.left.get(place, ()))
            for place, offer in enumerate(offers)
            if place in asked.left or offer.for_each is not None
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

    def _axis(self, line: _Line, left: dict[int, list[Expression]], count: int) -> Iterator[Axis]:
        profiles = {place: part.branches[0].profile for place, part in line.parts.items()}
        for place, parts in line.several.items():
            profile = self._together(line.attribute, [part.branches[0].condition for part in parts])
            if profile is None:
                _leave(left, place, parts)
                del profiles[place]
            else:
                profiles[place] = profile
        for place in too_many_values(profiles):
            _leave(left, place, line.several.get(place, [line.parts[place]]))
            del profiles[place]
        if profiles:
            yield build_axis(line.attribute, profiles, count, resting=True)

    def _parts(self, expression: Expression, offer: Offer) -> tuple[Part, ...]:
        text, for_each = expression.text, offer.for_each
        key = (Part, self.dictionary, text, None if for_each is None else (for_each.alias, for_each.records.name))
        return self.memory.made(
            key, lambda: tuple([Part(each, _branches(each, offer)) for each in parts_of(expression)])
        )

    def _together(self, attribute: Attribute, conditions: Sequence[Computed]) -> Profile | None:
        key = tuple(map(id, conditions))
        if key not in self.together:
            self.together[key] = profile_of(attribute, conditions)
        return self.together[key]

    def _days(self, valid: InForce) -> tuple[Part, ...]:
        """The offer's first and last day, as conditions on today."""
        if valid not in self.days:
            today = next(each for each in self.dictionary if each.slot == TODAY_SLOT)
            self.days[valid] = tuple(Part(None, _branches_on([(today, each)])) for each in _on(today, valid))
        return self.days[valid]


@dataclass(slots=True)
class _Line:
    """The first part that each offer asks about an attribute, by place; and all parts of those that ask several."""

    attribute: Attribute
    parts: dict[int, Part] = field(default_factory=dict)
    several: dict[int, list[Part]] = field(default_factory=dict)


@dataclass(slots=True)
class _Asked:
    """What the offers of a segment ask: by slot, in layers of *or*s (of an offer one in each), and what is left alone."""

    lines: dict[int, _Line] = field(default_factory=dict)
    layers: list[dict[int, Part]] = field(default_factory=list)
    left: dict[int, list[Expression]] = field(default_factory=dict)

    def add(self, place: int, part: Part) -> None:
        if len(part.branches) == 1:
            attribute = part.branches[0].attribute
            line = self.lines.get(attribute.slot)
            if line is None:
                line = self.lines[attribute.slot] = _Line(attribute)
            if line.parts.setdefault(place, part) is not part or place in line.several:
                line.several.setdefault(place, [line.parts[place]]).append(part)
        elif part.branches:
            layer = next((each for each in self.layers if place not in each), None)
            if layer is None:
                self.layers.append(layer := {})
            layer[place] = part
        else:
            _leave(self.left, place, [part])


def _leave(left: dict[int, list[Expression]], place: int, parts: Sequence[Part]) -> None:
    left.setdefault(place, []).extend(part.whole for part in parts if part.whole is not None)


def _either(layer: Mapping[int, Part], left: dict[int, list[Expression]], count: int) -> Iterator[Either]:
    """The layer of some *or*s as masks; no cell is shared, so those with constants that few compare with are asked alone.

    PERF: never slower than asking them alone, whether 2 or 100 % of 100 to 10,000 offers have an *or*: 4.1 instead of 4.3 us
    where 2 of 100 have one, 37 instead of 600 where all of 10,000 do (benchmarks/matching_offers.py).
    """
    rare = {place for _, each in _by_attribute(layer) for place in (*too_many_values(each), *too_many_cuts(each))}
    for place in rare:
        _leave(left, place, [layer[place]])
    parts = {place: part for place, part in layer.items() if place not in rare}
    if parts:
        asking = bits.of(parts, count)
        axes = [build_axis(attribute, each, count, resting=False) for attribute, each in _by_attribute(parts)]
        yield Either(asking, (1 << count) - 1 ^ asking, axes, _looking(parts, count))


def _by_attribute(parts: Mapping[int, Part]) -> list[tuple[Attribute, dict[int, Profile]]]:
    found: dict[int, tuple[Attribute, dict[int, Profile]]] = {}
    for place, part in parts.items():
        for branch in part.branches:
            found.setdefault(branch.attribute.slot, (branch.attribute, {}))[1][place] = branch.profile
    return [*found.values()]


def _looking(parts: Mapping[int, Part], count: int) -> dict[int, int]:
    """By slot the offers whose part looks at the absence of its value."""
    places: dict[int, list[int]] = {}
    for place, part in parts.items():
        for slot in () if part.whole is None else part.whole.forgiven:
            places.setdefault(slot, []).append(place)
    return {slot: bits.of(each, count) for slot, each in places.items()}


def _branches(part: Expression, offer: Offer) -> tuple[Branch, ...]:
    """The branches of a part, one where it reads one attribute; nothing where some branch can be no mask."""
    reads = attributes_read(part.tree)  # PERF: `part.reads` stays with the part: 26 of 89 MB for 40,000 offers
    if any(_is_own(each, offer) for each in reads):
        return ()
    return _branches_on([(reads[0], part)] if len(reads) == 1 else branches_of(part))


def _branches_on(conditions: Sequence[tuple[Attribute, Computed]]) -> tuple[Branch, ...]:
    profiles = [profile_of(attribute, (condition,)) for attribute, condition in conditions]
    known = zip(conditions, profiles, strict=True)
    found = [Branch(*condition, profile) for condition, profile in known if profile is not None]
    return tuple(found) if len(found) == len(conditions) else ()


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


def _alone(offer: Offer, parts: Sequence[Expression]) -> Alone:
    by_record = tuple(each for each in parts if any(_is_of_record(read, offer) for read in each.reads))
    rest = tuple(each for each in parts if each not in by_record)
    reads_own = any(read.name.startswith(OWN) for each in rest for read in each.reads)
    return Alone(offer, rest, reads_own, by_record)
