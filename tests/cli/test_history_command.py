"""`nbo history`: a customer is shown and erased, old things removed; what cannot be done is one line."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nbo.cli.main import app
from nbo.history.interaction import Interaction
from nbo.history.store import open_store


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
