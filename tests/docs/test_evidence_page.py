"""What `docs/evidence.md` says of the report is so: its commands are run, its sections and words are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nbo.cli.main import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
(CONSOLE,) = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [line.removeprefix("$ nbo ") for line in CONSOLE.splitlines()]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the commands of the page write, by file; run in an empty folder beside the rules."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "rules").symlink_to(ROOT / "rules")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            result = CliRunner().invoke(app, shlex.split(command))
            assert (result.exit_code, result.output) == (0, ""), command
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}


def test_the_commands_write_the_files_that_they_name(written: dict[str, str]) -> None:
    assert set(written) == {"evidence.html", "evidence.md"}
    assert written["evidence.html"].startswith("<!doctype html>")
    assert written["evidence.md"].startswith("# 合规依据报告：cn\\_credit\\_card")


def test_the_report_has_the_sections_and_the_words_that_the_page_explains(written: dict[str, str]) -> None:
    titles = re.findall(r"<h2 id=\"[^\"]+\">(.*?)</h2>", written["evidence.html"])
    shown = PAGE.partition("## What it shows")[2].partition("## ")[0]
    names = re.findall(r"^\| ([A-Z][^|]+?) \| ", shown, re.MULTILINE)
    assert names[:2] == ["Section", "The head"]
    for name in (part.strip().lower() for each in names[2:] for part in each.split(",")):
        assert any(title.lower().startswith(name) for title in titles), name
    explained = PAGE.partition("## What enforces a rule")[2].partition("## ")[0]
    for words in re.findall(r"^\| ([a-z][^|]+?) \| ", explained, re.MULTILINE):
        assert words in written["evidence.html"], words
