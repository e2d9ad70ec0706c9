"""SQLite or PostgreSQL behind one way to ask: bounded pools, time limits, and work that is done again where that is safe.

In: where the store lies; functions of a connection. Out: what they give. Every such function of this package is idempotent
(a key names what it does, or it deletes what fits a condition), so each may run again after a lost connection: whatever its
first run did, the second finds it done. Errors of the database become `StoreError`s here and nowhere else.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from threading import Lock
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from nbo.history.errors import StoreMissingError, StoreUnavailableError
from nbo.history.failures import DATABASE_ERRORS, failure_of

MOST_ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1

Result = TypeVar("Result")
_MAKING = Lock()


@dataclass(frozen=True, slots=True)
class Access:
    """How a store's database is asked.

    At most `connections` at a time in this process. Waiting for a connection, for a lock or for a statement ends after
    `timeout_seconds` each. Work that met a passing failure is done again, up to 6 times in all, after pauses that double from
    0.05 to 1 s, each shortened at random; `sleep` takes seconds, `random` gives a number from 0 to 1.
    """

    connections: int = 8
    timeout_seconds: float = 5.0
    sleep: Callable[[float], object] = field(default=time.sleep, repr=False)
    random: Callable[[], float] = field(default=SystemRandom().random, repr=False)


class Database:
    """A database's pools. A process that forks opens its own after that."""

    def __init__(self, where: str, access: Access, *, create: bool) -> None:
        """`where` is a file's path or a URL of SQLAlchemy; raises `ValueError` for what is neither SQLite nor PostgreSQL."""
        url = _url(where)
        self._access = access
        if url.get_backend_name() == "sqlite":
            _make_file(Path(url.database or ""), create=create)
            # One writer in a process: its threads queue for the connection in order, where SQLite itself would have them
            # all poll the lock of the file.
            self._writes = _sqlite(url, access, connections=1)
            event.listen(self._writes, "begin", _begin_immediate)
            readers = _sqlite(url, access, connections=access.connections)
        else:
            self._writes = readers = _postgresql(url, access)
        # A read is one statement: it needs no transaction around it, which would be two more messages.
        self._reads = readers.execution_options(isolation_level="AUTOCOMMIT")
        self.is_sqlite = self._reads.dialect.name == "sqlite"

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """What one statement gives."""
        return self._persist(lambda: _in(self._reads.connect, work))

    def write_at_once(self, work: Callable[[Connection], Result]) -> Result:
        """What one statement gives that changes something."""
        return self._persist(lambda: _in(self._writes.begin if self.is_sqlite else self._reads.connect, work))

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """What a transaction gives; whatever `work` raises takes it back."""
        return self._persist(lambda: _in(self._writes.begin, work))

    def overwrite(self) -> None:
        """Let nothing that was removed stay in SQLite's log; where others still read it, the next such call does it."""
        if self.is_sqlite:
            self._persist(lambda: _in(self._reads.connect, _truncate_log))

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._writes.dispose()
        self._reads.dispose()

    def _persist(self, attempt: Callable[[], Result]) -> Result:
        for count in range(1, MOST_ATTEMPTS + 1):
            try:
                return attempt()
            except DATABASE_ERRORS as error:
                failure = failure_of(error)
            if not failure.passing or count == MOST_ATTEMPTS:
                break
            self._access.sleep(
                self._access.random() * min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** (count - 1))
            )
        raise failure.error  # outside of the handler: the database's own error, with its data, is not chained to it


def _in(connect: Callable[[], AbstractContextManager[Connection]], work: Callable[[Connection], Result]) -> Result:
    with connect() as connection:
        return work(connection)


def _url(where: str) -> URL:
    if "://" not in where:
        return URL.create("sqlite", database=where)
    try:
        url = make_url(where)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError):
        raise ValueError("a history store is a file's path or a URL such as postgresql+psycopg://…") from None
    if backend not in ("sqlite", "postgresql"):
        raise ValueError("a history store is SQLite or PostgreSQL")
    return url


def _make_file(path: Path, *, create: bool) -> None:
    """An empty file that only its owner reads, where there is none: what is written into it is personal data."""
    if path.name in ("", ":memory:"):
        raise ValueError("a history store in SQLite is a file")
    if not create:
        if not path.is_file():
            raise StoreMissingError
        return
    try:
        # Exclusive, and one thread at a time: closing a file lets go of all locks that this process holds on it, SQLite's too.
        with _MAKING:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreUnavailableError(error.strerror or "") from None


def _sqlite(url: URL, access: Access, *, connections: int) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=access.timeout_seconds,
        connect_args={"timeout": access.timeout_seconds, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's transactions begin where it says so, not at the first change
    cursor = connection.cursor()
    # FULL: what was confirmed stays so when the machine loses power. secure_delete: what is erased is overwritten.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _truncate_log(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _begin_immediate(connection: Connection) -> None:
    """The lock is taken at the start: a transaction that reads first and writes then could find that it may not."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: URL, access: Access) -> Engine:
    milliseconds = max(1, round(access.timeout_seconds * 1000))
    limits = " ".join(
        f"-c {name}={milliseconds}"
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    )
    given = url.query.get("options", "")
    return create_engine(
        url,
        pool_size=access.connections,
        max_overflow=0,
        pool_timeout=access.timeout_seconds,
        connect_args={
            "options": f"{given if isinstance(given, str) else ' '.join(given)} {limits}".strip(),
            "connect_timeout": max(2, round(access.timeout_seconds)),
            "application_name": "nbo",
        },
        hide_parameters=True,
    )
