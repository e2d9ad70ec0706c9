"""Which absent attributes keep an expression unknown.

`a > 1 or b > 2` with `a` absent and `b` 3 is true, so nothing is missing; with `b` 0 it is unknown because of `a` alone.
For a derived attribute the names are those of its absent ingredients: they are what an integrator can send.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.language.dictionary import Attribute, Dictionary
from nbo.language.interpret import Row, evaluate
from nbo.language.tree import Default, Fold, IsMissing, Read, ReadField, Typed, attributes_read, children, walk


def missing_attributes(node: Typed, values: Row, dictionary: Dictionary) -> tuple[str, ...]:
    """Names of the absent attributes behind an unknown value, in the order of first mention; none if it is known."""
    formulas = {attribute.name: formula for attribute, formula in dictionary.formulas}
    return tuple(dict.fromkeys(_culprits(node, values, None, formulas)))


def _culprits(node: Typed, values: Row, it: Row | None, formulas: dict[str, Typed]) -> Iterator[str]:
    if evaluate(node, values, it) is not None or isinstance(node, IsMissing):
        return
    if isinstance(node, Read):
        yield from _roots(node.attribute, values, formulas)
    elif isinstance(node, ReadField):
        yield node.field.name
    elif isinstance(node, Default):
        yield from _culprits(node.fallback, values, it, formulas)
    elif isinstance(node, Fold):
        yield from _in_records(node, values, formulas)
    else:
        for child in children(node):
            yield from _culprits(child, values, it, formulas)


def _in_records(node: Fold, values: Row, formulas: dict[str, Typed]) -> Iterator[str]:
    """Inside records the fields that some record lacks, named with their list."""
    records = evaluate(node.records, values)
    if not isinstance(records, tuple):
        yield from _culprits(node.records, values, None, formulas)
        return
    name = node.records.attribute.name if isinstance(node.records, Read) else ""
    for part in (node.condition, node.value):
        if part is None:
            continue
        fields = {each.field.name for each in walk(part) if isinstance(each, ReadField)}
        for record in records:
            for found in _culprits(part, values, record, formulas):
                yield f"{name}.{found}" if found in fields else found


def _roots(attribute: Attribute, values: Row, formulas: dict[str, Typed]) -> Iterator[str]:
    formula = formulas.get(attribute.name)
    if formula is None:
        yield attribute.name
        return
    absent = [each for each in attributes_read(formula) if values[each.slot] is None]
    if not absent:  # the formula itself has no value here, such as a division by zero
        yield attribute.name
    for each in absent:
        yield from _roots(each, values, formulas)
