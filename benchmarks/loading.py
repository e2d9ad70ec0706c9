"""How long a pack of many offers takes to load, checked, and to reload after one file has changed.

    python benchmarks/loading.py [--offers 100,1000,10000] [--json FILE]

The pack is made from a seed in a temporary folder (`loading_pack.py`). A load is all that `Engine.load` does: every file read,
every condition compiled and judged, every script proven, every lint, the index. The yardstick is PyYAML's C loader over the
same files in the same run. Times are of the process (two cores do not help it); the bars are those of an idle machine.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import process_time
from typing import TypeVar

import yaml
from loading_pack import changed_offer, write_pack

from nbo import Engine
from nbo.index.index import MatchIndex
from nbo.lint.lints import run_lints
from nbo.pack.collector import resting
from nbo.pack.load import load_pack
from nbo.pack.memory import Memory
from nbo.pack.rulepack import RulePack
from nbo.script.proof.prove import prove

T = TypeVar("T")
AT = datetime(2026, 11, 16, 2, 30, tzinfo=UTC)
BARS_S = {"Engine.load": 15.0, "reload, one offer": 2.0}
BARRED = 10_000


def seconds(do: Callable[[], T]) -> tuple[T, float]:
    """What was done, and the processor time that it took."""
    gc.collect()
    with resting():
        started = process_time()
        done = do()
        return done, process_time() - started


def resident_mb() -> float:
    """Memory of this process; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6
    except OSError:
        return 0.0


def parse_all(root: Path) -> None:
    """The yardstick: every file of the pack as plain values."""
    for path in sorted(root.rglob("*.yaml")):
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def by_part(root: Path) -> dict[str, float]:
    """Seconds of each part of a load."""
    memory = Memory()
    (pack, found), loading = seconds(lambda: load_pack(root, AT, memory))
    if pack is None:
        raise SystemExit("\n".join(f"{each.span}: {each.message()}" for each in found[:20]))
    today = AT.date()
    _, proof = seconds(partial(prove, pack, today, memory))
    _, lints = seconds(partial(linted, pack, memory))
    _, index = seconds(partial(MatchIndex, pack.dictionary, pack.offers, pack.gates, pack.contact or ()))
    return {"read and link": loading, "proof": proof, "lints": lints, "index": index}


def linted(pack: RulePack, memory: Memory) -> int:
    """How many findings the lints have."""
    return sum(1 for _ in run_lints(pack, AT.date(), memory))


def measured(folder: Path, offers: int) -> dict[str, float]:
    """Seconds by part, and megabytes, for a pack of so many offers."""
    root = write_pack(folder, offers)
    _, yardstick = seconds(lambda: parse_all(root))
    times = {"PyYAML, all files": yardstick, **by_part(root)}
    gc.collect()
    before = resident_mb()
    engine, whole = seconds(lambda: Engine.load(root, clock=lambda: AT))
    grown = resident_mb() - before
    times["Engine.load"] = whole
    times["reload, nothing changed"] = reloaded(engine)
    changed_offer(root, offers // 2)
    times["reload, one offer"] = reloaded(engine)
    appended(root / "scripts" / "script_01.yaml")
    times["reload, one script"] = reloaded(engine)
    appended(root / "gates.yaml")
    times["reload, gates"] = reloaded(engine)
    appended(root / "dictionary.yaml")
    times["reload, dictionary"] = reloaded(engine)
    return {**{name: round(each, 3) for name, each in times.items()}, "memory_mb": round(grown, 1)}


def reloaded(engine: Engine) -> float:
    """Seconds of a reload that must succeed."""
    result, taken = seconds(engine.reload)
    if not result.ok:
        raise SystemExit("\n".join(f"{each.span}: {each.message()}" for each in result.diagnostics[:20]))
    return taken


def appended(path: Path) -> None:
    """Another content of the same meaning."""
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")


def shown(offers: int, times: dict[str, float]) -> None:
    """The table of one pack."""
    print(f"\n{offers:,} offers")
    for name, value in times.items():
        if name == "memory_mb":
            print(f"  {'memory':26}{value:9.1f} MB")
            continue
        bar = f"   (bar: {BARS_S[name]:.0f} s)" if name in BARS_S and offers == BARRED else ""
        print(f"  {name:26}{value:9.3f} s {value / times['PyYAML, all files']:8.2f} x PyYAML{bar}")


def main() -> None:
    """Print a table a pack; write the numbers where asked."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--offers", default="100,1000,10000")
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    results: dict[int, dict[str, float]] = {}
    for offers in map(int, given.offers.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            results[offers] = measured(Path(folder), offers)
        shown(offers, results[offers])
    if given.json is not None:
        machine = {"python": platform.python_version(), "system": platform.platform()}
        given.json.write_text(json.dumps({"machine": machine, "offers": results}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
