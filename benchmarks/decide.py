"""How long a whole decision takes on the sample pack, stage by stage.

Machines differ and are noisy, so the yardstick is taken in the same run: the time that the standard library takes to read
the same customer from JSON. Usage: `python benchmarks/decide.py [--runs N] [--json FILE]`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter_ns

from nbo import Engine

ROOT = Path(__file__).parents[1]
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")


def times_us(call: Callable[[], object], runs: int) -> list[float]:
    """Microseconds of each of `runs` calls, after a tenth as many to warm up."""
    for _ in range(runs // 10):
        call()
    taken = []
    for _ in range(runs):
        started = perf_counter_ns()
        call()
        taken.append((perf_counter_ns() - started) / 1_000)
    return taken


def measured(engine: Engine, path: Path, runs: int) -> dict[str, object]:
    """One sample customer: the whole decision, the stages, and the yardstick."""
    text = path.read_text()
    profile = json.loads(text, parse_float=Decimal)
    yardstick = median(times_us(lambda: json.loads(text, parse_float=Decimal), runs))
    whole = times_us(lambda: engine.decide(profile, at=AT), runs)
    stages: dict[str, list[int]] = {}
    for _ in range(runs // 10):
        for name, taken in engine.decide(profile, at=AT).timings_us.items():
            stages.setdefault(name, []).append(taken)
    return {
        "customer": path.stem,
        "p50_us": round(median(whole)),
        "p99_us": round(quantiles(whole, n=100)[98]),
        "yardstick_us": round(yardstick, 1),
        "ratio": round(median(whole) / yardstick, 1),
        "stages_us": {name: round(median(taken)) for name, taken in stages.items()},
    }


def main() -> None:
    """Print a table; write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    engine = Engine.load(ROOT / "rules" / "cn_credit_card")
    results = [
        measured(engine, path, options.runs) for path in sorted((ROOT / "examples" / "customers").glob("*.json"))
    ]
    print(f"{'customer':28}{'p50 µs':>8}{'p99 µs':>8}{'× JSON':>8}  slowest stages")
    for each in results:
        stages = each["stages_us"]
        assert isinstance(stages, dict)  # noqa: S101 - as built above
        slowest = sorted(((taken, name) for name, taken in stages.items() if name != "total"), reverse=True)[:3]
        shown = ", ".join(f"{name} {taken}" for taken, name in slowest)
        print(f"{each['customer']:28}{each['p50_us']:>8}{each['p99_us']:>8}{each['ratio']:>8}  {shown}")
    if options.json is not None:
        options.json.write_text(json.dumps({"python": sys.version.split()[0], "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
