"""Typed trees held against each other: segments read through, and a key that trees of the same words share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace

from nbo.language.dictionary import Dictionary
from nbo.language.functions import Function
from nbo.language.tree import Logic, Not, Read, Typed
from nbo.language.types import Attribute, Type

SEGMENT = "segment."


def segment_formulas(dictionary: Dictionary) -> dict[str, Typed]:
    """The pack's segments by attribute name, each as one condition."""
    return {name: formula.tree for name, formula in dictionary.formulas.items() if name.startswith(SEGMENT)}


def read_through(tree: Typed, segments: Mapping[str, Typed]) -> Typed:
    """The condition with the clauses of a segment where it is read, under `or` and `not` too."""
    match tree:
        case Read(attribute=attribute) if attribute.name in segments:
            return read_through(segments[attribute.name], segments)
        case Logic(operands=operands):
            return replace(tree, operands=tuple(read_through(each, segments) for each in operands))
        case Not(operand=operand):
            return replace(tree, operand=read_through(operand, segments))
        case _:
            return tree


def likeness(node: object) -> object:
    """A value that two trees share when they say the same, wherever they stand."""
    if isinstance(node, Attribute):
        return node.name
    if isinstance(node, Type):
        return str(node.kind)
    if isinstance(node, Function):
        return node.name
    if isinstance(node, tuple):
        return tuple(likeness(each) for each in node)
    if isinstance(node, dict):
        return None  # ranks follow from the attribute
    if is_dataclass(node) and hasattr(node, "place"):
        return (
            type(node).__name__,
            *(likeness(getattr(node, each.name)) for each in fields(node) if each.name != "place"),
        )
    return node


def moved(tree: Typed, slots: Mapping[int, int]) -> Typed:
    """The same condition over another row: every attribute reads the slot that its own is mapped to."""
    if isinstance(tree, Read):
        attribute = tree.attribute
        return replace(tree, attribute=replace(attribute, slot=slots[attribute.slot]))
    changes: dict[str, object] = {}
    for each in fields(tree):
        value = getattr(tree, each.name)
        if isinstance(value, Typed):
            changes[each.name] = moved(value, slots)
        elif isinstance(value, tuple) and value and all(isinstance(item, Typed) for item in value):
            changes[each.name] = tuple(moved(item, slots) for item in value)
    return replace(tree, **changes) if changes else tree  # type: ignore[arg-type]  # of the fields' own types
