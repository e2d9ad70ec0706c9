"""Simulated calls over threads: no crash, the same answers by both matchers of moments, memory that stays flat.

Every call is a customer of `examples/customers` and events drawn from a seed by its number, likely ones and unlikely ones. It is
led by two engines on the sample pack, one with each matcher, and after every event their answers are compared: stage, needs,
whether it is a moment to offer, what was refused, and at the end the next step with what was booked. One call in ten never ends.
Whatever is booked must have been sold to a verified customer, with a confirmed cost statement, before any complaint.

    python benchmarks/many_calls.py [--calls 100000] [--threads 8] [--json FILE]

Memory is that of this process, after the first tenth and at the end. The default, 5,000 calls, takes half a minute.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from nbo import Engine, Event, Next, Session
from nbo.call.matching.durable import installed

ROOT = Path(__file__).parents[1]
BEGAN = datetime.fromisoformat("2026-11-16T10:00:00+08:00")
TOLD = ("auth_level", "stage", "reason_code", "service_resolved", "need_tags", "sentiment", "elapsed_s")
OFFERS = ("bill_installment", "transaction_installment", "fee_package", "interest_waiver", "safe_limit")
TOPICS = (
    "money_is_tight",
    "single_purchase",
    "travel",
    "large_purchase",
    "cash",
    "annual_fee",
    "close_card",
    "hardship",
)
MOST_GROWTH = 1.05  # of the memory after the first tenth of the calls


class Drawn:
    """The calls: the same number is the same call."""

    def __init__(self) -> None:
        folder = ROOT / "examples" / "customers"
        self.customers = [customer(path) for path in sorted(folder.glob("*.json"))]
        self.buyer = customer(folder / "eases_payment.json")

    def profile(self, number: int) -> dict[str, Any]:
        return self.customers[number % len(self.customers)] if number % 3 else self.buyer

    def events(self, number: int) -> Iterator[Event]:
        draw = random.Random(number)
        at = BEGAN
        for place, (kind, fields) in enumerate(self.course(draw)):
            at += timedelta(seconds=draw.randint(0, 20))
            yield Event(f"e{place}", kind, at, fields)
        if number % 10:
            yield Event("end", "ended", at + timedelta(seconds=5), {})

    def course(self, draw: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
        """Half of the calls are anything at all; the others go as they should, now and then with a gap or a surprise."""
        names, weights = [*KINDS], [each for each, _ in KINDS.values()]
        usual = ((kind, fields) for kind, fields in USUAL if draw.random() > 0.02)
        for kind, fields in usual if draw.random() < 0.5 else [("", {})] * draw.randint(6, 24):
            if not kind or draw.random() < 0.1:
                between = draw.choices(names, weights)[0]
                yield between, KINDS[between][1](draw)
            if kind:
                yield kind, fields


USUAL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("identity_verified", {"level": 2}),
    ("reason_stated", {"reason": "balance_query"}),
    ("queue", {"service_level": 0.95}),
    ("topic_mentioned", {"topic": "money_is_tight"}),
    ("sentiment", {"value": 0.5}),
    ("service_resolved", {}),
    ("offer_presented", {"offer": "bill_installment"}),
    ("answer", {"offer": "bill_installment", "response": "accept", "recorded": True}),
    ("cost_statement_pushed", {}),
    ("cost_statement_confirmed", {}),
    ("order", {"offer": "bill_installment"}),
    ("score", {"csat": 5}),
)
KINDS: dict[str, tuple[float, Any]] = {
    "identity_verified": (3, lambda draw: {"level": draw.choice((0, 1, 2, 2))}),
    "reason_stated": (1, lambda draw: {"reason": draw.choice(("balance_query", "fee_query", "fraud_report"))}),
    "topic_mentioned": (5, lambda draw: {"topic": draw.choice(TOPICS), "amount": str(draw.randint(1, 9000))}),
    "service_resolved": (3, lambda _: {}),
    "question_answered": (1, lambda _: {}),
    "sentiment": (2, lambda draw: {"value": draw.choice((-0.8, -0.2, 0.4, 0.9))}),
    "hold": (1, lambda draw: {"seconds": draw.choice((5, 40, 200))}),
    "queue": (1, lambda draw: {"service_level": draw.choice((0.7, 0.85, 0.95))}),
    "offer_presented": (4, lambda draw: {"offer": draw.choice(OFFERS)}),
    "answer": (4, lambda draw: {"offer": draw.choice(OFFERS), "response": draw.choice(("accept", "decline", "defer"))}),
    "objection": (1, lambda draw: {"objection": draw.choice(("too_expensive", "not_needed"))}),
    "cost_statement_pushed": (2, lambda _: {}),
    "cost_statement_confirmed": (2, lambda _: {}),
    "order": (2, lambda draw: {"offer": draw.choice(OFFERS)}),
    "score": (1, lambda draw: {"csat": draw.randint(1, 5)}),
    "transfer": (0.2, lambda _: {}),
    "complaint": (0.3, lambda _: {}),
    "recording_lost": (0.2, lambda _: {}),
}


def customer(path: Path) -> dict[str, Any]:
    profile: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    profile["call"] = {key: each for key, each in profile["call"].items() if key not in TOLD}
    return profile


def answer(next_: Next) -> tuple[object, ...]:
    """What does not need a decision."""
    refused = None if next_.refused is None else next_.refused.code
    why = None if next_.moment.why is None else next_.moment.why.code
    return next_.stage, next_.needs, next_.moment.is_open, why, refused


def lead(engines: list[Engine], drawn: Drawn, number: int) -> Counter[str]:
    """One call, by every engine; what came of it."""
    sessions = [engine.call(f"call-{number}", drawn.profile(number), at=BEGAN) for engine in engines]
    last: list[Next] = [each.next for each in sessions]
    for event in drawn.events(number):
        last = [each.observe(event) for each in sessions]
        if len({answer(each) for each in last}) > 1:
            sys.exit(f"call {number}, event {event.id}: the matchers differ")
    steps = {(each.step.code, each.step.step) for each in last}
    booked = {frozenset(each.state.booked) for each in sessions}
    if len(steps) > 1 or len(booked) > 1:
        sys.exit(f"call {number}: the matchers differ at its end")
    check_sale(sessions[0], number)
    return Counter({"calls": 1, "events": len(sessions[0].events) - 1, "booked": len(*booked)})


def lead_all(engines: list[Engine], drawn: Drawn, numbers: range) -> Counter[str]:
    """The calls of one thread, one after the other."""
    total: Counter[str] = Counter()
    for number in numbers:
        total.update(lead(engines, drawn, number))
    return total


def check_sale(session: Session, number: int) -> None:
    """An order of a sale comes after what must come before it."""
    seen: list[dict[str, Any]] = [dict(each) for each in session.events]
    for place, event in enumerate(seen):
        if event["kind"] == "order" and event["fields"]["offer"] in OFFERS[:3]:
            before = {each["kind"] for each in seen[:place]}
            if (
                not {"identity_verified", "service_resolved", "cost_statement_confirmed"} <= before
                or "complaint" in before
            ):
                sys.exit(f"call {number}: an order that must not be")


def resident_mb() -> float:
    """Memory of this process."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


def main() -> int:
    """Print what was seen; exit 1 where memory grew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=5_000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    drawn = Drawn()
    matchers = ("plain", "durable") if installed() else ("plain",)
    engines = [Engine.load(ROOT / "rules" / "cn_credit_card", matcher=each) for each in matchers]
    total: Counter[str] = Counter()
    memory: list[float] = []
    started = perf_counter()
    first = max(options.calls // 10, 1)
    for numbers in (range(first), range(first, options.calls)):
        parts = [numbers[place :: options.threads] for place in range(options.threads)]
        with ThreadPoolExecutor(options.threads) as pool:
            for each in pool.map(lambda part: lead_all(engines, drawn, part), parts):
                total.update(each)
        gc.collect()
        memory.append(resident_mb())
    took = perf_counter() - started
    metrics = engines[-1].moment_metrics()
    for engine in engines:
        engine.close()
    flat = memory[1] <= memory[0] * MOST_GROWTH
    led = f"{total['calls']:,} calls, {total['events']:,} events by {len(engines)} engines"
    print(f"{led} over {options.threads} threads, {took:.0f} s")
    print(f"{total['booked']:,} orders booked; no answer differs, no order that must not be")
    print(f"memory {memory[0]:.1f} MB after a tenth, {memory[1]:.1f} MB at the end: {'flat' if flat else 'NOT flat'}")
    print(f"the matcher's processes: {dict(metrics)}")
    if options.json is not None:
        found = {**total, "seconds": round(took, 1), "memory_mb": memory, "metrics": dict(metrics)}
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
