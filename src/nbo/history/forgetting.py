"""Erasing one customer, and what is older than it may be kept; in portions, so that nobody waits long for either."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, select, update

from nbo.history.schema import INTERACTION, RESERVATION

PORTION = 1_000


@dataclass(frozen=True, slots=True)
class Removed:
    """How many interactions are gone; how many reservations are, or no longer name anybody."""

    interactions: int
    reservations: int


def erase(connection: Connection, customer_id: str) -> Removed:
    """All that is known of a customer; what the customer's reservations take of caps stays counted, for nobody."""
    interactions = connection.execute(delete(INTERACTION).where(INTERACTION.c.customer_id == customer_id)).rowcount
    of_customer = update(RESERVATION).where(RESERVATION.c.customer_id == customer_id)
    return Removed(interactions, connection.execute(of_customer.values(customer_id=None)).rowcount)


def forget_interactions(connection: Connection, before_us: int, *, most: int) -> int:
    """Remove up to `most` interactions before a time whose decision and offer has none since.

    What is said about an offer of a decision stays or goes together: a cancellation without the sale that it cancels would
    read as something else.
    """
    newer = INTERACTION.alias()
    goes_on = exists().where(
        newer.c.customer_id == INTERACTION.c.customer_id,
        newer.c.at_us >= before_us,
        newer.c.decision_id == INTERACTION.c.decision_id,
        newer.c.offer == INTERACTION.c.offer,
    )
    found = select(INTERACTION.c.key).where(INTERACTION.c.at_us < before_us, ~goes_on).limit(most)
    keys = list(connection.execute(found).scalars())
    connection.execute(delete(INTERACTION).where(INTERACTION.c.key.in_(keys)))
    return len(keys)
