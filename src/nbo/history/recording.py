"""Interactions as rows of a table: written once a key, read by customer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, Select, bindparam, select

from nbo.history.errors import HistoryTooLongError, StoreBusyError
from nbo.history.exact import from_microseconds, to_microseconds
from nbo.history.interaction import FIELDS, Interaction, restored
from nbo.history.schema import INTERACTION, new_rows

MOST_INTERACTIONS = 10_000
"""Of one customer; as many rows as a profile's history may have."""

Recorded = Literal["new", "same", "conflict"]

_ERASED_MEANWHILE = 3  # times that a key may be there when it is written and gone when it is read
_KEPT_AS = {"at": "at_us", "ask_again_at": "ask_again_us", "ticket_due_at": "ticket_due_us"}
_COLUMNS = INTERACTION.c
_IN_ORDER = [_COLUMNS[_KEPT_AS.get(name, name)] for name in FIELDS]
_AS_IT_IS = tuple(name for name in FIELDS if name not in (*_KEPT_AS, "amount", "needs"))
_AT, _AGAIN, _DUE, _AMOUNT, _NEEDS = map(FIELDS.index, (*_KEPT_AS, "amount", "needs"))

_INSERT = new_rows(INTERACTION)
_BY_KEY = select(*_IN_ORDER).where(_COLUMNS.key == bindparam("name"))
OF_CUSTOMER: Select[Any] = (
    select(*_IN_ORDER)
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
        known = connection.execute(_BY_KEY, {"name": interaction.key}).one_or_none()
        if known is not None:
            return "same" if from_row(known) == interaction else "conflict"
    raise StoreBusyError("erased meanwhile")


def of_customer(connection: Connection, customer_id: str) -> tuple[Interaction, ...]:
    """The customer's interactions by (at, key)."""
    rows = connection.execute(OF_CUSTOMER, {"customer": customer_id}).all()
    if len(rows) > MOST_INTERACTIONS:
        raise HistoryTooLongError
    return tuple(map(from_row, rows))


def to_row(interaction: Interaction) -> dict[str, object]:
    """What the table keeps of it."""
    row: dict[str, object] = {name: getattr(interaction, name) for name in _AS_IT_IS}
    row["at_us"] = to_microseconds(interaction.at)
    again, due, amount = interaction.ask_again_at, interaction.ticket_due_at, interaction.amount
    row["ask_again_us"] = None if again is None else to_microseconds(again)
    row["ticket_due_us"] = None if due is None else to_microseconds(due)
    row["amount"] = None if amount is None else format(amount, "f")
    row["needs"] = json.dumps(interaction.needs, ensure_ascii=False) if interaction.needs else None
    return row


def from_row(row: Sequence[Any]) -> Interaction:
    """The interaction of a row."""
    values = list(row)
    values[_AT] = from_microseconds(row[_AT])
    if row[_AGAIN] is not None:
        values[_AGAIN] = from_microseconds(row[_AGAIN])
    if row[_DUE] is not None:
        values[_DUE] = from_microseconds(row[_DUE])
    if row[_AMOUNT] is not None:
        values[_AMOUNT] = Decimal(row[_AMOUNT])
    values[_NEEDS] = () if row[_NEEDS] is None else tuple(json.loads(row[_NEEDS]))
    return restored(values)
