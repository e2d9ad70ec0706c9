"""How long one customer's history takes to read among ten million interactions, in SQLite; how fast they are recorded.

python benchmarks/history.py [--interactions 10000000] [--json results.json]

The file lies in a temporary folder (about 4 GB for ten million) and is removed. It is filled by the store's own statement in
large transactions without a journal, and indexed at the end; then the store is opened as anybody opens it. A tenth as
many customers as interactions, whose numbers of interactions differ as they do in life: half have ten or fewer, a few have a
thousand. Each set of customers is read in three rounds of other customers: a machine that does other things shows in one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, perf_counter_ns

from nbo.history.fold import fold
from nbo.history.interaction import KINDS, Interaction
from nbo.history.schema import INTERACTION
from nbo.history.store import Store, open_store

START_US = 1_700_000_000_000_000
YEAR_US = 365 * 86_400_000_000
PORTION = 100_000
NAMES = [each.name for each in INTERACTION.columns]


def rows(count: int, customers: int) -> Iterator[tuple[object, ...]]:
    """Interactions as rows, by time; a customer's number is drawn so that few have many."""
    chosen = random.Random(7)
    step = YEAR_US // count
    for place in range(count):
        customer = int(customers * chosen.random() ** 1.6)
        kind = KINDS[place % 6]
        decision = f"{chosen.getrandbits(96):024x}"
        yield (
            f"C{customer:09}", START_US + place * step, f"{decision}:bill_installment:{kind}", decision,
            "bill_installment", "bill_installment", kind, "phone", f"A{customer % 997}", f"L{place}", "ease/3",
            "too_expensive" if kind == "declined" else None, None, "120.50" if kind == "booked" else None, None, None, None,
        )  # fmt: skip


def fill(path: Path, count: int, customers: int) -> float:
    """Rows a second."""
    started = perf_counter()
    statement = f"INSERT INTO nbo_interaction ({', '.join(NAMES)}) VALUES ({', '.join('?' * len(NAMES))})"  # noqa: S608 - names of columns
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-4000000"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'nbo_interaction' AND type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        source = rows(count, customers)
        for _ in range(0, count, PORTION):
            connection.execute("BEGIN")
            connection.executemany(statement, (row for row, _ in zip(source, range(PORTION), strict=False)))
            connection.execute("COMMIT")
        for _, made in indexes:
            connection.execute(made)
    return count / (perf_counter() - started)


def times_us(store: Store, customers: list[str]) -> list[float]:
    """Microseconds of each customer's history."""
    taken = []
    for each in customers:
        started = perf_counter_ns()
        store.history(each)
        taken.append((perf_counter_ns() - started) / 1_000)
    return taken


def rounds(store: Store, chosen: list[str]) -> list[dict[str, int]]:
    """Median, 99th and 99.9th percentile, the longest; of each third of the customers."""
    third = len(chosen) // 3
    summaries = []
    for place in range(3):
        taken = times_us(store, chosen[place * third : (place + 1) * third])
        cut = quantiles(taken, n=1000)
        each = {"p50_us": cut[499], "p99_us": cut[989], "p999_us": cut[998], "max_us": max(taken)}
        summaries.append({name: round(value) for name, value in each.items()})
    return summaries


def recorded_a_second(store: Store, count: int) -> float:
    """Single interactions, each on the disk before the next."""
    now = datetime.now(UTC) - timedelta(days=1)
    started = perf_counter()
    for each in range(count):
        event = Interaction(
            key=f"new{each}", customer_id=f"C{each:09}", decision_id=f"n{each}", offer="bill_installment",
            family="bill_installment", kind="presented", at=now,
        )  # fmt: skip
        store.record(event)
    return count / (perf_counter() - started)


def main() -> None:
    """Print what was measured; write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", type=int, default=10_000_000)
    parser.add_argument("--reads", type=int, default=60_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="nbo-history-"))
    try:
        path, customers = folder / "history.db", asked.interactions // 10
        open_store(str(path)).close()
        filled = fill(path, asked.interactions, customers)
        size = sum(each.stat().st_size for each in folder.iterdir())
        print(f"{asked.interactions:,} interactions: {filled:,.0f} a second, {size / 1e9:.2f} GB", flush=True)
        chosen = random.Random(11)
        with open_store(str(path)) as store:
            at_random = [f"C{chosen.randrange(customers):09}" for _ in range(asked.reads)]
            by_contact = [f"C{int(customers * chosen.random() ** 1.6):09}" for _ in range(asked.reads)]
            few = by_contact[:500] * 12
            measured = {
                "random_customers": rounds(store, at_random),
                "customers_by_how_often_they_call": rounds(store, by_contact),
                "again_the_same_500": rounds(store, few),
            }
            counts = sorted(len(store.interactions(each)) for each in by_contact[:2000])
            longest = max(by_contact[:2000], key=lambda each: len(store.interactions(each)))
            events = store.interactions(longest)
            started = perf_counter()
            fold(events)
            folding = (perf_counter() - started) * 1e6
            recording = recorded_a_second(store, 2_000)
        result = {
            "python": sys.version.split()[0],
            "sqlite": sqlite3.sqlite_version,
            "cores": os.cpu_count(),
            "interactions": asked.interactions,
            "bytes": size,
            "filled_per_second": round(filled),
            "recorded_per_second": round(recording),
            "interactions_of_a_customer": {"median": counts[1000], "p99": counts[1980], "most": len(events)},
            "fold_of_the_most_us": round(folding),
            "history": measured,
        }
    finally:
        shutil.rmtree(folder)
    for name, three in measured.items():
        for each in three:
            print(f"{name:36}{each['p50_us']:>8} µs p50{each['p99_us']:>8} µs p99{each['p999_us']:>8} µs p99.9")
    print(f"recorded one by one: {recording:,.0f} a second; a customer has {counts[1000]} (median) to {len(events)}")
    if asked.json is not None:
        asked.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
