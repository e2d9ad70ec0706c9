"""Processes full of threads that reserve and confirm shares of one cap, and are killed at random while they do.

python benchmarks/under_fire.py STORE FOLDER --processes 8 --threads 8 --limit 1000 --kills 20

Each thread reserves, sometimes walks away, else confirms, and writes the key into a file of FOLDER once the store has said that
it is confirmed. It ends when it has been refused for three times as long as a reservation lives: whatever was abandoned has
come back by then, so nothing is left. A process that is killed is replaced.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import TypeVar

from nbo.history.errors import StoreError
from nbo.history.reservation import Claim, Refused, Reservation
from nbo.history.store import Store, open_store

CAP, WINDOW = "gift", "total"
WALKS_AWAY = 0.1
Answer = TypeVar("Answer")


def persist(ask: Callable[[], Answer]) -> Answer:
    """An answer, however often the database is away or busy meanwhile."""
    while True:
        try:
            return ask()
        except StoreError:
            sleep(0.05)


def reserve_until_full(store: Store, journal: Path, name: str, limit: int, ttl: float) -> None:
    """What a thread does."""
    claims = [Claim(CAP, WINDOW, Decimal(limit), Decimal(1))]
    chosen = random.Random(name)
    count, refused_since = 0, None
    with journal.open("a", encoding="ascii", buffering=1) as confirmed:
        while refused_since is None or monotonic() - refused_since < 3 * ttl:
            count += 1
            key = f"{name}-{count}"
            answer = persist(lambda key=key: store.reserve(key, claims, customer_id=name, ttl=timedelta(seconds=ttl)))
            if isinstance(answer, Refused):
                refused_since = refused_since or monotonic()
                sleep(ttl * chosen.random())
                continue
            refused_since = None
            if chosen.random() < WALKS_AWAY:
                continue
            if isinstance(persist(lambda key=key: store.confirm(key)), Reservation):
                confirmed.write(f"{key}\n")


def work(where: str, folder: Path, threads: int, limit: int, ttl: float) -> None:
    """What a process does."""
    store = persist(lambda: open_store(where))
    name = f"p{os.getpid()}-{time.time_ns()}"
    running = [
        Thread(target=reserve_until_full, args=(store, folder / f"{name}-{each}", f"{name}-{each}", limit, ttl))
        for each in range(threads)
    ]
    for each in running:
        each.start()
    for each in running:
        each.join()


def born(do: Callable[[], None]) -> int:
    """A new process that does it and ends; forked while this one has no threads."""
    pid = os.fork()
    if pid == 0:
        do()
        os._exit(0)
    return pid


def main() -> None:
    """Start the processes, kill as many as asked, wait for the others; prints the number of kills and the seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--threads", type=int, default=8, help="of each process")
    parser.add_argument("--limit", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--every", type=float, default=0.3, help="seconds between kills, on average")
    parser.add_argument("--ttl", type=float, default=2.0, help="seconds that a reservation lives")
    asked = parser.parse_args()
    started = monotonic()

    def start() -> int:
        return born(lambda: work(asked.store, asked.folder, asked.threads, asked.limit, asked.ttl))

    alive = [start() for _ in range(asked.processes)]
    chosen, kills = random.Random(7), 0
    for _ in range(asked.kills):
        sleep(asked.every * 2 * chosen.random())
        pid = alive.pop(chosen.randrange(len(alive)))
        os.kill(pid, signal.SIGKILL)
        kills += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        alive.append(start())
    ended = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in alive]
    print(json.dumps({"killed": kills, "failed": sum(map(bool, ended)), "seconds": round(monotonic() - started, 1)}))


if __name__ == "__main__":
    main()
