"""One set of demands on every store: SQLite, PostgreSQL, and the plain model that both are held against."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from moving_clock import NOON, Clock, happened
from plain_store import PlainStore

from nbo.history.errors import FutureInteractionError
from nbo.history.forgetting import Removed
from nbo.history.reservation import Claim, ClaimError, Refused, Reservation
from nbo.history.store import Store

AnyStore = Store | PlainStore
MINUTE = timedelta(minutes=1)


def one(cap: str = "gift", limit: int = 1, amount: str = "1", window: str = "total") -> Claim:
    return Claim(cap, window, Decimal(limit), Decimal(amount))


def held(store: AnyStore, key: str, *claims: Claim, customer: str = "C1", ttl: timedelta = MINUTE) -> str:
    """The state of a reservation that was asked for, or why it was refused."""
    return outcome(store.reserve(key, claims or (one(),), customer_id=customer, ttl=ttl))


def outcome(answer: Reservation | Refused) -> str:
    return answer.state if isinstance(answer, Reservation) else answer.reason


# --- recording --------------------------------------------------------------------------------------------------------


def test_what_is_recorded_comes_back_as_it_was(store: AnyStore) -> None:
    events = (
        happened("presented", key="a", channel="phone", agent="A7", call_id="L1", script="ease/3", needs=("travel",)),
        happened("deferred", key="b", minutes=1, reason="think_about_it", ask_again_at=NOON + timedelta(days=7)),
        happened("refunded", key="c", minutes=2, amount=Decimal("964.80")),
        happened("complained", key="d", minutes=3, complaint_id="投诉-7 'x' \" %s \\"),
        happened("rated", key="e", minutes=4, csat=0),
        happened(
            "referred", key="f", minutes=4.1, ticket_owner="二线", ticket_due_at=NOON + timedelta(microseconds=1),
            ticket_note="客户 '急' " + "长" * 480,
        ),
        happened("referred", key="g", minutes=4.2, ticket_owner="desk", ticket_due_at=NOON),
    )  # fmt: skip
    assert [store.record(each) for each in reversed(events)] == ["new"] * 7
    assert store.interactions("C1") == events
    assert store.history("C1")[0]["refund"] == Decimal("964.80")
    assert store.interactions("C2") == ()


def test_a_key_that_comes_again_changes_nothing(store: AnyStore) -> None:
    assert store.record(happened("declined")) == "new"
    assert store.record(happened("declined")) == "same"
    assert store.record(happened("accepted")) == "conflict"
    assert store.record(happened("declined", customer_id="C2")) == "conflict"
    assert store.interactions("C1") == (happened("declined"),)
    assert store.interactions("C2") == ()


def test_an_amount_is_the_same_with_other_zeros(store: AnyStore) -> None:
    assert store.record(happened("refunded", amount=Decimal("5"))) == "new"
    assert store.record(happened("refunded", amount=Decimal("5.00"))) == "same"


def test_a_late_event_lands_in_its_place(store: AnyStore) -> None:
    store.record(happened("accepted", key="b", minutes=2))
    store.record(happened("declined", key="a", minutes=1))
    assert [each.key for each in store.interactions("C1")] == ["a", "b"]
    assert store.history("C1")[0]["response"] == "accept"


def test_events_of_one_moment_are_ordered_by_key_as_python_orders_texts(store: AnyStore) -> None:
    keys = ["Z", "a", "é", "中", "\U0001f600"]
    for key in reversed(keys):
        store.record(happened("presented", key=key))
    assert [each.key for each in store.interactions("C1")] == keys


def test_an_event_of_the_future_is_refused_until_it_is_due(store: AnyStore, clock: Clock) -> None:
    ahead = happened("presented", minutes=60)
    with pytest.raises(FutureInteractionError):
        store.record(ahead)
    assert store.interactions("C1") == ()
    clock.move(minutes=55)
    assert store.record(ahead) == "new"


def test_a_clock_that_jumps_back_refuses_and_one_that_jumps_ahead_does_not(store: AnyStore, clock: Clock) -> None:
    clock.move(days=-1)
    with pytest.raises(FutureInteractionError):
        store.record(happened())
    clock.move(days=400)
    assert store.record(happened()) == "new"


# --- caps -------------------------------------------------------------------------------------------------------------


def test_a_cap_is_never_exceeded_by_one(store: AnyStore) -> None:
    assert [held(store, f"r{each}", one(limit=3)) for each in range(4)] == ["reserved"] * 3 + ["full"]
    assert store.used("gift", "total") == 3
    assert outcome(store.confirm("r0")) == "confirmed"
    assert outcome(store.release("r1")) == "released"
    assert [held(store, f"s{each}", one(limit=3)) for each in range(2)] == ["reserved", "full"]


def test_all_claims_are_held_or_none(store: AnyStore) -> None:
    assert held(store, "r1", one("money", 100, "60.50")) == "reserved"
    answer = store.reserve("r2", [one("money", 100, "39.51"), one("gift", 9)], customer_id="C1", ttl=MINUTE)
    assert answer == Refused("full", one("money", 100, "39.51"), Decimal("60.50"))
    assert store.used("gift", "total") == 0
    assert held(store, "r2", one("money", 100, "39.50"), one("gift", 9)) == "reserved"
    assert (store.used("gift", "total"), store.used("money", "total")) == (1, 100)


def test_money_adds_up_to_the_last_digit(store: AnyStore) -> None:
    limit = Decimal("999999999999999999")
    last = Decimal("0.0000000001")
    assert held(store, "r1", Claim("m", "total", limit, limit - last)) == "reserved"
    assert held(store, "r2", Claim("m", "total", limit, last)) == "reserved"
    assert held(store, "r3", Claim("m", "total", limit, last)) == "full"
    assert store.used("m", "total") == limit


def test_windows_of_a_cap_count_apart(store: AnyStore) -> None:
    assert held(store, "r1", one(window="2026-11-16")) == "reserved"
    assert held(store, "r2", one(window="2026-11-17")) == "reserved"
    assert held(store, "r3", one(window="2026-11-17")) == "full"


def test_asking_again_gives_the_same_answer(store: AnyStore, clock: Clock) -> None:
    first = store.reserve("r1", [one()], customer_id="C1", ttl=MINUTE)
    clock.move(seconds=30)
    assert store.reserve("r1", [one()], customer_id="C1", ttl=MINUTE) == first
    assert store.used("gift", "total") == 1
    assert store.confirm("r1") == store.confirm("r1")
    assert held(store, "r1") == "confirmed"
    assert outcome(store.release("r1")) == "confirmed"
    assert store.used("gift", "total") == 1


def test_a_key_with_other_claims_or_for_somebody_else_is_a_conflict(store: AnyStore) -> None:
    held(store, "r1", one(limit=5))
    assert held(store, "r1", one(limit=5, amount="2")) == "conflict"
    assert held(store, "r1", one(limit=5), one("other")) == "conflict"
    assert held(store, "r1", one(limit=5), customer="C2") == "conflict"
    assert store.used("gift", "total") == 1


def test_a_refusal_is_not_remembered(store: AnyStore) -> None:
    held(store, "r1")
    assert held(store, "r2") == "full"
    store.release("r1")
    assert held(store, "r2") == "reserved"


def test_what_is_released_stays_so(store: AnyStore) -> None:
    held(store, "r1")
    assert [outcome(store.release("r1")) for _ in range(2)] == ["released"] * 2
    assert outcome(store.confirm("r1")) == "released"
    assert held(store, "r1") == "released"
    assert store.used("gift", "total") == 0


def test_nobody_knows_a_key_that_was_never_reserved(store: AnyStore) -> None:
    assert (outcome(store.confirm("r1")), outcome(store.release("r1"))) == ("unknown", "unknown")


def test_what_is_abandoned_returns_by_itself(store: AnyStore, clock: Clock) -> None:
    held(store, "r1")
    clock.move(seconds=60)
    assert store.used("gift", "total") == 0
    assert held(store, "r2") == "reserved"
    assert held(store, "r1") == "lapsed"


def test_what_has_lapsed_is_confirmed_while_there_is_room(store: AnyStore, clock: Clock) -> None:
    held(store, "r1")
    clock.move(minutes=2)
    assert outcome(store.confirm("r1")) == "confirmed"
    assert held(store, "r2") == "full"


def test_what_has_lapsed_is_not_confirmed_once_another_has_the_room(store: AnyStore, clock: Clock) -> None:
    held(store, "r1")
    clock.move(minutes=2)
    held(store, "r2")
    assert store.confirm("r1") == Refused("full", one(), Decimal(1))
    assert outcome(store.confirm("r2")) == "confirmed"
    clock.move(days=1)
    assert outcome(store.confirm("r1")) == "full"
    assert store.used("gift", "total") == 1


def test_of_several_caps_those_that_another_has_taken_decide(store: AnyStore, clock: Clock) -> None:
    held(store, "r1", one("a"), one("b"))
    clock.move(minutes=2)
    held(store, "r2", one("b"))
    assert outcome(store.confirm("r1")) == "full"
    store.release("r2")
    assert outcome(store.confirm("r1")) == "confirmed"
    assert (store.used("a", "total"), store.used("b", "total")) == (1, 1)


@pytest.mark.parametrize(
    ("claims", "ttl"),
    [
        ((), MINUTE),
        ((one(), one()), MINUTE),
        (tuple(one(str(each)) for each in range(21)), MINUTE),
        ((one(),), timedelta(0)),
        ((one(),), timedelta(days=32)),
    ],
)
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_claims_that_cannot_be_ones_are_refused(store: Store, claims: tuple[Claim, ...], ttl: timedelta) -> None:
    with pytest.raises(ClaimError):
        store.reserve("r1", claims, customer_id="C1", ttl=ttl)


# --- forgetting -------------------------------------------------------------------------------------------------------


def test_an_erased_customer_is_nobody_and_what_was_confirmed_still_counts(store: AnyStore) -> None:
    store.record(happened("presented", key="a"))
    store.record(happened("presented", key="b", customer_id="C2"))
    held(store, "r1", one(limit=2))
    store.confirm("r1")
    assert store.erase("C1") == Removed(interactions=1, reservations=1)
    assert store.interactions("C1") == ()
    assert len(store.interactions("C2")) == 1
    assert store.used("gift", "total") == 1
    assert held(store, "r1", one(limit=2)) == "confirmed"
    assert store.erase("C1") == Removed(0, 0)


def test_an_event_that_arrives_after_erasure_is_a_new_one(store: AnyStore) -> None:
    store.record(happened())
    store.erase("C1")
    assert store.record(happened()) == "new"


def test_what_is_said_about_an_offer_stays_or_goes_together(store: AnyStore, clock: Clock) -> None:
    store.record(happened("booked", key="a"))
    store.record(happened("presented", key="b", decision_id="d2"))
    clock.move(days=40)
    store.record(happened("cancelled", key="c", minutes=40 * 24 * 60))
    clock.move(days=1)
    assert store.retain(older_than=timedelta(days=30)) == Removed(interactions=1, reservations=0)
    assert [each.key for each in store.interactions("C1")] == ["a", "c"]
    clock.move(days=30)
    assert store.retain(older_than=timedelta(days=30)) == Removed(interactions=2, reservations=0)


def test_old_reservations_go_and_what_they_confirmed_still_counts(store: AnyStore, clock: Clock) -> None:
    held(store, "r1", one(limit=9))
    held(store, "r2", one(limit=9))
    held(store, "r3", one(limit=9), ttl=timedelta(days=30))
    store.confirm("r1")
    clock.move(days=20)
    assert store.retain(older_than=timedelta(days=10)) == Removed(interactions=0, reservations=2)
    assert store.used("gift", "total") == 2
    assert outcome(store.confirm("r1")) == "unknown"
    assert outcome(store.confirm("r3")) == "confirmed"
