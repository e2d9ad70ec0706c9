"""A condition in parts that all have to hold, each to be indexed by what it reads.

`and` is taken apart, also under `not`: Kleene logic keeps De Morgan's rules, so the parts together mean the whole. An *or*
of which a branch is an *and* becomes several: `(a and b) or c` is `a or c` and `b or c`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from nbo.language.computed import Computed
from nbo.language.expression import Expression
from nbo.language.forgiving import forgiven_slots
from nbo.language.tree import Logic, Not, Typed, attributes_read
from nbo.language.types import Attribute

MOST_PARTS_OF_AN_OR = 8


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """The parts; the condition itself where it cannot be taken apart.

    One that looks at absence stays whole: where a value was refused all of it is unknown (see `Expression.ask`).
    """
    tree = expression.tree
    if not isinstance(tree, Logic | Not) or forgiven_slots(tree):
        return (expression,)
    trees = tuple(_parts(tree, holds=True))
    return (expression,) if len(trees) == 1 else tuple(Expression(each, expression.scalar) for each in trees)


def branches_of(part: Computed) -> list[tuple[Attribute, Computed]]:
    """The branches of a part that is an *or*, put together by the one attribute that they read.

    Nothing where some branch reads several, or the part is no *or*. What looks at the absence of a refused value is unknown
    in its branch, and so is then the whole.
    """
    found: dict[str, tuple[Attribute, list[Typed]]] = {}
    for branch in _alternatives(part.tree, holds=True):
        reads = attributes_read(branch)
        if len(reads) != 1:
            return []
        found.setdefault(reads[0].name, (reads[0], []))[1].append(branch)
    type_, place = part.tree.type, part.tree.place
    type_, place = part.tree.type, part.tree.place
    return [
        (attribute, Computed(trees[0] if len(trees) == 1 else Logic(type_, place, "or", tuple(trees))))
        for attribute, trees in found.values()
    ]


def _parts(node: Typed, *, holds: bool) -> Iterator[Typed]:
    match node:
        case Not(operand=operand):
            yield from _parts(operand, holds=not holds)
        case Logic(operator=operator, operands=operands) if (operator == "and") is holds:
            for each in operands:
                yield from _parts(each, holds=holds)
        case Logic():
            yield from _multiplied_out(node, holds=holds)
        case _:
            yield _told(node, holds=holds)


def _multiplied_out(node: Typed, *, holds: bool) -> Iterator[Typed]:
    """An *or*, or several of which each has one part of every branch; whole where they would be too many."""
    branches = [[*_parts(each, holds=True)] for each in _alternatives(node, holds=holds)]
    if 1 < prod(map(len, branches)) <= MOST_PARTS_OF_AN_OR:
        for each in product(*branches):
            yield Logic(node.type, node.place, "or", each)
    else:
        yield _told(node, holds=holds)


def _alternatives(node: Typed, *, holds: bool) -> Sequence[Typed]:
    """The branches of an *or*, those of an *or* in it too; the node itself where it is none."""
    match node:
        case Not(operand=operand):
            return _alternatives(operand, holds=not holds)
        case Logic(operator=operator, operands=operands) if (operator == "or") is holds:
            return [branch for each in operands for branch in _alternatives(each, holds=holds)]
        case _:
            return [_told(node, holds=holds)]


def _told(node: Typed, *, holds: bool) -> Typed:
    return node if holds else Not(node.type, node.place, node)


def all_of(results: Iterator[bool | None]) -> bool | None:
    """Kleene's *and*."""
    unknown = False
    for each in results:
        if each is False:
            return False
        unknown = unknown or each is None
    return None if unknown else True
