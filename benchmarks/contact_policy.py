"""What contact policy adds to a decision, given the history.

The sample pack decides for one customer with its contact rules and without any, by turns in one run, so that both see the same
machine; shown is the fastest tenth, which other work on the machine disturbs least. The history of `--rows` interactions is
read from the profile in both. Usage: `python benchmarks/contact_policy.py [--rows N] [--runs N]`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from nbo import Engine

ROOT = Path(__file__).parents[1]
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
BAR_US = 30
_FAMILIES = ("bill_installment", "fee_package", "card_upgrade", "temporary_limit", "retention", "cash_installment")
_RESPONSES = ("no_answer", "accept", "decline", "defer")


def history(rows: int) -> list[dict[str, object]]:
    """Interactions of two years, none of which suppresses anything: refusals are old, and so is what was put off."""
    found: list[dict[str, object]] = []
    for place in range(rows):
        family = _FAMILIES[place % len(_FAMILIES)]
        days = 20 + place * 700 // max(rows, 1)
        response = "no_answer" if days < 200 else _RESPONSES[place % len(_RESPONSES)]
        at = (AT - timedelta(days=days)).isoformat()
        row = {"decision_id": f"D{place}", "offer_id": family, "family": family, "channel": "phone", "csat": 4}
        found.append({**row, "presented_at": at, "response": response})
    return found


def without_contact_policy(folder: Path) -> Engine:
    """The sample pack as if it had no contact policy."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    pack = folder / "rules" / "cn_credit_card"
    (pack / "contact.yaml").unlink()
    shutil.rmtree(pack / "tests")
    named = (pack / "pack.yaml").read_text()
    named = named.replace("contact: contact.yaml", "contact: {none: to measure}").replace("tests: tests/\n", "")
    (pack / "pack.yaml").write_text(named)
    return Engine.load(pack)


def main() -> int:
    """Print what is added for each sample customer; exit 1 where it is over the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--runs", type=int, default=1_000)
    options = parser.parse_args()
    within = Engine.load(ROOT / "rules" / "cn_credit_card")
    most = 0.0
    with TemporaryDirectory() as folder:
        free = without_contact_policy(Path(folder))
        print(f"{'customer':28}{'offers':>7}{'without µs':>12}{'with µs':>9}{'added µs':>10}{'ratio':>7}")
        for path in sorted((ROOT / "examples" / "customers").glob("*.json")):
            profile = {**json.loads(path.read_text(), parse_float=Decimal), "history": history(options.rows)}
            offers = [len(engine.decide(profile, at=AT).offers) for engine in (free, within)]
            taken: dict[Engine, list[float]] = {free: [], within: []}
            for run in range(options.runs + options.runs // 10):
                for engine in (free, within):
                    started = perf_counter_ns()
                    engine.decide(profile, at=AT)
                    if run >= options.runs // 10:
                        taken[engine].append((perf_counter_ns() - started) / 1_000)
            before, after = (quantiles(taken[engine], n=10)[0] for engine in (free, within))
            extra = after - before
            if offers[0] == offers[1]:
                most = max(most, extra)
            shown = f"{offers[1]}/{offers[0]}"
            print(f"{path.stem:28}{shown:>7}{before:>12.0f}{after:>9.0f}{extra:>10.1f}{after / before:>7.2f}")
    print(f"at most {most:.1f} µs, the bar is {BAR_US}")
    return most > BAR_US


if __name__ == "__main__":
    sys.exit(main())
