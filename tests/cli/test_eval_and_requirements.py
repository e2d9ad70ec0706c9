"""`nbo eval` and `nbo requirements`: what a condition gives, and what a pack reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from nbo import Engine
from nbo.cli.main import app

ROOT = Path(__file__).parents[2]
RULES = str(ROOT / "rules" / "cn_credit_card")
AT = ["--at", "2026-11-16T10:30:00+08:00"]


def evaluated(expression: str, customer: str = "eases_payment") -> Result:
    profile = str(ROOT / "examples" / "customers" / f"{customer}.json")
    return CliRunner().invoke(app, ["eval", RULES, expression, "--profile", profile, *AT, "--format", "json"])


def conforming(document: str, schema: str) -> Any:
    read = json.loads(document)
    path = ROOT / "docs" / "schemas" / f"{schema}.schema.json"
    Draft7Validator(json.loads(path.read_text())).validate(read)
    return read


def test_a_condition_shows_its_value_and_every_step() -> None:
    read = conforming(evaluated("statement.eligible_purchases * 0.9 > 10000").stdout, "evaluation")
    assert (read["type"], read["known"], read["value"]) == ("boolean", True, True)
    assert [step["value"] for step in read["steps"]] == ["12000.00", "10800.000", True]


def test_an_unknown_condition_names_what_is_missing() -> None:
    read = conforming(evaluated("customer.risk_grade in [A, B]", "grade_unknown").stdout, "evaluation")
    assert (read["known"], read["value"], read["missing"]) == (False, None, ["customer.risk_grade"])


def test_personal_data_is_masked_but_an_answer_about_it_is_not() -> None:
    assert conforming(evaluated("customer.surname").stdout, "evaluation")["value"] == "***"
    read = conforming(evaluated("customer.surname == '李'").stdout, "evaluation")
    assert read["value"] is True
    assert [step["value"] for step in read["steps"]] == ["***", True]


def test_the_text_form_reads_well_and_mistakes_are_shown_in_place() -> None:
    profile = str(ROOT / "examples" / "customers" / "eases_payment.json")
    shown = CliRunner().invoke(app, ["eval", RULES, "call.hold_s + 1", "--profile", profile, *AT])
    assert "= 11 (integer)" in shown.stdout
    wrong = evaluated("customer.risk_grad == A")
    assert wrong.exit_code == 1
    assert "did you mean `customer.risk_grade`?" in wrong.stderr


def test_requirements_list_every_reader_with_the_cost_of_absence() -> None:
    result = CliRunner().invoke(app, ["requirements", RULES, "--format", "json"])
    read = conforming(result.stdout, "requirements")["requirements"]
    by_name = {each["attribute"]: each for each in read}
    costs = {(reader["offer"], reader["cost"]) for reader in by_name["customer.risk_grade"]["readers"]}
    assert costs >= {("bill_installment", "blocks"), ("temporary_limit", "blocks"), ("safe_limit", "blocks")}
    income = {reader["offer"]: reader["cost"] for reader in by_name["customer.monthly_income"]["readers"]}
    assert (income["bill_installment"], income["safe_limit"]) == ("forgiven", "blocks")
    assert {reader["cost"] for reader in by_name["customer.value_tier"]["readers"]} >= {"unserved"}
    assert all(not each["attribute"].startswith(("quote.", "offer.", "segment.", "txn.")) for each in read)


def test_a_segment_counts_for_its_ingredients(sample: Engine) -> None:
    by_name = {each.attribute.name: each for each in sample.requirements()}
    assert {reader.part for reader in by_name["customer.tenure_months"].readers} >= {"arbitration", "eligibility"}


def test_the_list_is_to_be_had_in_chinese() -> None:
    assert "缺失时" in CliRunner().invoke(app, ["requirements", RULES, "--lang", "zh"]).stdout


def test_what_requirements_name_is_all_that_a_decision_needs(sample: Engine) -> None:
    needed = {each.attribute.name for each in sample.requirements()}
    for case in sample.pack.cases:
        kept = {
            namespace: (
                {key: value for key, value in section.items() if f"{namespace}.{key}" in needed or key == "call_id"}
                if isinstance(section, dict)
                else section
            )
            for namespace, section in case.profile.items()
            if not isinstance(section, list) or namespace in needed
        }
        full, reduced = sample.decide(case.profile, at=case.at), sample.decide(kept, at=case.at)
        assert [each.offer for each in full.offers] == [each.offer for each in reduced.offers], case.id
        assert full.missing == reduced.missing, case.id


def test_an_evaluation_speaks_chinese_too() -> None:
    profile = str(ROOT / "examples" / "customers" / "grade_unknown.json")
    shown = CliRunner().invoke(
        app, ["eval", RULES, "customer.risk_grade == A", "--profile", profile, *AT, "--lang", "zh"]
    )
    assert "= 未知 (boolean)" in shown.stdout
    assert "缺少数据: customer.risk_grade" in shown.stdout
    wrong = CliRunner().invoke(app, ["eval", RULES, "customer.risk_grad", "--profile", profile, *AT, "--lang", "zh"])
    assert "是否想写 `customer.risk_grade`？" in wrong.stderr
