"""The commands of `docs/authoring.md` print what the page shows, and its sample of a first line is one."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nbo.cli.main import app

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "authoring.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SED = re.compile(r"s/(.*)/(.*)/")


def edit(arguments: list[str]) -> str:
    """`sed -i 's/old/new/; …' FILE`, on every line that fits."""
    script, name = arguments[-2:]
    text = Path(name).read_text(encoding="utf-8")
    for each in script.split("; "):
        old, new = SED.fullmatch(each).groups()  # type: ignore[union-attr]  # the page's own
        text = re.sub(old, new, text, flags=re.MULTILINE)
    Path(name).write_text(text, encoding="utf-8")
    return ""


def printed(command: str) -> str:
    program, *arguments = shlex.split(command)
    if program == "sed":
        return edit(arguments)
    assert program == "nbo"
    return CliRunner().invoke(app, arguments).output


def test_the_commands_of_the_page_print_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    page = text = PAGE.read_text(encoding="utf-8")
    for block in BLOCK.findall(text):
        shown = "".join(f"{line}\n{printed(line[2:])}" for line in block.splitlines() if line.startswith("$ "))
        page = page.replace(block, shown)
    if os.environ.get("NBO_UPDATE_PAGES") == "1":
        PAGE.write_text(page, encoding="utf-8")
    else:
        assert page == text


def test_the_first_line_that_the_page_shows_is_that_of_a_sample() -> None:
    shown = re.search(r"^```yaml\n(.*)\n```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert shown is not None
    sample = ROOT / "rules" / "cn_credit_card" / "offers" / "bill_installment.yaml"
    assert sample.read_text(encoding="utf-8").startswith(shown[1] + "\n")
