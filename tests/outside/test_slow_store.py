"""A store of what was presented before: its rows count like a profile's, and without them nothing is sold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from tiny_pack import CUSTOMER, NOON, customer, offer, offered, service, words, write_pack

from nbo import Engine, Scorer, StoredHistory

TOO_OFTEN = {
    "id": "refused", "kinds": ["sales"], "suppress_when": "any(history, it.response == decline)",
    "reason": words("declined before"),
}  # fmt: skip
NAMED = {"customer": {"customer_id": {"type": "string", "max_length": 20, "use": "contract", "pii": True}}}
KNOWN: Mapping[str, Any] = {
    key: each for key, each in customer(customer={"customer_id": "C1"}).items() if key != "history"
}
DECLINED = {"family": "loan", "response": "decline", "presented_at": "2026-11-01T10:00:00+08:00"}
ACCEPTED = {**DECLINED, "response": "accept"}


class Store:
    """Gives what it was made with, and remembers who was asked for."""

    def __init__(self, rows: object = (), wait: Event | None = None) -> None:
        self.rows, self.wait = rows, wait
        self.asked: list[str] = []

    def history(self, customer_id: str) -> Sequence[Mapping[str, object]]:
        self.asked.append(customer_id)
        if self.wait is not None:
            self.wait.wait(60)
        if isinstance(self.rows, Exception):
            raise self.rows
        return self.rows


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Engines with a store, one offer that the contact policy can hold back, and one service that it cannot."""
    made = []
    root = write_pack(tmp_path, offers=[offer(), service()], contact=[TOO_OFTEN], dictionary=NAMED)

    def engine(history: object, **scorers: Scorer) -> Engine:
        made.append(Engine.load(root, clock=lambda: NOON, history=history, scorers=scorers))
        return made[-1]

    yield engine
    for each in made:
        each.close()


@pytest.mark.parametrize(("rows", "expected"), [([], True), ([ACCEPTED], True), ((ACCEPTED, DECLINED), False)])
def test_the_stores_rows_count_like_the_profiles(
    engines: Callable[..., Engine], rows: Sequence[object], expected: bool
) -> None:
    store = Store(rows)
    engine = engines(store)
    by_store, by_profile = engine.decide(KNOWN), engine.decide({**KNOWN, "history": rows})
    assert ("loan" in offered(by_store)) is expected
    assert (by_store, by_store.degraded) == (by_profile, False)
    assert store.asked == ["C1"]


def test_a_profiles_own_history_wins_even_one_that_is_refused(engines: Callable[..., Engine]) -> None:
    store = Store()
    engine = engines(store)
    assert offered(engine.decide({**KNOWN, "history": [DECLINED]})) == ["help"]
    refused = engine.decide({**KNOWN, "history": "none"})
    assert (offered(refused), refused.skipped) == (["help"], ())
    assert store.asked == []


def test_a_customer_without_an_id_is_not_asked_for(engines: Callable[..., Engine]) -> None:
    store = Store()
    decision = engines(store).decide({key: each for key, each in CUSTOMER.items() if key != "history"})
    assert (offered(decision), decision.degraded, store.asked) == (["help"], False, [])


@pytest.mark.parametrize("rows", [None, RuntimeError("no connection"), 7, "rows", {"a": 1}, [1], [None]])
def test_a_store_that_fails_leaves_history_missing_and_nothing_is_sold(
    engines: Callable[..., Engine], rows: object
) -> None:
    decision = engines(Store(rows)).decide(KNOWN)
    assert offered(decision) == ["help"]
    assert decision.blocked["loan"].missing == ("history",)
    assert (decision.degraded, decision.skipped) == (True, ("history",))


def test_a_bad_row_is_read_as_a_profiles_is(engines: Callable[..., Engine]) -> None:
    rows = [{**ACCEPTED, "response": "perhaps", "more": 1}]
    engine = engines(Store(rows))
    assert engine.decide(KNOWN) == engine.decide({**KNOWN, "history": rows})
    assert {each["code"] for each in engine.decide(KNOWN).warnings} == {"not_a_value", "unknown_attribute"}


def test_rows_that_are_read_one_by_one_are_taken_and_no_more_than_a_profile_may_have(
    engines: Callable[..., Engine],
) -> None:
    assert set(offered(engines(Store(iter([ACCEPTED]))).decide(KNOWN))) == {"help", "loan"}

    def endless() -> Iterator[Mapping[str, object]]:
        while True:
            yield ACCEPTED

    decision = engines(Store(endless())).decide(KNOWN)
    assert decision.skipped == ("history",)
    assert [each["code"] for each in decision.warnings] == ["too_long"]


@pytest.mark.parametrize("through_facts", [False, True])
def test_a_store_that_hangs_is_given_up_at_its_share(engines: Callable[..., Engine], through_facts: bool) -> None:
    released = Event()
    engine = engines(StoredHistory(Store(wait=released), timeout_ms=20_000, workers=1, failure_threshold=1_000))
    started = time.perf_counter()
    for _ in range(3):
        subject = engine.prepare(KNOWN, budget_ms=50) if through_facts else KNOWN
        decision = engine.decide(subject, budget_ms=50)
        assert (offered(decision), decision.degraded, decision.skipped) == (["help"], True, ("history",))
    assert time.perf_counter() - started < 10
    released.set()


def test_what_the_store_gave_is_part_of_the_decisions_id(engines: Callable[..., Engine]) -> None:
    store = Store()
    engine = engines(store)
    ids = []
    for store.rows in ([], [ACCEPTED], [DECLINED], RuntimeError(), []):
        ids.append(engine.decide(KNOWN).decision_id)
    assert ids[0] == ids[4]
    assert len(set(ids)) == 4


def test_facts_keep_what_the_store_gave_over_a_reload(engines: Callable[..., Engine]) -> None:
    store = Store([DECLINED])
    engine = engines(store)
    known = engine.prepare(KNOWN)
    store.rows = RuntimeError("no connection")
    unknown = engine.prepare(KNOWN)
    policy = engine.pack.root / "contact.yaml"
    policy.write_text(policy.read_text("utf-8").replace("decline", "accept"), "utf-8")
    store.rows = []
    assert engine.reload().ok
    assert set(offered(engine.decide(known))) == {"help", "loan"}  # declining is no reason now, and was what is known
    assert engine.decide(unknown).skipped == ("history",)
    assert store.asked == ["C1", "C1"]


def test_questions_beside_the_decision_know_the_stores_rows_too(engines: Callable[..., Engine]) -> None:
    engine = engines(Store([DECLINED]))
    assert engine.why_not(KNOWN).suppressed() == ("loan",)
    assert engine.explain(KNOWN, "loan").offers[0].stage == "contact_policy"
    assert engine.evaluate("count(history) == 1", KNOWN).known
