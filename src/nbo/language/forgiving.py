"""Where an expression looks at absence, and what that means for a value that was supplied but refused.

`income is missing or payment <= income * 0.30` lets a customer pass whose income nobody knows. It must not let one pass
whose income arrived as a word: that value is missing because it is bad, and nothing may pass because of bad data. So in a
decision an expression that looks at the absence of a refused value is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.language.tree import Default, Fold, IsMissing, Lookup, Read, ReadField, Typed, children, walk


def forgiven_slots(node: Typed) -> frozenset[int]:
    """The slots (of attributes and of lists of records) whose absence the expression looks at."""
    return frozenset(_forgiven(node, None))


def _forgiven(node: Typed, records: int | None) -> Iterator[int]:
    """`records` is the slot of the list whose records `it` stands for."""
    for looked_at in _looked_at(node):
        for each in walk(looked_at):
            if isinstance(each, Read):
                yield each.attribute.slot
            elif isinstance(each, ReadField) and records is not None:
                yield records
    if isinstance(node, Fold) and isinstance(node.records, Read):
        records = node.records.attribute.slot
    for child in children(node):
        yield from _forgiven(child, records)


def _looked_at(node: Typed) -> tuple[Typed, ...]:
    """The parts whose absence a node looks at."""
    match node:
        case IsMissing(operand=operand) | Default(operand=operand):
            return (operand,)
        case Lookup(table=table, inputs=inputs):
            return tuple(each for each, column in zip(inputs, table.columns, strict=True) if column.sees_missing)
        case _:
            return ()
