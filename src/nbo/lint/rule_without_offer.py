"""A gate, contact rule or floor that is about no offer of the pack: policy without effect.

A contact rule is about sales alone unless `kinds` says otherwise, so one for the family of a service offer passes everybody
by. Rules of compliance packs are shared, and may be about offers that this pack does not have.

NBO609; wrong and right: docs/diagnostics/NBO609.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import Span
from nbo.lint.ground import Ground
from nbo.pack.files.shared import Kind

_ALL = "all"


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a rule, at its condition."""
    pack = ground.pack
    rules: list[tuple[str, frozenset[Kind], frozenset[str] | None, Span]] = [
        *((gate.id, gate.kinds, gate.families, gate.clause.span) for gate in pack.gates if gate.in_force is None),
        *((rule.id, rule.kinds, rule.families, rule.suppress.span) for rule in pack.contact or ()),
        *((floor.id, floor.kinds, floor.families, floor.span) for floor in pack.floors),
    ]
    for rule_id, kinds, families, span in rules:
        if not any(offer.kind in kinds and (families is None or offer.family in families) for offer in pack.offers):
            shown = _ALL if families is None else ", ".join(sorted(families))
            yield catalog.CONCERNS_NO_OFFER.at(span, id=rule_id, kinds=", ".join(sorted(kinds)), families=shown)
