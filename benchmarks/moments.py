"""Simulated calls over threads: both matchers find the same moments, nothing crashes, memory stays flat; and what an event costs.

Every event of every call is shown to both matchers of the sample pack's moments, in 8 threads, each with some calls going on at
a time; one call in ten is never ended. Memory is that of this process and of the matcher's processes, after the first tenth and
at the end. With `--kills N` a process of the matcher is killed so many times meanwhile.

Usage: `python benchmarks/moments.py [--calls 100000] [--threads 8] [--kills N] [--json FILE]`. The default, 10,000 calls, takes
some 20 seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Lock, Thread

from nbo.call.matching.durable import DurableMatcher
from nbo.call.matching.matcher import Matcher, Seen
from nbo.call.matching.plain import PlainMatcher
from nbo.engine import check
from nbo.language.types import Kind, Value
from nbo.pack.rulepack import RulePack

ROOT = Path(__file__).parents[1]
START = datetime(2026, 11, 16, 2, tzinfo=UTC)
BAR_US = 100.0
AT_A_TIME = 12  # calls of a thread
REMEMBERED = 1_000  # calls; what was abandoned is forgotten beyond
EVENTS = (
    ("identity_verified", 1), ("reason_stated", 1), ("question_answered", 1), ("service_resolved", 2), ("topic_mentioned", 6),
    ("sentiment", 3), ("hold", 1), ("queue", 1), ("cash_requested", 1), ("in_a_hurry", 0.3), ("offer_presented", 1),
    ("objection", 0.5), ("answer", 1), ("cost_statement_pushed", 0.5), ("cost_statement_confirmed", 0.5), ("order", 0.5),
    ("score", 0.5), ("transfer", 0.2), ("complaint", 0.2),
)  # fmt: skip


class Calls:
    """Calls by number: the same number is the same call."""

    def __init__(self, pack: RulePack) -> None:
        self.events = {} if pack.call is None else pack.call.events
        self.width = pack.dictionary.width
        self.level = pack.dictionary.attributes["call.hold_s"].slot
        self.kinds = [kind for kind, _ in EVENTS]
        self.weights = [weight for _, weight in EVENTS]

    def call(self, number: int) -> Iterator[Seen]:
        """The events of a call."""
        chosen = random.Random(number)
        values: list[Value | None] = [None] * self.width
        at, held = START, 0
        for index, kind in enumerate(chosen.choices(self.kinds, self.weights, k=chosen.randint(4, 22))):
            at += timedelta(seconds=chosen.randint(0, 40))
            row = self.row(kind, chosen)
            if kind == "hold":
                held += 60
                values = [*values]
                values[self.level] = held
            yield Seen(f"{number}.{index}", at, kind, row, values)

    def row(self, kind: str, chosen: random.Random) -> tuple[Value | None, ...]:
        """A value for every field, now and then none."""
        fields = sorted(self.events[kind].record.fields.values(), key=lambda each: each.slot)
        return tuple(None if chosen.random() < 0.1 else self.value(each.type.kind, each, chosen) for each in fields)

    @staticmethod
    def value(kind: Kind, field: object, chosen: random.Random) -> Value | None:
        """Some value of a field."""
        match kind:
            case Kind.ENUM:
                return chosen.choice(field.type.domain.values)
            case Kind.MONEY:
                return Decimal(chosen.randint(1, 20) * 100)
            case Kind.NUMBER:
                return chosen.randint(-10, 10) / 10
            case Kind.INTEGER:
                return chosen.randint(0, 2)
            case Kind.BOOLEAN:
                return chosen.random() < 0.5
            case _:
                return None


def memory_kb(pids: tuple[int | None, ...]) -> dict[str, int]:
    """What is resident of this process and of the matcher's, in kB."""
    page = os.sysconf("SC_PAGE_SIZE") // 1024

    def resident(pid: int | None) -> int:
        try:
            return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * page
        except (OSError, IndexError):
            return 0

    return {"own": resident(os.getpid()), "processes": sum(resident(each) for each in pids)}


class Run:
    """All calls, once."""

    def __init__(self, pack: RulePack, calls: int, threads: int, kills: int) -> None:
        self.calls = Calls(pack)
        self.count, self.threads = calls, threads
        self.plain: Matcher = PlainMatcher(pack.moments, REMEMBERED)
        self.durable = DurableMatcher(pack.moments, REMEMBERED)
        self.done = self.events = self.moments = self.different = 0
        self.kill_at = {calls * (turn + 1) // (kills + 1) for turn in range(kills)} if kills else set()
        self.memory: dict[str, dict[str, int]] = {}
        self.lock = Lock()

    def run(self) -> dict[str, object]:
        """What came of it."""
        started = time.perf_counter()
        threads = [Thread(target=self.talk, args=(each,)) for each in range(self.threads)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        seconds = time.perf_counter() - started
        self.memory["at the end"] = memory_kb(self.durable.process_ids)
        told = {
            "calls": self.done, "events": self.events, "moments": self.moments, "different": self.different,
            "seconds": round(seconds, 1), "events_per_second": round(self.events / seconds),
            "memory_kb": self.memory, "durable": dict(self.durable.metrics()),
        }  # fmt: skip
        self.durable.close()
        return told

    def talk(self, thread: int) -> None:
        """A thread: some calls at a time, an event of each in turn."""
        waiting = iter(range(thread, self.count, self.threads))
        going: list[tuple[int, Iterator[Seen]]] = []
        while True:
            while len(going) < AT_A_TIME and (number := next(waiting, None)) is not None:
                going.append((number, self.calls.call(number)))
            if not going:
                return
            events = moments = different = 0
            for number, call in list(going):
                event = next(call, None)
                if event is None:
                    going.remove((number, call))
                    self.ended(number)
                    continue
                found = self.plain.observe(str(number), event)
                different += found != self.durable.observe(str(number), event)
                events, moments = events + 1, moments + len(found)
            with self.lock:
                self.events, self.moments, self.different = (
                    self.events + events, self.moments + moments, self.different + different,
                )  # fmt: skip

    def ended(self, number: int) -> None:
        """A call is over; one in ten nobody ends."""
        if number % 10:
            self.plain.forget(str(number))
            self.durable.forget(str(number))
        with self.lock:
            self.done += 1
            done = self.done
        if done == max(self.count // 10, 1):
            self.memory["after the first tenth"] = memory_kb(self.durable.process_ids)
        if done in self.kill_at:
            for pid in self.durable.process_ids[:1]:
                if pid is not None:
                    os.kill(pid, signal.SIGKILL)


def cost(pack: RulePack, matcher: Matcher, calls: int = 1_500) -> dict[str, float]:
    """What an event costs, in microseconds, one call after the other in one thread."""
    made = Calls(pack)
    took: list[float] = []
    for number in range(calls):
        for event in list(made.call(number)):
            started = time.perf_counter()
            matcher.observe(str(number), event)
            took.append((time.perf_counter() - started) * 1e6)
        matcher.forget(str(number))
    took.sort()
    return {name: round(took[int(len(took) * share)], 1) for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))}


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=10_000)
    options.add_argument("--threads", type=int, default=8)
    options.add_argument("--kills", type=int, default=0)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    pack, _ = check(ROOT / "rules" / "cn_credit_card")
    if pack is None:
        raise SystemExit("the sample pack does not load")
    durable = DurableMatcher(pack.moments)
    result: dict[str, object] = {
        "event_us": {"plain": cost(pack, PlainMatcher(pack.moments)), "durable": cost(pack, durable)}
    }
    durable.close()
    result |= Run(pack, given.calls, given.threads, given.kills).run()
    print(json.dumps(result, indent=2))
    if given.json is not None:
        given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    slow = [name for name, each in result["event_us"].items() if each["p50"] >= BAR_US]
    print(f"bar: p50 under {BAR_US:.0f} us: {'missed by ' + ', '.join(slow) if slow else 'held'}")
    raise SystemExit(bool(slow or result["different"]))


if __name__ == "__main__":
    main()
