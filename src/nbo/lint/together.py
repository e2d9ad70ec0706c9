"""What several demands can be together: which rule each other out, and which follow from others.

A condition made of comparisons with constants changes only at those constants, so a few critical points an attribute, and
its absence, decide it exactly (`language/analysis.py`). Over the points that they share each demand is a mask of bits, one
a combination where it is true. Demands rule each other out when no bit is left in all masks; one follows from another when
it has every bit of the other. What these masks cannot tell is never reported: attributes are taken to be free of each
other, so there may be fewer customers than points, never more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import reduce
from itertools import combinations, product
from math import prod
from operator import and_

from nbo.language.analysis import constants_by_slot, critical_points
from nbo.language.interpret import evaluate
from nbo.language.types import Attribute, Value
from nbo.lint.demands import Asked, Demand, Part

Combination = tuple[Value | None, ...]  # one value, or absence, an attribute
_Table = tuple[list[Attribute], list[tuple[Combination, list[bool]]]]

_MOST_COMBINATIONS = 1_000


class Together:
    """Holds demands against each other; the truth of the same parts is looked up, not worked out again."""

    def __init__(self) -> None:
        self._known: dict[tuple[Part, ...], list[int] | None] = {}
        self._permitting: dict[tuple[Part, int], bool] = {}

    def conflicts(self, wanted: Iterable[Demand]) -> Iterator[tuple[Demand, ...]]:
        """Demands that can never be true together, two or as few as it takes; every set of attributes gives at most one."""
        said: list[frozenset[Demand]] = []
        for members in _groups(tuple(wanted)):
            masks = self._truths(tuple(each.part for each in members))
            if masks is None or 0 in masks or reduce(and_, masks) != 0:
                continue
            few = _fewest(members, masks)
            if not any(each <= set(members) for each in said):
                said.append(frozenset(few))
                yield few

    def implies(self, asked: Asked, other: Asked) -> bool:
        """Whether `other` is certain to be true wherever `asked` is, in a decision.

        There a condition is unknown that looks at the absence of a refused value, so the other one must not look at more.
        What a segment forgives does not count for the first one: it may be true by another way.
        """
        if asked.slots.isdisjoint(other.slots) and asked.slots and other.slots:
            return False  # PERF: most conditions of an offer have no attribute in common
        return other.forgiven <= asked.expression.forgiven and all(
            any(self._follows(each.part, known.part) for known in asked.demands) for each in other.demands
        )

    def holds_without(self, wanted: Demand, attribute: Attribute) -> bool:
        """Whether an attribute's absence makes a demand true where some value of the attribute would not."""
        key = (wanted.part, attribute.slot)
        if key not in self._permitting:
            self._permitting[key] = _holds_without(wanted.part, attribute)
        return self._permitting[key]

    def _follows(self, part: Part, other: Part) -> bool:
        """Whether `part` is certain to be true wherever `other` is."""
        if part.key == other.key:
            return True
        if not (part.slots & other.slots and (part.slots <= other.slots or other.slots <= part.slots)):
            return False
        masks = self._truths((part, other))
        return masks is not None and masks[1] != 0 and masks[1] & ~masks[0] == 0

    def _truths(self, wanted: tuple[Part, ...]) -> list[int] | None:
        """The mask of each part over all combinations of critical points and absence; None where it cannot be told."""
        if wanted not in self._known:
            self._known[wanted] = _masks(wanted)
        return self._known[wanted]


def _holds_without(wanted: Part, attribute: Attribute) -> bool:
    table = _table((wanted,)) if attribute.slot in wanted.forgiven else None
    if table is None:
        return False
    attributes, rows = table
    place = [each.slot for each in attributes].index(attribute.slot)
    absent, present = set(), set()
    for chosen, truths in rows:
        others = chosen[:place] + chosen[place + 1 :]
        if chosen[place] is None and truths[0]:
            absent.add(others)
        elif chosen[place] is not None and not truths[0]:
            present.add(others)
    return not absent.isdisjoint(present)


def _groups(wanted: tuple[Demand, ...]) -> Iterator[tuple[Demand, ...]]:
    """For every set of attributes that a demand reads, the demands that read nothing else; the smallest sets first."""
    simple = [each for each in wanted if each.part.bare is not None and each.part.reads]
    for slots in sorted(dict.fromkeys(each.part.slots for each in simple), key=len):
        members = tuple(each for each in simple if each.part.slots <= slots)
        if len(members) > 1:
            yield members


def _fewest(members: Sequence[Demand], masks: Sequence[int]) -> tuple[Demand, ...]:
    """Members that rule each other out and of which none can be spared: a pair if there is one."""
    for first, second in combinations(range(len(members)), 2):
        if masks[first] & masks[second] == 0:
            return (members[first], members[second])
    kept = list(range(len(members)))
    for index in range(len(members)):
        rest = [each for each in kept if each != index]
        if reduce(and_, (masks[each] for each in rest)) == 0:
            kept = rest
    return tuple(members[each] for each in kept)


def _masks(wanted: tuple[Part, ...]) -> list[int] | None:
    table = _table(wanted)
    if table is None:
        return None
    masks = [0] * len(wanted)
    for number, (_, truths) in enumerate(table[1]):
        for index, true in enumerate(truths):
            masks[index] |= true << number
    return masks


def _table(wanted: Sequence[Part]) -> _Table | None:
    """The attributes, and for every combination of their values which demands are true."""
    bare = [each.bare for each in wanted if each.bare is not None]
    if len(bare) < len(wanted):
        return None
    attributes = list({attribute.slot: attribute for each in wanted for attribute in each.reads}.values())
    constants = constants_by_slot(bare)
    points = [_points(attribute, constants.get(attribute.slot, ())) for attribute in attributes]
    if not all(points) or prod(len(each) for each in points) > _MOST_COMBINATIONS:
        return None
    values: list[Value | None] = [None] * (max(attribute.slot for attribute in attributes) + 1)
    rows: list[tuple[Combination, list[bool]]] = []
    for chosen in product(*points):
        for attribute, value in zip(attributes, chosen, strict=True):
            values[attribute.slot] = value
        rows.append((chosen, [evaluate(each.tree, values) is True for each in wanted]))
    return attributes, rows


def _points(attribute: Attribute, constants: Collection[Value]) -> list[Value | None]:
    """Absence and the critical points; nothing where there are too many of them to be listed."""
    points = critical_points(attribute, constants)
    if points:
        return [None, *points]
    return [] if constants else [None, False]  # nobody looks at the value, so any stands for all of them
