"""A segment that nothing reads: a group of customers that somebody defined and no rule treats differently.

Either it is left over, or the rule that was to read it was never written, and the people who defined the group believe that
it counts. A segment that only unread segments read is unread itself, and is reported once they are gone.

NBO607; wrong and right: docs/diagnostics/NBO607.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.rewrite import SEGMENT, segment_formulas
from nbo.lint.conditions import conditions
from nbo.pack.rulepack import RulePack


def lint(pack: RulePack, _today: date) -> Iterator[Diagnostic]:
    """One finding a segment."""
    segments = segment_formulas(pack.dictionary)
    read = {attribute.name for formula in pack.dictionary.formulas.values() for attribute in formula.reads}
    read.update(attribute.name for expression in conditions(pack) for attribute in expression.reads)
    for name in segments:
        if name not in read:
            short = name.removeprefix(SEGMENT)
            yield catalog.SEGMENT_UNUSED.at(pack.dictionary.attributes[name].span, name=short)
