"""`nbo comply`: a text against the rules, for people and for programs; no traceback whatever the text is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nbo.cli.main import app

RULES = str(Path(__file__).parents[2] / "rules" / "cn_credit_card")
AT = "2026-11-16T10:00:00+08:00"


def comply(text: str | bytes, *options: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["comply", RULES, "--text", "-", "--at", AT, *options], input=text)
    return result.exit_code, result.stdout, result.stderr


def test_findings_show_the_place_the_rule_and_where_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("李先生您好，\n这次分期手 续 费很低。", encoding="utf-8")
    options = ["comply", RULES, "--text", str(file), "--at", AT, "--family", "bill_installment", "--lang", "zh"]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 1
    first, *_ = result.stdout.split("\n\n")
    assert first.splitlines() == [
        f"{file}:2:5: 不得使用 [CN-CARD-01-INTEREST, forbid]: 不得出现“手续费”：分期的资金成本一律称利息，不得称手续费",
        "  2 | 这次分期手 续 费很低。",
        "    |         ^^^^^^^^",
        "  关于进一步促进信用卡业务规范健康发展的通知（2022年）",
    ]


def test_a_text_in_order_says_so_and_ends_well() -> None:
    assert comply("您好，请问还有什么可以帮您？") == (0, "no rule finds anything wrong\n", "")
    assert comply("您好", "--lang", "zh") == (0, "未发现违反规则之处\n", "")


def test_json_is_for_programs() -> None:
    code, out, _ = comply("请联系13800138000", "--format", "json")
    assert code == 1
    rules = {each["rule"]: each for each in json.loads(out)}
    assert (rules["PERSONAL_DATA"]["kind"], rules["PERSONAL_DATA"]["start"], rules["PERSONAL_DATA"]["end"]) == (
        "pii",
        3,
        14,
    )
    assert json.loads(comply("您好", "--format", "json")[1]) == []


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (b"\xff\xfe\x00", [], "the text in standard input is not UTF-8"),
        ("您好", ["--family", "loans"], "the pack has no family `loans`"),
        ("x" * 2_000_001, [], "a text to check has at most 2,000,000 characters"),
        ("您好", ["--at", "tomorrow"], "is not a time such as"),
    ],
)
def test_wrong_use_is_one_line(text: str | bytes, options: list[str], message: str) -> None:
    code, out, err = comply(text, *options)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_a_file_that_is_not_there_is_one_line() -> None:
    result = CliRunner().invoke(app, ["comply", RULES, "--text", "nowhere.txt"])
    assert (result.exit_code, result.stderr) == (
        2,
        "nbo: cannot read the text `nowhere.txt`: No such file or directory\n",
    )


def test_control_characters_do_not_reach_the_terminal() -> None:
    _, out, _ = comply("保本\x1b[31m无风险")
    assert "\x1b" not in out
