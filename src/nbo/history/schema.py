"""The tables of a history store as they are now; `migrations.py` says how they came to be so."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import BigInteger, Column, Insert, Integer, MetaData, Table, Text
from sqlalchemy.dialects import postgresql, sqlite

METADATA = MetaData()

VERSION = Table("nbo_history_version", METADATA, Column("version", Integer, primary_key=True))

INTERACTION = Table(
    "nbo_interaction",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("at_us", BigInteger, primary_key=True),  # microseconds since 1970, UTC
    Column("key", Text, primary_key=True),
    Column("decision_id", Text, nullable=False),
    Column("offer", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("channel", Text),
    Column("agent", Text),
    Column("call_id", Text),
    Column("script", Text),
    Column("reason", Text),
    Column("csat", Integer),
    Column("amount", Text),  # a decimal, digit by digit
    Column("complaint_id", Text),
    Column("ask_again_us", BigInteger),
    Column("needs", Text),  # a JSON list
    Column("ticket_owner", Text),
    Column("ticket_due_us", BigInteger),
    Column("ticket_note", Text),
)

RESERVATION = Table(
    "nbo_reservation",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("customer_id", Text),  # none after it was erased
    Column("state", Text, nullable=False),  # reserved, confirmed, released
    Column("expires_us", BigInteger, nullable=False),
)

CLAIM = Table(
    "nbo_claim",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("cap", Text, primary_key=True),
    Column("span", Text, primary_key=True),  # the window, which is a word of SQL
    Column("most", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("state", Text, nullable=False),  # held, kept, released, lapsed
    Column("expires_us", BigInteger, nullable=False),
)

CAP = Table(
    "nbo_cap",
    METADATA,
    Column("cap", Text, primary_key=True),
    Column("span", Text, primary_key=True),
    Column("taken", Text, nullable=False),  # by all claims that are held or kept, also those whose time has passed
)


def new_rows(table: Table) -> Mapping[str, Insert]:
    """By the database's name the statement that adds a row unless its key is there."""
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
    }
