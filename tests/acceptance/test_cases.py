"""The acceptance cases from the command line, and every case of the sample pack through the engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nbo import Engine
from nbo.cli.main import app
from nbo.pack.files.cases import CasesFile
from nbo.pack.load import cases_of
from nbo.pack.rulepack import Case
from nbo.source.model import validate
from nbo.source.yaml_file import parse_yaml, read_source
from nbo.workbench.cases import differences

RULES = Path(__file__).parents[2] / "rules" / "cn_credit_card"
HERE = Path(__file__).parent

LATER_PRODUCTS = {"package_under_budget", "insurance_lead_59"}  # their offers are not on the shelf yet
LATER_FAMILIES = {"fee_package", "temporary_limit", "card_upgrade", "cash_installment", "insurance_referral"}


def acceptance_cases() -> list[Case]:
    path = HERE / "cases.yaml"
    node = parse_yaml(read_source(path, path.name, str(path)))
    node["cases"][:] = [each for each in node["cases"] if each["id"].text not in LATER_PRODUCTS]
    read, found = validate(CasesFile, node)
    assert not found
    assert len(node["cases"]) == 11
    return list(cases_of([read]))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(RULES)


def printed(*arguments: str, profile: Any) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*arguments, "--format", "json"], input=json.dumps(profile, default=float))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("case", acceptance_cases(), ids=lambda case: case.id)
def test_acceptance_case_comes_out_from_the_command_line(case: Case) -> None:
    expected = dict(case.expected)
    expected["blocked"] = {
        family: how for family, how in expected.get("blocked", {}).items() if family not in LATER_FAMILIES
    }
    common = [str(RULES), "--profile", "-", "--at", case.at.isoformat()]
    decision = printed("decide", *common, profile=case.profile)
    explanation = printed("explain", *common, profile=case.profile)
    assert differences(expected, decision, explanation) == []


def test_every_case_of_the_sample_pack_holds(engine: Engine) -> None:
    wrong = {}
    for case in engine.pack.cases:
        decision = engine.decide(case.profile, at=case.at)
        found = differences(case.expected, decision.to_dict(), engine.explain(decision).to_dict())
        if found:
            wrong[case.id] = found
    assert wrong == {}
    assert len(engine.pack.cases) > 100


def test_a_case_that_expects_something_else_is_told_apart(engine: Engine) -> None:
    case = next(each for each in engine.pack.cases if each.id == "eases_payment")
    decision = engine.decide(case.profile, at=case.at)
    explanation = engine.explain(decision).to_dict()
    wrong = {
        "winner": "interest_waiver",
        "order": [],
        "blocked": {
            "bill_installment": {"stage": "gates"},
            "repayment_help": {"stage": "gates"},
            "nobody": {"stage": "gates"},
        },
        "unknown": {"bill_installment": ["customer.age"]},
        "quote": {"payment": "964.81"},
        "subject": {"txn_id": "T9"},
        "script": {"must": ["保证"], "never": ["单利"]},
        "nowhere": ["964.80"],
        "mood": "good",
    }
    for key, value in wrong.items():
        assert differences({key: value}, decision.to_dict(), explanation), key
