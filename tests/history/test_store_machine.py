"""Whatever is done in whatever order, a store does what the plain model does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from moving_clock import NOON, Clock, happened
from plain_store import PlainStore
from postgres_for_tests import with_schema

from nbo.history.errors import FutureInteractionError
from nbo.history.interaction import KINDS
from nbo.history.reservation import Claim
from nbo.history.store import open_store

CUSTOMERS = st.sampled_from(["C1", "C2"])
KEYS = st.sampled_from([f"k{each}" for each in range(8)])
RESERVATIONS = st.sampled_from([f"r{each}" for each in range(5)])
LIMITS = {"gift": Decimal(2), "money": Decimal("10.00")}
CLAIMS = st.lists(
    st.one_of(
        st.builds(lambda window: Claim("gift", window, LIMITS["gift"], Decimal(1)), st.sampled_from(["16", "17"])),
        st.builds(
            lambda amount: Claim("money", "total", LIMITS["money"], amount),
            st.sampled_from([Decimal("2.5"), Decimal("9.99"), Decimal("0.01")]),
        ),
    ),
    min_size=1, max_size=2, unique_by=lambda each: (each.cap, each.window),
)  # fmt: skip
NEEDED: dict[str, dict[str, Any]] = {
    "rated": {"csat": 4}, "refunded": {"amount": Decimal("1.5")}, "complained": {"complaint_id": "T1"},
    "referred": {"ticket_owner": "desk", "ticket_due_at": NOON, "ticket_note": "call back"},
}  # fmt: skip


class Machine(RuleBasedStateMachine):
    """Does the same to a store and to the model."""

    place: Callable[[], str]  # where an empty store may lie

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.store = open_store(type(self).place(), clock=self.clock)
        self.model = PlainStore(self.clock)

    def both(self, do: Callable[[Any], object]) -> None:
        assert do(self.store) == do(self.model)

    @rule(
        key=KEYS, customer=CUSTOMERS, kind=st.sampled_from(KINDS), decision=st.sampled_from(["d1", "d2"]),
        minutes=st.integers(-90, 10),
    )  # fmt: skip
    def record(self, key: str, customer: str, kind: str, decision: str, minutes: int) -> None:
        """New events, late ones, those that come again with other content, and some of the future."""
        at = self.clock.now + timedelta(minutes=minutes)
        event = happened(kind, key=key, customer_id=customer, decision_id=decision, at=at, **NEEDED.get(kind, {}))

        def said(store: Any) -> str:
            try:
                return str(store.record(event))
            except FutureInteractionError:
                return "future"

        self.both(said)

    @rule(key=KEYS)
    def record_again(self, key: str) -> None:
        if key in self.model.known:
            self.both(lambda store: store.record(self.model.known[key]))

    @rule(key=RESERVATIONS, claims=CLAIMS, customer=CUSTOMERS, minutes=st.sampled_from([1, 30, 600]))
    def reserve(self, key: str, claims: list[Claim], customer: str, minutes: int) -> None:
        ttl = timedelta(minutes=minutes)
        self.both(lambda store: store.reserve(key, claims, customer_id=customer, ttl=ttl))

    @rule(key=RESERVATIONS)
    def reserve_again(self, key: str) -> None:
        held = self.model.held.get(key)
        if held is not None:
            customer = held.customer_id or "C1"
            self.both(lambda store: store.reserve(key, held.claims, customer_id=customer, ttl=timedelta(hours=1)))

    @rule(key=RESERVATIONS)
    def confirm(self, key: str) -> None:
        self.both(lambda store: store.confirm(key))

    @rule(key=RESERVATIONS)
    def release(self, key: str) -> None:
        self.both(lambda store: store.release(key))

    @rule(minutes=st.sampled_from([1, 15, 45, 700]))
    def wait(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    @rule(customer=CUSTOMERS)
    def erase(self, customer: str) -> None:
        self.both(lambda store: store.erase(customer))

    @rule(hours=st.sampled_from([1, 10]))
    def retain(self, hours: int) -> None:
        self.both(lambda store: store.retain(older_than=timedelta(hours=hours)))

    @invariant()
    def no_cap_is_exceeded(self) -> None:
        for cap, window in (("gift", "16"), ("gift", "17"), ("money", "total")):
            self.both(lambda store, cap=cap, window=window: store.used(cap, window))
            assert self.model.used(cap, window) <= LIMITS[cap]

    @invariant()
    def both_remember_the_same(self) -> None:
        for customer in ("C1", "C2"):
            self.both(lambda store, customer=customer: store.interactions(customer))

    def teardown(self) -> None:
        self.store.close()


def run(place: Callable[[], str], examples: int) -> None:
    machine = type("MachineOfOnePlace", (Machine,), {"place": staticmethod(place)})
    # A failing run is not made smaller here: each try opens a store. Take `phases` away to have that.
    run_state_machine_as_test(
        machine, settings=settings(max_examples=examples, stateful_step_count=25, phases=[Phase.generate])
    )


def test_sqlite_does_what_the_model_does() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        run(lambda: str(folder / f"{uuid4().hex}.db"), 10)
    finally:
        shutil.rmtree(folder)


def test_postgresql_does_what_the_model_does(postgres: str) -> None:
    run(lambda: with_schema(postgres, f"m{uuid4().hex}"), 10)
