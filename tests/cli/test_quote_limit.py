"""`nbo quote limit`: a temporary limit without a pack, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from nbo.cli.main import app

SCHEMA = Draft7Validator(
    json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "limit_quote.schema.json").read_text("utf-8"))
)
BASE = ("--current", "20000", "--raise", "30%", "--days", "60")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["quote", "limit", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_json_has_the_names_of_a_quote() -> None:
    result = run(*BASE, "--from", "2026-11-16", "--used", "19000", "--cap", "25050", "--to", "100", "--format", "json")
    assert list(SCHEMA.iter_errors(json.loads(result.stdout))) == []
    assert json.loads(result.stdout) == {
        "type": "limit",
        "purpose": "temporary",
        "current_limit": "20000.00",
        "new_limit": "25000.00",
        "extra": "5000.00",
        "days": 60,
        "until": "2027-01-15",
        "due_at_once": "5000.00",
        "splittable": False,
        "bound_by": "cap",
    }


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Due at once, not in installments"), ("zh", "到期一次还清（不能分期）")]
)
def test_people_read_what_falls_due_in_their_language(lang: str, said: str) -> None:
    result = run(*BASE, "--lang", lang)
    assert result.exit_code == 0
    assert said in result.stdout
    assert "26000.00" in result.stdout
    assert "None" not in result.stdout


def test_without_a_first_day_there_is_no_last_one() -> None:
    assert json.loads(run(*BASE, "--format", "json").stdout)["until"] is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("--raise", "130%"), "--raise `130%` is not a share over 0% and up to 100%"),
        (("--raise", "0"), "--raise `0` is not a share"),
        (("--days", "0"), "--days `0` is not a whole number from 1 to 366"),
        (("--days", "367"), "--days `367`"),
        (("--current", "much"), "--current `much` is not an amount"),
        (("--cap", "20000"), "nothing is left to raise: `cap` allows no more than --current `20000`"),
        (("--used", "26000.01"), "the new limit would be below --used `26000.01`"),
        (("--from", "16 November"), "--from `16 November` is not a day"),
        (("--from", "9999-12-01"), "60 days from --from `9999-12-01` are past the calendar"),
    ],
)
def test_wrong_use_is_one_line(changed: tuple[str, ...], said: str) -> None:
    result = run(*BASE, *changed)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
