"""What a decision log adds to a decision, and how many decisions its writer can take.

Decisions with a log and without take turns in one run, a fixed time apart, as calls come in; the pause is what lets a writer
work, and without it the question is only how fast the writer is. Usage:
`python benchmarks/logging_decisions.py [--runs N] [--pause-ms MS] [--json FILE]`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, perf_counter_ns, sleep

from nbo import Engine
from nbo.log.chain import canonical
from nbo.log.decision_log import DecisionLog
from nbo.log.keys import KeyStore
from nbo.log.master import MasterKey
from nbo.log.record import decision_entry
from nbo.log.seal import new_key, packed, seal
from nbo.outside.budget import Budget

ROOT = Path(__file__).parents[1]
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
CUSTOMERS = 500
BLOCK = 50
Figures = Mapping[str, float]


def profiles() -> list[Mapping[str, object]]:
    """The sample customers, under as many names as a writer sees in an hour."""
    read = [
        json.loads(path.read_text(), parse_float=Decimal)
        for path in sorted((ROOT / "examples" / "customers").glob("*.json"))
    ]
    return [
        {**read[number % len(read)], "customer": {**read[number % len(read)]["customer"], "customer_id": f"C{number}"}}
        for number in range(CUSTOMERS)
    ]


def taken_us(call: Callable[[], object]) -> float:
    started = perf_counter_ns()
    call()
    return (perf_counter_ns() - started) / 1_000


def side_by_side(plain: Engine, logged: Engine, log: DecisionLog, runs: int, pause: float) -> Figures:
    """Microseconds of a decision without and with the log; they take turns, and each begins when the writer is idle."""
    customers = profiles()
    without: list[float] = []
    with_log: list[float] = []
    for block in range(-1, runs // BLOCK):
        for engine, times in ((plain, without), (logged, with_log)):
            log.flush(60)
            for number in range(BLOCK):
                customer = customers[(block * BLOCK + number) % CUSTOMERS]
                sleep(pause)
                taken = taken_us(lambda customer=customer, engine=engine: engine.decide(customer, at=AT))
                if block >= 0:  # the first one warms up
                    times.append(taken)
    figures = {
        "p50_without_us": median(without),
        "p50_with_us": median(with_log),
        "p99_without_us": quantiles(without, n=100)[98],
        "p99_with_us": quantiles(with_log, n=100)[98],
    }
    figures["p50_ratio"] = figures["p50_with_us"] / figures["p50_without_us"]
    figures["p99_ratio"] = figures["p99_with_us"] / figures["p99_without_us"]
    return figures


def handing_over(plain: Engine, log: DecisionLog, pause: float) -> Figures:
    """Microseconds that a decision spends on the log alone: the writer is idle, as it is between calls."""
    times = []
    for decision in [plain.decide(each, at=AT) for each in profiles()]:
        log.flush(60)
        sleep(pause)
        times.append(taken_us(lambda decision=decision: log.decided(decision, 3, Budget.starting_now(None))))
    return {"p50_us": median(times), "p99_us": quantiles(times, n=100)[98]}


def throughput(folder: Path, keys: KeyStore, sync: str, count: int) -> Figures:
    """Records a second of a writer that always has some, and what a record takes on the disk."""
    log = DecisionLog(folder / sync, keys, most_queued=count, sync=sync)
    plain = Engine.load(ROOT / "rules" / "cn_credit_card")
    decisions = [plain.decide(each, at=AT) for each in profiles()]
    entries = [decisions[number % CUSTOMERS] for number in range(count)]
    log._writer.put(decision_entry(entries[0], 3))
    log.flush(60)
    started = perf_counter()
    for each in entries:
        log._writer.put(decision_entry(each, 3))
    log.flush(600)
    taken = perf_counter() - started
    written = sum(path.stat().st_size for path in (folder / sync / "segments").iterdir())
    log.close()
    return {"records_per_second": count / taken, "bytes_per_record": written / count}


def parts() -> Figures:
    """Microseconds of each step of one record, the median over the sample customers."""
    engine = Engine.load(ROOT / "rules" / "cn_credit_card")
    key = new_key()
    times: dict[str, list[float]] = {}
    for customer in profiles():
        entry = decision_entry(engine.decide(customer, at=AT), 3)
        times.setdefault("record_us", []).append(taken_us(entry.record))
        record = entry.record()
        times.setdefault("canonical_us", []).append(taken_us(lambda record=record: canonical(record)))
        plain = canonical(record)
        times.setdefault("packed_us", []).append(taken_us(lambda plain=plain: packed(plain)))
        small = packed(plain)
        times.setdefault("sealed_us", []).append(taken_us(lambda small=small: seal(key, small, b"")))
    return {name: median(each) for name, each in times.items()}


def main() -> None:
    """Print what was measured; write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--pause-ms", type=float, default=2.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results: dict[str, Figures] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        keys = KeyStore(folder / "keys.db", MasterKey(bytes(32)))
        pack = ROOT / "rules" / "cn_credit_card"
        plain = Engine.load(pack)
        for title, more in (("handed over", {}), ("confirmed", {"confirm": True, "timeout_ms": 1_000})):
            with DecisionLog(folder / title, keys, **more) as log:
                logged = Engine(plain.pack, log=log)
                results[title] = side_by_side(plain, logged, log, options.runs, options.pause_ms / 1_000)
                if not more:
                    results["handing over alone"] = handing_over(plain, log, options.pause_ms / 1_000)
                assert log.flush(60)  # noqa: S101 - or nothing was measured
                assert log.metrics().dropped == 0  # noqa: S101 - as above
        for sync in ("never", "batch"):
            results[f"writer, sync {sync}"] = throughput(folder, keys, sync, 3_000)
        keys.close()
    results["one record"] = parts()
    for title, figures in results.items():
        print(title)
        for figure, value in figures.items():
            print(f"  {figure:20}{value:>12,.2f}")
    if options.json is not None:
        options.json.write_text(json.dumps({"python": sys.version.split()[0], "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
