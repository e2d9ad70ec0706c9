"""The commands and the program of `docs/figures.md` and of its example print what the pages show."""

from __future__ import annotations

import io
import os
import re
import runpy
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nbo.cli import report
from nbo.cli.main import app
from nbo.engine import Engine
from nbo.history import database
from nbo.workbench.figures.json_form import figures_form
from nbo.workbench.figures.tally import Figures

ROOT = Path(__file__).parents[2]
PAGE, README = ROOT / "docs" / "figures.md", ROOT / "examples" / "report" / "README.md"
BLOCK = re.compile(r"^```(console|python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("rules", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(autouse=True, scope="module")
def _quickly() -> Iterator[None]:
    """The store does not wait for the disk, and the rules are loaded once."""
    prepare = database._prepare_sqlite
    engine = Engine.load(ROOT / "rules" / "cn_credit_card")

    def quick(connection: object, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_prepare_sqlite", quick)
        patch.setattr(report, "load_engine", lambda *_: engine)
        yield


def printed(command: str) -> str:
    program, *arguments = shlex.split(command)
    if program == "nbo":
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
        return re.sub(r" +$", "", result.output, flags=re.MULTILINE)
    assert program == "python"
    script, *rest = arguments
    said = io.StringIO()
    with redirect_stdout(said):
        runpy.run_path(script)["main"](*rest)
    return said.getvalue()


@pytest.mark.parametrize("page", [PAGE, README], ids=["figures", "example"])
def test_the_page_shows_what_is_printed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    said = ""

    def shown(block: re.Match[str]) -> str:
        nonlocal said
        kind, body = block.groups()
        if kind == "console":
            commands = [line for line in body.splitlines() if line.startswith("$ ")]
            return f"```console\n{''.join(f'{each}{chr(10)}{printed(each[2:])}' for each in commands)}```"
        if kind == "python":
            with redirect_stdout(io.StringIO()) as output:
                exec(compile(body, page.name, "exec"), {"__name__": "page"})  # noqa: S102 - the page's own lines
            said = output.getvalue()
            return block[0]
        return f"```text\n{said}```"

    now = BLOCK.sub(shown, text)
    if os.environ.get("NBO_UPDATE_PAGES") == "1":
        page.write_text(now, encoding="utf-8")
    else:
        assert now == text
    if page is PAGE:
        assert Path("report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_page_defines_every_number() -> None:
    defined = PAGE.read_text(encoding="utf-8").partition("## What the numbers mean")[2].partition("\n## ")[0]
    assert set(figures_form(Figures())) | {"unreached"} <= set(re.findall(r"`(\w+)`", defined))
