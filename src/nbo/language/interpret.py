"""The reference interpreter: what a condition means.

Kleene logic over a typed tree. It is plain on purpose; generated code, the index and every batch back end are held to it.
`evaluate` gives the value or None for unknown; `Trace` remembers what each part gave, for explanations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from nbo.language import operations
from nbo.language.tree import (
    Call,
    Compare,
    Constant,
    Default,
    Fold,
    IsMissing,
    Logic,
    Lookup,
    Member,
    Not,
    OneOf,
    Read,
    ReadField,
    Typed,
)
from nbo.language.types import Kind, Value

Row = Sequence[Value | None]


def evaluate(node: Typed, values: Row, it: Row | None = None) -> Value | None:
    """The node's value given a customer (by slot) and the record at hand; None is unknown."""
    match node:
        case Constant():
            return node.value
        case Read():
            return values[node.attribute.slot]
        case ReadField():
            assert it is not None  # noqa: S101 - the checker allows `it` inside a fold only
            return it[node.field.slot]
        case Logic():
            return _logic(node.operator, [cast("bool | None", evaluate(each, values, it)) for each in node.operands])
        case Not():
            operand = evaluate(node.operand, values, it)
            return None if operand is None else not operand
        case Compare():
            return _compare(node, evaluate(node.left, values, it), evaluate(node.right, values, it))
        case OneOf():
            item = evaluate(node.item, values, it)
            return None if item is None else item in node.options
        case Member():
            item, container = evaluate(node.item, values, it), evaluate(node.container, values, it)
            return None if item is None or container is None else item in cast("frozenset[str]", container)
        case IsMissing():
            return evaluate(node.operand, values, it) is None
        case Default():
            operand = evaluate(node.operand, values, it)
            return evaluate(node.fallback, values, it) if operand is None else operand
        case Call():
            arguments = [evaluate(each, values, it) for each in node.arguments]
            return None if None in _identities(arguments) else cast("Value | None", node.function.kernel(*arguments))
        case Fold():
            return _fold(node, values)
        case Lookup():
            return node.table.look_up(node.output, [evaluate(each, values, it) for each in node.inputs])


def _identities(arguments: list[Value | None]) -> list[Value | None]:
    """The arguments with every present one replaced, so that `None in` compares by identity alone."""
    return [None if each is None else True for each in arguments]


def _logic(operator: str, results: list[bool | None]) -> bool | None:
    decisive = operator == "or"  # one true decides an *or*, one false an *and*
    if any(each is decisive for each in results):
        return decisive
    return None if None in results else not decisive


def _compare(node: Compare, left: Value | None, right: Value | None) -> bool | None:
    if left is None or right is None:
        return None
    if node.ranks is not None:
        left, right = node.ranks[cast("str", left)], node.ranks[cast("str", right)]
    match node.operator:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right  # type: ignore[operator]  # the checker has held both to one ordered type
        case "<=":
            return left <= right  # type: ignore[operator]  # as above
        case ">":
            return left > right  # type: ignore[operator]  # as above
        case ">=":
            return left >= right  # type: ignore[operator]  # as above


def _fold(node: Fold, values: Row) -> Value | None:
    records = cast("tuple[Row, ...] | None", evaluate(node.records, values))
    if records is None:
        return None
    if node.condition is None:
        held: list[bool | None] = [True] * len(records)
    else:
        held = [cast("bool | None", evaluate(node.condition, values, record)) for record in records]
    if node.name in ("any", "all"):
        return _logic("or" if node.name == "any" else "and", held)
    if None in held:
        return None
    chosen = [record for record, holds in zip(records, held, strict=True) if holds]
    if node.value is None:
        return len(chosen)
    found = [evaluate(node.value, values, record) for record in chosen]
    if None in _identities(found):
        return None
    if node.name == "sum":
        return total(found, node.type.kind)
    return (min if node.name == "min_of" else max)(found) if found else None  # type: ignore[type-var]  # one ordered type


def total(found: Sequence[Value | None], kind: Kind) -> Value | None:
    """The sum of present values of one numeric kind; the sum of nothing is zero."""
    start, add = operations.SUMS[kind]
    result: Value | None = start
    for each in found:
        result = add(result, each)
        if result is None:
            return None
    return result
