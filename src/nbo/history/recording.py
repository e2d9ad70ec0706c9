"""Interactions as rows of a table: written once a key, read by customer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, Select, bindparam, select

from nbo.history.errors import HistoryTooLongError, StoreBusyError
from nbo.history.exact import from_microseconds, to_microseconds
from nbo.history.interaction import Interaction
from nbo.history.schema import INTERACTION, new_rows

MOST_INTERACTIONS = 10_000
"""Of one customer; as many rows as a profile's history may have."""

Recorded = Literal["new", "same", "conflict"]

_ERASED_MEANWHILE = 3  # times that a key may be there when it is written and gone when it is read
_COLUMNS = INTERACTION.c
_AS_IT_IS = tuple(
    each.name for each in _COLUMNS if each.name not in ("at_us", "ask_again_us", "amount", "needs")
)  # the names are those of `Interaction`

_INSERT = new_rows(INTERACTION)
_BY_KEY = select(INTERACTION).where(_COLUMNS.key == bindparam("name"))
OF_CUSTOMER: Select[Any] = (
    select(INTERACTION)
    .where(_COLUMNS.customer_id == bindparam("customer"))
    .order_by(_COLUMNS.at_us, _COLUMNS.key)
    .limit(MOST_INTERACTIONS + 1)
)
"""A customer's interactions in the order of the table's own key."""


def record(connection: Connection, interaction: Interaction) -> Recorded:
    """Write it unless its key is known; what is known stays."""
    row = to_row(interaction)
    for _ in range(_ERASED_MEANWHILE):
        if connection.execute(_INSERT[connection.dialect.name], row).rowcount:
            return "new"
        known = connection.execute(_BY_KEY, {"name": interaction.key}).mappings().one_or_none()
        if known is not None:
            return "same" if from_row(known) == interaction else "conflict"
    raise StoreBusyError("erased meanwhile")


def of_customer(connection: Connection, customer_id: str) -> tuple[Interaction, ...]:
    """The customer's interactions by (at, key)."""
    rows = connection.execute(OF_CUSTOMER, {"customer": customer_id}).mappings().all()
    if len(rows) > MOST_INTERACTIONS:
        raise HistoryTooLongError
    return tuple(map(from_row, rows))


def to_row(interaction: Interaction) -> dict[str, object]:
    """What the table keeps of it."""
    row: dict[str, object] = {name: getattr(interaction, name) for name in _AS_IT_IS}
    row["at_us"] = to_microseconds(interaction.at)
    again, amount = interaction.ask_again_at, interaction.amount
    row["ask_again_us"] = None if again is None else to_microseconds(again)
    row["amount"] = None if amount is None else format(amount, "f")
    row["needs"] = json.dumps(interaction.needs, ensure_ascii=False) if interaction.needs else None
    return row


def from_row(row: Mapping[Any, Any]) -> Interaction:
    """The interaction of a row."""
    again, amount, needs = row["ask_again_us"], row["amount"], row["needs"]
    return Interaction(
        **{name: row[name] for name in _AS_IT_IS},
        at=from_microseconds(row["at_us"]),
        ask_again_at=None if again is None else from_microseconds(again),
        amount=None if amount is None else Decimal(amount),
        needs=() if needs is None else tuple(json.loads(needs)),
    )
