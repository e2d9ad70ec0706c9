"""The stages of a decision, in their order. A candidate leaves at the first that it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nbo.decide import (
    applicability,
    arbitration,
    contact_policy,
    eligibility,
    gates,
    quoting,
    scorers,
    suitability,
    validity,
    volume,
    wording,
)
from nbo.decide.candidate import Blocked, Candidate, Setting


@dataclass(frozen=True, slots=True)
class Stage:
    """One question to a candidate: None lets it pass. `before` is done once for all candidates that came so far."""

    name: str
    check: Callable[[Candidate, Setting], Blocked | None]
    before: Callable[[Sequence[Candidate], Setting], None] | None = None


STAGES: tuple[Stage, ...] = (
    Stage("gates", gates.check),
    Stage("validity", validity.check),
    Stage("eligibility", eligibility.check),
    Stage("applicability", applicability.check),
    Stage("contact_policy", contact_policy.check),
    Stage("volume", volume.check),
    Stage("quote", quoting.check),
    Stage("suitability", suitability.check),
    Stage("arbitration", arbitration.check, before=scorers.score),
    Stage("script", wording.check_script),
    Stage("compliance", wording.check_compliance),
)

NAMES: tuple[str, ...] = tuple(stage.name for stage in STAGES)
_INDEXED = NAMES.index("applicability") + 1
_RANKED = NAMES.index("arbitration") + 1
MATCHED = STAGES[:_INDEXED]  # the index answers them for all offers at once
BY_RECORD = STAGES[NAMES.index("eligibility") : _INDEXED]  # of these what may read the record at hand
BEFORE_RANKING = STAGES[_INDEXED:_RANKED]  # asked of every candidate that is left
AFTER_RANKING = STAGES[_RANKED:]  # asked in rank order, until there are enough offers
