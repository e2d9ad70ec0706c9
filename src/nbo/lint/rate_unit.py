"""A rate compared with more than 1: `fee_rate <= 0.60` was meant as 0.60 %, `18` as 18 %.

A rate is a fraction: 1 is 100 %. A limit in the wrong unit is a hundred times too wide, so it never stops anything. Where
more than 100 % is possible the dictionary says so with `max`.

NBO612; wrong and right: docs/diagnostics/NBO612.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.tree import Compare, Constant, Read, ReadField, Typed, walk
from nbo.language.types import Attribute, Kind, Value
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a number that a rate without a `max` is compared with."""
    for meaning, written in ground.by_meaning.items():
        for node in walk(meaning.tree):
            for attribute, number, place in _compared(node):
                if isinstance(number, int | Decimal) and number > 1 and attribute.max is None:
                    percent = f"{number * 100:f}%"
                    for each in written:
                        text = each.text[place[0] : place[1]]
                        yield catalog.RATE_UNIT.at(each.span(place), number=text, percent=percent, name=attribute.name)


def _compared(node: Typed) -> Iterator[tuple[Attribute, Value, tuple[int, int]]]:
    if isinstance(node, Compare):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            attribute = (
                side.attribute if isinstance(side, Read) else side.field if isinstance(side, ReadField) else None
            )
            if attribute is not None and attribute.type.kind is Kind.RATE and isinstance(other, Constant):
                yield attribute, other.value, other.place
