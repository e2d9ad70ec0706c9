"""Hold the library against inputs that nobody would write: random, reproducible, one after the other.

    python benchmarks/fuzz --seconds 60 [--seed 1] [--only files conditions] [--inputs 500] [--keep FOLDER] [--digests FILE]

In: a seed. Out: how many inputs of each kind, and what broke: each finding once, with its traceback, its input kept in a file.
What must hold of an input is said by its target (`TARGETS`). Every input also has a bound of processor time, and the run one
of memory. `--digests` writes a line an input: two runs of one seed under different `PYTHONHASHSEED` must write the same lines.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import resource
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from types import FrameType

from command_line import CommandLine
from conditions import Conditions
from customers import Customers
from files import Files
from personas import Personas
from tables import Tables
from target import Target
from texts import Texts

LONGEST_SECONDS = 2.0  # of processor time for one input; all are small
STUCK_SECONDS = 20  # likewise, after which an input is broken off
MOST_MEMORY = 2 * 1024**3
TARGETS: Mapping[str, Callable[[], Target]] = {
    "texts": Texts,
    "conditions": Conditions,
    "customers": Customers,
    "files": Files,
    "tables": Tables,
    "personas": Personas,
    "command-line": CommandLine,
}
SHARES = {
    "texts": 3,
    "conditions": 10,
    "customers": 6,
    "files": 25,
    "tables": 8,
    "personas": 5,
    "command-line": 1,
}  # of time


class TooSlowError(Exception):
    """An input took longer than one of its size may."""


def _stuck(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError("broken off")


def main() -> int:
    """Fuzz until the time is over; 1 when anything broke."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--inputs", type=int, help="of each target, instead of the seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=TARGETS, default=list(TARGETS))
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that broke something")
    parser.add_argument("--digests", type=Path, help="a file for what came of each input, a line each")
    options = parser.parse_args()
    faulthandler.enable()
    warnings.simplefilter("error")
    signal.signal(signal.SIGPROF, _stuck)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    print(f"seed {options.seed}", flush=True)
    run = Run(options.seed, options.keep, options.digests)
    targets = {name: TARGETS[name]() for name in options.only}
    try:
        if options.inputs is None:
            run.by_turns(targets, options.seconds)
        for name, target in targets.items():
            for _ in range(options.inputs or 0):
                run.one(name, target)
    except KeyboardInterrupt:  # what was tried so far counts
        pass
    run.report(targets)
    return 1 if run.broken else 0


class Run:
    """Counts inputs and keeps what broke."""

    def __init__(self, seed: int, keep: Path | None, digests: Path | None) -> None:
        self.seed = seed
        self.keep = keep
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
        self.digests = None if digests is None else digests.open("w")
        self.counts: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()
        self.slowest: dict[str, tuple[float, int]] = {}

    def by_turns(self, targets: Mapping[str, Target], seconds: float) -> None:
        end, told = time.monotonic() + seconds, time.monotonic()
        while time.monotonic() < end:
            for name, target in targets.items():
                turn = time.monotonic() + SHARES[name] / 10
                while time.monotonic() < min(turn, end):
                    self.one(name, target)
            if time.monotonic() - told > 300:
                told = time.monotonic()
                print(time.strftime("%H:%M"), dict(self.counts), dict(self.broken), flush=True)

    def one(self, name: str, target: Target) -> None:
        """One input; what breaks is told once for each place at which it breaks."""
        number = self.counts[name]
        self.counts[name] += 1
        chance = Random(f"{name} {self.seed} {number}")
        start = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, STUCK_SECONDS)
        try:
            outcome = target.one(chance)
            seconds = time.process_time() - start
            if seconds > LONGEST_SECONDS:
                raise TooSlowError(f"took {seconds:.1f} s")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
            self.tell(name, number, target, error)
        else:
            self.slowest[name] = max(self.slowest.get(name, (0.0, 0)), (seconds, number))
            if self.digests is not None:
                self.digests.write(
                    f"{name} {number} {hashlib.sha256(outcome.encode('utf-8', 'replace')).hexdigest()[:16]}\n"
                )
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def tell(self, name: str, number: int, target: Target, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        inside = [each for each in frames if "/nbo/" in each.filename] or frames
        place = f"{type(error).__name__} {Path(inside[-1].filename).name}:{inside[-1].lineno}"
        if isinstance(error, AssertionError | TooSlowError):
            place += f" {str(error)[:60]} {name}"
        self.broken[place] += 1
        if self.broken[place] == 1:
            print(f"=== {name} {number}: {place}", flush=True)
            traceback.print_exception(error, file=sys.stdout, limit=-6)
        if self.keep is not None and self.broken[place] <= 3:
            text = f"# {name} {number} seed {self.seed}: {place}\n{target.shown()}\n"
            (self.keep / f"{name}-{self.seed}-{number}.txt").write_text(
                text, encoding="utf-8", errors="backslashreplace"
            )

    def report(self, targets: Mapping[str, Target]) -> None:
        if self.digests is not None:
            self.digests.close()
        for name, target in targets.items():
            seconds, number = self.slowest.get(name, (0.0, 0))
            print(f"{name}: {self.counts[name]} inputs, {target.summary()}; slowest {seconds:.2f} s ({number})")
        for place, count in self.broken.most_common():
            print(f"BROKEN {count} times: {place}")


if __name__ == "__main__":
    sys.exit(main())
