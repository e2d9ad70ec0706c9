"""What a matcher of moments is: it is shown the events of calls, one after the other, and says which moments happen.

In: an event as it was seen. Out: the ids of the moments that happen at it. It decides nothing and applies nothing; the
session does that. Two matchers of the same moments say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from nbo.language.types import Value


@dataclass(frozen=True, slots=True)
class Seen:
    """An event of a call: a value for each field of its kind, by slot, and the customer's values by slot as they are with it.

    `at` has a zone. A call's clock does not go back: an event with an earlier time than the one before counts as of that.
    """

    id: str
    at: datetime
    kind: str
    fields: Sequence[Value | None]
    values: Sequence[Value | None]


class Matcher(Protocol):
    """Shared by all threads; the events of one call come one after the other."""

    def observe(self, call_id: str, seen: Seen) -> tuple[str, ...]:
        """The ids of the moments that happen at an event, in the order in which they are written.

        The call begins with its first event. Its id is one that no other call at the time has.
        """

    def forget(self, call_id: str) -> None:
        """The call is over."""

    def metrics(self) -> Mapping[str, int]:
        """Counts since it was made."""

    def close(self) -> None:
        """No call is going on any more."""
