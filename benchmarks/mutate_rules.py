"""Hold the loader against broken rule files: random mutations of the sample pack, checked one after the other.

What must hold for every one: no exception, and a pack that is refused has a finding with a place. Usage:
`python benchmarks/mutate_rules.py [--seconds 60] [--seed 1]`; a file that breaks the loader is printed and ends the run.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

from nbo import check
from nbo.diagnostics.render import render_text

RULES = Path(__file__).parents[1] / "rules"
AT = datetime(2026, 11, 16, tzinfo=UTC)
WORD = re.compile(r"[\w.]+")
PIECES = (  # noqa: SIM905 - as words they can be read
    "{ } [ ] : - , \" ' | > &a *a !!x {{ }} % # @ ， （ “ null ~ true NO 012 12:30 1e9 .. / \x00 \u200b 帳 customer it now in "
    "not == = ** lambda any( days(99999999) 99999999999999999999 all none {none:x} [] {} 2026-13-45 quote.payment offer.family"
).split(" ")


def mutated(text: str, others: list[str], chance: random.Random) -> str:
    """The text with one to four small accidents."""
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        place = chance.randrange(len(text) + 1)
        words = list(WORD.finditer(text))
        match chance.randrange(5):
            case 0:
                text = text[:place] + chance.choice(PIECES) + text[place:]
            case 1:
                text = text[:place] + text[place + chance.choice([1, 2, 5, 20, 100]) :]
            case 2:
                lines = text.split("\n")
                lines.insert(chance.randrange(len(lines) + 1), lines.pop(chance.randrange(len(lines))))
                text = "\n".join(lines)
            case 3 if words:
                word, other = chance.choice(words), chance.choice([*PIECES, *(each.group() for each in words)])
                text = text[: word.start()] + other + text[word.end() :]
            case _:
                other = chance.choice(others)
                start = chance.randrange(len(other))
                text = text[:place] + other[start : start + chance.choice([5, 30, 200])] + text[place:]
    return text


def main() -> int:
    """Mutate until the time is over; 1 when something broke the loader."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(shutil.copytree(RULES, Path(folder) / "rules"))
        pack = rules / "cn_credit_card"
        files = sorted(
            path
            for path in (*pack.rglob("*.yaml"), *(rules / "compliance").glob("*.yaml"))
            if path.parent.name != "tests"
        )
        texts = {path: path.read_text() for path in files}
        runs, refused, end = 0, 0, time.monotonic() + options.seconds
        while time.monotonic() < end:
            path = chance.choice(files)
            path.write_text(mutated(texts[path], list(texts.values()), chance))
            try:
                loaded, found = check(pack, at=AT)
                render_text(found, "zh")
                assert loaded is not None or any(each.span is not None for each in found)  # noqa: S101 - what must hold
            except Exception:  # noqa: BLE001 - whatever it is, it is what this looks for
                traceback.print_exc()
                print(f"--- {path.name}\n{path.read_text()}")
                return 1
            runs, refused = runs + 1, refused + (loaded is None)
            path.write_text(texts[path])
    print(f"{runs} mutations, {refused} refused with a place, none broke the loader")
    return 0


if __name__ == "__main__":
    sys.exit(main())
