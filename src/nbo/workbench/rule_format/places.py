"""Which texts of a rule file are conditions.

In: a file's node and the JSON Schema of its kind, which marks what is written in the condition language. Out: the scalars.
A key that is a condition in one form of a mapping (a quote that waives) and text in none is found in every form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nbo.source.model import CONDITION_MARK
from nbo.source.nodes import Node, Scalar, Sequence

Shape = Mapping[str, Any]


def conditions(node: Node, schema: Shape) -> tuple[Scalar, ...]:
    """Every condition of a file, each once: what an alias stands for is written in one place."""
    found = {scalar.span.start: scalar for scalar in _conditions(node, (schema,), schema.get("definitions", {}))}
    return tuple(found[start] for start in sorted(found))


def _conditions(node: Node, shapes: tuple[Shape, ...], definitions: Shape) -> Iterator[Scalar]:
    forms = [form for shape in shapes for form in _forms(shape, definitions)]
    if isinstance(node, Scalar):
        if any(form.get(CONDITION_MARK) for form in forms):
            yield node
    elif isinstance(node, Sequence):
        items = tuple(form["items"] for form in forms if "items" in form)
        for child in node:
            yield from _conditions(child, items, definitions)
    else:
        for key, child in node.items():
            yield from _conditions(child, tuple(_shapes_of(key, forms)), definitions)


def _shapes_of(key: str, forms: list[Shape]) -> Iterator[Shape]:
    for form in forms:
        shape = form.get("properties", {}).get(key, form.get("additionalProperties"))
        if isinstance(shape, dict):
            yield shape


def _forms(shape: Shape, definitions: Shape) -> Iterator[Shape]:
    """A schema and all that it refers to or offers as a choice."""
    yield shape
    if "$ref" in shape:
        yield from _forms(definitions[shape["$ref"].rpartition("/")[2]], definitions)
    for key in ("then", "else"):
        if key in shape:
            yield from _forms(shape[key], definitions)
    for key in ("anyOf", "allOf"):
        for each in shape.get(key, ()):
            yield from _forms(each, definitions)
