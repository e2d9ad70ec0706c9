"""An engine with a store decides with what was recorded: whoever declined is left alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from moving_clock import NOON, Clock

sys.path.insert(0, str(Path(__file__).parents[1] / "decide"))
from tiny_pack import DICTIONARY, customer, offer, offered, service, words, write_pack

from nbo import Decision, Engine
from nbo.history.interaction import InteractionError
from nbo.history.of_decision import interaction_of
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
