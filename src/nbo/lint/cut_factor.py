"""A lever or a propensity that `bounds` cuts: the number in the file is not the one that counts.

`levers: {gold: +5}` with `l: [0.2, 3]` counts as +2. Who raises it from 2 to 5 changes nothing. Context weights are left
alone: they add up, and one may outweigh the others on purpose.

NBO610; wrong and right: docs/diagnostics/NBO610.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import Span
from nbo.language import operations
from nbo.language.tree import Constant
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a number."""
    pack = ground.pack
    bounds, levers = pack.arbitration.bounds, pack.arbitration.levers or {}
    for family, span in pack.arbitration.lever_spans.items():
        yield from _cut("L", operations.add(Decimal(1), levers[family]), bounds.l, span)
    for offer in pack.offers:
        expression = None if offer.propensity is None else offer.propensity.expression
        if expression is not None and isinstance(expression.tree, Constant):
            yield from _cut("P", Decimal(str(expression.tree.value)), bounds.p, expression.scalar.span)


def _cut(factor: str, written: Decimal | None, bounds: tuple[Decimal, Decimal], span: Span) -> Iterator[Diagnostic]:
    low, high = bounds
    if written is not None and not low <= written <= high:
        counted = low if written < low else high
        yield catalog.FACTOR_CUT.at(
            span, factor=factor, written=f"{written:f}", counted=f"{counted:f}", low=f"{low:f}", high=f"{high:f}"
        )
