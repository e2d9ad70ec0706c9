"""What a pack's cases leave untested: offers that never won, conditions that never were the reason for a stop.

In: the pack, and the results of its cases. Out: a `Coverage`. A condition counts when it was the reason that a decision gives,
not when it failed beside another: with it taken out of the pack no test would notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbo.pack.clause import Clause
from nbo.pack.rulepack import RulePack
from nbo.workbench.run_cases import CaseResult

_OWN_STAGES = ("eligibility", "applicability", "volume", "suitability")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition that can stop offers; `offer` is None where it is for several of them."""

    stage: str
    offer: str | None
    id: str
    when: str
    source: str

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"stage": self.stage, "offer": self.offer, "id": self.id, "when": self.when, "source": self.source}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a pack its cases touch; everything in the pack's own order."""

    offers: int
    never_won: tuple[str, ...]
    conditions: int
    never_stopped: tuple[Condition, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values in the published form."""
        return {
            "offers": self.offers,
            "never_won": list(self.never_won),
            "conditions": self.conditions,
            "never_stopped": [each.to_dict() for each in self.never_stopped],
        }


def coverage(pack: RulePack, results: Iterable[CaseResult]) -> Coverage:
    """What the cases that were run have touched."""
    won: set[str] = set()
    stopped: set[tuple[str, str, str]] = set()
    for result in results:
        won.update(each.offer for each in result.decision.offers[:1])
        for offer in result.explanation.offers:
            if offer.stage is not None and offer.reason is not None:
                own = offer.offer if offer.stage in _OWN_STAGES else ""
                stopped.add((offer.stage, own, offer.reason.code))
    conditions = list(_conditions(pack))
    return Coverage(
        offers=len(pack.offers),
        never_won=tuple(each.id for each in pack.offers if each.id not in won),
        conditions=len(conditions),
        never_stopped=tuple(each for each in conditions if (each.stage, each.offer or "", each.id) not in stopped),
    )


def _conditions(pack: RulePack) -> Iterator[Condition]:
    """Gates before a pitch, contact rules, and each offer's own conditions."""
    for gate in pack.gates:
        if gate.at == "pitch":
            yield _condition("gates", None, gate.id, gate.clause)
    for rule in pack.contact or ():
        yield _condition("contact_policy", None, rule.id, rule.suppress)
    for floor in pack.floors:
        yield Condition("contact_policy", None, floor.id, floor.text, str(floor.span))
    for offer in pack.offers:
        for stage in _OWN_STAGES:
            clauses: tuple[Clause, ...] = getattr(offer, stage)
            yield from (_condition(stage, offer.id, each.id, each) for each in clauses)


def _condition(stage: str, offer: str | None, name: str, clause: Clause) -> Condition:
    return Condition(stage, offer, name, clause.expression.text, clause.source)
