"""To erase a customer is to destroy keys: the chain stays whole, and nobody reads the records any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from small_log import MASTER, Log
from tiny_pack import NOON, SHANGHAI

from nbo.log.errors import KeyStoreError, LogError
from nbo.log.keys import ERASED, Key, KeyStore, Subject
from nbo.log.master import MasterKey


def test_an_erased_customers_decisions_are_erased_and_the_chain_is_sound(
    logs: Callable[..., Log], keys: KeyStore
) -> None:
    log = logs()
    erased = log.decide("C1")
    log.decide("C2")
    log.decide("C1", at=NOON.replace(year=2027))
    log.done()
    assert keys.erase("C1") == 2  # one key a month
    assert log.verified().findings == ()
    assert log.statuses() == ["erased", "same", "erased"]
    (found,) = log.replayed(erased.decision_id)
    assert (found.status, found.decision, found.reason("en")) == ("erased", None, "its key was destroyed")
    assert keys.erase("C1") == 0


def test_a_customer_who_comes_back_has_a_new_key(logs: Callable[..., Log], keys: KeyStore) -> None:
    log = logs()
    log.decide("C1")
    assert log.log.flush()
    keys.erase("C1")
    log.decide("C1")
    log.done()
    assert log.statuses() == ["erased", "same"]


def test_decisions_about_nobody_known_have_a_key_of_their_own(logs: Callable[..., Log], keys: KeyStore) -> None:
    log = logs()
    log.decide(None)
    log.decide("C1", customer={"customer_id": 17})  # refused, so nobody knows who it is
    log.decide("no customer")
    log.done()
    assert keys.erase("no customer") == 1
    assert log.statuses() == ["same", "same", "erased"]


def test_retention_destroys_the_keys_of_months(logs: Callable[..., Log], keys: KeyStore) -> None:
    log = logs()
    for month in (9, 10, 11):
        log.decide("C1", at=NOON.replace(month=month))
        log.decide(None, at=NOON.replace(month=month))
    log.done()
    assert keys.destroy(before="2026-11") == 4
    assert log.statuses() == ["erased"] * 4 + ["same"] * 2
    assert log.problems() == []


def test_the_month_is_that_of_the_decisions_clock_in_universal_time(logs: Callable[..., Log], keys: KeyStore) -> None:
    log = logs()
    log.decide(at=datetime(2026, 12, 1, 7, 0, tzinfo=SHANGHAI))
    log.done()
    assert keys.destroy(before="2026-12") == 1


def test_a_destroyed_key_is_in_none_of_the_stores_files(keys: KeyStore) -> None:
    subject = Subject("C1", "2026-11")
    key = keys.take([subject])[subject]
    with sqlite3.connect(keys.path) as database:
        (wrapped,) = database.execute("SELECT wrapped FROM keys").fetchone()
    database.close()
    files = [keys.path, keys.path.with_name("keys.db-wal")]
    assert any(wrapped in path.read_bytes() for path in files if path.exists())
    keys.erase("C1")
    assert not any(wrapped in path.read_bytes() for path in files if path.exists())
    assert keys.find(key.id) is ERASED


def test_keys_are_wrapped_and_named_so_that_the_file_alone_tells_nothing(keys: KeyStore) -> None:
    subject = Subject("C-0815", "2026-11")
    key = keys.take([subject])[subject]
    keys.close()
    stored = keys.path.read_bytes()
    assert key.secret not in stored
    assert b"C-0815" not in stored


def test_the_file_is_its_owners_alone_and_a_folder_that_is_not_there_is_told(keys: KeyStore, tmp_path: Path) -> None:
    keys.take([])
    assert keys.path.stat().st_mode & 0o077 == 0
    with pytest.raises(KeyStoreError, match="cannot be used: FileNotFoundError: No such file or directory"):
        KeyStore(tmp_path / "absent" / "keys.db", MASTER).take([])


def test_a_key_is_the_same_whoever_asks(keys: KeyStore) -> None:
    subject = Subject("C1", "2026-11")
    other = KeyStore(keys.path, MASTER)
    assert keys.take([subject]) == other.take([subject])
    found = other.find(keys.take([subject])[subject].id)
    assert isinstance(found, Key)
    assert other.find("unknown") is None
    other.close()


def test_another_master_key_is_told_at_once(keys: KeyStore) -> None:
    keys.take([])
    other = KeyStore(keys.path, MasterKey(bytes(32)))
    with pytest.raises(KeyStoreError, match="made with another master key"):
        other.find("x")


def test_a_key_that_was_changed_is_told(keys: KeyStore) -> None:
    subject = Subject("C1", "2026-11")
    keys.take([subject])
    with sqlite3.connect(keys.path) as database:
        database.execute("UPDATE keys SET wrapped = zeroblob(60)")
    database.close()
    with pytest.raises(LogError, match="was changed"):
        keys.take([subject])


def test_a_store_that_is_no_database_is_told_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "keys.db").write_text("C1: 0000" * 1000)
    with pytest.raises(KeyStoreError, match="the key store cannot be used: DatabaseError"):
        KeyStore(tmp_path / "keys.db", MASTER).take([Subject("C1", "2026-11")])


@pytest.mark.parametrize("written", ["", "00", "zz" * 32, "00" * 33, "Ö" * 64])
def test_a_master_key_has_32_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    (tmp_path / "master").write_text(written, encoding="utf-8")
    monkeypatch.setenv("NBO_LOG_KEY", written)
    with pytest.raises(KeyStoreError, match="32 bytes, written as 64 hexadecimal digits"):
        MasterKey.from_file(tmp_path / "master")
    with pytest.raises(KeyStoreError, match="32 bytes"):
        MasterKey.from_environment()


def test_a_master_key_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digits = bytes(range(32)).hex()
    (tmp_path / "master").write_text(f"{digits}\n")
    monkeypatch.setenv("NBO_LOG_KEY", digits)
    for each in (MasterKey.from_file(tmp_path / "master"), MasterKey.from_environment()):
        assert each.derived("x") == MASTER.derived("x")
        assert digits[:6] not in repr(each)
    monkeypatch.delenv("NBO_LOG_KEY")
    with pytest.raises(KeyStoreError, match="no variable NBO_LOG_KEY"):
        MasterKey.from_environment()
    with pytest.raises(KeyStoreError, match="cannot read the master key"):
        MasterKey.from_file(tmp_path / "absent")
