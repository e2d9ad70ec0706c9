"""A segment that nothing reads: a group of customers that somebody defined and no rule treats differently.

Either it is left over, or the rule that was to read it was never written, and the people who defined the group believe that
it counts. A segment that only unread segments read is unread itself, and is reported once they are gone.

NBO607; wrong and right: docs/diagnostics/NBO607.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.rewrite import SEGMENT
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a segment."""
    pack = ground.pack
    read = {attribute.name for formula in pack.dictionary.formulas.values() for attribute in formula.reads}
    read.update(attribute.name for meaning in ground.by_meaning for attribute in meaning.reads)
    for name in ground.segments:
        if name not in read:
            short = name.removeprefix(SEGMENT)
            yield catalog.SEGMENT_UNUSED.at(pack.dictionary.attributes[name].span, name=short)
