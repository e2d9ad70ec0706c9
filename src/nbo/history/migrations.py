"""How a store's tables came to be what `schema.py` says: steps that are never changed once released, one after the other.

The steps run in one transaction under a lock, so that of many processes that start together one migrates and the others wait.
Alembic would bring a folder of scripts, an environment file and templates, and neither that lock nor the answer to a schema
of tomorrow; a list of statements has all that these tables need.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, inspect, select, text, update

from nbo.history.errors import NewerSchemaError, StoreMissingError
from nbo.history.schema import VERSION

# {text}: compared by code points in both databases, as Python does. {clustered}: the table is its primary key.
STEPS: Sequence[Sequence[str]] = (
    (
        """
        CREATE TABLE nbo_interaction (
            customer_id {text} NOT NULL, at_us BIGINT NOT NULL, "key" {text} NOT NULL, decision_id {text} NOT NULL,
            offer {text} NOT NULL, family {text} NOT NULL, kind {text} NOT NULL, channel {text}, agent {text},
            call_id {text}, script {text}, reason {text}, csat INTEGER, amount {text}, complaint_id {text},
            ask_again_us BIGINT, needs {text},
            PRIMARY KEY (customer_id, at_us, "key")
        ) {clustered}
        """,
        'CREATE UNIQUE INDEX nbo_interaction_key ON nbo_interaction ("key")',
        "CREATE INDEX nbo_interaction_at ON nbo_interaction (at_us)",
        """
        CREATE TABLE nbo_reservation (
            "key" {text} NOT NULL PRIMARY KEY, customer_id {text}, state {text} NOT NULL, expires_us BIGINT NOT NULL
        ) {clustered}
        """,
        "CREATE INDEX nbo_reservation_customer ON nbo_reservation (customer_id)",
        "CREATE INDEX nbo_reservation_expires ON nbo_reservation (expires_us)",
        """
        CREATE TABLE nbo_claim (
            "key" {text} NOT NULL, cap {text} NOT NULL, span {text} NOT NULL, most {text} NOT NULL, amount {text} NOT NULL,
            state {text} NOT NULL, expires_us BIGINT NOT NULL,
            PRIMARY KEY ("key", cap, span)
        ) {clustered}
        """,
        "CREATE INDEX nbo_claim_held ON nbo_claim (cap, span, expires_us) WHERE state = 'held'",
        """
        CREATE TABLE nbo_cap (
            cap {text} NOT NULL, span {text} NOT NULL, taken {text} NOT NULL, PRIMARY KEY (cap, span)
        ) {clustered}
        """,
    ),
    (
        "ALTER TABLE nbo_interaction ADD COLUMN ticket_owner {text}",
        "ALTER TABLE nbo_interaction ADD COLUMN ticket_due_us BIGINT",
        "ALTER TABLE nbo_interaction ADD COLUMN ticket_note {text}",
    ),
)

_LOCK = 0x6E626F  # any number, the same for all who migrate


def migrate(connection: Connection, *, create: bool) -> None:
    """Bring the tables up to date, inside the caller's transaction.

    Without `create` a database without a store raises `StoreMissingError`; a schema of a newer nbo raises `NewerSchemaError`.
    """
    sqlite = connection.dialect.name == "sqlite"
    words = {"text": "TEXT" if sqlite else 'TEXT COLLATE "C"', "clustered": "WITHOUT ROWID" if sqlite else ""}
    if not sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    known = version(connection)
    if known > len(STEPS):
        raise NewerSchemaError(f"{known} > {len(STEPS)}")
    if known == 0:
        if not create:
            raise StoreMissingError
        connection.execute(text("CREATE TABLE nbo_history_version (version INTEGER NOT NULL PRIMARY KEY)"))
        connection.execute(insert(VERSION).values(version=0))
    for step in STEPS[known:]:
        for statement in step:
            connection.exec_driver_sql(statement.format_map(words))
    if known < len(STEPS):
        connection.execute(update(VERSION).values(version=len(STEPS)))


def version(connection: Connection) -> int:
    """How many steps the store has taken; 0 where there is none."""
    if not inspect(connection).has_table(VERSION.name):
        return 0
    found: int = connection.execute(select(VERSION.c.version)).scalar_one()
    return found
