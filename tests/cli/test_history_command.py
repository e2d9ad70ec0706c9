"""`nbo history`: a customer is shown and erased, old things removed; what cannot be done is one line."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, FormatChecker
from typer.testing import CliRunner, Result

from nbo.cli.main import app
from nbo.history.interaction import Interaction
from nbo.history.store import open_store

ROOT = Path(__file__).parents[2]
SCHEMA = Draft7Validator(
    json.loads((ROOT / "docs" / "schemas" / "history.schema.json").read_text(encoding="utf-8")),
    format_checker=FormatChecker(),
)


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A store with two interactions of C1: one of now, one of a year ago."""
    where = str(tmp_path / "history.db")
    with open_store(where) as store:
        for key, days in (("new", 0), ("old", 365)):
            at = datetime.now(UTC) - timedelta(days=days)
            store.record(
                Interaction(
                    key=key, customer_id="C1", decision_id=f"d-{key}", offer="loan", family="loans", kind="declined",
                    at=at, reason="too_expensive",
                )
            )  # fmt: skip
    return where


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["history", *arguments], env={"COLUMNS": "120"})


def test_a_customer_is_shown(place: str) -> None:
    shown = run("show", "C1", "--store", place)
    assert shown.exit_code == 0
    assert shown.stdout.index("d-old") < shown.stdout.index("d-new")
    assert "reason=too_expensive" in shown.stdout
    assert "拒绝" in run("show", "C1", "--store", place, "--lang", "zh").stdout
    assert "nothing is known" in run("show", "C2", "--store", place).stdout


def test_programs_read_what_decisions_read(place: str) -> None:
    read = json.loads(run("show", "C1", "--store", place, "--format", "json").stdout)
    assert [each["key"] for each in read["interactions"]] == ["old", "new"]
    assert [each["response"] for each in read["history"]] == ["decline", "decline"]


def test_the_json_of_a_customer_is_as_its_schema_says(place: str) -> None:
    at = datetime.now(UTC)
    more = {
        "presented": {"channel": "phone", "agent": "A7", "call_id": "K1", "script": "ease/1", "needs": ("cash",)},
        "deferred": {"reason": "no_time", "ask_again_at": at + timedelta(days=9)},
        "refunded": {"amount": Decimal("1.50")},
        "cancelled": {},
        "complained": {"complaint_id": "T1"},
        "rated": {"csat": 4},
        "referred": {"ticket_owner": "desk", "ticket_due_at": at, "ticket_note": "after three, 6222 0200 is the card"},
    }
    with open_store(place) as store:
        for kind, fields in more.items():
            store.record(
                Interaction(
                    key=kind, customer_id="C1", decision_id="d", offer="loan", family="loans", kind=kind, at=at, **fields
                )
            )  # fmt: skip
    plain = json.loads(run("show", "C1", "--store", place, "--format", "json").stdout)
    SCHEMA.validate(plain)
    kept = {name for each in plain["interactions"] for name in each}
    assert kept == set(SCHEMA.schema["properties"]["interactions"]["items"]["properties"])
    assert {name for each in plain["history"] for name in each} == set(
        SCHEMA.schema["properties"]["history"]["items"]["properties"]
    )
    assert plain["history"][-1]["ticket_note"] == "after three, 6222 0200 is the card"


def test_a_note_is_not_shown_where_somebody_may_look_on(place: str) -> None:
    ticket = {"ticket_owner": "desk", "ticket_due_at": datetime.now(UTC), "ticket_note": "is ill"}
    with open_store(place) as store:
        store.record(
            Interaction(
                key="t", customer_id="C1", decision_id="d", offer="loan", family="loans", kind="referred",
                at=datetime.now(UTC), **ticket,
            )
        )  # fmt: skip
    shown = run("show", "C1", "--store", place).stdout
    assert "ticket_owner=desk" in shown
    assert "is ill" not in shown


def test_old_things_are_removed_and_a_customer_is_erased(place: str) -> None:
    assert "removed: 1 interactions" in run("retain", "--days", "30", "--store", place).stdout
    assert "已删除：1 条互动" in run("erase", "C1", "--store", place, "--lang", "zh").stdout
    assert "erased: 0 interactions" in run("erase", "C1", "--store", place).stdout


def test_the_store_can_come_from_the_environment(place: str) -> None:
    done = CliRunner().invoke(app, ["history", "show", "C1"], env={"NBO_HISTORY_STORE": place})
    assert done.exit_code == 0


def test_a_store_that_is_not_there_is_one_line_and_is_not_made(tmp_path: Path) -> None:
    none = tmp_path / "none.db"
    for language, said in (("en", "there is no history store"), ("zh", "历史库不存在")):
        done = run("erase", "C1", "--store", str(none), "--lang", language)
        assert (done.exit_code, done.stderr) == (1, f"nbo: {said}\n")
    assert not none.exists()


@pytest.mark.parametrize("place", ["mysql://host/db", "sqlite://"])
def test_what_is_no_store_is_wrong_use(place: str) -> None:
    done = run("show", "C1", "--store", place)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)


def test_a_number_of_days_has_ends(place: str) -> None:
    assert run("retain", "--days", "0", "--store", place).exit_code == 2
    assert run("retain", "--days", "36501", "--store", place).exit_code == 2


def test_without_the_extra_it_says_what_to_install(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbo.history.store", None)
    done = run("show", "C1", "--store", place)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "nbo[stores]" in done.stderr
