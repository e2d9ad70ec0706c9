"""Rules that change while threads decide: every decision is by one version of the pack, and reloads take turns."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Event, Thread, current_thread

from tiny_pack import CUSTOMER, NOON, installment, load, offer, script, segment, treatment, write_pack

from nbo import Decision, Engine

THREADS = 4


def version(number: int) -> dict[str, object]:
    """Parts that differ everywhere: rules, numbers and words."""
    return {
        "offers": [
            offer("loan", quote=installment(terms=[{"periods": 6 * number, "rate": "0.60%"}]), propensity=number / 10),
            offer(f"card{number}", priority=number),
        ],
        "scripts": [script(treatment("only", segment(f"This is version {['one', 'two', 'three'][number - 1]}.")))],
    }


def plain(decision: Decision) -> str:
    return json.dumps({**decision.to_dict(), "timings_us": {}}, sort_keys=True)


def test_under_load_every_decision_is_by_one_version_wholly_and_broken_ones_are_refused(tmp_path: Path) -> None:
    alone = [plain(load(tmp_path / str(number), **version(number)).decide(CUSTOMER, at=NOON)) for number in (1, 2, 3)]
    folder = tmp_path / "served"
    engine = Engine.load(write_pack(folder, **version(1)), clock=lambda: NOON)
    made = [0] * THREADS
    stop = Event()

    def work(thread: int) -> set[str]:
        seen = set()
        while not stop.is_set():
            seen.add(plain(engine.decide(CUSTOMER)))
            made[thread] += 1
        return seen

    with ThreadPoolExecutor(THREADS) as pool:
        results = [pool.submit(work, thread) for thread in range(THREADS)]
        try:
            for number in (2, 3, 1, 2, 3, 1):
                write_pack(folder, offers=[offer(eligibility=["account.balanse > 1"])])
                assert not engine.reload().ok
                write_pack(folder, **version(number))
                assert engine.reload().ok
                before = list(made)
                while any(now < then + 2 for now, then in zip(made, before, strict=True)):  # everybody has seen it
                    assert not any(each.done() for each in results)
        finally:
            stop.set()
        assert [each.result() for each in results] == [set(alone)] * THREADS


def test_reloads_take_turns_and_no_decision_waits_for_one(tmp_path: Path) -> None:
    """A reload asks the clock; this one lets nobody go on before it is told."""
    asked: list[str] = []
    going_on, entered = Event(), Event()
    going_on.set()

    def clock() -> datetime:
        asked.append(current_thread().name)
        entered.set()
        going_on.wait(30)
        return NOON

    engine = Engine.load(write_pack(tmp_path, **version(1)), clock=clock)
    for each in (going_on, entered, asked):
        each.clear()
    write_pack(tmp_path, **version(2))
    reloads = [Thread(target=engine.reload) for _ in range(2)]
    for each in reloads:
        each.start()
    assert entered.wait(30)
    old = engine.decide(CUSTOMER, at=NOON)
    reloads[1].join(0.05)
    assert (len(asked), {each.offer for each in old.offers}) == (1, {"loan", "card1"})
    going_on.set()
    for each in reloads:
        each.join(30)
    assert len(set(asked)) == 2
    assert {each.offer for each in engine.decide(CUSTOMER, at=NOON).offers} == {"loan", "card2"}
