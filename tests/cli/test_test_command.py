"""`nbo test`: a pack's own cases, from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from nbo.cli.main import app

ROOT = Path(__file__).parents[2]
RULES = str(ROOT / "rules" / "cn_credit_card")


@pytest.fixture
def failing(tmp_path: Path) -> str:
    """The sample pack with one case that expects the wrong payment."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    cases = tmp_path / "rules" / "cn_credit_card" / "tests" / "cases.yaml"
    text = cases.read_text()
    assert 'payment: "964.80", last' in text
    cases.write_text(text.replace('payment: "964.80", last', 'payment: "964.81", last'))
    return str(tmp_path / "rules" / "cn_credit_card")


def test_the_sample_pack_passes_its_own_tests() -> None:
    result = CliRunner().invoke(app, ["test", RULES])
    assert result.exit_code == 0
    assert ", 0 do not" in result.stdout


def test_a_failing_case_shows_place_difference_and_trace(failing: str) -> None:
    result = CliRunner().invoke(app, ["test", failing])
    assert result.exit_code == 1
    assert "✗ eases_payment" in result.stdout
    assert "cases.yaml:" in result.stdout


def test_one_case_alone_and_a_case_that_is_not_there() -> None:
    assert "1 cases: 1 hold" in CliRunner().invoke(app, ["test", RULES, "--case", "hardship"]).stdout
    assert CliRunner().invoke(app, ["test", RULES, "--case", "nobody"]).exit_code == 2


def test_reports_for_programs(failing: str, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    result = CliRunner().invoke(app, ["test", failing, "--format", "json", "--junit", str(report)])
    assert result.exit_code == 1
    read = json.loads(result.stdout)
    Draft7Validator(json.loads((ROOT / "docs" / "schemas" / "cases.schema.json").read_text())).validate(read)
    assert [each["case"] for each in read["cases"] if not each["holds"]] == ["eases_payment"]
    suite = Xml.parse(report).getroot()  # noqa: S314 - the report was just written
    assert suite.attrib["failures"] == "1"
    assert suite.find("testcase[@name='eases_payment']/failure") is not None
    assert CliRunner().invoke(app, ["test", RULES, "--junit", str(tmp_path)]).exit_code == 2
