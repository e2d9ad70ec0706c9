"""Scorers that are slow, hang, raise or hold the interpreter: the decision stands, says what it skipped, and waits no longer."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from multiprocessing import active_children
from pathlib import Path
from threading import Event

import importable_scorers
import pytest
from tiny_pack import CUSTOMER, NOON, installment, offer, offered, write_pack

from nbo import Decision, Engine, Scorer

FALLBACK, SCORED = Decimal("0.0500"), Decimal("0.5000")
LONG_MS = 20_000  # nobody waits so long: a test that does has failed


def offer_scored_by(scorer: str, name: str) -> dict[str, object]:
    return offer(name, propensity={"scorer": scorer, "fallback": 0.05})


@pytest.fixture
def released() -> Iterator[Event]:
    """What hanging scorers hang on; they end with the test."""
    event = Event()
    yield event
    event.set()


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """An engine with one offer for each scorer, named like it; or with other offers."""
    made = []

    def engine(offers: list[dict[str, object]] | None = None, **scorers: object) -> Engine:
        offers = offers or [offer_scored_by(name, name) for name in scorers]
        offers = [{**each, "family": "loan"} for each in offers]
        root = write_pack(
            tmp_path, offers=offers, arbitration={"value": {"bank": 0.5, "customer": 0.5}, "per_family": 9}
        )
        made.append(Engine.load(root, clock=lambda: NOON, scorers=scorers))
        return made[-1]

    yield engine
    for each in made:
        each.close()


def seconds(call: Callable[[], Decision]) -> tuple[Decision, float]:
    started = time.perf_counter()
    decision = call()
    return decision, time.perf_counter() - started


def factors(decision: Decision) -> dict[str, Decimal]:
    return {each.offer: each.factors.p for each in decision.offers}


def hanging(event: Event) -> Callable[[object, str], float]:
    def scorer(_profile: object, _offer: str) -> float:
        event.wait(60)
        return 0.5

    return scorer


def half(_profile: object, _offer: str) -> float:
    return 0.5


# --- what a decision says ---------------------------------------------------------------------------------------------


def test_of_several_scorers_the_one_that_hangs_is_skipped(engines: Callable[..., Engine], released: Event) -> None:
    engine = engines(good=half, hung=hanging(released), raising=importable_scorers.by_its_offer)
    decision = engine.decide(CUSTOMER, budget_ms=100)
    assert factors(decision) == {"good": SCORED, "hung": FALLBACK, "raising": FALLBACK}
    assert decision.degraded
    assert set(decision.skipped) == {"scorer:hung", "scorer:raising"}


def test_a_scorer_within_its_share_is_heard(engines: Callable[..., Engine]) -> None:
    def slow(_profile: object, _offer: str) -> float:
        time.sleep(0.03)
        return 0.5

    decision = engines(slow=slow).decide(CUSTOMER, budget_ms=LONG_MS)
    assert (factors(decision), decision.degraded, decision.skipped) == ({"slow": SCORED}, False, ())


def test_what_one_scorer_answered_before_it_hung_counts(engines: Callable[..., Engine], released: Event) -> None:
    def stuck_at_two(_profile: object, name: str) -> float:
        return 0.5 if name == "one" else hanging(released)(_profile, name)

    engine = engines([offer_scored_by("model", "one"), offer_scored_by("model", "two")], model=stuck_at_two)
    decision = engine.decide(CUSTOMER, budget_ms=100)
    assert factors(decision) == {"one": SCORED, "two": FALLBACK}
    assert decision.skipped == ("scorer:model",)


def test_scorers_work_at_the_same_time_and_so_do_the_calls_of_one(engines: Callable[..., Engine]) -> None:
    together = threading.Barrier(4)

    def meeting(_profile: object, _offer: str) -> float:
        together.wait(10)
        return 0.5

    offers = [offer_scored_by(scorer, f"{scorer}{number}") for scorer in "ab" for number in (1, 2)]
    decision = engines(offers, a=meeting, b=meeting).decide(CUSTOMER, limit=4)
    assert set(factors(decision).values()) == {SCORED}


def test_an_offer_is_scored_once_however_many_records_ask(engines: Callable[..., Engine]) -> None:
    asked: list[str] = []
    each = offer(
        "item", for_each={"record": "purchases", "as": "item"}, propensity={"scorer": "model", "fallback": 0.05}
    )
    engine = engines([each], model=lambda _profile, name: asked.append(name) or 0.5)
    decision = engine.decide({**CUSTOMER, "purchases": [{"id": "a"}, {"id": "b"}]})
    assert (asked, factors(decision)) == (["item"], {"item": SCORED})


def test_without_a_budget_a_scorers_own_time_out_holds(engines: Callable[..., Engine], released: Event) -> None:
    engine = engines(hung=Scorer(hanging(released), timeout_ms=50))
    decision, taken = seconds(lambda: engine.decide(CUSTOMER))
    assert decision.skipped == ("scorer:hung",)
    assert taken < 10


def test_a_budget_that_is_spent_at_once_still_gives_the_whole_decision(
    engines: Callable[..., Engine], released: Event
) -> None:
    offers = [offer_scored_by("hung", "loan"), offer("closed", eligibility=["account.status == frozen"])]
    engine = engines([{**each, "quote": installment()} for each in offers], hung=hanging(released))
    without = engine.decide(CUSTOMER, budget_ms=0.001)
    assert (offered(without), without.skipped) == (["loan"], ("scorer:hung",))
    assert without.offers[0].quote is not None
    assert without.offers[0].script is not None
    assert without.blocked["closed"].stage == "eligibility"


@pytest.mark.parametrize("budget_ms", [0, -1, float("nan"), float("inf"), True, "100", 10**400])
def test_a_budget_is_a_number_over_0(engines: Callable[..., Engine], budget_ms: float) -> None:
    engine = engines(good=half)
    for call in (engine.decide, engine.prepare):
        with pytest.raises(ValueError, match="budget_ms") as raised:
            call(CUSTOMER, budget_ms=budget_ms)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "limits",
    [{"share": 0}, {"share": 1.1}, {"share": float("nan")}, {"timeout_ms": 0}, {"timeout_ms": 3_600_001}, {"pause_ms": -1},
     {"workers": 0}, {"failure_threshold": 0}, {"isolation": "fork"}],
)  # fmt: skip
def test_limits_that_cannot_be_are_refused(limits: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(limits))):
        Scorer(half, **limits)


def test_scores_are_inputs_of_the_decision_and_are_not_asked_for_again(engines: Callable[..., Engine]) -> None:
    given = iter([0.5, 0.25])
    engine = engines([offer_scored_by("model", "loan") | {"quote": installment()}], model=lambda *_: next(given))
    first, second = engine.decide(CUSTOMER), engine.decide(CUSTOMER)
    assert first.decision_id != second.decision_id
    assert first.scores == {"loan": Decimal("0.5")}
    assert engine.explain(first).offers[0].outcome == "offered"
    again = engine.requote(first, offer="loan", choices={"periods": 12}).offer
    assert again is not None
    assert again.factors == first.offers[0].factors


# --- the pool and the breaker -----------------------------------------------------------------------------------------


def own_threads(scorer: str) -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name.startswith(f"nbo scorer {scorer} ")]


def test_a_hung_scorer_holds_its_own_pool_and_no_more(engines: Callable[..., Engine], released: Event) -> None:
    hung = Scorer(hanging(released), workers=2, timeout_ms=LONG_MS, failure_threshold=1_000)
    engine = engines(hung=hung, good=half)
    for _ in range(
        6
    ):  # the first two wait for their share of the budget; so long, that a busy machine runs the good one in it
        decision = engine.decide(CUSTOMER, budget_ms=600)
        assert factors(decision) == {"hung": FALLBACK, "good": SCORED}
    assert len(own_threads("hung")) == 2
    assert all(each.daemon for each in own_threads("hung"))


def test_where_all_workers_hang_nobody_waits(engines: Callable[..., Engine], released: Event) -> None:
    begun = Event()

    def hang(_profile: object, _offer: str) -> float:
        begun.set()
        released.wait()
        return 0.5

    engine = engines(hung=Scorer(hang, workers=1, timeout_ms=LONG_MS, failure_threshold=1_000))
    until(lambda: engine.decide(CUSTOMER, budget_ms=20).degraded and begun.is_set())
    decision, taken = seconds(lambda: engine.decide(CUSTOMER))  # without a budget it could wait for its time-out
    assert decision.skipped == ("scorer:hung",)
    assert taken < LONG_MS / 2_000


def test_a_scorer_that_no_longer_hangs_is_heard_again(engines: Callable[..., Engine], released: Event) -> None:
    engine = engines(hung=Scorer(hanging(released), workers=1, timeout_ms=LONG_MS))
    assert engine.decide(CUSTOMER, budget_ms=20).degraded
    released.set()
    until(lambda: not engine.decide(CUSTOMER).degraded)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_busy_pool_is_waited_for_within_the_share(engines: Callable[..., Engine]) -> None:
    def slow(_profile: object, _offer: str) -> float:
        time.sleep(0.02)
        return 0.5

    engine = engines(slow=Scorer(slow, workers=1, timeout_ms=LONG_MS))
    with ThreadPoolExecutor(4) as callers:
        decisions = list(callers.map(lambda _: engine.decide(CUSTOMER), range(4)))
    assert [each.degraded for each in decisions] == [False] * 4


def test_after_failures_in_a_row_it_is_left_alone_then_tried_once(engines: Callable[..., Engine]) -> None:
    asked: list[str] = []
    now = [0.0]
    well = [False]

    def scorer(_profile: object, name: str) -> float:
        asked.append(name)
        if not well[0]:
            raise RuntimeError("the model is down")
        return 0.5

    engine = engines(model=Scorer(scorer, failure_threshold=3, pause_ms=10_000, clock=lambda: now[0]))
    assert [engine.decide(CUSTOMER).skipped for _ in range(5)] == [("scorer:model",)] * 5
    assert len(asked) == 3
    now[0] = 10.0
    assert engine.decide(CUSTOMER).degraded
    assert engine.decide(CUSTOMER).degraded
    assert len(asked) == 4
    now[0], well[0] = 20.0, True
    assert [engine.decide(CUSTOMER).degraded for _ in range(3)] == [False] * 3


def test_a_time_out_counts_for_the_breaker(engines: Callable[..., Engine], released: Event) -> None:
    engine = engines(hung=Scorer(hanging(released), workers=8, timeout_ms=LONG_MS, failure_threshold=2))
    for _ in range(5):
        engine.decide(CUSTOMER, budget_ms=400)
    assert len(own_threads("hung")) == 2


def test_a_time_out_that_left_no_time_counts_for_nothing(engines: Callable[..., Engine], released: Event) -> None:
    hung = Scorer(
        hanging(released), timeout_ms=LONG_MS, failure_threshold=2, clock=lambda: 0.0
    )  # an open one stays open
    engine = engines(hung=hung)
    for _ in range(3):
        assert engine.decide(CUSTOMER, budget_ms=2).degraded
    released.set()
    until(lambda: not engine.decide(CUSTOMER).degraded)


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, MemoryError])
def test_whatever_a_scorer_raises_its_worker_goes_on(
    engines: Callable[..., Engine], error: type[BaseException]
) -> None:
    raised = [error("no"), None]

    def scorer(_profile: object, _offer: str) -> float:
        if each := raised.pop(0):
            raise each
        return 0.5

    engine = engines(model=Scorer(scorer, workers=1))
    assert [engine.decide(CUSTOMER).degraded for _ in range(2)] == [True, False]


def test_a_huge_number_is_no_probability(engines: Callable[..., Engine]) -> None:
    assert engines(model=lambda *_: 10**400).decide(CUSTOMER).skipped == ("scorer:model",)


# --- processes --------------------------------------------------------------------------------------------------------


def in_process(function: object, **limits: object) -> Scorer:
    return Scorer(function, isolation="process", **{"timeout_ms": LONG_MS, **limits})


def test_a_process_scores_fails_dies_and_is_started_anew(engines: Callable[..., Engine]) -> None:
    offers = [offer_scored_by("model", name) for name in ("good", "raising", "odd")]
    engine = engines(
        [*offers, offer_scored_by("dying", "dying")],
        model=in_process("importable_scorers:by_its_offer"),
        dying=in_process(importable_scorers.dying, failure_threshold=1_000),
    )
    for _ in range(2):
        decision, taken = seconds(lambda: engine.decide(CUSTOMER, limit=4))
        assert factors(decision) == {"good": SCORED, "raising": FALLBACK, "dying": FALLBACK, "odd": FALLBACK}
        assert set(decision.skipped) == {"scorer:model", "scorer:dying"}
        assert taken < LONG_MS / 2_000


def test_a_process_that_holds_the_interpreter_is_killed_and_the_next_one_answers(
    engines: Callable[..., Engine],
) -> None:
    engine = engines(model=in_process(importable_scorers.holding_the_interpreter, timeout_ms=100))
    endless = {**CUSTOMER, "spin": 3_600}
    assert engine.decide(endless, budget_ms=20).skipped == ("scorer:model",)
    decision, taken = seconds(lambda: engine.decide({**CUSTOMER, "spin": 0}))
    assert decision.degraded  # its process still spins, or is being started: nobody waits
    assert taken < 10
    until(lambda: not engine.decide({**CUSTOMER, "spin": 0}).degraded)


@pytest.mark.parametrize(
    ("function", "why"),
    [(lambda *_: 0.5, "importable by name"), ("importable_scorers:nothing", "AttributeError.*nothing")],
)
def test_a_function_that_no_process_can_import_is_not_registered(
    engines: Callable[..., Engine], function: object, why: str
) -> None:
    with pytest.raises(ValueError, match=f"the scorer `model` cannot be registered: .*{why}"):
        engines(model=in_process(function))


def test_a_thread_takes_an_import_path_too(engines: Callable[..., Engine]) -> None:
    assert factors(engines(good=Scorer("importable_scorers:half")).decide(CUSTOMER)) == {"good": SCORED}
    with pytest.raises(ValueError, match="not a function"):
        engines(good=Scorer("importable_scorers:os"))


# --- the end ----------------------------------------------------------------------------------------------------------


def test_a_closed_engine_decides_without_its_scorers(engines: Callable[..., Engine]) -> None:
    with engines(good=half, apart=in_process(importable_scorers.half)) as engine:
        assert factors(engine.decide(CUSTOMER)) == {"apart": SCORED, "good": SCORED}
        assert [each.name for each in active_children()] == ["nbo scorer"]
    assert engine.decide(CUSTOMER).skipped == ("scorer:apart", "scorer:good")
    assert active_children() == []
    until(lambda: not own_threads("good"))


def test_an_engine_that_nobody_holds_ends_its_threads(tmp_path: Path) -> None:
    root = write_pack(tmp_path, offers=[offer_scored_by("forgotten", "loan")])
    assert not Engine.load(root, clock=lambda: NOON, scorers={"forgotten": half}).decide(CUSTOMER).degraded
    gc.collect()
    until(lambda: not own_threads("forgotten"))


PROGRAM = """
import sys, threading
from nbo import Engine, Scorer
def hang(profile, offer): threading.Event().wait()
if __name__ == "__main__":
    scorers = {"hung": hang, "apart": Scorer(hang, isolation="process")}
    engine = Engine.load(sys.argv[1], scorers=scorers)
    print(engine.decide({"account": {"status": "active", "balance": 1}, "call": {"needs": ["ease"]},
                         "consent": {"opted_out": False}}, budget_ms=20).skipped)
"""


def test_nothing_that_hangs_keeps_a_program_from_ending(tmp_path: Path) -> None:
    root = write_pack(tmp_path, offers=[offer_scored_by("hung", "a"), offer_scored_by("apart", "b")])
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-W", "error", str(program), str(root)], capture_output=True, text=True, timeout=60, check=True
    )
    assert (ended.stdout, ended.stderr) == ("('scorer:hung', 'scorer:apart')\n", "")
