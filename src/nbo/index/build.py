"""Offers to axes: what can be a mask becomes one, the rest is asked alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nbo.index.alone import Alone
from nbo.index.axis import Axis, Bounds, build_axis, too_many_values
from nbo.index.parts import parts_of
from nbo.index.profile import Profile, profile_of
from nbo.index.shared import OWN
from nbo.language.computed import Computed
from nbo.language.dictionary import TODAY_SLOT, Dictionary
from nbo.language.expression import Expression
from nbo.language.tree import Compare, Comparison, Constant, Read
from nbo.language.types import BOOLEAN, DATE, Attribute
from nbo.pack.rulepack import InForce, Offer

_NOWHERE = (0, 0)


@dataclass(slots=True)
class Builder:
    """Collects, offer by offer, what is asked of each attribute and what must be asked alone.

    Conditions are told apart by identity: a part that many offers share is looked at once.
    """

    dictionary: Dictionary
    asked: dict[int, dict[int, tuple[Computed, ...]]] = field(default_factory=dict)  # slot -> place -> parts
    left: dict[int, list[Expression]] = field(default_factory=dict)  # place -> parts that no mask can hold
    parts: dict[int, tuple[Expression, ...]] = field(default_factory=dict)  # by the expression's identity
    profiles: dict[tuple[int, ...], Profile | None] = field(default_factory=dict)  # by the parts' identities
    days: dict[InForce, tuple[Computed, ...]] = field(default_factory=dict)

    def build(self, offers: Sequence[Offer], bounds: Bounds) -> tuple[list[Axis], dict[int, Alone]]:
        """The axes, those first that leave the fewest alive; and the offers that must be asked alone, by place."""
        attributes = {each.slot: each for each in self.dictionary}
        for place, offer in enumerate(offers):
            self._collect(place, offer, attributes[TODAY_SLOT])
        axes = []
        for slot, by_place in self.asked.items():
            profiles = {place: self._profile(attributes[slot], parts) for place, parts in by_place.items()}
            known = {place: each for place, each in profiles.items() if each is not None}
            for place in too_many_values(known):
                del known[place]
                self.left.setdefault(place, []).extend(each for each in by_place[place] if isinstance(each, Expression))
            if known:
                axes.append(build_axis(attributes[slot], known, bounds))
        alone = {
            place: _alone(offer, self.left.get(place, ()))
            for place, offer in enumerate(offers)
            if place in self.left or offer.for_each is not None
        }
        return sorted(axes, key=lambda axis: axis.share), alone

    def _collect(self, place: int, offer: Offer, today: Attribute) -> None:
        for day in self._days(offer.valid, today):
            self._ask(place, TODAY_SLOT, day)
        for clause in (*offer.eligibility, *offer.applicability):
            for part in self._parts(clause.expression):
                reads = part.reads
                if len(reads) == 1 and not _is_own(reads[0], offer) and self._profile(reads[0], (part,)) is not None:
                    self._ask(place, reads[0].slot, part)
                else:
                    self.left.setdefault(place, []).append(part)

    def _ask(self, place: int, slot: int, part: Computed) -> None:
        by_place = self.asked.setdefault(slot, {})
        by_place[place] = (*by_place.get(place, ()), part)

    def _parts(self, expression: Expression) -> tuple[Expression, ...]:
        known = self.parts.get(id(expression))
        if known is None:
            known = self.parts[id(expression)] = parts_of(expression)
        return known

    def _profile(self, attribute: Attribute, parts: tuple[Computed, ...]) -> Profile | None:
        key = tuple(map(id, parts))
        if key not in self.profiles:
            self.profiles[key] = profile_of(attribute, parts)
        return self.profiles[key]

    def _days(self, valid: InForce, today: Attribute) -> tuple[Computed, ...]:
        """The offer's first and last day, as conditions on today."""
        if valid not in self.days:
            self.days[valid] = tuple(_on(today, valid))
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


def _alone(offer: Offer, parts: Sequence[Expression]) -> Alone:
    by_record = tuple(each for each in parts if any(_is_of_record(read, offer) for read in each.reads))
    rest = tuple(each for each in parts if each not in by_record)
    reads_own = any(read.name.startswith(OWN) for each in rest for read in each.reads)
    return Alone(offer, rest, reads_own, by_record)
