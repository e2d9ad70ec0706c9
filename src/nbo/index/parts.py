"""A condition in parts that all have to hold, each to be indexed by what it reads.

`and` is taken apart, also under `not`: Kleene logic keeps De Morgan's rules, so the parts together mean the whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.language.expression import Expression
from nbo.language.tree import Logic, Not, Typed


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """The parts; the condition itself where it cannot be taken apart.

    One that looks at absence stays whole: where a value was refused all of it is unknown (see `Expression.ask`).
    """
    trees = (expression.tree,) if expression.forgiven else tuple(_parts(expression.tree, holds=True))
    return (expression,) if len(trees) == 1 else tuple(Expression(each, expression.scalar) for each in trees)


def _parts(node: Typed, *, holds: bool) -> Iterator[Typed]:
    match node:
        case Not(operand=operand):
            yield from _parts(operand, holds=not holds)
        case Logic(operator=operator, operands=operands) if (operator == "and") is holds:
            for each in operands:
                yield from _parts(each, holds=holds)
        case _:
            yield node if holds else Not(node.type, node.place, node)


def all_of(results: Iterator[bool | None]) -> bool | None:
    """Kleene's *and*."""
    unknown = False
    for each in results:
        if each is False:
            return False
        unknown = unknown or each is None
    return None if unknown else True
