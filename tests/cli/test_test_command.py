"""`nbo test`: a pack's own cases, from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from nbo.cli.main import app

ROOT = Path(__file__).parents[2]
RULES = str(ROOT / "rules" / "cn_credit_card")


@pytest.fixture
def failing(rules_copy: Path) -> str:
    """The sample pack with one case that expects the wrong payment."""
    cases = rules_copy / "cn_credit_card" / "tests" / "cases.yaml"
    text = cases.read_text()
    assert 'payment: "964.80", last' in text
    cases.write_text(text.replace('payment: "964.80", last', 'payment: "964.81", last'))
    return str(rules_copy / "cn_credit_card")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["test", *arguments], env={"COLUMNS": "120"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def conforming(document: str) -> Any:
    read = json.loads(document)
    Draft7Validator(json.loads((ROOT / "docs" / "schemas" / "cases.schema.json").read_text())).validate(read)
    return read


def test_the_sample_pack_passes_its_own_tests() -> None:
    result = run(RULES)
    assert result.exit_code == 0
    assert result.stdout == "654 cases: 654 hold, 0 do not\n"


def test_a_failing_case_shows_place_difference_and_trace(failing: str) -> None:
    result = run(failing)
    assert result.exit_code == 1
    shown = result.stdout.splitlines()
    assert shown[0].startswith("✗ eases_payment  ")
    assert shown[0].endswith("cn_credit_card/tests/cases.yaml:14:9")
    assert shown[1] == "  Revolves, and says that paying it at once is hard."
    assert shown[2] == "  persona eases_payment · 2026-11-16T10:30:00+08:00 · phone · zh"
    assert shown[3].split() == ["expected", "actual"]
    assert shown[4].split() == ["quote.payment", ":18", "964.81", "964.80"]
    assert shown[5].startswith("  1. bill_installment  P ")
    assert shown[-1] == "11 cases: 10 hold, 1 do not"


def test_the_trace_shows_where_the_offers_of_the_case_ended(failing: str) -> None:
    cases = Path(failing) / "tests" / "cases.yaml"
    cases.write_text(cases.read_text().replace("because: call.auth_level}", "because: call.recording_on}"))
    shown = run(failing, "--case", "not_verified").stdout
    assert "bill_installment: blocked at gates" in shown
    assert "✗ call.auth_level >= 1" in shown
    assert "call.auth_level = 0  (gates.yaml:" in shown
    assert "call.auth_level: 0 → 1" in shown
    assert "interest_waiver" not in shown


def test_a_failing_case_in_chinese(failing: str) -> None:
    result = run(failing, "--lang", "zh")
    assert "预期" in result.stdout
    assert "实际" in result.stdout
    assert "客户画像 eases_payment" in result.stdout
    assert result.stdout.endswith("11 个用例：10 个符合预期，1 个不符\n")


def test_one_case_several_and_a_pattern() -> None:
    assert run(RULES, "--case", "hardship").stdout == "1 cases: 1 hold, 0 do not\n"
    assert run(RULES, "--case", "hardship", "--case", "past_due").stdout == "2 cases: 2 hold, 0 do not\n"
    assert run(RULES, "--case", "gate_queue_*").stdout == "3 cases: 3 hold, 0 do not\n"


def test_a_case_that_is_not_there_is_wrong_use() -> None:
    result = run(RULES, "--case", "hardship", "--case", "gate_qeue_busy")
    assert result.exit_code == 2
    assert result.stderr == "nbo: the pack has no case `gate_qeue_busy`; did you mean `gate_queue_busy`?\n"
    assert run(RULES, "--case", "zzz_*").exit_code == 2
    assert run(RULES, "--case", "nobody", "--lang", "zh").stderr.startswith("nbo: 规则包中没有用例 `nobody`")


def test_a_pack_with_mistakes_in_its_tests_exits_1(failing: str) -> None:
    cases = Path(failing) / "tests" / "cases.yaml"
    cases.write_text(cases.read_text().replace("winner: interest_waiver", "winner: interest_waver"))
    result = run(failing)
    assert result.exit_code == 1
    assert "did you mean `interest_waiver`?" in result.stderr
    assert "是否想写" in run(failing, "--lang", "zh").stderr


def test_a_pack_without_tests_says_so(failing: str) -> None:
    shutil.rmtree(Path(failing) / "tests")
    pack = Path(failing) / "pack.yaml"
    pack.write_text(pack.read_text().replace("tests: tests/\n", ""))
    result = run(failing)
    assert result.exit_code == 0
    assert result.stdout.startswith("cn_credit_card has no tests: ")
    assert "没有测试" in run(failing, "--lang", "zh").stdout
    assert conforming(run(failing, "--format", "json").stdout) == {"cases": []}
    assert run(failing, "--case", "hardship").exit_code == 2


def test_reports_for_programs(failing: str, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    result = run(failing, "--format", "json", "--junit", str(report))
    assert result.exit_code == 1
    read = conforming(result.stdout)
    [wrong] = [each for each in read["cases"] if not each["holds"]]
    assert wrong["case"] == "eases_payment"
    assert wrong["differences"] == [
        {"what": "quote.payment", "expected": "964.81", "actual": "964.80", "source": "tests/cases.yaml:18:5"}
    ]
    suite = Xml.parse(report).getroot()  # noqa: S314 - the report was just written
    assert suite.attrib["failures"] == "1"
    failure = suite.find("testcase[@name='eases_payment']/failure")
    assert failure is not None
    assert failure.attrib["message"] == "quote.payment: 964.80 ≠ 964.81"
    assert run(failing, "--junit", str(tmp_path)).exit_code == 2


def test_a_report_with_control_characters_is_xml(failing: str, tmp_path: Path) -> None:
    cases = Path(failing) / "tests" / "cases.yaml"
    cases.write_text(
        cases.read_text()
        .replace('never: ["手续费"', 'must: ["\\x07\\0"], never: ["手续费"', 1)
        .replace('must: ["10800.00", "964.80", "777.60", "13.03%", "单利", "利息"], must', "must")
    )
    report = tmp_path / "report.xml"
    result = run(failing, "--junit", str(report))
    assert result.exit_code == 1
    assert "\x07" not in result.stdout
    assert len(Xml.parse(report).getroot()) == 11  # noqa: S314 - the report was just written


def test_coverage_says_what_the_cases_leave_untested() -> None:
    shown = run(RULES, "--case", "eases_payment", "--coverage").stdout.splitlines()
    assert shown[0] == "1 cases: 1 hold, 0 do not"
    assert shown[1].startswith("1 of 17 offers won, ")
    assert shown[2].startswith("  never won: interest_waiver, ")
    assert any(line.startswith("    gates.yaml:") and "identity: call.auth_level >= 1" in line for line in shown)
    assert "从未是拦下的原因" in run(RULES, "--case", "eases_payment", "--coverage", "--lang", "zh").stdout
    read = conforming(run(RULES, "--coverage", "--format", "json").stdout)
    assert read["coverage"]["never_won"] == []
    assert 0 < len(read["coverage"]["never_stopped"]) < read["coverage"]["conditions"]
