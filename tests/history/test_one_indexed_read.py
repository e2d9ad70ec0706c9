"""A customer's history is one read along the index, already in order; however many customers there are."""

from __future__ import annotations

import pytest
from moving_clock import Clock, happened
from postgres_for_tests import rows_of
from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql, sqlite

from nbo.history.errors import HistoryTooLongError
from nbo.history.recording import OF_CUSTOMER
from nbo.history.store import open_store

DIALECTS = {True: sqlite.dialect(), False: postgresql.dialect()}


def statement(where: str) -> str:
    """The read of a customer, written out."""
    dialect = DIALECTS["://" not in where]
    compiled = OF_CUSTOMER.params(customer="C7").compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(compiled)


def test_the_read_goes_along_the_index_and_sorts_nothing(where: str, clock: Clock) -> None:
    open_store(where, clock=clock).close()
    if "://" not in where:
        plan = " ".join(str(row) for row in rows_of(where, f"EXPLAIN QUERY PLAN {statement(where)}"))
        assert "SEARCH nbo_interaction USING PRIMARY KEY (customer_id=?)" in plan
        assert "TEMP B-TREE" not in plan
        return
    rows_of(
        where,
        "INSERT INTO nbo_interaction (customer_id, at_us, key, decision_id, offer, family, kind) "
        "SELECT 'C' || n % 200, n, 'k' || n, 'd', 'o', 'f', 'presented' FROM generate_series(1, 4000) AS n",
    )
    rows_of(where, "ANALYZE nbo_interaction")
    plan = " ".join(str(row) for row in rows_of(where, f"EXPLAIN {statement(where)}"))
    assert "nbo_interaction_pkey" in plan
    assert "Seq Scan" not in plan


def test_a_history_is_one_statement(where: str, clock: Clock) -> None:
    asked: list[str] = []

    def listen(_: object, __: object, sql: str, *___: object) -> None:
        asked.append(sql)

    with open_store(where, clock=clock) as store:
        store.history("C1")
        event.listen(Engine, "before_cursor_execute", listen)
        try:
            store.history("C1")
        finally:
            event.remove(Engine, "before_cursor_execute", listen)
    assert len(asked) == 1
    assert "nbo_interaction" in asked[0]


def test_more_interactions_than_are_read_are_an_error_and_no_half_history(where: str, clock: Clock) -> None:
    with open_store(where, clock=clock) as store:
        rows_of(
            where,
            "INSERT INTO nbo_interaction (customer_id, at_us, key, decision_id, offer, family, kind) "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
            "SELECT 'C1', i, 'k' || i, 'd', 'o', 'f', 'presented' FROM n",
        )
        assert len(store.interactions("C1")) == 10_000
        store.record(happened(key="one more"))
        with pytest.raises(HistoryTooLongError):
            store.history("C1")
