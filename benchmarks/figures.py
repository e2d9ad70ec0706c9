"""How long the figures of a large store take: `python benchmarks/figures.py [INTERACTIONS] [--store FILE]`.

Makes a SQLite store of that many interactions (1,000,000 by default), spread over a year, and takes the figures of all of it,
of a month and of a day. Prints seconds, interactions a second and the most memory that the process had.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random

from sqlalchemy import insert

from nbo.history.interaction import Interaction
from nbo.history.recording import to_row
from nbo.history.schema import INTERACTION
from nbo.history.store import Store, open_store
from nbo.workbench.figures.collect import collect
from nbo.workbench.figures.report import By

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 365
OFFERS = [f"offer_{number:02}" for number in range(40)]
AGENTS = [f"agent_{number:04}" for number in range(500)]
NEEDS = ["ease_payment", "travel", "cash", "large_purchase"]
REASONS = ["too_expensive", "not_needed", "think_about_it", None]
BATCH = 50_000


def interactions(random: Random) -> Iterator[Interaction]:
    """What happens after one presentation, again and again; about 2.2 interactions a presentation, 8 a customer."""
    number = 0
    while True:
        number += 1
        at = FIRST + timedelta(seconds=random.randrange(DAYS * 86_400))
        offer = random.choice(OFFERS)
        same = {
            "customer_id": f"customer_{number // 4 * 7_919 % 10**9:09}", "decision_id": f"decision_{number:09}",
            "offer": offer, "family": offer[:-1],
        }  # fmt: skip

        def event(kind: str, after: int, *, of: str = f"{number}", when: datetime = at, **more: object) -> Interaction:
            when += timedelta(minutes=after)
            return Interaction(key=f"{of}:{kind}", kind=kind, at=when, **same, **more)  # noqa: B023 - made at once

        yield event(
            "presented", 0, channel="phone", agent=random.choice(AGENTS), call_id=f"call_{number:09}", script="a/1",
            needs=(random.choice(NEEDS),),
        )  # fmt: skip
        if random.random() < 0.2:
            yield event("accepted", 2)
            yield event("booked", 3, amount=Decimal(random.randrange(1, 30_000)) / 100)
        else:
            yield event("declined", 2, reason=random.choice(REASONS))


def fill(store: Store, count: int) -> None:
    rest = islice(map(to_row, interactions(Random(7))), count)
    while batch := list(islice(rest, BATCH)):
        store._database.write(lambda connection, batch=batch: connection.execute(insert(INTERACTION), batch))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("interactions", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path, help="keep the store there, or take the one that is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.store or Path(folder) / "history.db"
        made = not path.exists()
        with open_store(str(path)) as store:
            if made:
                start = time.perf_counter()
                fill(store, options.interactions)
                print(f"store of {options.interactions:,} interactions made in {time.perf_counter() - start:.1f} s")
            measure(store, options.interactions)


def measure(store: Store, count: int) -> None:
    spans = {"a day": 1, "a month": 30, "all": None}
    for name, days in spans.items():
        for by in (By.OFFER, By.AGENT):
            first = None if days is None else date(2026, 6, 1)
            last = None if days is None else date(2026, 6, 1) + timedelta(days - 1)
            start = time.perf_counter()
            report = collect(store, by=by, first=first, last=last)
            took = time.perf_counter() - start
            rate = f", {count / took:,.0f} interactions a second" if days is None else ""
            print(f"{name:8} by {by.value:6} {took:6.2f} s for {report.total.presented:,} presentations{rate}")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


if __name__ == "__main__":
    main()
