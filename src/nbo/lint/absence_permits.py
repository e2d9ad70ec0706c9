"""A permission of a sales offer that passes when a yes-or-no answer is missing: `consent is missing or consent`.

Consent that nobody recorded is consent that nobody gave, and so with every answer that was never asked for. Amounts and
dates are left alone: no record of an installment does mean that there was none.

NBO616; wrong and right: docs/diagnostics/NBO616.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.expression import Expression
from nbo.language.types import Kind
from nbo.lint.conditions import permissions
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding an attribute of a clause."""
    pack = ground.pack
    if any(offer.kind == "sales" for offer in pack.offers):  # the same gate is asked of every sales offer
        gates = (gate for gate in pack.gates if gate.in_force is None and "sales" in gate.kinds)
        yield from _permitting(ground, (gate.clause.expression for gate in gates))
    yield from ground.each_offer(
        "absence permits", lambda offer: _permitting(ground, permissions(offer) if offer.kind == "sales" else ())
    )


def _permitting(ground: Ground, asked: Iterable[Expression]) -> Iterator[Diagnostic]:
    for each in ground.demands(asked):
        for attribute in each.part.reads:
            if attribute.type.kind is Kind.BOOLEAN and ground.together.holds_without(each, attribute):
                yield catalog.ABSENCE_PERMITS.at(each.span, name=attribute.name)
