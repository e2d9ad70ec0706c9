"""All lints, in order.

In: a pack that loads without an error, and the day of the check in the pack's zone. Out: what it probably does not mean. A
lint reads the pack and nothing else; it never keeps a pack from loading. `pack.yaml` can silence one in a file, with a reason.

NBO622; wrong and right: docs/diagnostics/NBO622.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint import (
    absence_permits,
    contradiction,
    cut_factor,
    hidden_opt_out,
    implied_clause,
    lone_group,
    named_person,
    never_happens,
    personal_price,
    rate_unit,
    rule_without_offer,
    shadowed_limit,
    shadowed_treatment,
    silent_segment,
    tie,
    unread_need,
    untested_family,
    untested_moment,
    unused_authority,
    unused_segment,
    validity_window,
    wrong_language,
)
from nbo.lint.ground import Ground
from nbo.pack.memory import Memory
from nbo.pack.rulepack import RulePack, Silence

Lint = Callable[[Ground], Iterator[Diagnostic]]

LINTS: tuple[Lint, ...] = (
    contradiction.lint,
    implied_clause.lint,
    shadowed_limit.lint,
    shadowed_treatment.lint,
    silent_segment.lint,
    unused_segment.lint,
    unused_authority.lint,
    rule_without_offer.lint,
    cut_factor.lint,
    wrong_language.lint,
    rate_unit.lint,
    named_person.lint,
    hidden_opt_out.lint,
    personal_price.lint,
    absence_permits.lint,
    tie.lint,
    lone_group.lint,
    validity_window.lint,
    untested_family.lint,
    never_happens.lint,
    unread_need.lint,
    untested_moment.lint,
)


def run_lints(pack: RulePack, today: date, memory: Memory | None = None) -> Iterator[Diagnostic]:
    """What every lint finds and `pack.yaml` does not silence; `today` is the day of the check in the pack's zone.

    `memory` is that of the load at hand; an offer that it knows is not looked at again. A silence that silences nothing is a
    finding: it hides the next mistake of its kind.
    """
    ground = Ground(pack, today, Memory() if memory is None else memory)
    used: set[Silence] = set()
    for lint in LINTS:
        for finding in lint(ground):
            silence = next((each for each in pack.silences if _covers(each, finding)), None)
            if silence is None:
                yield finding
            else:
                used.add(silence)
    for each in pack.silences:
        if each not in used:
            yield catalog.SILENCES_NOTHING.at(each.span, code=each.code, file=each.file)


def _covers(silence: Silence, finding: Diagnostic) -> bool:
    return finding.code.id == silence.code and finding.span is not None and finding.span.source.name == silence.file
