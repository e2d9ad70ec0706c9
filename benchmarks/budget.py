"""Whether a decision keeps its budget when scorers and the store are slow, hang, raise, or hold the interpreter.

Decides on the sample pack, its installment scored, again and again within `--budget-ms`, and prints how far past the budget the
decisions came back (below 0: before it); `waited` are those that waited for something. The bar: at most 5 ms past it, with
processes for what holds the interpreter. A row that ends in `in a thread` shows why, and has no bar. Breakers are held closed
where a row says so, because an open one makes it easy.

A machine that is busy with other things is late for its own reasons: the first row has nothing slow in it and tells how
busy. Usage: `python benchmarks/budget.py [--decisions N] [--budget-ms MS] [--json FILE]`.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil
from pathlib import Path
from threading import Event
from time import perf_counter_ns

from nbo import Engine, HistoryStore, Scorer, StoredHistory

ROOT = Path(__file__).parents[1]
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
BAR_MS = 5.0
NEVER = 1_000_000_000  # failures after which a breaker opens
ENDLESS = Event()


def sleeping(_profile: object, _offer: str) -> float:
    time.sleep(0.05)
    return 0.2


def hanging(_profile: object, _offer: str) -> float:
    ENDLESS.wait()
    return 0.2


def raising(_profile: object, _offer: str) -> float:
    raise RuntimeError("the model is down")


def looping(_profile: object, _offer: str) -> float:
    """A loop in Python without an end: other threads get the interpreter every 5 ms."""
    while True:
        pass


def holding(_profile: object, _offer: str) -> float:
    """One long call of C (some 50 ms) that does not let go of the interpreter."""
    sum(range(5_000_000))
    return 0.2


class SleepingStore:
    """Gives no rows, late."""

    def history(self, _customer_id: str) -> Sequence[Mapping[str, object]]:
        time.sleep(0.05)
        return []


@dataclass(frozen=True)
class Row:
    """What is measured: a name, a scorer, a store; whether the bar holds for it."""

    name: str
    scorer: Scorer | None
    store: StoredHistory | HistoryStore | None = None
    bar: bool = True


def rows(decisions: int) -> list[Row]:
    closed = {"failure_threshold": NEVER}
    late = StoredHistory(SleepingStore(), **closed)
    return [
        Row("nothing slow", Scorer(lambda _profile, _offer: 0.2)),
        Row("sleeping, breaker closed", Scorer(sleeping, workers=64, **closed)),
        Row("hung, usual limits", Scorer(hanging, pause_ms=200)),
        Row("hung, breaker closed, a thread each", Scorer(hanging, workers=decisions * 2, **closed)),
        Row("raising, breaker closed", Scorer(raising, **closed)),
        Row("store sleeping, breaker closed", None, late),
        Row("sleeping scorer and store", Scorer(sleeping, workers=64, **closed), late),
        Row("C holding the interpreter, in a process", Scorer(holding, isolation="process", **closed)),
        Row("endless loop, in a process", Scorer(looping, isolation="process", timeout_ms=100, **closed)),
        Row("C holding the interpreter, in a thread", Scorer(holding, workers=1, **closed), bar=False),
    ]


def measured(
    row: Row, pack: Path, profile: Mapping[str, object], decisions: int, budget_ms: float
) -> dict[str, object]:
    """How far past the budget decisions came back, in milliseconds."""
    scorers = {} if row.scorer is None else {"model": row.scorer}
    past: list[float] = []
    degraded = 0
    with Engine.load(pack, scorers=scorers, history=row.store) as engine:
        gc.collect()
        gc.freeze()  # as docs/latency-budget.md advises; a full collection of garbage is a pause of its own
        engine.decide(profile, at=AT, budget_ms=budget_ms)
        for _ in range(decisions):
            started = perf_counter_ns()
            decision = engine.decide(profile, at=AT, budget_ms=budget_ms)
            past.append((perf_counter_ns() - started) / 1_000_000 - budget_ms)
            degraded += decision.degraded
            assert decision.status == ("no_offer" if "history" in decision.skipped else "offer")  # noqa: S101 - a wrong answer is not to be timed
    gc.unfreeze()
    past.sort()
    waited = sum(each > -0.75 * budget_ms for each in past)  # the others had it answered, or skipped it at once
    at = {"p50": 0.5, "p99": 0.99, "p99_9": 0.999}
    result: dict[str, object] = {name: round(past[ceil(len(past) * share) - 1], 2) for name, share in at.items()}
    counts = {"waited": waited, "degraded": degraded}
    return {"name": row.name, **result, "max": round(past[-1], 2), **counts, "bar": row.bar}


def main() -> None:
    """Print a table; write JSON if asked; exit with 1 where a decision came more than 5 ms late."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=1_000)
    parser.add_argument("--budget-ms", type=float, default=20.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    text = (ROOT / "examples" / "customers" / "eases_payment.json").read_text(encoding="utf-8")
    profile = json.loads(text, parse_float=Decimal)
    results = []
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(
        f"{options.decisions} decisions each, budget {options.budget_ms:g} ms, {os.cpu_count()} cores, load {load:.2f}"
    )
    print(f"{'past the budget, ms':40}{'p50':>8}{'p99':>8}{'p99.9':>8}{'max':>8}{'waited':>8}{'skipped':>8}")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "rules", folder, dirs_exist_ok=True)
        offer = Path(folder) / "cn_credit_card" / "offers" / "bill_installment.yaml"
        scored = "propensity: {scorer: model, fallback: 0.05}"
        offer.write_text(offer.read_text(encoding="utf-8").replace("propensity: 0.12", scored), encoding="utf-8")
        for row in rows(options.decisions):
            asked = {key: each for key, each in profile.items() if key != "history" or row.store is None}
            decisions = options.decisions if row.bar else min(options.decisions, 50)
            each = measured(row, offer.parents[1], asked, decisions, options.budget_ms)
            results.append(each)
            columns = "".join(f"{each[name]:>8}" for name in ("p50", "p99", "p99_9", "max", "waited", "degraded"))
            print(f"{row.name:40}{columns}")
    late = [each["name"] for each in results if each["bar"] and float(str(each["max"])) > BAR_MS]
    print(f"more than {BAR_MS:g} ms late: {', '.join(map(str, late)) or 'none'}")
    if options.json is not None:
        options.json.write_text(json.dumps({"python": sys.version.split()[0], "results": results}, indent=2) + "\n")
    sys.exit(bool(late))


if __name__ == "__main__":
    main()
