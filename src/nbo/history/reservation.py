"""Shares of caps, taken for a time: what is asked for, and what comes of it. Nothing here knows a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from nbo.history.exact import amount, text

MOST_CLAIMS = 20
LONGEST_TTL = timedelta(days=31)


class ClaimError(ValueError):
    """Claims that cannot be ones: `field`, and what is wrong with it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"`{field}` of a reservation {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Claim:
    """`amount` of a cap that has `limit` in a window, such as `2026-11-16` or `total`; a count, or money.

    All who claim a cap name the same limit, or each is held to its own. Raises `ClaimError`.
    """

    cap: str
    window: str
    limit: Decimal
    amount: Decimal

    def __post_init__(self) -> None:
        for name, plain in (("cap", text), ("window", text), ("limit", amount), ("amount", amount)):
            try:
                object.__setattr__(self, name, plain(getattr(self, name)))
            except ValueError as error:
                raise ClaimError(name, str(error)) from None


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a key holds.

    `reserved` counts until `expires_at`; `confirmed` counts for good; `released` and `lapsed` do not count. What has lapsed
    can still be confirmed while there is room.
    """

    key: str
    state: Literal["reserved", "confirmed", "released", "lapsed"]
    claims: tuple[Claim, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not; nothing has changed.

    `full`: `claim` is the first, by cap and window, that has no room, with `used` of its limit taken by others. `conflict`: the
    key is known with other claims or for somebody else. `unknown`: no reservation has the key. `released` and `confirmed`:
    it was, and stays so.
    """

    reason: Literal["full", "conflict", "unknown", "released", "confirmed"]
    claim: Claim | None = None
    used: Decimal | None = None


def named(field: str, value: str) -> str:
    """A key or a customer's id; raises `ClaimError`."""
    try:
        return text(value)
    except ValueError as error:
        raise ClaimError(field, str(error)) from None


def in_order(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims by cap and window, at least one, no cap twice in a window; raises `ClaimError`."""
    ordered = tuple(sorted(claims, key=lambda each: (each.cap, each.window)))
    if not ordered:
        raise ClaimError("claims", "are none")
    if len(ordered) > MOST_CLAIMS:
        raise ClaimError("claims", f"are more than {MOST_CLAIMS}")
    if len({(each.cap, each.window) for each in ordered}) < len(ordered):
        raise ClaimError("claims", "name a cap twice in one window")
    return ordered


def checked_ttl(ttl: timedelta) -> timedelta:
    """A time to live from a microsecond to 31 days; raises `ClaimError`."""
    if not timedelta(0) < ttl <= LONGEST_TTL:
        raise ClaimError("ttl", f"has to be more than nothing and at most {LONGEST_TTL.days} days")
    return ttl
