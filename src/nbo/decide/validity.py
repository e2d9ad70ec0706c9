"""Stage 2: whether the offer exists today."""

from __future__ import annotations

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.diagnostics.diagnostic import Text

_EARLY = Text("the offer has not started yet", "产品尚未开始")
_LATE = Text("the offer has ended", "产品已经结束")


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """First and last day count, in the pack's zone."""
    valid = candidate.offer.valid
    if valid.covers(setting.today):
        return None
    early = valid.start is not None and setting.today < valid.start
    words = _EARLY if early else _LATE
    code = "not_started" if early else "ended"
    return Blocked("validity", code, {"en": words.en, "zh": words.zh}, candidate.offer.span)
