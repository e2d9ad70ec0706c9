"""What a history store does, in the plainest words: lists and sums, no database, no locks. The stores are held against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from nbo.history.errors import FutureInteractionError
from nbo.history.fold import fold
from nbo.history.forgetting import Removed
from nbo.history.interaction import Interaction
from nbo.history.recording import Recorded
from nbo.history.reservation import Claim, Refused, Reservation
from nbo.history.store import TOLERANCE


@dataclass
class Held:
    """A reservation as it stands."""

    customer_id: str | None
    claims: tuple[Claim, ...]
    expires_at: datetime
    state: str = "reserved"


class PlainStore:
    """A store in memory, by a clock that does not go back."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.known: dict[str, Interaction] = {}
        self.held: dict[str, Held] = {}
        self.kept: dict[tuple[str, str], Decimal] = {}  # by reservations that are confirmed and forgotten

    def record(self, interaction: Interaction) -> Recorded:
        if interaction.at > self.clock() + TOLERANCE:
            raise FutureInteractionError
        known = self.known.get(interaction.key)
        if known is not None:
            return "same" if known == interaction else "conflict"
        self.known[interaction.key] = interaction
        return "new"

    def interactions(self, customer_id: str) -> tuple[Interaction, ...]:
        of_customer = [each for each in self.known.values() if each.customer_id == customer_id]
        return tuple(sorted(of_customer, key=lambda each: (each.at, each.key)))

    def history(self, customer_id: str) -> list[dict[str, object]]:
        return fold(self.interactions(customer_id))

    def used(self, cap: str, window: str, *, but: str | None = None) -> Decimal:
        counted = [
            each for key, each in self.held.items()
            if key != but and (each.state == "confirmed" or (each.state == "reserved" and each.expires_at > self.clock()))
        ]  # fmt: skip
        amounts = [one.amount for each in counted for one in each.claims if (one.cap, one.window) == (cap, window)]
        return sum(amounts, self.kept.get((cap, window), Decimal(0)))

    def reserve(self, key: str, claims: Sequence[Claim], *, customer_id: str, ttl: timedelta) -> Reservation | Refused:
        ordered = tuple(sorted(claims, key=lambda each: (each.cap, each.window)))
        known = self.held.get(key)
        if known is not None:
            if known.claims != ordered or known.customer_id not in (None, customer_id):
                return Refused("conflict")
            lapsed = known.state == "reserved" and known.expires_at <= self.clock()
            return self._said(key, known, "lapsed" if lapsed else known.state)
        if (refused := self._full(ordered, None)) is not None:
            return refused
        self.held[key] = Held(customer_id, ordered, self.clock().astimezone(UTC) + ttl)
        return self._said(key, self.held[key], "reserved")

    def confirm(self, key: str) -> Reservation | Refused:
        known = self.held.get(key)
        if known is None:
            return Refused("unknown")
        if known.state == "released":
            return Refused("released")
        lapsed = known.state == "reserved" and known.expires_at <= self.clock()
        if lapsed and (refused := self._full(known.claims, key)) is not None:
            return refused
        known.state = "confirmed"
        return self._said(key, known, "confirmed")

    def release(self, key: str) -> Reservation | Refused:
        known = self.held.get(key)
        if known is None:
            return Refused("unknown")
        if known.state == "confirmed":
            return Refused("confirmed")
        known.state = "released"
        return self._said(key, known, "released")

    def erase(self, customer_id: str) -> Removed:
        gone = [each.key for each in self.interactions(customer_id)]
        for key in gone:
            del self.known[key]
        named = [each for each in self.held.values() if each.customer_id == customer_id]
        for each in named:
            each.customer_id = None
        return Removed(len(gone), len(named))

    def retain(self, *, older_than: timedelta) -> Removed:
        before = self.clock() - older_than
        newest: dict[tuple[str, str, str], datetime] = {}
        for one in self.known.values():
            thread = one.customer_id, one.decision_id, one.offer
            newest[thread] = max(one.at, newest.get(thread, one.at))
        gone = [one.key for one in self.known.values() if newest[one.customer_id, one.decision_id, one.offer] < before]
        for key in gone:
            del self.known[key]
        old = [key for key, each in self.held.items() if each.expires_at < before]
        for key in old:
            each = self.held.pop(key)
            for claim in each.claims if each.state == "confirmed" else ():
                counter = claim.cap, claim.window
                self.kept[counter] = self.kept.get(counter, Decimal(0)) + claim.amount
        return Removed(len(gone), len(old))

    def _full(self, claims: tuple[Claim, ...], but: str | None) -> Refused | None:
        for each in claims:
            used = self.used(each.cap, each.window, but=but)
            if used + each.amount > each.limit:
                return Refused("full", each, used)
        return None

    @staticmethod
    def _said(key: str, held: Held, state: str) -> Reservation:
        return Reservation(key, state, held.claims, held.expires_at)
