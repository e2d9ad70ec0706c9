"""The guides: every file is written, every change made, every command and program run, and the answers are compared."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from guide_walk import BLOCK, INLINE, run, walked

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


UPDATE = os.environ.get("NBO_UPDATE_PAGES") == "1"


EXIT_CODE = re.compile(r"^\| `(nbo [^`]+)` \| (\d) \|$", re.MULTILINE)


def follow(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Do what the guide says; gives its text, which is what is printed now."""
    page = (DOCS / name).read_text(encoding="utf-8")
    now = walked(page, folder, monkeypatch, exactly=UPDATE)
    if UPDATE:
        (DOCS / name).write_text(now, encoding="utf-8")
    else:
        assert now == page
    return page


@pytest.mark.parametrize("name", ["guide-analysts.en.md", "guide-analysts.zh.md"])
def test_a_reader_who_does_every_step_sees_what_the_guide_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = follow(name, tmp_path, monkeypatch)
    named = INLINE.findall(BLOCK.sub("", page))
    assert named
    assert [command for command in named if run(command).exit_code not in (0, 1)] == []


@pytest.mark.usefixtures("rules_copy")
def test_an_integrator_sees_what_the_guide_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copy(ROOT / "README.md", tmp_path)
    page = follow("guide-integrators.md", tmp_path, monkeypatch)
    codes = {command: int(code) for command, code in EXIT_CODE.findall(page)}
    assert set(codes.values()) == {0, 1, 2}
    assert {command: run(command).exit_code for command in codes} == codes


@pytest.mark.parametrize("name", ["matching.md", "latency-budget.md"])
def test_a_page_with_a_program_shows_what_is_printed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("rules", "examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    follow(name, tmp_path, monkeypatch)


def test_the_page_on_memory_shows_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("rules", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    follow("memory.md", tmp_path, monkeypatch)


@pytest.mark.usefixtures("rules_copy")
def test_the_page_on_calls_shows_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    follow("call.md", tmp_path, monkeypatch)


@pytest.mark.usefixtures("rules_copy")
def test_the_page_on_the_decision_log_shows_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    follow("decision-log.md", tmp_path, monkeypatch)
