"""What a database's error means: which `StoreError` it is, and whether the same work may succeed a moment later.

In: an exception of SQLAlchemy or of a driver. Out: a `Failure`, without the exception's own text: that may hold SQL and a
customer's data.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionInTimeError

from nbo.history.errors import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error)


class Failure(NamedTuple):
    """The error to raise, and whether trying again can help."""

    error: StoreError
    passing: bool


_SQLITE: dict[int, tuple[type[StoreError], bool]] = {
    sqlite3.SQLITE_BUSY: (StoreBusyError, False),  # its time was waited for
    sqlite3.SQLITE_BUSY_RECOVERY: (StoreBusyError, True),
    sqlite3.SQLITE_PROTOCOL: (StoreBusyError, True),
    sqlite3.SQLITE_LOCKED: (StoreBusyError, True),
    sqlite3.SQLITE_FULL: (StoreFullError, False),
    sqlite3.SQLITE_CORRUPT: (StoreDamagedError, False),
    sqlite3.SQLITE_NOTADB: (StoreDamagedError, False),
    sqlite3.SQLITE_READONLY: (StoreReadOnlyError, False),
    sqlite3.SQLITE_CANTOPEN: (StoreUnavailableError, False),
    sqlite3.SQLITE_IOERR: (StoreUnavailableError, False),
}

# SOURCE: PostgreSQL 18, appendix A, "PostgreSQL Error Codes". The longest code that matches counts.
_POSTGRESQL: dict[str, tuple[type[StoreError], bool]] = {
    "08": (StoreUnavailableError, True),
    "57P": (StoreUnavailableError, True),  # shut down, crashed, starting up
    "53300": (StoreUnavailableError, True),  # too many connections
    "40001": (StoreBusyError, True),  # serialization
    "40P01": (StoreBusyError, True),  # deadlock
    "55P03": (StoreBusyError, False),  # a lock was not had in its time
    "57014": (StoreBusyError, False),  # the statement took longer than its time
    "25P0": (StoreBusyError, False),  # the transaction stood idle too long
    "53100": (StoreFullError, False),
    "25006": (StoreReadOnlyError, True),  # a standby, until it takes over
    "28": (StoreUnavailableError, False),  # wrong user or password
    "3D": (StoreUnavailableError, False),  # no such database
    "XX00": (StoreDamagedError, False),
}


def failure_of(error: Exception) -> Failure:
    """What to make of it."""
    if isinstance(error, NoConnectionInTimeError):
        return Failure(StoreBusyError("no connection"), passing=False)
    driver = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(driver, sqlite3.Error):
        return _of_sqlite(driver)
    code = getattr(driver, "sqlstate", None)
    if isinstance(code, str):
        for length in (5, 4, 3, 2):
            if code[:length] in _POSTGRESQL:
                kind, passing = _POSTGRESQL[code[:length]]
                return Failure(kind(code), passing)
        return Failure(StoreError(code), passing=False)
    if (isinstance(error, DBAPIError) and error.connection_invalidated) or type(driver).__name__ == "OperationalError":
        return Failure(StoreUnavailableError(), passing=True)  # no server was there to send a code
    return Failure(StoreError(type(driver).__name__), passing=False)


def _of_sqlite(error: sqlite3.Error) -> Failure:
    code = getattr(error, "sqlite_errorcode", 0)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    kind, passing = _SQLITE.get(code) or _SQLITE.get(code & 0xFF) or (StoreError, False)
    return Failure(kind(name), passing)
