"""An offer of a decision once more, as the customer would have it ("and over six months?").

The facts, the clock and the rules are those of the decision, so what came before the quote holds as it did. The quote, and
everything after it, is made and checked again: suitability, value to both sides, script and compliance.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from nbo.decide.candidate import Setting
from nbo.decide.decide import decided
from nbo.decide.decision import DecidedOffer, Reason
from nbo.decide.run import candidate_for
from nbo.decide.stages import NAMES, STAGES
from nbo.quote.choices import Choices

_AGAIN = STAGES[NAMES.index("quote") :]


@dataclass(frozen=True, slots=True)
class Requote:
    """The offer with its new numbers and words; or None, with the reason why it cannot be had so.

    `missing` names attributes whose absence is the reason.
    """

    offer: DecidedOffer | None
    reason: Reason | None = None
    missing: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain values in the published form."""
        return {
            "offer": None if self.offer is None else self.offer.to_dict(),
            "reason": None if self.reason is None else self.reason.to_dict(),
            "missing": list(self.missing),
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """The answer as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


def requote(setting: Setting, before: DecidedOffer, choices: Choices) -> Requote:
    """The offer of a decision under other choices; `setting` has the decision's pack, facts, channel and language."""
    offer = setting.pack.offer_by_id[before.offer]
    candidate = candidate_for(offer, before.record, setting.facts, setting.pack.dictionary)
    candidate.choices = choices
    for stage in _AGAIN:
        if stage.before is not None:
            stage.before((candidate,), setting)
        blocked = stage.check(candidate, setting)
        if blocked is not None:
            source = None if blocked.span is None else str(blocked.span)
            return Requote(None, Reason(blocked.code, blocked.text(setting.language), source), blocked.missing)
    return Requote(decided(before.rank, candidate, setting))
