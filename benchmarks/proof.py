"""How long the proof at load takes: many treatments, each of many conditional segments, against the rules of China.

    python benchmarks/proof.py [TREATMENTS] [SEGMENTS]

A copy of the sample pack gets one installment script of so many treatments. Every segment has a condition of its own, so
which of them one customer hears together has to be found out. Three packs are timed in one run, each half as large as the
next, so that the growth shows.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from time import process_time

import yaml

from nbo.pack.load import load_pack
from nbo.script.proof.prove import prove

RULES = Path(__file__).parents[1] / "rules"
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
CONDITIONS = [
    "customer.value_tier == gold", "customer.value_tier == platinum", "call.hurry_flag", "not call.hurry_flag",
    "customer.tenure_months >= 24", "customer.tenure_months < 24", "account.product_level == gold",
    "customer.age >= 60", "customer.age < 60", "travel in call.need_tags", "statement.new_balance > 20000.00",
    "call.elapsed_s > 300",
]  # fmt: skip


def enlarged(folder: Path, treatments: int, segments: int) -> Path:
    """A pack with so many treatments of so many conditional segments beside the sentences that the rules demand."""
    shutil.copytree(RULES / "cn_credit_card", folder / "cn_credit_card", ignore=shutil.ignore_patterns("tests"))
    shutil.copytree(RULES / "compliance", folder / "compliance")
    root = folder / "cn_credit_card"
    listing = root / "pack.yaml"
    listing.write_text(listing.read_text(encoding="utf-8").replace("tests: tests/", "tests: {none: a benchmark}"))
    path = root / "scripts" / "bill_installment.yaml"
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    first = script["treatments"][0]
    extra = [
        {
            "stage": "disclosure" if number % 2 else "close",
            "when": CONDITIONS[number % len(CONDITIONS)],
            "text": {"zh": f"请您留意第{'一二三四五六七八九十'[number % 10]}点说明。", "en": "Please mind this."},
        }
        for number in range(segments)
    ]
    script["treatments"] = [
        {**first, "id": f"t{number}", "segments": [*first["segments"], *extra]} for number in range(treatments)
    ]
    path.write_text(yaml.safe_dump(script, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return root


def timed(treatments: int, segments: int) -> tuple[float, int]:
    """Seconds of processor time for the proof alone, and how many findings it has."""
    with tempfile.TemporaryDirectory() as folder:
        pack, found = load_pack(enlarged(Path(folder), treatments, segments), AT)
    if pack is None:
        raise SystemExit("\n".join(each.message() for each in found))
    started = process_time()
    findings = prove(pack, date(2026, 11, 16))
    return process_time() - started, len(findings)


def main() -> None:
    """Print one line a pack."""
    treatments = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    segments = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    for size in (treatments // 4, treatments // 2, treatments):
        seconds, findings = timed(size, segments)
        print(
            f"{size:5} treatments x {segments} conditional segments, 2 languages: {seconds:6.2f} s, {findings} findings"
        )


if __name__ == "__main__":
    main()
