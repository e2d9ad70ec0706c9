"""The acceptance cases from the command line, and every case of the sample pack through the engine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nbo import Engine
from nbo.cli.main import app
from nbo.pack.case import Case
from nbo.source.nodes import to_plain
from nbo.source.yaml_file import parse_yaml, read_source
from nbo.workbench.cases import differences
from nbo.workbench.run_cases import run_cases

RULES = Path(__file__).parents[2] / "rules" / "cn_credit_card"
HERE = Path(__file__).parent

LATER_PRODUCTS = {"package_under_budget"}  # what it says of components is held in test_package.py
LATER_FAMILIES: set[str] = set()


@pytest.fixture(scope="module")
def engine(sample: Engine) -> Engine:
    return sample


@pytest.fixture(scope="module")
def acceptance(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """The acceptance cases as tests of the sample pack: their `base` is a persona, and `null` as a winner is `none`."""
    rules = tmp_path_factory.mktemp("acceptance") / "rules"
    shutil.copytree(RULES.parent, rules)
    tests = rules / RULES.name / "tests"
    for each in tests.glob("*.yaml"):
        each.unlink()
    (tests / "acceptance.yaml").write_text(json.dumps(as_tests(stated()), default=float, ensure_ascii=False))
    return {case.id: case for case in Engine.load(rules / RULES.name).pack.cases}


def stated() -> Any:
    path = HERE / "cases.yaml"
    return to_plain(parse_yaml(read_source(path, path.name, str(path))))


def ids() -> list[str]:
    return [case["id"] for case in stated()["cases"] if case["id"] not in LATER_PRODUCTS]


def as_tests(file: Any) -> dict[str, Any]:
    cases = [case for case in file["cases"] if case["id"] not in LATER_PRODUCTS]
    for case in cases:
        case["winner"] = case.get("winner") or "none"
        blocked = case.get("blocked", {})
        case["blocked"] = {family: how for family, how in blocked.items() if family not in LATER_FAMILIES}
    personas = {"base": {"profile": file["base"]}}
    return {"at": file["at"], "persona": "base", "personas": personas, "cases": cases}


def printed(*arguments: str, profile: Any) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*arguments, "--format", "json"], input=json.dumps(profile, default=float))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_twelve_acceptance_cases_are_run() -> None:
    assert len(ids()) == 12


@pytest.mark.parametrize("name", ids())
def test_acceptance_case_comes_out_from_the_command_line(name: str, acceptance: dict[str, Case]) -> None:
    case = acceptance[name]
    common = [str(RULES), "--profile", "-", "--at", case.at.isoformat()]
    decision = printed("decide", *common, profile=case.profile)
    explanation = printed("explain", *common, profile=case.profile)
    assert differences(case.expected, decision, explanation) == []


def test_every_case_of_the_sample_pack_holds(engine: Engine) -> None:
    results = list(run_cases(engine, engine.pack.cases))
    assert {each.case.id: each.differences for each in results if not each.holds} == {}
    assert len(results) == 654
