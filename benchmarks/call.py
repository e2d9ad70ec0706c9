"""What an event of a call costs that needs no decision, and what a whole call costs with one.

In: calls by the sample pack. Out: the time of an event by kind, by each matcher of moments; of a resumed call; of many calls over
threads. Machines differ and are noisy, so a yardstick is taken in the same run: the time that the standard library takes to read
the same customer from JSON. Usage: `python benchmarks/call.py [--calls N] [--threads N] [--json FILE]`.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, perf_counter_ns
from typing import Any

from nbo import Engine, Event
from nbo.call.matching.durable import installed

ROOT = Path(__file__).parents[1]
BEGAN = datetime.fromisoformat("2026-11-16T10:00:00+08:00")
P50_US = 100
TOLD = ("auth_level", "stage", "reason_code", "service_resolved", "need_tags", "sentiment", "elapsed_s")

BEFORE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("identity_verified", {"level": 2}),
    ("reason_stated", {"reason": "balance_query"}),
    ("hold", {"seconds": 5}),
    ("topic_mentioned", {"topic": "money_is_tight"}),
    ("question_answered", {}),
    ("sentiment", {"value": 0.5}),
    ("queue", {"service_level": 0.95}),
    ("need_stated", {"need": "ease_payment"}),
    ("service_resolved", {}),
)
SALE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("offer_presented", {"offer": "bill_installment"}),
    ("objection", {"objection": "too_expensive"}),
    ("answer", {"offer": "bill_installment", "response": "accept"}),
    ("cost_statement_pushed", {}),
    ("cost_statement_confirmed", {}),
    ("order", {"offer": "bill_installment"}),
    ("score", {"csat": 5}),
    ("ended", {}),
)
NEEDS_A_DECISION = {"offer_presented", "order"}


def customer() -> tuple[str, dict[str, Any]]:
    text = (ROOT / "examples" / "customers" / "eases_payment.json").read_text(encoding="utf-8")
    profile: dict[str, Any] = json.loads(text)
    profile["call"] = {key: value for key, value in profile["call"].items() if key not in TOLD} | {"queue_sl": 0.95}
    return text, profile


def events() -> Iterator[Event]:
    for number, (kind, fields) in enumerate((*BEFORE, *SALE)):
        yield Event(f"e{number}", kind, BEGAN + timedelta(seconds=number), fields)


def call(engine: Engine, profile: dict[str, Any], number: int, taken: dict[str, list[float]] | None = None) -> bool:
    session = engine.call(f"call-{number}", profile, at=BEGAN)
    for event in EVENTS:
        started = perf_counter_ns()
        session.observe(event)
        if taken is not None:
            taken.setdefault(event.kind, []).append((perf_counter_ns() - started) / 1_000)
    return bool(session.state.booked)


EVENTS = tuple(events())


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--calls", type=int, default=2_000)
    arguments.add_argument("--threads", type=int, default=8)
    arguments.add_argument("--json", type=Path)
    asked = arguments.parse_args()
    text, profile = customer()
    started = perf_counter()
    for _ in range(2_000):
        json.loads(text)
    yardstick = (perf_counter() - started) / 2_000 * 1e6
    found: dict[str, Any] = {"json_us": round(yardstick, 1)}
    ok = True
    for matcher in ("plain", "durable") if installed() else ("plain",):
        with Engine.load(ROOT / "rules" / "cn_credit_card", matcher=matcher) as engine:
            gc.collect()
            gc.freeze()
            for number in range(asked.calls // 10):
                call(engine, profile, number)
            taken: dict[str, list[float]] = {}
            booked = sum(call(engine, profile, number, taken) for number in range(asked.calls))
            if booked != asked.calls:
                sys.exit("a call was not sold as it should be")
            plain = [each for kind, times in taken.items() if kind not in NEEDS_A_DECISION for each in times]
            p50, p99 = median(plain), quantiles(plain, n=100)[98]
            ok &= p50 < P50_US
            print(
                f"{matcher}: an event without a decision p50 {p50:.1f} us ({p50 / yardstick:.1f} x JSON), p99 {p99:.1f} us"
            )
            for kind, times in taken.items():
                print(f"    {kind:28}{median(times):10.1f}")
            session = engine.call("call-0", profile, at=BEGAN)
            for event in EVENTS:
                session.observe(event)
            stored = json.dumps(session.events)
            started = perf_counter()
            for _ in range(100):
                engine.resume("call-0", profile, stored)
            resumed = (perf_counter() - started) / 100 * 1e6
            started = perf_counter()
            with ThreadPoolExecutor(asked.threads) as pool:
                sold = sum(pool.map(lambda number: call(engine, profile, number), range(asked.calls)))
            second = asked.calls / (perf_counter() - started)
            if sold != asked.calls:
                sys.exit("a call of a thread was not sold as it should be")
            print(
                f"    resumed {resumed:.0f} us; {second:.0f} calls of {len(EVENTS)} events a second over {asked.threads} threads"
            )
            found[matcher] = {
                "p50_us": round(p50, 1), "p99_us": round(p99, 1), "resume_us": round(resumed), "calls_per_s": round(second),
                "by_kind_us": {kind: round(median(times), 1) for kind, times in taken.items()},
            }  # fmt: skip
    if asked.json is not None:
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"the bar: p50 under {P50_US} us, {'kept' if ok else 'NOT kept'}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
