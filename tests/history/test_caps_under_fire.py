"""Processes that die in the middle lose nothing, double nothing, and never exceed a cap."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from postgres_for_tests import rows_of

from nbo.history.store import open_store

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "under_fire.py"
LIMIT = 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_exactly_the_cap_is_confirmed_when_processes_are_killed(where: str, tmp_path: Path) -> None:
    open_store(where).close()
    journals = tmp_path / "journals"
    journals.mkdir()
    options = ["--processes=4", "--threads=4", f"--limit={LIMIT}", "--kills=3", "--every=0.05", "--ttl=0.25"]
    done = subprocess.run(
        [sys.executable, str(PROGRAM), where, str(journals), *options], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["failed"] == 0
    told = [key for path in journals.iterdir() for key in path.read_text().splitlines()]
    with open_store(where) as store:
        assert store.used("gift", "total") == LIMIT
    kept = [key for (key,) in rows_of(where, "SELECT key FROM nbo_claim WHERE state = 'kept'")]
    assert len(kept) == LIMIT
    assert len(told) == len(set(told))
    assert set(told) <= set(kept)  # what somebody was told is so
