"""Which absent attributes keep an expression unknown.

`a > 1 or b > 2` with `a` absent and `b` 3 is true, so nothing is missing; with `b` 0 it is unknown because of `a` alone.
For a derived attribute the names are those of its absent ingredients: they are what an integrator can send.
"""

from __future__ import annotations

from nbo.language.dictionary import Dictionary
from nbo.language.interpret import Row, evaluate
from nbo.language.tree import Fold, IsMissing, Lookup, Read, ReadField, Typed, children


def missing_attributes(node: Typed, values: Row, dictionary: Dictionary) -> tuple[str, ...]:
    """Names of the absent attributes behind an unknown value, in the order of first mention.

    None if the value is known, or if it is unknown by itself, such as a division by zero.
    """
    found: dict[str, None] = {}
    expanded: set[str] = set()
    waiting = list(reversed(_culprits(node, values, None)))
    while waiting:
        name = waiting.pop()
        formula = dictionary.formulas.get(name)
        if formula is None:
            found[name] = None
        elif name not in expanded:  # two derived attributes can have an ingredient in common
            expanded.add(name)
            behind = _culprits(formula.tree, values, None)
            # a formula without an absent ingredient has no value here, or one that the attribute does not accept
            found.update({} if behind else {name: None})
            waiting.extend(reversed(behind))
    return tuple(found)


def _culprits(node: Typed, values: Row, it: Row | None) -> list[str]:
    """The absent attributes that the node reads itself, derived ones under their own names."""
    if evaluate(node, values, it) is not None or isinstance(node, IsMissing):
        return []
    if isinstance(node, Read):
        return [node.attribute.name]
    if isinstance(node, ReadField):
        return [node.field.name]
    if isinstance(node, Fold):
        return _in_records(node, values)
    if isinstance(node, Lookup):
        return [name for each in _open_inputs(node, values, it) for name in _culprits(each, values, it)]
    return [name for child in children(node) for name in _culprits(child, values, it)]


def _in_records(node: Fold, values: Row) -> list[str]:
    """Inside records the fields that some record lacks, named with their list."""
    records = evaluate(node.records, values)
    if not isinstance(records, tuple):
        return _culprits(node.records, values, None)
    found: list[str] = []
    for record in records:
        held = node.condition is None or evaluate(node.condition, values, record)
        asked = node.condition if held is None else node.value if held else None
        if asked is not None:
            found.extend(_culprits(asked, values, record))
    # only an attribute's name has a dot in it, or is the clock's
    prefix = f"{node.records.attribute.name}." if isinstance(node.records, Read) else ""
    fields = node.records.type.record.fields if node.records.type.record is not None else {}
    return list(dict.fromkeys(f"{prefix}{name}" if name in fields else name for name in found))


def _open_inputs(node: Lookup, values: Row, it: Row | None) -> list[Typed]:
    """The inputs on which a row hangs that might match."""
    found = [evaluate(each, values, it) for each in node.inputs]
    _, possible = node.table.matching(found)
    hangs = [
        any(column.test(row, value) is None for row in possible)
        for column, value in zip(node.table.columns, found, strict=True)
    ]
    return [each for each, open_ in zip(node.inputs, hangs, strict=True) if open_]
