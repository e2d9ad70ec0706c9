"""Which matcher a pack's moments have: durable_rules where it is installed, the search of our own elsewhere, or as it is said."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Literal

from nbo.call.matching.durable import DurableMatcher, installed
from nbo.call.matching.matcher import Matcher
from nbo.call.matching.plain import PlainMatcher
from nbo.pack.moments import Moment

MatcherName = Literal["durable", "plain"]
_FIRST_WITHOUT = (3, 13)  # durable_rules' source does not compile from here on


def default_matcher() -> MatcherName:
    """The one that is used where nobody names one."""
    return "durable" if sys.version_info < _FIRST_WITHOUT and installed() else "plain"


def make_matcher(moments: Sequence[Moment], name: MatcherName | None = None) -> Matcher:
    """The matcher of that name. Raises `ValueError` for one that there is not here."""
    match name or default_matcher():
        case "plain":
            return PlainMatcher(moments)
        case "durable":
            if not installed():
                raise ValueError("the matcher `durable` needs durable_rules, which is not installed here")
            return DurableMatcher(moments)
        case other:
            raise ValueError(f"there is no matcher `{other}`; there are `durable` and `plain`")
