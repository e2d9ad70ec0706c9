"""A mistake is found where it was made, in settled words, and in bounded time and memory.

`NBO_UPDATE_GOLDEN=1 pytest tests/hostile` writes what nbo says now into `golden/`; read the difference before keeping it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from check_bounded import MOST_SECONDS
from mistakes import EXHAUSTING, MISTAKES, Change

import nbo
from nbo.diagnostics.diagnostic import Severity
from nbo.diagnostics.render import render_text

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
BASE = HERE.parent / "diagnostics" / "base"
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
SECONDS = 5.0  # of processor time; most take a hundredth of a second
UPDATE = os.environ.get("NBO_UPDATE_GOLDEN") == "1"
HEAD = re.compile(r"^\S.*?: error\[NBO\d{3}\]: ", re.MULTILINE)


def built(folder: Path, change: Change) -> Path:
    """The base pack with the mistake."""
    shutil.copytree(BASE, folder / "rules")
    root = folder / "rules" / "pack"
    change(root)
    return root


def holds(name: str, said: str) -> None:
    """What nbo says is what it said when the mistake was kept."""
    golden = GOLDEN / f"{name}.txt"
    if UPDATE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(said.encode())
    assert said == golden.read_bytes().decode()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_finding_with_a_place(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(built(tmp_path, MISTAKES[name]))
    started = time.process_time()
    loaded, found = nbo.check(".", at=AT)
    said = f"{render_text(found)}\n{render_text(found, 'zh')}"
    assert time.process_time() - started < SECONDS
    assert loaded is None
    assert [each.severity for each in found] == [Severity.ERROR], [each.message() for each in found]
    span = found[0].span
    assert span is not None
    assert 0 <= span.start <= span.end <= len(span.source.text)
    holds(name, said)


@pytest.mark.parametrize("name", EXHAUSTING)
def test_what_would_exhaust_a_machine_is_one_finding_in_bounded_time_and_memory(name: str, tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-X", "utf8", HERE / "check_bounded.py"],
        cwd=built(tmp_path, EXHAUSTING[name]), capture_output=True, text=True, encoding="utf-8", check=False,
        timeout=10 * MOST_SECONDS,
    )  # fmt: skip
    assert (finished.returncode, finished.stderr) == (0, "")
    assert len(HEAD.findall(finished.stdout)) == 2  # one finding in two languages
    holds(name, finished.stdout)


def test_there_is_a_golden_output_for_each_and_for_nothing_else() -> None:
    assert {each.stem for each in GOLDEN.iterdir()} == {*MISTAKES, *EXHAUSTING}
    assert not set(MISTAKES) & set(EXHAUSTING)


def test_no_golden_output_shows_what_lies_outside_of_the_rules() -> None:
    for each in GOLDEN.iterdir():
        assert "hunter2" not in each.read_text(encoding="utf-8")
        assert "root:" not in each.read_text(encoding="utf-8")
