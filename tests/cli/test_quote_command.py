"""`nbo quote installment` as a user runs it: tables, JSON that conforms, and wrong use in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from nbo.cli.main import app

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "installment_quote.schema.json"
PLAN = {"--principal": "12000", "--periods": "12", "--rate": "0.60%"}


def run(**options: str) -> Result:
    named = {**PLAN, **{f"--{name.replace('_', '-')}": value for name, value in options.items()}}
    arguments = [part for option in named.items() for part in option]
    result = CliRunner().invoke(app, ["quote", "installment", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def document(**options: str) -> dict[str, Any]:
    result = run(format="json", **options)
    assert result.exit_code == 0, result.output
    read: dict[str, Any] = json.loads(result.stdout)
    Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(read)
    return read


def test_a_plan_with_every_period() -> None:
    shown = run().stdout
    for text in ("12000.00", "864.00", "1072.00", "13.03%", "13.84%", "12864.00"):
        assert text in shown
    assert sum("1072.00" in line for line in shown.splitlines()) == 3 + 12
    assert "Settled early" not in shown


def test_a_rate_is_a_percentage_or_a_fraction() -> None:
    assert document(rate="0.60%") == document(rate="0.0060")
    assert document(rate="0.655%")["rate_per_period"] == "0.00655"
    assert document(rate="0")["total_interest"] == "0.00"


def test_json_has_the_plan_and_no_settlement_unless_asked() -> None:
    plan = document(first_due="2026-12-31")
    assert (plan["payment"], plan["total_interest"], plan["total_cost"]) == ("1072.00", "864.00", "12864.00")
    assert (plan["annual_rate_simple"], plan["annual_rate_compound"]) == ("0.1303", "0.1384")
    assert [each["due_date"] for each in plan["schedule"]][:3] == ["2026-12-31", "2027-01-31", "2027-02-28"]
    assert plan["settlement"] is None


def test_collection_and_remainder() -> None:
    plan = document(principal="10000.01", collection="first_period", remainder="first")
    assert (plan["first_payment"], plan["payment"], plan["last_payment"]) == ("1553.38", "833.33", "833.33")
    assert plan["schedule"][0] == {"due_date": None, "principal": "833.38", "interest": "720.00"}


@pytest.mark.parametrize(
    ("settlement", "share", "amount", "rate"),
    [
        ("charged_so_far", None, "8000.00", "0.0822"),
        ("one_more_period", None, "8072.00", "0.1025"),
        ("share_of_principal", "3%", "8240.00", "0.1494"),
        ("all_remaining", None, "8576.00", "0.2414"),
    ],
)
def test_what_settling_costs(settlement: str, share: str | None, amount: str, rate: str) -> None:
    options = {"settlement": settlement, "settle_after": "4", **({} if share is None else {"settlement_share": share})}
    found = document(**options)["settlement"]
    assert (found["rule"], found["share"]) == (settlement, None if share is None else "0.0300")
    assert (found["example"]["amount"], found["example"]["annual_rate_simple"]) == (amount, rate)
    assert found["periods"][3] == found["example"]
    assert [each["after"] for each in found["periods"]] == list(range(1, 13))
    shown = run(**options).stdout
    assert amount in shown
    assert f"{float(rate) * 100:.2f}%" in shown


def test_without_a_rule_only_what_was_charged_is_due() -> None:
    assert document(settle_after="4")["settlement"]["rule"] == "charged_so_far"
    assert document(settlement="all_remaining")["settlement"]["example"] is None


def test_it_speaks_chinese() -> None:
    shown = run(settle_after="4", first_due="2026-12-28", lang="zh").stdout
    for text in ("分期本金", "近似折算年化利率（单利）", "提前结清", "2027-03-28", "8000.00", "8.22%"):
        assert text in shown


def test_the_largest_amount_is_exact() -> None:
    plan = document(principal="999999999999999999.99", rate="5%", settle_after="1", settlement="all_remaining")
    assert plan["total_cost"] == "1599999999999999999.99"
    assert plan["settlement"]["example"]["total_paid"] == "1599999999999999999.99"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"principal": "0"}, "--principal `0` must be over 0"),
        ({"principal": "-5"}, "--principal `-5` must be over 0"),
        ({"principal": "100.005"}, "has a part of a fen"),
        ({"principal": "1e5"}, "is not an amount"),
        ({"principal": "NaN"}, "is not an amount"),
        ({"principal": "１２"}, "is not an amount"),
        ({"principal": "1" * 19}, "at most 18 digits before the point"),
        ({"principal": "9" * 100_000}, "99999…"),
        ({"principal": "0.05"}, "is too small for 12 periods"),
        ({"periods": "0"}, "is not a whole number from 1 to 120"),
        ({"periods": "-1"}, "is not a whole number from 1 to 120"),
        ({"periods": "121"}, "is not a whole number from 1 to 120"),
        ({"periods": "12.5"}, "is not a whole number from 1 to 120"),
        ({"rate": "0.6"}, "such as 0.60% or 0.0060"),
        ({"rate": "-0.6%"}, "such as 0.60% or 0.0060"),
        ({"rate": "0.60%%"}, "such as 0.60% or 0.0060"),
        ({"rate": "0.00600000001"}, "has too many digits"),
        ({"rate": "0.600000001%"}, "has too many digits"),
        ({"collection": "weekly"}, "is none of each_period, first_period"),
        ({"remainder": "lost"}, "did you mean `last`?"),
        ({"first_due": "2026-02-30"}, "is not a day such as 2026-12-28"),
        ({"first_due": "20261228"}, "is not a day such as 2026-12-28"),
        ({"settlement": "al_remaining"}, "did you mean `all_remaining`?"),
        ({"settlement": "free"}, "is none of charged_so_far"),
        ({"settlement": "share_of_principal"}, "needs --settlement-share"),
        ({"settlement": "share_of_principal", "settlement_share": "0%"}, "is not a share over 0%"),
        ({"settlement": "share_of_principal", "settlement_share": "3"}, "is not a share over 0%"),
        ({"settlement_share": "3%"}, "means nothing without --settlement share_of_principal"),
        ({"settle_after": "13"}, "is not a whole number from 1 to 12"),
        ({"settle_after": "0"}, "is not a whole number from 1 to 12"),
        ({"principal": "1\n2"}, "is not an amount"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(options: dict[str, str], message: str) -> None:
    for language in ("en", "zh"):
        result = run(**options, lang=language)
        assert (result.exit_code, result.stdout) == (2, "")
        assert len(result.stderr.splitlines()) == 1
        assert len(result.stderr) < 300
        assert language == "zh" or message in result.stderr
        assert (language == "zh") == any("\u4e00" <= each <= "\u9fff" for each in result.stderr)


def test_a_missing_option_exits_2() -> None:
    result = CliRunner().invoke(app, ["quote", "installment", "--principal", "12000"])
    assert result.exit_code == 2
    assert "--periods" in result.output
