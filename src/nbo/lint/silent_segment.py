"""A sentence of a script that is never said, because its treatment or its offer rules its `when` out.

A sentence for customers who revolve inside a treatment for those who pay in full looks like care and is silence. A sentence
that is shared by several treatments is reported only if it is silent in all of them; one that fills a required slot is an
obligation, said unless its condition is false, and is left to the proof of the scripts.

NBO606; wrong and right: docs/diagnostics/NBO606.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import Span
from nbo.lint.conditions import permissions
from nbo.lint.contradiction import others_of
from nbo.lint.demands import Demand
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a sentence, which names what rules it out the first time that it stands."""
    pack = ground.pack
    silent: dict[Span, tuple[Demand, ...]] = {}
    heard: set[Span] = set()
    for offer in pack.offers:
        for treatment in () if offer.script is None else offer.script.treatments:
            for segment in treatment.segments:
                if segment.when is None or segment.says or segment.span in heard:
                    continue
                own = ground.demands([segment.when])
                chosen = [] if treatment.when is None else ground.demands([treatment.when])
                wanted = [*ground.demands(permissions(offer)), *chosen, *own]
                few = next((few for few in ground.together.conflicts(wanted) if few[-1] in own), None)
                if few is None:
                    heard.add(segment.span)
                else:
                    silent.setdefault(segment.span, few)
    for span, few in silent.items():
        if span not in heard:
            yield catalog.NEVER_SAID.at(few[-1].span, clause=few[-1].text, others=others_of(few))
