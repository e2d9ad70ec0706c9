"""The main job on the sample pack: check the rules, decide for customers on the line, explain what was not offered.

Runs the commands of the README one after the other and prints each with its output.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
AT = "2026-11-16T10:30:00+08:00"  # the sample customers' statement was made for this day
CUSTOMERS = "examples/customers"
COMMANDS = (
    ("The rules are in order, and their own tests pass.", "check"),
    ("", "test"),
    ("She revolves, and says that paying it all at once is hard.", "decide eases_payment"),
    ("The same call in English.", "decide eases_payment --language en"),
    ("She pays in full and asks about one purchase.", "decide asks_about_a_purchase"),
    ("A statement did not arrive, and interest was charged.", "decide statement_did_not_arrive"),
    ("The CRM did not send a risk grade: nothing passes because of it.", "decide grade_unknown"),
    ("Why not the bill installment?", "explain grade_unknown --offer bill_installment"),
    ("Bad data is missing data with a warning, never an exception.", "decide bad_data"),
)
RULES = "rules/cn_credit_card"


def spelled_out(short: str) -> str:
    """The whole command: `decide eases_payment` names a sample customer."""
    command, *rest = short.split()
    if not rest:
        return f"nbo {command} {RULES}"
    customer, *options = rest
    return " ".join(["nbo", command, RULES, "--profile", f"{CUSTOMERS}/{customer}.json", "--at", AT, *options])


def main() -> int:
    """Run every command; the first that fails ends the demo with its exit code."""
    for about, short in COMMANDS:
        command = spelled_out(short)
        print(f"\n# {about}\n$ {command}" if about else f"$ {command}", flush=True)
        done = subprocess.run([sys.executable, "-m", *command.split()], cwd=ROOT, check=False)  # noqa: S603 - the commands above
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
