"""What a condition demands, cut into parts that each must be true, as the lints compare them.

In: a compiled condition and the dictionary. Out: its `and` parts with the words and the place that a person wrote. A
segment that is read stands for its own clauses: no profile can supply it, so it is exactly them. A derived attribute stays
as it is, because a profile can. What the parts can be together says `together.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from nbo.diagnostics.place import Span
from nbo.language.analysis import is_simple
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
class Demand:
    """Something that must be true.

    `key` is the same for conditions of the same meaning word by word. `bare` has every look at absence taken out; it is
    None where the condition is more than comparisons with constants, and then only its `key` says something about it.
    """

    tree: Typed
    text: str
    span: Span
    key: object
    bare: Typed | None
    reads: tuple[Attribute, ...]
    slots: frozenset[int]  # of what it reads


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A condition with its demands, and the slots whose absence they look at."""

    expression: Expression
    demands: tuple[Demand, ...]
    forgiven: frozenset[int]

    @classmethod
    def of(cls, expression: Expression, segments: Mapping[str, Typed]) -> Asked:
        """The condition as a decision asks it; `segments` are those of `segment_formulas`."""
        wanted = demands(expression, segments)
        return cls(expression, wanted, frozenset().union(*(forgiven_slots(each.tree) for each in wanted)))


def demands(expression: Expression, segments: Mapping[str, Typed]) -> tuple[Demand, ...]:
    """Everything that must be true for the condition to be."""
    return tuple(
        demand(tree, expression.text[place[0] : place[1]], expression.span(place))
        for tree, place in _parts(expression.tree, segments, None)
    )


def demands_of_tree(tree: Typed, segments: Mapping[str, Typed], text: str, span: Span) -> tuple[Demand, ...]:
    """The same of a tree whose text is not at hand: every part is shown as `text`."""
    return tuple(demand(part, text, span) for part, _ in _parts(tree, segments, None))


def demand(tree: Typed, text: str, span: Span) -> Demand:
    """One part with what the comparisons need to know of it."""
    bare = _bare(tree)
    simple = all(is_simple(each) for each in walk(bare))
    reads = attributes_read(tree)
    slots = frozenset(attribute.slot for attribute in reads)
    return Demand(tree, " ".join(text.split()), span, likeness(tree), bare if simple else None, reads, slots)


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
