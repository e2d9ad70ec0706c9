"""Which offers may this customer have: the index against other ways to ask the same rules, in one run.

The same offers and customers for all, the answers asserted equal: `zen-engine` (a decision table, compiled beforehand, with
and without its trace), `rule-engine`, `durable-rules`, and a Python function written out from the rules; the last is asked
once more where every offer has an *or* over several attributes besides. The peers are the dependency group `benchmarks`; one
that is not installed is left out, and the table says so. Usage:

    python benchmarks/matching_offers.py [--offers 20,100,1000,10000,100000] [--customers N] [--json FILE]

Times are microseconds a customer. Every customer is asked seven times over, several calls at once where they are short, and
the best counts; p50 and p99 are over customers. A slow peer is asked for fewer customers.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, median, quantiles
from time import perf_counter, perf_counter_ns
from typing import Any, TypeVar

from matching_peers import PEERS
from matching_workload import Workload, workload

from nbo.index.index import MatchIndex

Made = TypeVar("Made")
Ask = Callable[[Any], Any]

BARS = {  # question, yardstick, offers: how many times as fast as the yardstick the index must be
    ("all", "zen", 100): 20.0, ("all", "written", 100): 1 / 1.5,
    ("all", "zen", 10_000): 35.0, ("all", "written", 10_000): 10.0,
    ("top 3", "zen", 10_000): 90.0, ("top 3", "written", 10_000): 1 / 1.3,
    ("why not", "zen traced", 10_000): 60.0,
}  # fmt: skip
GROWTH_BAR = 3.0  # top 3, from 1,000 to 100,000 offers: less than
GROWTH_EACH_BAR = 1.0  # all eligible, an offer returned, from 1,000 to 100,000: at most
MOST_WITH_ORS = 10_000
OR = ", or"
PATIENCE_S = 8.0
BATCH_NS = 200_000
FEWEST = 5
ROUNDS = 7  # a peer that hands over to a thread of its own loses several milliseconds where the machine is busy


@dataclass(frozen=True)
class Timed:
    """One way to ask one question; what building it took stands with the first question."""

    offers: int
    question: str
    engine: str
    p50_us: float
    p99_us: float
    customers: int
    build_s: float | None = None
    memory_mb: float | None = None
    returned: float | None = None  # offers, on average


def resident_mb() -> float | None:
    """Memory of this process; None where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6
    except OSError:
        return None


def built(make: Callable[[], Made]) -> tuple[Made, float, float | None]:
    """What was made, the seconds, and by how much the process has grown."""
    gc.collect()
    before, started = resident_mb(), perf_counter()
    made = make()
    seconds = perf_counter() - started
    gc.collect()
    after = resident_mb()
    return made, seconds, None if before is None or after is None else max(0.0, after - before)


def times_us(ask: Ask, customers: Sequence[Any]) -> list[float]:
    """Microseconds a call for each customer."""
    taken: list[float] = []
    for customer in customers[:FEWEST]:
        ask(customer)
    deadline = perf_counter() + PATIENCE_S
    for customer in customers:
        best = float("inf")
        for _ in range(ROUNDS):
            calls, passed, started = 0, 0, perf_counter_ns()
            while passed < BATCH_NS:
                ask(customer)
                calls += 1
                passed = perf_counter_ns() - started
            best = min(best, passed / calls / 1_000)
            if passed > 50 * BATCH_NS:
                break
        taken.append(best)
        if perf_counter() > deadline and len(taken) >= FEWEST:
            break
    return taken


def timed(offers: int, question: str, engine: str, taken: Sequence[float], **cost: float | None) -> Timed:
    p99 = quantiles(taken, n=100, method="inclusive")[98]
    return Timed(offers, question, engine, round(median(taken), 2), round(p99, 2), len(taken), **cost)


def measured(offers: int, customers: int) -> list[Timed]:
    """Every way to ask the rules of so many offers."""
    work = workload(offers, customers)
    index, seconds, memory = built(lambda: MatchIndex(work.dictionary, work.offers))
    expected = [index.match(each) for each in work.prepared]
    returned = mean(len(each) for each in expected)
    print(f"\n{offers:,} offers, {returned / offers:.1%} of them eligible for a customer", flush=True)
    some = work.rules[offers // 2][0]
    ours: dict[str, Ask] = {
        "all": index.match,
        "top 3": lambda values: index.match(values, limit=3),
        "why not": lambda values: index.why_not(values)[some],
        "missed by one": lambda values: index.why_not(values).missed_by_one(),
    }
    found: list[Timed] = []
    for question, ask in ours.items():
        cost = {"build_s": seconds, "memory_mb": memory, "returned": returned} if question == "all" else {}
        found.append(shown(timed(offers, question, "nbo", times_us(ask, work.prepared), **cost)))
    found += [each for each in (against(work, index, peer, expected) for peer in PEERS) if each is not None]
    return [*found, *(with_ors(offers, customers) if offers <= MOST_WITH_ORS else ())]


def with_ors(offers: int, customers: int) -> list[Timed]:
    """The same where every offer has an *or* besides, against the written-out function."""
    work = workload(offers, customers, ors=True)
    index, seconds, memory = built(lambda: MatchIndex(work.dictionary, work.offers))
    expected = [index.match(each) for each in work.prepared]
    cost = {"build_s": seconds, "memory_mb": memory, "returned": mean(len(each) for each in expected)}
    found = [
        shown(timed(offers, f"all{OR}", "nbo", times_us(index.match, work.prepared), **cost)),
        shown(timed(offers, f"top 3{OR}", "nbo", times_us(lambda each: index.match(each, limit=3), work.prepared))),
    ]
    peers = [replace(each, question=f"{each.question}{OR}") for each in PEERS if each.name == "written"]
    return found + [each for each in (against(work, index, peer, expected) for peer in peers) if each is not None]


def against(work: Workload, index: MatchIndex, peer: Any, expected: Sequence[list[str]]) -> Timed | None:
    """A peer's time, its answers held against ours; None where it is not asked."""
    offers = len(index.ids)
    if offers > peer.most:
        print(f"{peer.question:14}{peer.name:14}  left out: more than {peer.most:,} offers")
        return None
    try:
        ask, seconds, memory = built(lambda: peer.make(work))
    except ImportError as error:
        print(f"{peer.question:14}{peer.name:14}  left out: {error.name} is not installed")
        return None
    given = peer.give(work)
    for customer, answer in [*zip(given, expected, strict=True)][: len(given) if offers <= 1_000 else FEWEST]:
        said = ask(customer)
        if said != (answer[:3] if peer.question.startswith("top 3") else answer):
            raise SystemExit(f"{peer.name} and the index do not agree: {said[:5]} instead of {answer[:5]}")
    taken = times_us(ask, given)
    return shown(timed(offers, peer.question, peer.name, taken, build_s=seconds, memory_mb=memory))


def shown(each: Timed) -> Timed:
    build = "" if each.build_s is None else f"{each.build_s:9.2f} s"
    memory = "" if each.memory_mb is None else f"{each.memory_mb:9.0f} MB"
    print(
        f"{each.question:14}{each.engine:14}{each.p50_us:14,.1f}{each.p99_us:14,.1f}{each.customers:6}{build:>12}{memory:>12}",
        flush=True,
    )
    return each


def held(found: Sequence[Timed]) -> list[dict[str, object]]:
    """The ratios that are asked for, with what came out."""
    by = {(each.question, each.engine, each.offers): each.p50_us for each in found}
    rows: list[dict[str, object]] = []
    for (question, yardstick, offers), bar in BARS.items():
        ours = by.get((question, "nbo", offers))
        theirs = by.get((question, yardstick, offers), by.get(("all", yardstick, offers)))
        if ours is not None and theirs is not None:
            name = f"{question}, {offers:,} offers: times as fast as {yardstick}"
            rows.append(
                {"what": name, "must": round(bar, 2), "is": round(theirs / ours, 2), "ok": theirs / ours >= bar}
            )
    few, many = (by.get(("top 3", "nbo", offers)) for offers in (1_000, 100_000))
    if few is not None and many is not None:
        name = "top 3: growth from 1,000 to 100,000 offers, less than"
        rows.append({"what": name, "must": GROWTH_BAR, "is": round(many / few, 2), "ok": many / few < GROWTH_BAR})
    each_us = {each.offers: each.p50_us / each.returned for each in found if each.question == "all" and each.returned}
    if 1_000 in each_us and 100_000 in each_us:
        name, grown = "all, an offer returned: growth from 1,000 to 100,000, at most", each_us[100_000] / each_us[1_000]
        rows.append({"what": name, "must": GROWTH_EACH_BAR, "is": round(grown, 2), "ok": grown <= GROWTH_EACH_BAR})
    return rows


def main() -> None:
    """Print tables; write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", default="20,100,1000,10000,100000")
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if arguments.customers < FEWEST:
        parser.error(f"--customers is at least {FEWEST}")
    print(f"{'question':14}{'engine':14}{'p50 us':>14}{'p99 us':>14}{'asked':>6}{'built':>12}{'memory':>12}")
    found = [each for offers in map(int, arguments.offers.split(",")) for each in measured(offers, arguments.customers)]
    bars = held(found)
    print()
    for row in bars:
        print(f"{row['what']:62}{row['must']:>8}{row['is']:>10}  {'held' if row['ok'] else 'NOT HELD'}")
    if arguments.json is not None:
        about = {"python": platform.python_version(), "machine": platform.machine()}
        result = {**about, "times": [asdict(each) for each in found], "bars": bars}
        arguments.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
