"""The history store: what was said and answered, and caps that many share; in SQLite or PostgreSQL.

In: a file's path or a database's URL. Out: a `Store`, which `Engine.load(…, history=store)` takes. Threads share one; each
process opens its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection

from nbo.history import forgetting, migrations, recording, reserving
from nbo.history.database import Access, Database
from nbo.history.errors import FutureInteractionError
from nbo.history.exact import moment, to_microseconds
from nbo.history.figures import offer_figures
from nbo.history.fold import fold
from nbo.history.forgetting import PORTION, Removed
from nbo.history.interaction import Interaction
from nbo.history.recording import Recorded
from nbo.history.reservation import Claim, Refused, Reservation, checked_ttl, in_order, named
from nbo.outside.figures import OfferFigures

Result = TypeVar("Result")

TOLERANCE = timedelta(minutes=5)
"""How far ahead of this machine's clock an event may lie: clocks differ."""


def open_store(
    where: str,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    tolerance: timedelta = TOLERANCE,
    access: Access | None = None,
    create: bool = True,
) -> Store:
    """The store in a file (`history.db`) or database (`postgresql+psycopg://…`), with its tables made or brought up to date.

    Without `create` a store has to be there (`StoreMissingError`). Raises `ValueError` for a `where` that is neither, and
    `StoreError`s.
    """
    database = Database(where, access or Access(), create=create)
    try:
        if database.read(migrations.version) != len(migrations.STEPS):
            database.write(lambda connection: migrations.migrate(connection, create=create))
    except BaseException:
        database.close()
        raise
    return Store(database, clock, tolerance)


class Store:
    """See the module. Every method may raise a `StoreError`; what it was asked is then not done, or done whole.

    Each may be called again with the same key: the answer is the same, and nothing happens twice.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], tolerance: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._tolerance = tolerance

    # --- interactions -------------------------------------------------------------------------------------------------

    def record(self, interaction: Interaction) -> Recorded:
        """`new`; `same` if it is known; `conflict` if its key is known with other content, which then stays.

        Raises `FutureInteractionError` for one that lies further ahead than the tolerance.
        """
        if interaction.at - self._now() > self._tolerance:
            raise FutureInteractionError
        return self._database.write_at_once(lambda connection: recording.record(connection, interaction))

    def history(self, customer_id: str) -> list[dict[str, object]]:
        """A row a decision and offer, as a profile's `history` has them; none for somebody who is not known."""
        return fold(self.interactions(customer_id))

    def interactions(self, customer_id: str) -> tuple[Interaction, ...]:
        """By time and key. Raises `HistoryTooLongError` past 10,000."""
        return self._database.read(lambda connection: recording.of_customer(connection, customer_id))

    def figures(self, today: date, days: Sequence[int], zone: tzinfo) -> Mapping[int, tuple[OfferFigures, ...]]:
        """For each of `days` what was presented on so many days of a zone before `today`, by offer, and what became of it.

        It reads everybody's interactions of that time, as a report does. Raises `ValueError` for less than one day.
        """
        return offer_figures(self, today, days, zone)

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` makes of the tables in one transaction that writes nothing: for reports over all customers."""
        return self._database.read(work)

    # --- caps ---------------------------------------------------------------------------------------------------------

    def reserve(self, key: str, claims: Sequence[Claim], *, customer_id: str, ttl: timedelta) -> Reservation | Refused:
        """Hold all claims for a time, or none; a known key with the same claims says what has become of it.

        Raises `ClaimError` for claims that cannot be ones.
        """
        key, customer_id = named("key", key), named("customer_id", customer_id)
        ordered, now = in_order(claims), self._now()
        now_us, expires_us = to_microseconds(now), to_microseconds(moment(now + checked_ttl(ttl)))
        return self._settle(
            lambda connection: reserving.reserve(
                connection, key, ordered, customer_id, now_us=now_us, expires_us=expires_us
            )
        )

    def confirm(self, key: str) -> Reservation | Refused:
        """Make it count for good; after its time only while there is room."""
        now_us = to_microseconds(self._now())
        return self._settle(lambda connection: reserving.confirm(connection, key, now_us=now_us))

    def release(self, key: str) -> Reservation | Refused:
        """Give it back; what is confirmed stays so."""
        now_us = to_microseconds(self._now())
        return self._settle(lambda connection: reserving.release(connection, key, now_us=now_us))

    def used(self, cap: str, window: str) -> Decimal:
        """What is confirmed of a cap, and reserved now."""
        now_us = to_microseconds(self._now())
        return self._database.read(lambda connection: reserving.used(connection, cap, window, now_us=now_us))

    # --- forgetting ---------------------------------------------------------------------------------------------------

    def erase(self, customer_id: str) -> Removed:
        """All that is known of a customer, for good. What the customer's reservations take of caps stays counted."""
        removed = self._database.write(lambda connection: forgetting.erase(connection, customer_id))
        self._database.overwrite()
        return removed

    def retain(self, *, older_than: timedelta) -> Removed:
        """Remove what is older by this store's clock: interactions of decisions and offers with none since, reservations.

        Raises `ValueError` where `older_than` is not more than nothing.
        """
        if older_than <= timedelta(0):
            raise ValueError("`older_than` has to be more than nothing")
        now = self._now()
        now_us, before_us = to_microseconds(now), to_microseconds(now) - older_than // timedelta(microseconds=1)
        interactions = self._in_portions(
            lambda connection: forgetting.forget_interactions(connection, before_us, most=PORTION)
        )
        reservations = self._in_portions(
            lambda connection: reserving.forget(connection, before_us, now_us=now_us, most=PORTION)
        )
        self._database.overwrite()
        return Removed(interactions, reservations)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _now(self) -> datetime:
        return moment(self._clock())

    def _settle(self, work: Callable[[Connection], Reservation | Refused]) -> Reservation | Refused:
        try:
            return self._database.write(work)
        except reserving.NoRoomError as error:
            return error.refused

    def _in_portions(self, work: Callable[[Connection], int]) -> int:
        removed = 0
        while (count := self._database.write(work)) > 0:
            removed += count
        return removed
