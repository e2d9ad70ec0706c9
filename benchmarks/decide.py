"""How long a whole decision takes on the sample pack, stage by stage, and how it grows with the offers.

In: plain mappings. Out: decisions with quotes, scripts and compliance, at most three offers each. Machines differ and are noisy,
so a yardstick is taken in the same run: the time that the standard library takes to read the same customer from JSON. Garbage
is frozen after loading, as docs/latency-budget.md advises. Usage: `python benchmarks/decide.py [--runs N] [--json FILE]`.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter_ns
from typing import Any

from nbo import Engine
from nbo.language.expression import compile_scalar
from nbo.pack.clause import Clause
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack
from nbo.source.nodes import Scalar

ROOT = Path(__file__).parents[1]
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
P50_US, P99_US = 250, 1_000
GROWTH = (0, 100, 1_000, 10_000)
WARM_UP = 0.1


def times_us(calls: Sequence[Callable[[], object]], runs: int) -> list[float]:
    """Microseconds of each of `runs` calls, one after the other in turn, after a tenth as many to warm up."""
    for place in range(int(runs * WARM_UP)):
        calls[place % len(calls)]()
    taken = []
    for place in range(runs):
        call = calls[place % len(calls)]
        started = perf_counter_ns()
        call()
        taken.append((perf_counter_ns() - started) / 1_000)
    return taken


def row(name: str, taken: Sequence[float], yardstick: float, **more: object) -> dict[str, object]:
    p50, p99 = median(taken), quantiles(taken, n=100)[98]
    found = {"what": name, "p50_us": round(p50, 1), "p99_us": round(p99, 1), "ratio": round(p50 / yardstick, 1), **more}
    print(f"{name:44}{p50:10.1f}{p99:10.1f}{p50 / yardstick:9.1f}", flush=True)
    return found


def stages_us(engine: Engine, asked: Sequence[Any], runs: int) -> dict[str, float]:
    """The median of each stage, with the intake that comes before."""
    found: dict[str, list[float]] = {}
    for place in range(runs):
        profile, at = asked[place % len(asked)]
        started = perf_counter_ns()
        facts = engine.prepare(profile, at=at)
        found.setdefault("intake", []).append((perf_counter_ns() - started) / 1_000)
        for name, taken in engine.decide(facts).timings_us.items():
            found.setdefault(name, []).append(taken)
    return {name: round(median(taken), 1) for name, taken in found.items()}


def other_customers(profile: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Customers who owe other amounts on other days: no plan is known beforehand."""
    draw, found = random.Random(20_261_116), []
    for _ in range(count):
        other = deepcopy(profile)
        owed = Decimal(draw.randrange(300_000, 2_900_000)) / 100
        other["statement"].update(dict.fromkeys(("new_balance", "eligible_purchases", "unpaid"), str(owed)))
        other["customer"]["birth_date"] = (
            f"19{draw.randrange(65, 99)}-0{draw.randrange(1, 10)}-{draw.randrange(10, 28)}"
        )
        other["customer"]["surname"] = draw.choice("李王张刘陈杨赵黄周吴")
        found.append(other)
    return found


def grown(pack: RulePack, more: int) -> RulePack:
    """The pack with more offers, each for a tenure of its own that nobody has."""
    return replace(pack, offers=(*pack.offers, *(_for_nobody(pack, number) for number in range(more))))


def _for_nobody(pack: RulePack, number: int) -> Offer:
    offer = pack.offers[number % len(pack.offers)]
    text = f"customer.tenure_months == {900 + number % 300}"
    clause = Clause(
        f"nobody_{number}", compile_scalar(Scalar(text, offer.span), pack.dictionary, pack.zone), {}, offer.span
    )
    return replace(offer, id=f"{offer.id}_{number}", eligibility=(*offer.eligibility, clause))


def main() -> None:
    """Print tables; write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    engine = Engine.load(ROOT / "rules" / "cn_credit_card")
    texts = {path.stem: path.read_text() for path in sorted((ROOT / "examples" / "customers").glob("*.json"))}
    profiles = {name: json.loads(text, parse_float=Decimal) for name, text in texts.items()}
    asked_for = [(case.profile, case.at, case.channel) for case in engine.pack.cases]
    others = other_customers(profiles["eases_payment"], 500)
    gc.collect()
    gc.freeze()
    runs = options.runs
    text = texts["eases_payment"].encode()
    yardstick = median(times_us([lambda: json.loads(text, parse_float=Decimal)], runs))
    print(f"{'what':44}{'p50 µs':>10}{'p99 µs':>10}{'× JSON':>9}")
    found = []

    def decides(profile: object, at: datetime = AT, channel: str = "phone") -> Callable[[], object]:
        return lambda: engine.decide(profile, at=at, channel=channel)

    for name, profile in profiles.items():
        found.append(row(name, times_us([decides(profile)], runs), yardstick))
    cases = row(
        f"the {len(asked_for)} customers of its cases",
        times_us([decides(*each) for each in asked_for], runs),
        yardstick,
    )
    found += [cases, row("500 who owe other amounts", times_us([decides(each) for each in others], runs), yardstick)]

    print()
    stages = stages_us(engine, [(profile, at) for profile, at, _ in asked_for], runs)
    full = stages_us(engine, [(profiles["eases_payment"], AT)], runs)
    print(f"{'stage, µs':20}{'cases':>10}{'eases_payment':>16}")
    for name, taken in full.items():
        print(f"{name:20}{stages.get(name, 0.0):10.1f}{taken:16.1f}")

    print()
    facts = engine.prepare(profiles["eases_payment"], at=AT)
    intake = [
        row("decide on prepared facts", times_us([decides(facts)], runs), yardstick),
        row("prepare a mapping", times_us([lambda: engine.prepare(profiles["eases_payment"], at=AT)], runs), yardstick),
        row("prepare JSON bytes", times_us([lambda: engine.prepare(text, at=AT)], runs), yardstick),
    ]

    print()
    growth = []
    for more in GROWTH:
        larger = Engine(grown(engine.pack, more))
        gc.collect()
        gc.freeze()
        growth.append(
            row(
                f"decide among {len(larger.pack.offers):,} offers",
                times_us([lambda engine=larger: engine.decide(profiles["eases_payment"], at=AT)], runs // 5),
                yardstick,
            )
        )

    print()
    bars = [
        {"what": "decide, the customers of the cases, p50 µs under", "must": P50_US, "is": cases["p50_us"]},
        {"what": "decide, the customers of the cases, p99 µs under", "must": P99_US, "is": cases["p99_us"]},
        {
            "what": "preparing a mapping, times a decision on facts, at most",
            "must": 1.0,
            "is": round(intake[1]["p50_us"] / intake[0]["p50_us"], 2),
        },
    ]
    for bar in bars:
        bar["ok"] = bar["is"] <= bar["must"]
        print(f"{bar['what']:60}{bar['must']:>8}{bar['is']:>10}  {'held' if bar['ok'] else 'NOT HELD'}")
    if options.json is not None:
        result = {
            "python": sys.version.split()[0], "yardstick_us": round(yardstick, 1), "decide": found,
            "stages_us": {"cases": stages, "eases_payment": full},
            "intake": intake, "growth": growth, "bars": bars,
        }  # fmt: skip
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
