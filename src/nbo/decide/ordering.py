"""Whether an offer may be ordered now: the gates before the order, when the customer has said yes.

A decision is about the pitch. Between the pitch and the order something has to happen (a cost statement is confirmed, a yes
is recorded), so this is asked again with the facts as they are then.
"""

from __future__ import annotations

from dataclasses import dataclass

from nbo.decide.candidate import Setting
from nbo.decide.decision import Reason
from nbo.decide.gates import applying, read_by, stopped_by
from nbo.decide.run import candidate_for
from nbo.pack.offer import Offer
from nbo.script.compliance import Check


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """`allowed`, or the reason of the first gate that does not hold; `missing` names absent attributes behind it.

    `checks` has every gate before the order with its outcome: what an auditor is shown.
    """

    allowed: bool
    checks: tuple[Check, ...]
    reason: Reason | None = None
    missing: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {
            "allowed": self.allowed,
            "checks": [{"rule": each.rule, "status": each.status} for each in self.checks],
            "reason": None if self.reason is None else self.reason.to_dict(),
            "missing": list(self.missing),
        }


def may_order(setting: Setting, offer: Offer) -> OrderAnswer:
    """The answer for the facts of `setting`; a gate that is unknown does not hold."""
    candidate = candidate_for(offer, None, setting.facts, setting.pack.dictionary)
    checks: list[Check] = []
    blocked = None
    for gate in applying(candidate, setting, "order"):
        held = gate.clause.expression.ask(read_by(gate, candidate)) is True
        checks.append(Check(gate.id, "passed" if held else "warned" if gate.severity == "warn" else "blocked"))
        if not held and gate.severity == "block" and blocked is None:
            blocked = stopped_by(gate, candidate, setting)
    if blocked is None:
        return OrderAnswer(allowed=True, checks=tuple(checks))
    source = None if blocked.span is None else str(blocked.span)
    reason = Reason(blocked.code, blocked.text(setting.language), source)
    return OrderAnswer(allowed=False, checks=tuple(checks), reason=reason, missing=blocked.missing)
