"""`nbo quote package`: the best set under a budget, from components as given or from a pack's offer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from nbo.cli import quote_package

ROOT = Path(__file__).parents[2]
RULES = str(ROOT / "rules" / "cn_credit_card")
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "package_quote.schema.json").read_text())
SHELF = ("lounge:600:900:330", "dental:400:640:180", "transfer:500:800:260", "golf:900:1500:700")
GIVEN = [part for each in SHELF for part in ("--component", each)]
THIRTY_ONE = [part for each in range(31) for part in ("--component", f"c{each}:1:2:0")]

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(quote_package.command)


def run(*arguments: str, profile: object = None) -> Result:
    return CliRunner().invoke(app, [*arguments], input=None if profile is None else json.dumps(profile))


def answer(*arguments: str, profile: object = None) -> dict[str, Any]:
    result = run(*arguments, "--format", "json", profile=profile)
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    Draft7Validator(SCHEMA).validate(document)
    return document


def test_the_best_set_of_components_as_given() -> None:
    found = answer(*GIVEN, "--budget", "2000")
    assert (found["suggested"], found["selected"], found["refused"]) == (["golf", "lounge", "transfer"], [], None)
    assert (found["price"], found["list_value"], found["saving"]) == ("2000.00", "3200.00", "1200.00")
    assert found["looked_at"] > 0


def test_with_and_without() -> None:
    found = answer(*GIVEN, "--budget", "1500", "--without", "dental", "--with", "golf")
    assert (found["suggested"], found["price"]) == (["golf", "lounge"], "1500.00")
    assert answer(*GIVEN, "--budget", "2000", "--without", "golf")["suggested"] == ["dental", "lounge", "transfer"]


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--budget", "399.99"], "below_minimum", "below the price of every component"),
        (["--budget", "0"], "below_minimum", "below the price"),
        (["--budget", "899.99", "--with", "golf"], "over_budget", "900.00, more than the budget of 899.99"),
        (["--budget", "2000", "--with", "golf", "--without", "golf"], "unavailable", "golf is not available"),
        (
            ["--budget", "2000", "--with", "golf", "--with", "lounge", "--not-with", "golf:lounge"],
            "excludes",
            "golf and lounge exclude each other",
        ),
        (
            ["--budget", "2000", "--with", "golf", "--without", "lounge", "--only-with", "golf:lounge"],
            "needs",
            "golf needs lounge",
        ),
        (
            ["--budget", "2000", *(f"--without={each.partition(':')[0]}" for each in SHELF)],
            "nothing_available",
            "no component",
        ),
    ],
)
def test_a_set_that_cannot_be_had_is_an_answer_with_its_reason(options: list[str], code: str, says: str) -> None:
    found = answer(*GIVEN, *options)
    assert (found["suggested"], found["price"], found["refused"]["code"]) == ([], None, code)
    assert says in found["refused"]["text"]
    shown = run(*GIVEN, *options)
    assert shown.exit_code == 0
    assert f"No package: {found['refused']['text']}" in shown.stdout


def test_nothing_worth_more_than_it_costs() -> None:
    assert answer("--component", "plain:100:100:0", "--budget", "500")["refused"]["code"] == "no_saving"


def test_the_table_in_both_languages() -> None:
    english = run(*GIVEN, "--budget", "2000").stdout
    assert "Suggested in all" in english
    assert "Nothing is selected" in english
    chinese = run(*GIVEN, "--budget", "2000", "--lang", "zh").stdout
    assert "推荐合计" in chinese
    assert "由客户自己选择" in chinese
    assert "没有套餐：预算低于任何一个服务项目的价格" in run(*GIVEN, "--budget", "1", "--lang", "zh").stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([*GIVEN, "--budget", "-5"], "--budget `-5` is not an amount"),
        ([*GIVEN, "--budget", "many"], "--budget `many` is not an amount"),
        ([*GIVEN, "--budget", "0.001"], "--budget `0.001` is not an amount"),
        ([*GIVEN, "--budget", "9999999999999"], "is not an amount"),
        ([*GIVEN, "--budget", "NaN"], "is not an amount"),
        (["--component", "golf:900:1500", "--budget", "5"], "--component `golf:900:1500` is not ID:PRICE"),
        (["--component", "golf:0:1500:1", "--budget", "5"], "the price of `golf` must be above 0"),
        (["--component", "golf:-1:1500:1", "--budget", "5"], "--component `-1` is not an amount"),
        ([*GIVEN, "--component", SHELF[0], "--budget", "5"], "the component `lounge` is given twice"),
        ([*GIVEN, "--budget", "5", "--with", "spa"], "--with `spa`: there is no such component"),
        ([*GIVEN, "--budget", "5", "--not-with", "golf"], "--not-with `golf` names two components"),
        ([*GIVEN, "--budget", "5", "--only-with", "golf:golf"], "--only-with `golf:golf` names two components"),
        ([*GIVEN, "--budget", "5", "--only-with", "golf:spa"], "--only-with `spa`: there is no such component"),
        (["--budget", "5"], "name either components"),
        ([RULES, "--budget", "5"], "name either components"),
        ([RULES, *GIVEN, "--budget", "5"], "name either components"),
        ([RULES, *GIVEN, "--offer", "fee_package", "--budget", "5"], "name either components"),
        (["--offer", "fee_package", "--budget", "5"], "name either components"),
        ([RULES, "--offer", "bill_installment", "--budget", "5"], "no package `bill_installment`; its packages are fee_package"),
        ([RULES, "--offer", "fee_package", "--budget", "5", "--not-with", "golf:lounge"], "--not-with belongs to --component"),
        ([*THIRTY_ONE, "--budget", "5"], "31 components are more than 30"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line_and_exit_code_2(options: list[str], says: str) -> None:
    result = run(*options)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


# --- from a pack ------------------------------------------------------------------------------------------------------

AT = ["--at", "2026-11-16T10:30:00+08:00"]


def test_a_package_of_a_pack_for_a_customer() -> None:
    asked = [RULES, "--offer", "fee_package", "--budget", "2000", *AT]
    found = answer(*asked, "--profile", "-", profile={"account": {"product_level": "platinum"}})
    assert (found["suggested"], found["not_available"]) == (["golf", "lounge", "transfer"], [])
    assert found["components"][0]["label"] == "Airport lounge"


def test_without_a_customer_what_has_a_condition_is_not_available() -> None:
    found = answer(RULES, "--offer", "fee_package", "--budget", "2000", *AT)
    assert found["suggested"] == ["dental", "lounge", "transfer"]
    assert [(each["id"], each["missing"]) for each in found["not_available"]] == [("golf", ["account.product_level"])]
    kept = answer(RULES, "--offer", "fee_package", "--budget", "2000", "--with", "golf", *AT)
    assert kept["refused"]["code"] == "unavailable"


def test_outdated_list_values_are_said_to_nobody() -> None:
    found = answer(RULES, "--offer", "fee_package", "--budget", "2000", "--at", "2027-12-01T10:30:00+08:00")
    assert {each["code"] for each in found["not_available"]} == {"value_outdated"}
    assert found["refused"]["code"] == "nothing_available"
