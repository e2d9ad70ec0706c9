"""`nbo evidence`: where the report goes, in which form and language; wrong use is one line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nbo.cli.main import app

RULES = Path(__file__).parents[2] / "rules"
SMALL = str(RULES / "tw_credit_card")
AT = ["--at", "2026-11-16T10:30:00+08:00"]


def evidence(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["evidence", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_page_goes_to_the_terminal_unless_a_file_is_named(tmp_path: Path) -> None:
    shown = evidence(SMALL, *AT)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("<!doctype html>\n")
    assert shown.stdout.endswith("</html>\n")
    file = tmp_path / "report.html"
    silent = evidence(SMALL, *AT, "--out", str(file))
    assert (silent.exit_code, silent.output) == (0, "")
    assert file.read_text(encoding="utf-8") == shown.stdout


@pytest.mark.parametrize(("language", "title"), [("zh", "# 合规依据报告：tw"), ("en", "# Evidence report: tw")])
def test_markdown_comes_in_both_languages(language: str, title: str) -> None:
    shown = evidence(SMALL, *AT, "--format", "md", "--lang", language).stdout
    assert shown.startswith(title)
    assert "2026-11-16 10:30:00 Asia/Taipei (UTC+08:00)" in shown


def test_a_pack_in_one_language_has_a_report_in_the_other() -> None:
    shown = evidence(str(RULES / "us_credit_card"), *AT, "--format", "md", "--lang", "zh").stdout
    assert "coverage: illustrative" in shown
    assert '<span lang="en">compliance officer</span>' in shown


def test_the_time_decides_what_is_in_force() -> None:
    early = evidence(SMALL, "--at", "2026-09-01T10:00:00+08:00", "--format", "md").stdout
    late = evidence(SMALL, "--at", "2026-11-01T10:00:00+08:00", "--format", "md").stdout
    rule = "[CN-NET-01](#rule-CN-NET-01)"
    for text, listed in ((early, True), (late, False)):
        section = text.partition('<a id="not-in-force"></a>')[2].partition("<a id=")[0]
        assert (rule in section) is listed


def test_a_pack_with_mistakes_shows_them_and_no_report(tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    gates = tmp_path / "rules" / "tw_credit_card" / "gates.yaml"
    gates.write_text(gates.read_text(encoding="utf-8").replace("kinds:", "kind:", 1), encoding="utf-8")
    out = tmp_path / "report.html"
    shown = evidence(str(gates.parent), *AT, "--out", str(out))
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "NBO130" in shown.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--at", "tomorrow"], "`tomorrow` is not a time"),
        (["--at", "2026-11-16T10:30:00"], "needs a zone"),
        ([*AT, "--out", "FOLDER"], "cannot write `"),
        ([*AT, "--out", "FOLDER/none/x.html"], "cannot write `"),
    ],
)
def test_wrong_use_is_one_line(arguments: list[str], message: str, tmp_path: Path) -> None:
    result = evidence(SMALL, *(each.replace("FOLDER", str(tmp_path)) for each in arguments))
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_that_is_no_pack_is_told_as_by_every_command(tmp_path: Path) -> None:
    assert evidence(str(tmp_path)).exit_code == 1
    assert evidence(str(tmp_path / "nowhere")).exit_code == 2
