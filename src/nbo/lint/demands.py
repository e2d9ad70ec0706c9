"""What a condition demands, cut into parts that each must be true, as the lints compare them.

In: a compiled condition and the dictionary. Out: its `and` parts with the words and the place that a person wrote. A
segment that is read stands for its own clauses: no profile can supply it, so it is exactly them. A derived attribute stays
as it is, because a profile can. What the parts can be together says `together.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from nbo.diagnostics.place import Span
from nbo.language.analysis import is_simple
from nbo.language.computed import Computed
from nbo.language.expression import Expression
from nbo.language.forgiving import forgiven_slots
from nbo.language.rewrite import likeness, read_through
from nbo.language.tree import (
    Compare,
    Constant,
    Default,
    IsMissing,
    Logic,
    Not,
    OneOf,
    Place,
    Read,
    Typed,
    attributes_read,
    walk,
)
from nbo.language.types import BOOLEAN, Attribute


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a condition that must be true, wherever a condition of that text stands.

    `key` is the same for conditions of the same meaning word by word. `bare` has every look at absence taken out; it is
    None where the condition is more than comparisons with constants, and then only its `key` says something about it.
    """

    tree: Typed
    key: object
    bare: Typed | None
    reads: tuple[Attribute, ...]
    slots: frozenset[int]  # of what it reads
    forgiven: frozenset[int]  # the slots whose absence it looks at

    @classmethod
    def of(cls, tree: Typed) -> Part:
        """What the comparisons need to know of a part."""
        bare = _bare(tree)
        simple = all(is_simple(each) for each in walk(bare))
        reads = attributes_read(tree)
        slots = frozenset(attribute.slot for attribute in reads)
        return cls(tree, likeness(tree), bare if simple else None, reads, slots, forgiven_slots(tree))


class Written(Protocol):
    """Where a demand is written: a condition, or a name that stands for one."""

    @property
    def text(self) -> str:
        """As a person wrote it."""

    def span(self, place: Place) -> Span:
        """Where a stretch of the text stands."""


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Something that must be true, with the words and the place that a person wrote."""

    part: Part
    written: Written
    place: Place

    @property
    def text(self) -> str:
        """The words, on one line."""
        return " ".join(self.written.text[self.place[0] : self.place[1]].split())

    @property
    def span(self) -> Span:
        """Where they stand."""
        return self.written.span(self.place)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A condition with its demands, the slots that they read, and those whose absence they look at."""

    expression: Expression
    demands: tuple[Demand, ...]
    slots: frozenset[int]
    forgiven: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Demands:
    """Takes conditions apart, each meaning once; `segments` are those of `segment_formulas`."""

    segments: Mapping[str, Typed]
    _known: dict[Computed, tuple[tuple[Part, Place], ...]] = field(default_factory=dict)

    def of(self, expression: Expression) -> tuple[Demand, ...]:
        """Everything that must be true for the condition to be."""
        return tuple(Demand(part, expression, place) for part, place in self._parts_of(expression))

    def asked(self, expression: Expression) -> Asked:
        """The condition as a decision asks it."""
        wanted = self.of(expression)
        slots = frozenset().union(*(each.part.slots for each in wanted))
        return Asked(expression, wanted, slots, frozenset().union(*(each.part.forgiven for each in wanted)))

    def of_tree(self, tree: Typed, name: str, span: Span) -> tuple[Demand, ...]:
        """The same of a tree whose text is not at hand: every part is shown as `name`."""
        written = _Name(name, span)
        return tuple(Demand(Part.of(part), written, (0, len(name))) for part, _ in _parts(tree, self.segments, None))

    def _parts_of(self, expression: Expression) -> tuple[tuple[Part, Place], ...]:
        meaning = expression.meaning or expression
        known = self._known.get(meaning)
        if known is None:
            parts = _parts(expression.tree, self.segments, None)
            known = self._known[meaning] = tuple((Part.of(tree), place) for tree, place in parts)
        return known


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    whole: Span

    def span(self, place: Place) -> Span:
        del place
        return self.whole


def _parts(tree: Typed, segments: Mapping[str, Typed], place: Place | None) -> Iterator[tuple[Typed, Place]]:
    """The parts of an *and*, each with the place that it was written at; a segment's parts stand where it is read."""
    if isinstance(tree, Logic) and tree.operator == "and":
        for operand in tree.operands:
            yield from _parts(operand, segments, place)
    elif isinstance(tree, Read) and tree.attribute.name in segments:
        yield from _parts(segments[tree.attribute.name], segments, place or tree.place)
    else:
        yield read_through(tree, segments), place or tree.place


def _bare(tree: Typed) -> Typed:
    """The comparisons alone: `default(x, 3) >= 2` is cut where `x >= 2` is, and `x is missing` is cut nowhere."""
    match tree:
        case IsMissing(operand=Read()):
            return Constant(BOOLEAN, tree.place, value=True)
        case Default(operand=Read() as read, fallback=Constant()):
            return read
        case Logic(operands=operands):
            return replace(tree, operands=tuple(_bare(each) for each in operands))
        case Not(operand=operand):
            return replace(tree, operand=_bare(operand))
        case Compare(left=left, right=right):
            return replace(tree, left=_bare(left), right=_bare(right))
        case OneOf(item=item):
            return replace(tree, item=_bare(item))
        case _:
            return tree
