"""The guides for analysts: every file is written, every change made, every command run, and the answers are compared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from guide_walk import BLOCK, INLINE, run, walked

DOCS = Path(__file__).parents[2] / "docs"


UPDATE = os.environ.get("NBO_UPDATE_PAGES") == "1"


@pytest.mark.parametrize("name", ["guide-analysts.en.md", "guide-analysts.zh.md"])
def test_a_reader_who_does_every_step_sees_what_the_guide_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    now = walked(page, tmp_path, monkeypatch, exactly=UPDATE)
    if UPDATE:
        (DOCS / name).write_text(now, encoding="utf-8")
    else:
        assert now == page
    named = INLINE.findall(BLOCK.sub("", page))
    assert named
    assert [command for command in named if run(command).exit_code not in (0, 1)] == []
