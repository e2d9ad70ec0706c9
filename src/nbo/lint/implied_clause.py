"""A clause that decides nothing, because another one that is asked anyway demands as much or more.

`age >= 18` beside `age >= 21`, or the very same clause twice. Either it is left over, or its limit is not the one that
somebody believes to be in force: whoever changes it changes nothing.

A clause is compared with those of its own list, of the lists before it and of the pack's own gates. A gate of a compliance
pack is no reason to leave a clause out, because the pack does not own it. A gate is compared with the gates before it alone:
a narrow gate with its own reason may well stand before a wide one.

NBO603; wrong and right: docs/diagnostics/NBO603.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.lint.demands import Asked
from nbo.lint.ground import Ground
from nbo.pack.clause import Clause
from nbo.pack.gate import Gate
from nbo.pack.offer import Offer

_MOST_CLAUSES = 100  # of a list; each is held against each, and nobody could read a longer list


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a clause, which names the first that makes it idle."""
    pack = ground.pack
    gates = [(gate, ground.asked(gate.clause.expression)) for gate in pack.gates[:_MOST_CLAUSES] if _own(gate)]
    for index, (gate, own) in enumerate(gates):
        yield from _idle(ground, own, [each for other, each in gates[:index] if gate.kinds <= other.kinds], [])
    yield from ground.each_offer_past_gates("implied clause", lambda offer: _in_offer(ground, gates, offer))


def _in_offer(ground: Ground, gates: Sequence[tuple[Gate, Asked]], offer: Offer) -> Iterator[Diagnostic]:
    before = [each for gate, each in gates if offer.kind in gate.kinds]
    for stage in (offer.eligibility, offer.applicability, offer.suitability):
        own_list = _asked(ground, stage)
        for index, each in enumerate(own_list):
            yield from _idle(ground, each, [*before, *own_list[:index]], own_list[index + 1 :])
        before = [*before, *own_list]
    volume = _asked(ground, offer.volume)  # it sees what an opt-out hides, so it stands alone
    for index, each in enumerate(volume):
        yield from _idle(ground, each, volume[:index], volume[index + 1 :])


def _asked(ground: Ground, clauses: Sequence[Clause]) -> list[Asked]:
    return [ground.asked(clause.expression) for clause in clauses[:_MOST_CLAUSES]]


def _idle(ground: Ground, own: Asked, before: Sequence[Asked], after: Sequence[Asked]) -> Iterator[Diagnostic]:
    """Of two clauses that say the same, the later one is idle."""
    implies = ground.together.implies
    for other in (*before, *after):
        if implies(other, own) and (other in before or not implies(own, other)):
            yield catalog.ALREADY_DEMANDED.at(
                own.expression.scalar.span,
                clause=own.expression.text,
                other=other.expression.text,
                place=other.expression.scalar.span,
            )
            return


def _own(gate: Gate) -> bool:
    """A gate of the pack itself, for everybody whom its kinds concern."""
    narrowed = (gate.families, gate.channels, gate.scope, gate.in_force)
    return gate.at == "pitch" and all(each is None for each in narrowed)
