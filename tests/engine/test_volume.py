"""Caps over all customers: what an order takes of them, when an offer is not made, and what a store is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from tiny_pack import NOON, customer, in_installments, offer, offered, service, words, write_pack

from nbo import Decision, Engine
from nbo.history.claims import CountedVolume, claims_of
from nbo.history.reservation import Claim, Refused, Reservation

NAMED = {"customer": {"customer_id": {"type": "string", "max_length": 20, "use": "profile", "pii": True}}}
TTL = timedelta(minutes=10)


@dataclass
class Counters:
    """A plain model of a store: all or none, once a key."""

    taken: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    held: dict[str, Reservation] = field(default_factory=dict)
    customers: list[str] = field(default_factory=list)
    failing: Exception | None = None
    wait: Event | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def used(self, cap: str, window: str) -> Decimal:
        self.asked.append((cap, window))
        if self.wait is not None:
            self.wait.wait(60)
        if self.failing is not None:
            raise self.failing
        return self.taken.get((cap, window), Decimal(0))

    def reserve(self, key: str, claims: Sequence[Claim], *, customer_id: str, ttl: timedelta) -> Reservation | Refused:
        self.customers.append(customer_id)
        if key not in self.held:
            for each in claims:
                if self.taken.get((each.cap, each.window), Decimal(0)) + each.amount > each.limit:
                    return Refused("full", each)
            for each in claims:
                counter = (each.cap, each.window)
                self.taken[counter] = self.taken.get(counter, Decimal(0)) + each.amount
            self.held[key] = Reservation(key, "reserved", tuple(claims), NOON + ttl)
        return self.held[key]

    def confirm(self, key: str) -> Reservation | Refused:
        known = self.held.get(key)
        return Refused("unknown") if known is None else Reservation(key, "confirmed", known.claims, known.expires_at)

    def release(self, key: str) -> Reservation | Refused:
        known = self.held.pop(key, None)
        if known is None:
            return Refused("unknown")
        for each in known.claims:
            self.taken[each.cap, each.window] -= each.amount
        return Reservation(key, "released", known.claims, known.expires_at)


def cap(name: str = "some", **changes: Any) -> dict[str, Any]:
    base = {"id": name, "label": words(name), "offers": ["loan"], "per": "day", "limit": 2}
    return {key: each for key, each in {**base, **changes}.items() if each is not None}


def engine(folder: Path, *caps: dict[str, Any], store: Any = None, offers: Sequence[Any] = (), **limits: Any) -> Engine:
    root = write_pack(
        folder, volume=[*caps], offers=[*(offers or (offer(), offer("card"), service()))], dictionary=NAMED
    )
    volume = CountedVolume(store, **limits) if limits else store
    return Engine.load(root, clock=lambda: NOON, volume=volume)


def decided(engine: Engine, at: datetime = NOON, **changes: Any) -> Decision:
    return engine.decide(customer(**{"customer": {"customer_id": "C1"}, **changes}), at=at)


@pytest.mark.parametrize(
    ("per", "at", "window"),
    [
        ("day", "2026-11-16T00:00:00+08:00", "2026-11-16"),
        ("day", "2026-11-15T23:59:59+08:00", "2026-11-15"),
        ("week", "2026-11-16T00:00:00+08:00", "2026-W47"),
        ("week", "2027-01-03T12:00:00+08:00", "2026-W53"),
        ("month", "2026-11-30T16:00:00+00:00", "2026-12"),
        ("total", "2026-11-16T00:00:00+08:00", "total"),
    ],
)
def test_an_order_counts_in_the_period_of_the_packs_zone(tmp_path: Path, per: str, at: str, window: str) -> None:
    decision = decided(engine(tmp_path, cap(per=per)), datetime.fromisoformat(at))
    assert claims_of(decision, "loan") == (Claim("some", window, Decimal(2), Decimal(1)),)


def test_an_order_takes_of_every_cap_that_is_about_it(tmp_path: Path) -> None:
    caps = [
        cap("one"),
        cap("campaign", offers=["loan", "card"]),
        cap("all", offers=None, families="all"),
        cap("card", offers=["card"]),
    ]
    decision = decided(engine(tmp_path, *caps))
    assert [each.cap for each in claims_of(decision, "loan")] == ["one", "campaign", "all"]
    assert [each.cap for each in claims_of(decision, "card")] == ["campaign", "all", "card"]
    with pytest.raises(ValueError, match="does not offer `gold`; its offers: "):
        claims_of(decision, "gold")


def test_a_cap_in_money_takes_what_is_quoted_and_quoted_again(tmp_path: Path) -> None:
    money = cap(amount="quote.principal", limit="1000.00")
    made = engine(tmp_path, money, offers=[in_installments()])
    decision = decided(made)
    assert [each.amount for each in claims_of(decision, "loan")] == [Decimal("500.00")]
    again = made.requote(decision, offer="loan", choices={"principal": "200.00"})
    assert [each.amount for each in claims_of(decision, "loan", again)] == [Decimal("200.00")]


@pytest.mark.parametrize(("used", "expected"), [("1", True), ("2", False), ("3", False)])
def test_an_offer_of_which_nothing_is_left_is_not_made(tmp_path: Path, used: str, expected: bool) -> None:
    store = Counters({("some", "2026-11-16"): Decimal(used), ("some", "2026-11-15"): Decimal(2)})
    decision = decided(engine(tmp_path, cap(), store=store))
    assert ("loan" in offered(decision)) is expected
    assert "card" in offered(decision)
    if not expected:
        assert (decision.blocked["loan"].stage, decision.blocked["loan"].code) == ("volume", "some")


@pytest.mark.parametrize(("used", "stage"), [("500.00", None), ("500.01", "quote"), ("1000.00", "volume")])
def test_a_quote_takes_no_more_money_than_is_left(tmp_path: Path, used: str, stage: str | None) -> None:
    store = Counters({("some", "total"): Decimal(used)})
    money = cap(amount="quote.principal", limit="1000.00", per="total")
    decision = decided(engine(tmp_path, money, store=store, offers=[in_installments()]))
    assert (decision.blocked["loan"].stage if decision.blocked else None) == stage


def test_an_amount_that_nobody_can_tell_is_not_sold(tmp_path: Path) -> None:
    decision = decided(engine(tmp_path, cap(amount="customer.income", limit=10)), customer={"income": None})
    assert (sorted(offered(decision)), decision.missing) == (["card", "help"], ("customer.income",))


def test_a_decision_asks_for_what_is_used_once_a_cap_and_keeps_it(tmp_path: Path) -> None:
    store = Counters()
    made = engine(tmp_path, cap(), cap("week", per="week"), store=store)
    facts = made.prepare(customer())
    store.taken["some", "2026-11-16"] = Decimal(2)
    assert store.asked == [("some", "2026-11-16"), ("week", "2026-W47")]
    before = made.decide(facts)
    assert "loan" in offered(before)
    assert made.explain(before, "loan").offers[0].stage is None
    assert before.decision_id != made.decide(customer()).decision_id
    assert "loan" not in offered(made.decide(customer()))


def test_the_same_figures_give_the_same_decision_however_they_are_written(tmp_path: Path) -> None:
    ids = {
        decided(engine(tmp_path, cap(), store=Counters({("some", "2026-11-16"): Decimal(used)}))).decision_id
        for used in ("1", "1.00", "1E+0")
    }
    assert len(ids) == 1


@pytest.mark.parametrize("failure", ["raises", "hangs", "gives no amount"])
def test_what_nobody_can_tell_to_be_left_is_not_sold(tmp_path: Path, failure: str) -> None:
    store, released = Counters(), Event()
    if failure == "raises":
        store.failing = OSError()
    elif failure == "hangs":
        store.wait = released
    else:
        store.taken["some", "2026-11-16"] = Decimal("NaN")
    with engine(tmp_path, cap(), store=store, timeout_ms=30) as made:
        decision = decided(made)
        assert sorted(offered(decision)) == ["card", "help"]
        assert decision.blocked["loan"].unknown
        assert decision.skipped == (() if failure == "gives no amount" else ("volume",))
        released.set()


def test_nobody_is_asked_where_the_pack_has_no_caps(tmp_path: Path) -> None:
    store = Counters(failing=OSError())
    root = write_pack(tmp_path, dictionary=NAMED)
    decision = Engine.load(root, clock=lambda: NOON, volume=store).decide(customer())
    assert (offered(decision), decision.skipped, store.asked) == (["loan"], (), [])


def test_without_a_store_caps_stop_nobody_and_nothing_can_be_reserved(tmp_path: Path) -> None:
    made = engine(tmp_path, cap())
    decision = decided(made)
    assert "loan" in offered(decision)
    with pytest.raises(ValueError, match="give the engine a store"):
        made.reserve(decision, offer="loan", ttl=TTL)


def test_an_order_is_reserved_once_confirmed_or_released(tmp_path: Path) -> None:
    store = Counters()
    made = engine(tmp_path, cap(limit=1), store=store)
    decision, other = decided(made), decided(made, customer={"customer_id": "C2"})
    first = made.reserve(decision, offer="loan", ttl=TTL)
    assert isinstance(first, Reservation)
    assert made.reserve(decision, offer="loan", ttl=TTL) == first
    refused = made.reserve(other, offer="loan", ttl=TTL)
    assert isinstance(refused, Refused)
    assert refused.reason == "full"
    assert made.release(first.key).state == "released"  # type: ignore[union-attr]  # it is known
    second = made.reserve(other, offer="loan", ttl=TTL)
    assert isinstance(second, Reservation)
    assert made.confirm(second.key).state == "confirmed"  # type: ignore[union-attr]  # it is known
    assert store.customers == ["C1", "C1", "C2", "C2"]


def test_an_offer_without_a_cap_needs_no_reservation(tmp_path: Path) -> None:
    store = Counters()
    made = engine(tmp_path, cap(), store=store)
    assert made.reserve(decided(made), offer="card", ttl=TTL) is None
    assert store.held == {}


def test_a_reservation_is_somebodys_an_opt_out_or_not(tmp_path: Path) -> None:
    store = Counters()
    made = engine(tmp_path, cap(), store=store)
    made.reserve(decided(made, consent={"opted_out": True}), offer="loan", ttl=TTL)
    assert store.customers == ["C1"]
    with pytest.raises(ValueError, match="customer_id"):
        made.reserve(made.decide(customer()), offer="loan", ttl=TTL)


def test_a_new_quote_of_something_else_is_refused(tmp_path: Path) -> None:
    made = engine(tmp_path, cap(), offers=[in_installments(), offer("card")], store=Counters())
    decision = decided(made)
    again = made.requote(decision, offer="loan", choices={"principal": "200.00"})
    with pytest.raises(ValueError, match="not of `card`"):
        made.reserve(decision, offer="card", ttl=TTL, requoted=again)
