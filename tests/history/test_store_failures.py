"""What each failure of a database does: a typed error of one line without data, and the store goes on when it is over."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from moving_clock import Clock, happened
from postgres_for_tests import Served, plain, rows_of, with_schema
from sqlalchemy import Engine, create_engine, event, inspect

import nbo.history.database
from nbo.history import migrations
from nbo.history.database import Access
from nbo.history.errors import (
    NewerSchemaError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from nbo.history.reservation import Claim, Reservation
from nbo.history.schema import METADATA
from nbo.history.store import Store, open_store

GIFT = [Claim("gift", "total", Decimal(1), Decimal(1))]
MINUTE = timedelta(minutes=1)
NOBODY = "postgresql+psycopg://nobody@/nothing?host=/nonexistent"


# --- opening ----------------------------------------------------------------------------------------------------------


def test_the_tables_are_those_that_the_statements_are_written_for(where: str) -> None:
    open_store(where).close()
    engine = create_engine(where if "://" in where else f"sqlite:///{where}")
    found = inspect(engine)
    for table in METADATA.tables.values():
        columns = {each["name"]: each["nullable"] for each in found.get_columns(table.name)}
        assert columns == {each.name: each.nullable for each in table.columns}
        assert found.get_pk_constraint(table.name)["constrained_columns"] == [each.name for each in table.primary_key]
    engine.dispose()


def test_of_many_that_open_a_new_store_at_once_all_can(where: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        for store in threads.map(lambda _: open_store(where), range(8)):
            store.close()


def test_a_store_of_a_newer_nbo_is_not_touched(where: str) -> None:
    open_store(where).close()
    rows_of(where, "UPDATE nbo_history_version SET version = 99")
    with pytest.raises(NewerSchemaError, match="99"):
        open_store(where)
    assert rows_of(where, "SELECT version FROM nbo_history_version") == [(99,)]


def test_a_store_of_before_tickets_keeps_what_it_has_and_takes_them(
    where: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS[:1])
    open_store(where).close()
    monkeypatch.undo()
    rows_of(
        where,
        "INSERT INTO nbo_interaction (customer_id, at_us, key, decision_id, offer, family, kind)"
        " VALUES ('C1', 0, 'old', 'd', 'loan', 'loans', 'presented')",
    )
    ticket = happened("referred", ticket_owner="desk", ticket_due_at=clock.now, ticket_note="call back")
    with open_store(where, clock=clock) as store:
        assert store.record(ticket) == "new"
        assert [each.key for each in store.interactions("C1")] == ["old", "k1"]
        assert store.interactions("C1")[1] == ticket
    assert rows_of(where, "SELECT version FROM nbo_history_version") == [(2,)]


def test_a_store_that_has_to_be_there_is_not_made(where: str) -> None:
    with pytest.raises(StoreMissingError):
        open_store(where, create=False)
    open_store(where).close()
    open_store(where, create=False).close()


@pytest.mark.parametrize("place", ["mysql://x/y", "sqlite://", ":memory:", "", "no such scheme://", "oracle+q://x"])
def test_what_is_no_place_for_a_store_is_said(place: str) -> None:
    with pytest.raises(ValueError, match="a history store"):
        open_store(place)


def test_a_file_that_is_no_database_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.write_bytes(b"not a database " * 1000)
    with pytest.raises(StoreDamagedError):
        open_store(str(path))
    assert path.read_bytes() == b"not a database " * 1000


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        open_store(str(tmp_path / "none" / "history.db"))


def test_only_its_owner_reads_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with open_store(str(path)) as store:
        store.record(happened())
        assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {0o600}


# --- working ----------------------------------------------------------------------------------------------------------


@contextmanager
def locked(where: str) -> Iterator[None]:
    """Somebody else holds what a writer needs."""
    if "://" not in where:
        with closing(sqlite3.connect(where, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(plain(where)) as other:
        other.execute("LOCK TABLE nbo_interaction, nbo_cap IN ACCESS EXCLUSIVE MODE")
        yield


def test_a_lock_that_is_not_had_in_time_is_said_and_what_follows_works(where: str, clock: Clock) -> None:
    with open_store(where, clock=clock, access=Access(timeout_seconds=0.1)) as store:
        with locked(where):
            with pytest.raises(StoreBusyError):
                store.record(happened())
            with pytest.raises(StoreBusyError):
                store.reserve("r1", GIFT, customer_id="C1", ttl=MINUTE)
        assert store.record(happened()) == "new"
        assert isinstance(store.reserve("r1", GIFT, customer_id="C1", ttl=MINUTE), Reservation)


def test_more_threads_than_connections_wait_for_one_and_no_longer_than_its_time(where: str, clock: Clock) -> None:
    with open_store(where, clock=clock, access=Access(connections=1, timeout_seconds=0.2)) as store:
        store.record(happened())
        with store._database._reads.connect(), pytest.raises(StoreBusyError, match="no connection"):
            store.history("C1")
        assert len(store.history("C1")) == 1


@contextmanager
def every_connection(*statements: str) -> Iterator[None]:
    """Connections of SQLite that are opened now start so."""

    def prepare(connection: Any, _: object) -> None:
        for each in statements:
            connection.execute(each)

    event.listen(Engine, "connect", prepare)
    try:
        yield
    finally:
        event.remove(Engine, "connect", prepare)


def test_a_full_disk_is_said_and_what_was_recorded_stays(tmp_path: Path, clock: Clock) -> None:
    place = str(tmp_path / "history.db")
    open_store(place).close()
    with (
        every_connection("PRAGMA max_page_count=1"),
        open_store(place, clock=clock) as store,
    ):  # no page more than it has
        keys = (f"k{each}" for each in range(10_000))
        with pytest.raises(StoreFullError):  # noqa: PT012 - the first of many that finds no room
            for key in keys:
                store.record(happened(key=key, agent="A" * 200))
        assert store.interactions("C1")
    with open_store(place, clock=clock) as store:
        before = len(store.interactions("C1"))
        assert store.record(happened(key="after")) == "new"
        assert len(store.interactions("C1")) == before + 1


def test_a_store_that_cannot_be_written_is_still_read(tmp_path: Path, clock: Clock) -> None:
    place = str(tmp_path / "history.db")
    with open_store(place, clock=clock) as store:
        store.record(happened())
    with every_connection("PRAGMA query_only=ON"), open_store(place, clock=clock) as store:
        with pytest.raises(StoreReadOnlyError):
            store.record(happened(key="k2"))
        assert len(store.history("C1")) == 1


def test_an_error_that_nobody_expected_has_no_statement_and_no_data(where: str, clock: Clock) -> None:
    with open_store(where, clock=clock) as store:
        rows_of(where, "DROP TABLE nbo_interaction")
        with pytest.raises(StoreError) as caught:
            store.record(happened(customer_id="6222020200112233445"))
    said = caught.value
    assert type(said) is StoreError
    for text in (str(said), said.say("zh"), repr(said)):
        assert "6222" not in text
        assert "nbo_interaction" not in text
        assert "\n" not in text
    assert (said.__cause__, said.__context__) == (None, None)


# --- trying again -----------------------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_asked_again_after_pauses_that_double() -> None:
    pauses: list[float] = []
    with pytest.raises(StoreUnavailableError):
        open_store(NOBODY, access=Access(sleep=pauses.append, random=lambda: 1.0))
    assert pauses == [0.05, 0.1, 0.2, 0.4, 0.8]


def test_pauses_are_shortened_at_random() -> None:
    pauses: list[float] = []
    with pytest.raises(StoreUnavailableError):
        open_store(NOBODY, access=Access(sleep=pauses.append, random=lambda: 0.5))
    assert pauses == [0.025, 0.05, 0.1, 0.2, 0.4]


def test_connections_that_the_server_ended_are_made_again(postgres: str, clock: Clock) -> None:
    place = with_schema(postgres, "ended")
    pauses: list[float] = []
    with open_store(place, clock=clock, access=Access(sleep=pauses.append)) as store:
        store.record(happened())
        rows_of(place, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'nbo'")
        assert store.record(happened(key="k2")) == "new"
        assert len(store.interactions("C1")) == 2
    assert len(pauses) == 1


@pytest.fixture
def losing_the_first_answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called the work of the next transaction is done, and its answer gets lost."""
    do, lose = nbo.history.database._in, [False]

    def lossy(connect: Any, work: Any) -> Any:
        answer = do(connect, work)
        if lose[0]:
            lose[0] = False
            error = sqlite3.OperationalError("connection lost")
            error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_PROTOCOL, "SQLITE_PROTOCOL"
            raise error
        return answer

    monkeypatch.setattr(nbo.history.database, "_in", lossy)
    return lambda: lose.__setitem__(0, True)


def test_work_that_was_done_and_not_answered_is_not_done_twice(
    where: str, clock: Clock, losing_the_first_answer: Callable[[], None]
) -> None:
    def answers(store: Store) -> Iterator[object]:
        for ask in (
            lambda: store.record(happened()),
            lambda: store.reserve("r1", GIFT, customer_id="C1", ttl=MINUTE).state,
            lambda: store.confirm("r1").state,
        ):
            losing_the_first_answer()
            yield ask()

    with open_store(where, clock=clock, access=Access(sleep=lambda _: None)) as store:
        assert list(answers(store)) == ["same", "reserved", "confirmed"]
        assert len(store.interactions("C1")) == 1
        assert store.used("gift", "total") == 1


def test_service_resumes_when_the_server_does(postgres_server: Served, clock: Clock) -> None:
    place = with_schema(postgres_server.url, "resumed")
    stop, recorded = threading.Event(), []
    with open_store(place, clock=clock) as store:

        def record() -> None:
            for count in range(100_000):
                if stop.is_set():
                    return
                try:
                    store.record(happened(key=f"k{count:06}"))
                except StoreUnavailableError:
                    continue  # it was told that this one is not recorded, or may not be
                recorded.append(f"k{count:06}")

        thread = threading.Thread(target=record)
        thread.start()
        postgres_server.restart()
        before = len(recorded)
        while len(recorded) <= before:
            assert thread.is_alive()
        stop.set()
        thread.join()
        assert set(recorded) <= {each.key for each in store.interactions("C1")}


# --- clocks -----------------------------------------------------------------------------------------------------------


def test_a_cap_holds_whichever_way_the_clock_jumps(where: str, clock: Clock) -> None:
    with open_store(where, clock=clock) as store:
        assert isinstance(store.reserve("r1", GIFT, customer_id="C1", ttl=MINUTE), Reservation)
        clock.move(days=1000)  # everything that is reserved comes back early
        assert isinstance(store.reserve("r2", GIFT, customer_id="C2", ttl=MINUTE), Reservation)
        clock.move(days=-1000)  # and nothing comes to life again
        assert store.reserve("r1", GIFT, customer_id="C1", ttl=MINUTE).state == "lapsed"
        assert store.confirm("r1").reason == "full"
        assert store.confirm("r2").state == "confirmed"
        assert store.used("gift", "total") == 1


def test_erased_data_is_in_no_file(tmp_path: Path, clock: Clock) -> None:
    somebody, note = "C-4711-somebody", "rings back after three"
    ticket = {"ticket_owner": "desk", "ticket_due_at": clock.now, "ticket_note": note}
    with open_store(str(tmp_path / "history.db"), clock=clock) as store:
        for each in range(50):
            store.record(happened(key=f"k{each}", customer_id=somebody))
        store.record(happened("referred", key="ticket", customer_id=somebody, **ticket))
        store.reserve("r1", GIFT, customer_id=somebody, ttl=MINUTE)
        for text in (somebody, note):
            assert any(text.encode() in each.read_bytes() for each in tmp_path.iterdir())
        store.erase(somebody)
        for text in (somebody, note):
            assert not any(text.encode() in each.read_bytes() for each in tmp_path.iterdir())
