"""The kinds of events that mean something to a session by themselves; a pack's own kinds only set attributes and fill moments.

Their fields and what they set by default stand in `nbo.pack.standard_events`, because packs are linked against them.
"""

from __future__ import annotations

from nbo.pack.call import CallRules
from nbo.pack.link_call import standard_call
from nbo.pack.rulepack import RulePack
from nbo.pack.standard_events import STANDARD_EVENTS

STANDARD_KINDS = frozenset(STANDARD_EVENTS)


def call_rules(pack: RulePack) -> CallRules:
    """The rules of a call; for a pack without `call.yaml` the standard events, one pitch a call, no throttle.

    Such a pack sells as safely as another: the floors of a session stand in code. It only has no second try.
    """
    return pack.call if pack.call is not None else standard_call(pack.dictionary, pack.zone)
