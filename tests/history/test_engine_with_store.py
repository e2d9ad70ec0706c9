"""An engine with a store decides with what was recorded: whoever declined is left alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from moving_clock import NOON, Clock, happened

sys.path.insert(0, str(Path(__file__).parents[1] / "decide"))
from tiny_pack import DICTIONARY, customer, offer, offered, service, words, write_pack

from nbo import Decision, Engine, ReadFigures
from nbo.history.interaction import InteractionError
from nbo.history.of_decision import interaction_of, referral_of
from nbo.history.reservation import Refused, Reservation
from nbo.history.store import Store, open_store

REFUSED = {
    "id": "refused", "kinds": ["sales"],
    "suppress_when": "any(history, it.family == offer.family and it.response == decline)",
    "reason": words("declined before"),
}  # fmt: skip
MORE = {
    "customer": {"customer_id": {"type": "string", "max_length": 64, "use": "contract", "pii": True}},
    "history": {
        "records": {
            **DICTIONARY["history"]["records"],
            "decision_id": {"type": "string", "use": "profile"},
            "offer_id": {"type": "string", "use": "profile"},
            "channel": {"type": "string", "use": "profile"},
            "script_version": {"type": "string", "use": "profile"},
            "refusal_reason": {"type": "string", "use": "profile"},
            "csat": {"type": "integer", "use": "profile"},
        }
    },
}  # fmt: skip
KNOWN: dict[str, Any] = {
    key: each for key, each in customer(customer={"customer_id": "C1"}).items() if key != "history"
}


@pytest.fixture
def recorded(where: str, clock: Clock) -> Iterator[Store]:
    with open_store(where, clock=clock) as store:
        yield store


@pytest.fixture
def engine(recorded: Store, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    root = write_pack(tmp_path, offers=[offer(), service()], contact=[REFUSED], dictionary=MORE)
    loaded = Engine.load(root, clock=clock, history=recorded)
    yield loaded
    loaded.close()


def test_whoever_declined_is_left_alone(engine: Engine, recorded: Store, clock: Clock) -> None:
    first = engine.decide(KNOWN)
    assert "loan" in offered(first)
    for kind in ("presented", "declined"):
        recorded.record(interaction_of(first, "loan", kind, at=NOON))
    clock.move(days=1)
    second = engine.decide(KNOWN)
    assert offered(second) == ["help"]
    assert (second.degraded, second.warnings) == (False, ())
    recorded.erase("C1")
    assert "loan" in offered(engine.decide(KNOWN))


@pytest.fixture(scope="module")
def stateless(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    root = write_pack(tmp_path_factory.mktemp("pack"), offers=[offer(), service()], dictionary=MORE)
    return Engine.load(root, clock=Clock())


def decided(engine: Engine, decision_id: str) -> Decision:
    return engine.decide({**KNOWN, "history": []}, channel="phone", decision_id=decision_id)


@pytest.fixture
def decision(stateless: Engine) -> Decision:
    return decided(stateless, "d" * 24)


def test_an_interaction_says_what_the_decision_knows(decision: Decision) -> None:
    made = interaction_of(decision, decision.offers[1], "presented", at=NOON, agent="A7")
    assert (made.customer_id, made.decision_id, made.offer, made.family) == ("C1", "d" * 24, "loan", "loan")
    assert (made.channel, made.agent, made.script) == ("phone", "A7", "only/1")
    assert made.key == f"{'d' * 24}:loan:presented"


def test_the_same_event_has_the_same_key_and_several_of_a_kind_have_several(decision: Decision) -> None:
    def key(kind: str, minutes: int) -> str:
        return interaction_of(decision, "loan", kind, at=NOON + timedelta(minutes=minutes)).key

    assert key("declined", 0) == key("declined", 5)
    assert key("no_answer", 0) == key("no_answer", 0) != key("no_answer", 5)
    assert key("accepted", 0) != key("declined", 0)


def test_a_key_that_would_be_too_long_is_shortened_to_one_of_its_own(stateless: Engine) -> None:
    keys = {interaction_of(decided(stateless, last.rjust(200, "d")), "loan", "presented", at=NOON).key for last in "ab"}
    assert {len(each) for each in keys} == {64}
    assert len(keys) == 2


def test_who_the_customer_is_has_to_be_known(stateless: Engine) -> None:
    nobody = stateless.decide({**KNOWN, "customer": {}, "history": []})
    with pytest.raises(InteractionError, match="customer_id"):
        interaction_of(nobody, "loan", "presented", at=NOON)
    assert interaction_of(nobody, "loan", "presented", at=NOON, customer_id="C9").customer_id == "C9"


def test_an_offer_that_the_decision_did_not_give_is_refused(decision: Decision) -> None:
    with pytest.raises(InteractionError, match="offer"):
        interaction_of(decision, "gold", "presented", at=NOON)


def test_an_engine_counts_orders_in_a_store(recorded: Store, tmp_path: Path, clock: Clock) -> None:
    cap = {"id": "loans", "label": words("loans a day"), "offers": ["loan"], "per": "day", "limit": 1}
    root = write_pack(tmp_path, offers=[offer(), service()], volume=[cap], dictionary=MORE)
    with Engine.load(root, clock=clock, history=recorded, volume=recorded) as engine:
        first, second = engine.decide(KNOWN), engine.decide({**KNOWN, "customer": {"customer_id": "C2"}})
        assert [offered(each) for each in (first, second)] == [["help", "loan"]] * 2
        held = engine.reserve(first, offer="loan", ttl=timedelta(minutes=5))
        assert isinstance(held, Reservation)
        assert engine.reserve(first, offer="loan", ttl=timedelta(minutes=5)) == held
        refused = engine.reserve(second, offer="loan", ttl=timedelta(minutes=5))
        assert isinstance(refused, Refused)
        assert refused.reason == "full"
        assert offered(engine.decide(KNOWN)) == ["help"]
        engine.release(held.key)
        assert offered(engine.decide(KNOWN)) == ["help", "loan"]


# --- tickets, with the sample pack ------------------------------------------------------------------------------------

SAMPLE_AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")


def asking(sample: Engine, case_id: str) -> dict[str, Any]:
    """The customer of a case of the sample pack, whose history a store has."""
    profile = next(each.profile for each in sample.pack.cases if each.id == case_id)
    named = {**profile["customer"], "customer_id": "C1"}  # type: ignore[dict-item]  # a mapping
    return {**{name: each for name, each in profile.items() if name != "history"}, "customer": named}


@pytest.fixture
def remembering(sample: Engine, tmp_path: Path) -> Iterator[tuple[Engine, Store]]:
    with open_store(str(tmp_path / "history.db"), clock=lambda: SAMPLE_AT + timedelta(days=9)) as store:
        made = Engine(sample.pack, clock=lambda: SAMPLE_AT, history=store)
        yield made, store
        made.close()


def complaining(sample: Engine) -> dict[str, Any]:
    profile = asking(sample, "everything_at_once")
    return {**profile, "call": {**profile["call"], "complaint_open": True}}


@pytest.mark.parametrize("offer_id", ["annual_fee_waiver", "second_line"])
def test_the_note_of_a_ticket_shows_on_the_next_call(remembering: tuple[Engine, Store], offer_id: str) -> None:
    made, store = remembering
    profile = complaining(made) if offer_id == "second_line" else asking(made, "fee_waiver_tier_1_above")
    first = made.decide(profile)
    assert first.serve is not None
    assert first.serve.ticket is not None
    event = referral_of(first, at=SAMPLE_AT, agent="A7")
    assert (event.offer, event.ticket_owner, event.ticket_due_at) == (
        offer_id, first.serve.ticket.owner, first.serve.ticket.due,
    )  # fmt: skip
    assert store.record(event) == store.record(referral_of(first, at=SAMPLE_AT, agent="A7")).replace("same", "new")
    next_call = made.decide(profile, at=SAMPLE_AT + timedelta(days=1))
    assert (next_call.skipped, next_call.warnings) == ((), ())
    (row,) = next_call.facts.stored  # type: ignore[misc]  # rows of a store
    assert (row["ticket_note"], row["ticket_owner"]) == (first.serve.ticket.need, first.serve.ticket.owner)
    assert next_call.serve is not None
    assert next_call.serve.outcome == "second_line"


def test_a_ticket_holds_no_offer_of_another_family_back(remembering: tuple[Engine, Store]) -> None:
    made, store = remembering
    profile = asking(made, "everything_at_once")
    before = made.decide(profile, limit=9)
    store.record(referral_of(made.decide(complaining(made)), at=SAMPLE_AT - timedelta(days=1)))
    after = made.decide(profile, limit=9)
    assert (offered(after), after.missing) == (offered(before), before.missing)


def test_a_decision_without_a_ticket_refers_nobody(remembering: tuple[Engine, Store]) -> None:
    made, _ = remembering
    with pytest.raises(InteractionError, match="no ticket"):
        referral_of(made.decide(asking(made, "everything_at_once")), at=SAMPLE_AT)


def test_who_named_a_time_is_asked_then_and_without_a_warning(remembering: tuple[Engine, Store]) -> None:
    made, store = remembering
    profile = asking(made, "everything_at_once")
    first = made.decide(profile)
    name, again = first.offers[0].offer, SAMPLE_AT + timedelta(days=7)
    store.record(interaction_of(first, name, "deferred", at=SAMPLE_AT, ask_again_at=again))
    early, due = (made.decide(profile, at=again - timedelta(seconds=left)) for left in (1, 0))
    assert (early.warnings, early.blocked[name].code) == ((), "named_a_time")
    assert due.offers[0].offer == name


def test_an_offer_rests_while_the_stores_own_figures_are_bad(where: str, tmp_path: Path) -> None:
    rests = {
        "id": "rests", "reason": words("it rests"),
        "pause_when": {"cancellation_above": "50%", "of_at_least": 3, "for": "offer", "within": {"days": 7}},
    }  # fmt: skip
    root = write_pack(tmp_path, offers=[offer(), service()], contact=[rests], dictionary=MORE)
    clock = Clock()
    with open_store(where, clock=clock) as store:
        for each in range(3):
            booked = {"customer_id": f"C{each}", "family": "loan"}
            store.record(happened("booked", key=f"b{each}", amount=Decimal(1), minutes=-3000, **booked))
        for cancelled, expected in ((1, ["loan", "help"]), (2, ["help"])):
            who = {"customer_id": f"C{cancelled}", "family": "loan"}
            store.record(happened("cancelled", key=f"c{cancelled}", minutes=-10, **who))
            with Engine.load(root, clock=clock, figures=ReadFigures(store, timeout_ms=30_000)) as made:
                assert sorted(offered(made.decide(KNOWN))) == sorted(expected)
