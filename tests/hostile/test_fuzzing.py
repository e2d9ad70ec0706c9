"""The fuzzer runs, finds nothing in a few inputs of each kind, and the same input gives the same output in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FUZZ = Path(__file__).parents[2] / "benchmarks" / "fuzz"


def test_the_same_random_inputs_give_the_same_output_in_every_process(tmp_path: Path) -> None:
    """Python orders sets of texts differently in every process; nothing that is shown may depend on it."""
    running = [
        subprocess.Popen(
            [sys.executable, FUZZ, "--inputs", "8", "--digests", tmp_path / seed],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for seed in ("1", "2")
    ]
    for each in running:
        said, _ = each.communicate(timeout=300)
        assert each.returncode == 0, said
    first, second = ((tmp_path / seed).read_text() for seed in ("1", "2"))
    assert first.count("\n") == 7 * 8
    assert first == second
