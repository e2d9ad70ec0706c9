"""The customers' keys: one SQLite file, each key wrapped by the master key. To destroy a key is to erase what it sealed.

A customer has one key a calendar month (of the decisions' clock), so that retention by age destroys whole months. The file
holds no customer id: a customer is found by a name that only the master key can make. Several processes use it at once.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final
from uuid import uuid4

from nbo.diagnostics.diagnostic import Text
from nbo.log.errors import KeyStoreError, LogError, in_one_line
from nbo.log.files import open_private
from nbo.log.master import MasterKey
from nbo.log.seal import new_key, seal, unseal

_CHANGED = Text("a key in the key store was changed", "密钥库中的一个密钥已被更改")
_STILL_THERE = Text(
    "the keys are destroyed, but another process reads the store and keeps a copy: run it again",
    "密钥已销毁，但另一进程正在读取密钥库并留有副本：请再次运行",
)
_UNUSABLE = Text("the key store cannot be used: {problem}", "密钥库无法使用：{problem}")
_OTHER_MASTER = Text("the key store was made with another master key", "该密钥库是用另一主密钥建立的")
WAIT_SECONDS = 5.0  # for another process that is writing
_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (master TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, subject TEXT, month TEXT NOT NULL, wrapped BLOB,
    CHECK ((subject IS NULL) = (wrapped IS NULL))
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS keys_by_subject ON keys (subject, month) WHERE subject IS NOT NULL;
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose key: a customer, or None for decisions about nobody known, and the month as `2026-11`."""

    customer_id: str | None
    month: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the id by which lines name it."""

    id: str
    secret: bytes


class Erased:
    """What is found where a key was destroyed."""


ERASED: Final = Erased()


class KeyStore:
    """Keys in one SQLite file. A store that cannot be used is a `KeyStoreError`, a key that was changed a `LogError`."""

    def __init__(self, path: str | Path, master: MasterKey) -> None:
        """Opens the file when it is first asked, and makes it where there is none. Keep it apart from the log."""
        self.path = Path(path)
        self.master = master
        self._wrapping = master.derived("wrapping")
        self._lock = Lock()
        self._open: sqlite3.Connection | None = None
        self._inherited: list[sqlite3.Connection] = []  # of a parent process: SQLite must not even close them
        self._pid = os.getpid()

    def take(self, subjects: Collection[Subject]) -> Mapping[Subject, Key]:
        """The key of each; one that has none gets it now, for good before this returns."""
        with self._connection() as database:
            wanted = {each: self._name(each) for each in subjects}
            found = {each: self._of(database, name, each.month) for each, name in wanted.items()}
            if None not in found.values():
                return {each: key for each, key in found.items() if key is not None}
            database.execute("BEGIN IMMEDIATE")
            with database:
                for each, name in wanted.items():
                    if self._of(database, name, each.month) is None:
                        self._make(database, name, each.month)
                made = {each: self._of(database, name, each.month) for each, name in wanted.items()}
            return {each: key for each, key in made.items() if key is not None}

    def find(self, key_id: str) -> Key | Erased | None:
        """A key by its id; None where the store never had it."""
        with self._connection() as database:
            row = database.execute("SELECT wrapped FROM keys WHERE id = ?", (key_id,)).fetchone()
            if row is None:
                return None
            return ERASED if row[0] is None else self._unwrapped(key_id, row[0])

    def erase(self, customer_id: str) -> int:
        """Destroy all keys of a customer; gives how many there were. What they sealed is gone, in every copy of the log."""
        return self._destroy("subject = ?", self._customer(customer_id))

    def destroy(self, *, before: str) -> int:
        """Destroy all keys of the months before one such as `2021-11`; gives how many."""
        return self._destroy("subject IS NOT NULL AND month < ?", before)

    def close(self) -> None:
        """Close the file; the next question opens it again."""
        with self._lock:
            if self._open is not None and self._pid == os.getpid():
                self._open.close()
                self._open = None

    def _name(self, subject: Subject) -> str:
        if subject.customer_id is None:
            return self.master.name_of("class", "no customer")
        return self._customer(subject.customer_id)

    def _customer(self, customer_id: str) -> str:
        return self.master.name_of("customer", customer_id)

    def _of(self, database: sqlite3.Connection, name: str, month: str) -> Key | None:
        row = database.execute("SELECT id, wrapped FROM keys WHERE subject = ? AND month = ?", (name, month)).fetchone()
        return None if row is None else self._unwrapped(row[0], row[1])

    def _make(self, database: sqlite3.Connection, name: str, month: str) -> None:
        key_id = uuid4().hex
        wrapped = seal(self._wrapping, new_key(), key_id.encode())
        database.execute("INSERT INTO keys VALUES (?, ?, ?, ?)", (key_id, name, month, wrapped))

    def _unwrapped(self, key_id: str, wrapped: bytes) -> Key:
        try:
            return Key(key_id, unseal(self._wrapping, wrapped, key_id.encode()))
        except LogError:
            raise LogError(_CHANGED) from None

    def _destroy(self, condition: str, value: str) -> int:
        with self._connection() as database:
            gone = database.execute(f"UPDATE keys SET subject = NULL, wrapped = NULL WHERE {condition}", (value,))  # noqa: S608 - one of the two conditions above
            # the write-ahead file still has the page as it was
            busy = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                raise KeyStoreError(_STILL_THERE)
            return gone.rowcount

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._pid != os.getpid():
                    self._inherited += [self._open] if self._open is not None else []
                    self._open, self._pid = None, os.getpid()
                if self._open is None:
                    self._open = self._opened()
                yield self._open
            except sqlite3.Error as error:
                self._let_go()
                raise KeyStoreError(_UNUSABLE, problem=type(error).__name__) from None

    def _let_go(self) -> None:
        """Close what failed: the next question opens the file anew, as it is then."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _opened(self) -> sqlite3.Connection:
        self._make_private()
        database = sqlite3.connect(self.path, timeout=WAIT_SECONDS, check_same_thread=False, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")  # a key is on disk before anything is sealed with it
            database.execute("PRAGMA secure_delete = ON")  # a destroyed key is overwritten
            database.executescript(_SCHEMA)
            self._check_master(database)
        except BaseException:
            database.close()
            raise
        return database

    def _make_private(self) -> None:
        """A new file is its owner's alone. One that is there is not opened: to close it would end SQLite's own locks."""
        try:
            os.close(open_private(str(self.path), os.O_RDWR | os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        except OSError as error:
            raise KeyStoreError(_UNUSABLE, problem=in_one_line(error)) from None

    def _check_master(self, database: sqlite3.Connection) -> None:
        own = self.master.name_of("store", "master")
        with closing(database.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            known = cursor.execute("SELECT master FROM about").fetchone()
            if known is None:
                cursor.execute("INSERT INTO about VALUES (?)", (own,))
            cursor.execute("COMMIT")
        if known is not None and known[0] != own:
            raise KeyStoreError(_OTHER_MASTER)
