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
    ("The rules are in order.", "nbo check rules/cn_credit_card"),
    ("She revolves, and says that paying it all at once is hard.", f"nbo decide rules/cn_credit_card --profile {CUSTOMERS}/eases_payment.json --at {AT}"),
    ("The same call in English.", f"nbo decide rules/cn_credit_card --profile {CUSTOMERS}/eases_payment.json --at {AT} --language en"),
    ("She pays in full and asks about one purchase.", f"nbo decide rules/cn_credit_card --profile {CUSTOMERS}/asks_about_a_purchase.json --at {AT}"),
    ("A statement did not arrive, and interest was charged.", f"nbo decide rules/cn_credit_card --profile {CUSTOMERS}/statement_did_not_arrive.json --at {AT}"),
    ("The CRM did not send a risk grade: missing is not false, and nothing passes because of it.", f"nbo decide rules/cn_credit_card --profile {CUSTOMERS}/grade_unknown.json --at {AT}"),
    ("Why not the bill installment?", f"nbo explain rules/cn_credit_card --profile {CUSTOMERS}/grade_unknown.json --at {AT} --offer bill_installment"),
    ("Bad data is missing data, with a warning, never an exception.", f"nbo decide rules/cn_credit_card --profile {CUSTOMERS}/bad_data.json --at {AT}"),
)  # fmt: skip


def main() -> int:
    """Run every command; the first that fails ends the demo with its exit code."""
    for about, command in COMMANDS:
        print(f"\n# {about}\n$ {command}", flush=True)
        done = subprocess.run([sys.executable, "-m", *command.split()], cwd=ROOT, check=False)  # noqa: S603 - the commands above
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
