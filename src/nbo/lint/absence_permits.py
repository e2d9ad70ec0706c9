"""A permission of a sales offer that passes when a yes-or-no answer is missing: `consent is missing or consent`.

Consent that nobody recorded is consent that nobody gave, and so with every answer that was never asked for. Amounts and
dates are left alone: no record of an installment does mean that there was none.

NBO616; wrong and right: docs/diagnostics/NBO616.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.expression import Expression
from nbo.language.rewrite import segment_formulas
from nbo.language.types import Kind
from nbo.lint.conditions import permissions
from nbo.lint.demands import demands
from nbo.lint.together import holds_without
from nbo.pack.rulepack import RulePack


def lint(pack: RulePack, _today: date) -> Iterator[Diagnostic]:
    """One finding an attribute of a clause."""
    segments = segment_formulas(pack.dictionary)
    for expression in _permissions(pack):
        for each in demands(expression, segments):
            for attribute in each.reads:
                if attribute.type.kind is Kind.BOOLEAN and holds_without(each, attribute):
                    yield catalog.ABSENCE_PERMITS.at(each.span, name=attribute.name)


def _permissions(pack: RulePack) -> Iterator[Expression]:
    """What must be true for something to be sold; the same gate is asked of every sales offer."""
    sales = [offer for offer in pack.offers if offer.kind == "sales"]
    if sales:
        yield from (gate.clause.expression for gate in pack.gates if gate.in_force is None and "sales" in gate.kinds)
    for offer in sales:
        yield from permissions(offer)
